package registry_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func basic(username, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(username+":"+password))
}

// keychain hands out one set of credentials for every registry.
type keychain struct{ authn.AuthConfig }

func (k keychain) Resolve(authn.Resource) (authn.Authenticator, error) {
	return authn.FromConfig(k.AuthConfig), nil
}

type brokenKeychain struct{}

func (brokenKeychain) Resolve(authn.Resource) (authn.Authenticator, error) {
	return nil, errors.New("docker-credential-desktop: executable file not found")
}

func withKeychain(k authn.Keychain) func(*registry.Config) {
	return func(c *registry.Config) { c.Keychain = k }
}

func TestAuth_EveryWayIn(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		server   registrytest.Option
		settings registry.RegistryConfig
		keychain authn.Keychain
	}{
		"basic":                  {registrytest.WithBasicAuth("ci", "pass-word"), registry.RegistryConfig{Username: "ci", Password: "pass-word"}, nil},
		"bearer":                 {registrytest.WithBearerAuth("ci", "pass-word"), registry.RegistryConfig{Username: "ci", Password: "pass-word"}, nil},
		"anonymous bearer":       {registrytest.WithBearerAuth("", ""), registry.RegistryConfig{}, nil},
		"basic from keychain":    {registrytest.WithBasicAuth("ci", "pass-word"), registry.RegistryConfig{}, keychain{authn.AuthConfig{Username: "ci", Password: "pass-word"}}},
		"bearer from keychain":   {registrytest.WithBearerAuth("ci", "pass-word"), registry.RegistryConfig{}, keychain{authn.AuthConfig{Username: "ci", Password: "pass-word"}}},
		"settings before others": {registrytest.WithBearerAuth("ci", "pass-word"), registry.RegistryConfig{Username: "ci", Password: "pass-word"}, brokenKeychain{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t, tt.server)
			want := srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
			c := newClient(t, withRegistry(srv.Host(), tt.settings), withKeychain(tt.keychain))
			if got := mustImage(t, c, mustRef(t, srv.Host()+"/a:1")); got.Digest != want {
				t.Errorf("got %q, want %q", got.Digest, want)
			}
		})
	}
}

func TestAuth_TokenIsSentAsItIs(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	want := srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	srv.Inject(registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Header.Get("Authorization") != "Bearer ready-made" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="http://`+r.Host+`/token",service="x"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	}))
	c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{Token: "ready-made"}))
	if got := mustImage(t, c, mustRef(t, srv.Host()+"/a:1")); got.Digest != want {
		t.Errorf("got %q, want %q", got.Digest, want)
	}
}

func TestAuth_OneTokenForEachScope(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithBearerAuth("ci", "pass-word"))
	c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{Username: "ci", Password: "pass-word"}))
	for _, repo := range []string{"shop/api", "shop/web"} {
		for tag := range 5 {
			name := fmt.Sprintf("%s:1.%d", repo, tag)
			srv.Push(t, name, registrytest.Index("linux/amd64", "linux/arm64").WithContent(name))
			mustImage(t, c, mustRef(t, srv.Host()+"/"+name))
		}
	}
	if n := srv.Count("GET", registrytest.TokenPath); n != 2 {
		t.Errorf("%d tokens were fetched for two repositories", n)
	}
}

func TestAuth_ExpiredTokenIsReplaced(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithBearerAuth("ci", "pass-word"))
	c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{Username: "ci", Password: "pass-word"}))
	for _, tag := range []string{"a:1", "a:2"} {
		want := srv.Push(t, tag, registrytest.Single("linux/amd64").WithContent(tag))
		if got := mustImage(t, c, mustRef(t, srv.Host()+"/"+tag)); got.Digest != want {
			t.Errorf("got %q, want %q", got.Digest, want)
		}
		srv.ExpireTokens()
	}
	if n := srv.Count("GET", registrytest.TokenPath); n != 2 {
		t.Errorf("%d tokens were fetched, want 2", n)
	}
}

func TestAuth_Refused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		server   registrytest.Option
		settings registry.RegistryConfig
		keychain authn.Keychain
		kind     registry.Kind
		text     string
	}{
		"nobody, basic":          {registrytest.WithBasicAuth("ci", "right"), registry.RegistryConfig{}, nil, registry.ErrUnauthorized, "docker login"},
		"nobody, bearer":         {registrytest.WithBearerAuth("ci", "right"), registry.RegistryConfig{}, nil, registry.ErrUnauthorized, "docker login"},
		"wrong password, basic":  {registrytest.WithBasicAuth("ci", "right"), registry.RegistryConfig{Username: "ci", Password: "wrong"}, nil, registry.ErrUnauthorized, `check registries["`},
		"wrong password, bearer": {registrytest.WithBearerAuth("ci", "right"), registry.RegistryConfig{Username: "ci", Password: "wrong"}, nil, registry.ErrUnauthorized, "incorrect username or password"},
		"wrong token":            {registrytest.WithBearerAuth("ci", "right"), registry.RegistryConfig{Token: "wrong"}, nil, registry.ErrUnauthorized, `"].token`},
		"helper is missing":      {registrytest.WithBasicAuth("ci", "right"), registry.RegistryConfig{}, brokenKeychain{}, registry.ErrCredentials, "docker-credential-desktop: executable file not found"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t, tt.server)
			srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
			c := newClient(t, withRegistry(srv.Host(), tt.settings), withKeychain(tt.keychain))
			_, err := c.Digest(context.Background(), mustRef(t, srv.Host()+"/a:1"))
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) || !strings.Contains(err.Error(), srv.Host()) {
				t.Errorf("got %v, want %v with %q", err, tt.kind, tt.text)
			}
		})
	}
}

// TestAuth_SecretsStayInside makes a registry repeat every secret that it was sent, in every kind of failure, and then searches
// the log at its most verbose and every text of every error.
func TestAuth_SecretsStayInside(t *testing.T) {
	t.Parallel()
	const password, bearer = "correct-horse-battery", "ready-made-bearer"
	echo := func(status int) registrytest.Fault {
		return registrytest.Custom(func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			said := r.Header.Get("Authorization")
			if _, encoded, ok := strings.Cut(said, " "); ok {
				if plain, err := base64.StdEncoding.DecodeString(encoded); err == nil {
					said += " that is " + string(plain)
				}
			}
			w.Header().Set("RateLimit-Limit", said)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			body, err := json.Marshal(map[string]any{"errors": []map[string]string{{"code": "DENIED", "message": "you sent " + said}}})
			if err != nil {
				t.Error(err)
			}
			if _, err := w.Write(body); err != nil {
				t.Log(err)
			}
		})
	}
	servers := map[string]registrytest.Option{"basic": registrytest.WithBasicAuth("ci", password), "bearer": registrytest.WithBearerAuth("ci", password), "none": registrytest.WithPageSize(10)}
	faults := map[string][]registrytest.Fault{"works": nil, "reset": {registrytest.Reset().On("GET", "/blobs/")}}
	for _, status := range []int{400, 401, 403, 404, 429, 500} {
		faults[fmt.Sprintf("%d manifest", status)] = []registrytest.Fault{echo(status).On("", "/manifests/")}
		faults[fmt.Sprintf("%d token", status)] = []registrytest.Fault{echo(status).On("", registrytest.TokenPath)}
		faults[fmt.Sprintf("%d blob", status)] = []registrytest.Fault{echo(status).On("", "/blobs/")}
		faults[fmt.Sprintf("%d ping", status)] = []registrytest.Fault{echo(status).On("", "/v2/")}
	}
	settings := map[string]func(*registry.Config, string){
		"password": func(c *registry.Config, host string) {
			withRegistry(host, registry.RegistryConfig{Username: "ci", Password: password})(c)
		},
		"token": func(c *registry.Config, host string) { withRegistry(host, registry.RegistryConfig{Token: bearer})(c) },
		"keychain": func(c *registry.Config, _ string) {
			c.Keychain = keychain{authn.AuthConfig{Username: "ci", Password: password}}
		},
	}
	secrets := []string{password, bearer, strings.TrimPrefix(basic("ci", password), "Basic "), "issued-token-"}
	for serverName, server := range servers {
		for faultName, fault := range faults {
			for settingName, setting := range settings {
				t.Run(serverName+" "+faultName+" "+settingName, func(t *testing.T) {
					t.Parallel()
					srv := registrytest.Start(t, server)
					srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
					srv.Inject(fault...)
					var log bytes.Buffer
					c := newClient(t, func(c *registry.Config) {
						setting(c, srv.Host())
						c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug - 100}))
						c.Logger.Debug("configuration", "registries", c.Registries)
					})
					_, err := c.Image(context.Background(), mustRef(t, srv.Host()+"/a:1"))
					text := log.String() + allTexts(err)
					for _, secret := range secrets {
						if i := strings.Index(text, secret); i >= 0 {
							t.Errorf("%q leaks: …%s…", secret, text[max(0, i-200):min(len(text), i+len(secret)+50)])
						}
					}
					if !strings.Contains(log.String(), "registry request") {
						t.Error("the log says nothing")
					}
				})
			}
		}
	}
}

// allTexts returns what every error in the tree prints, in every form.
func allTexts(err error) string {
	if err == nil {
		return ""
	}
	text := fmt.Sprintf("%v %+v %#v\n", err, err, err)
	switch wrapped := err.(type) { //nolint:errorlint // The tree is walked by hand.
	case interface{ Unwrap() error }:
		text += allTexts(wrapped.Unwrap())
	case interface{ Unwrap() []error }:
		for _, e := range wrapped.Unwrap() {
			text += allTexts(e)
		}
	}
	return text
}

func TestSecret_IsNeverPrinted(t *testing.T) {
	t.Parallel()
	secret := registry.Secret("hunter22")
	config := registry.RegistryConfig{Password: secret, Token: secret, ClientKeyPEM: secret}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", secret, "config", config)
	encoded, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%s %v %+v %#v %q %x %d %t", secret, config, config, config, secret, secret, secret, secret) + log.String() + string(encoded)
	for _, leak := range []string{"hunter22", fmt.Sprintf("%x", "hunter22")} {
		if strings.Contains(text, leak) {
			t.Errorf("%q leaks: %s", leak, text)
		}
	}
}

func TestRedirect_CredentialsStayBehind(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]registrytest.Option{"basic": registrytest.WithBasicAuth("ci", "pass-word"), "bearer": registrytest.WithBearerAuth("ci", "pass-word")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, store := registrytest.Start(t, server), registrytest.Start(t)
			image := registrytest.Single("linux/amd64")
			want := srv.Push(t, "a:1", image)
			store.Push(t, "a:1", image)
			srv.Inject(registrytest.Redirect(store.URL(), "X-Signature=signed-away").On("GET", "/blobs/"))
			c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{Username: "ci", Password: "pass-word"}))
			if got := mustImage(t, c, mustRef(t, srv.Host()+"/a:1")); got.Digest != want {
				t.Errorf("got %q, want %q", got.Digest, want)
			}
			if n := store.Count("GET", "/blobs/"); n != 1 {
				t.Errorf("%d requests reached the other host, want 1", n)
			}
			for _, r := range store.Requests() {
				if r.Header.Get("Authorization") != "" {
					t.Errorf("%s carried %q to another host", r, r.Header.Get("Authorization"))
				}
			}
		})
	}
}

func TestRedirect_SignaturesAreNotPrinted(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]registrytest.Fault{"reset": registrytest.Reset(), "403": registrytest.Status(403, "DENIED", "expired"), "500": registrytest.Status(500, "X", "y")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, store := registrytest.Start(t), registrytest.Start(t)
			srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
			srv.Inject(registrytest.Redirect(store.URL(), "X-Signature=signed-away").On("GET", "/blobs/"))
			store.Inject(fault)
			var log bytes.Buffer
			c := newClient(t, func(c *registry.Config) {
				c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			})
			_, err := c.Image(context.Background(), mustRef(t, srv.Host()+"/a:1"))
			if err == nil {
				t.Fatal("no error")
			}
			if text := log.String() + allTexts(err); strings.Contains(text, "signed-away") {
				t.Errorf("the signature leaks: %s", text)
			}
		})
	}
}

func TestRedirect_BeforeAuthenticationIsRefused(t *testing.T) {
	t.Parallel()
	srv, elsewhere := registrytest.Start(t), registrytest.Start(t, registrytest.WithBearerAuth("ci", "pass-word"))
	srv.Inject(registrytest.Redirect(elsewhere.URL(), ""))
	c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{Username: "ci", Password: "pass-word"}))
	_, err := c.Digest(context.Background(), mustRef(t, srv.Host()+"/a:1"))
	if !errors.Is(err, registry.ErrServer) || !strings.Contains(err.Error(), elsewhere.Host()) {
		t.Errorf("got %v, want ErrServer that names the other host", err)
	}
	if n := elsewhere.Count("", ""); n != 0 {
		t.Errorf("%d requests reached the other host", n)
	}
}

func TestRedirect_InCirclesEnds(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	srv.Inject(registrytest.Redirect("", "again").On("", "/manifests/"))
	if _, err := newClient(t).Digest(context.Background(), mustRef(t, srv.Host()+"/a:1")); !errors.Is(err, registry.ErrServer) {
		t.Errorf("got %v, want ErrServer", err)
	}
	if n := srv.Count("", "/manifests/"); n > 7 {
		t.Errorf("%d requests were made", n)
	}
}
