package registrytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// authenticator decides whether a request may pass, and answers it itself if not.
type authenticator interface {
	admit(w http.ResponseWriter, r *http.Request) bool
}

// WithBasicAuth makes the server ask for a user name and password on every request.
func WithBasicAuth(username, password string) Option {
	return func(s *Server) { s.auth = basicAuth{username, password} }
}

type basicAuth struct{ username, password string }

func (a basicAuth) admit(w http.ResponseWriter, r *http.Request) bool {
	if username, password, ok := r.BasicAuth(); ok && username == a.username && password == a.password {
		return true
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="registrytest"`)
	refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
	return false
}

// WithBearerAuth makes the server hand out tokens, at "/token", in exchange for a user name and password, and ask for one
// on every other request. With an empty user name anybody gets a token. See TokenPath and ExpireTokens.
func WithBearerAuth(username, password string) Option {
	return func(s *Server) {
		s.auth = &bearerAuth{username: username, password: password, scopes: map[string][]string{}}
	}
}

// TokenPath is where a server that is started WithBearerAuth hands out tokens.
const TokenPath = "/token"

// ExpireTokens makes every token that was handed out so far worthless.
func (s *Server) ExpireTokens() {
	if a, ok := s.auth.(*bearerAuth); ok {
		a.mu.Lock()
		defer a.mu.Unlock()
		clear(a.scopes)
	}
}

type bearerAuth struct {
	username, password string

	mu     sync.Mutex
	issued int
	scopes map[string][]string // token to scopes
}

func (a *bearerAuth) admit(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path == TokenPath {
		a.issue(w, r)
		return false
	}
	var token string
	repository, action := needs(r)
	if _, err := fmt.Sscanf(r.Header.Get("Authorization"), "Bearer %s", &token); err == nil && a.covers(token, repository, action) {
		return true
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	challenge := fmt.Sprintf(`Bearer realm="%s://%s%s",service="registrytest"`, scheme, r.Host, TokenPath)
	if repository != "" {
		challenge += fmt.Sprintf(`,scope="repository:%s:%s"`, repository, action)
	}
	w.Header().Set("WWW-Authenticate", challenge)
	refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "authentication required")
	return false
}

// covers reports whether the token was handed out for the action; the repository "" needs no more than a token.
func (a *bearerAuth) covers(token, repository, action string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	granted, ok := a.scopes[token]
	return ok && (repository == "" || slices.ContainsFunc(granted, func(scope string) bool {
		actions, found := strings.CutPrefix(scope, "repository:"+repository+":")
		return found && slices.Contains(strings.Split(actions, ","), action)
	}))
}

// needs returns what a token must allow for a request: an action on a repository, or nothing for "/v2/" itself.
func needs(r *http.Request) (repository, action string) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		action = "pull"
	case http.MethodDelete:
		action = "delete"
	default:
		action = "push"
	}
	repository = strings.TrimPrefix(r.URL.Path, "/v2/")
	for _, part := range []string{"/manifests/", "/blobs/", "/tags/", "/referrers/"} {
		if i := strings.LastIndex(repository, part); i >= 0 {
			return repository[:i], action
		}
	}
	return "", ""
}

func (a *bearerAuth) issue(w http.ResponseWriter, r *http.Request) {
	username, password, _ := r.BasicAuth()
	if a.username != "" && (username != a.username || password != a.password) {
		refuse(w, http.StatusUnauthorized, "UNAUTHORIZED", "incorrect username or password")
		return
	}
	a.mu.Lock()
	a.issued++
	token := fmt.Sprintf("issued-token-%d", a.issued)
	a.scopes[token] = r.URL.Query()["scope"]
	a.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(map[string]any{"token": token, "expires_in": 300}); err != nil {
		panic(err)
	}
}

// refuse answers with an error in the registry's own form.
// Source: OCI distribution specification v1.1.1, "Error Codes".
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	body := map[string]any{"errors": []map[string]string{{"code": code, "message": message}}}
	if err := json.NewEncoder(w).Encode(body); err != nil {
		panic(err)
	}
}
