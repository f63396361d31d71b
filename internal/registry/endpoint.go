package registry

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// maxRedirects bounds the hops of one request; registries use one, to their blob store.
const maxRedirects = 5

// endpoint is one host that we talk to: its connections, its limit on concurrent requests, and our sessions with it.
type endpoint struct {
	host      string // as imageref spells it
	settings  *settings
	plainHTTP bool
	keychain  authn.Keychain
	requests  http.RoundTripper // everything below the authentication
	pinged    *pings            // requests, and what the host has said of its authentication
	policy    retryPolicy
	log       *slog.Logger
	redact    *redactor
	sessions  memo[*http.Client] // by repository and scopes
	uploads   chan struct{}      // holds a value for each blob that is being sent

	// asksForCertificate is set once the host has asked for a client certificate and got none.
	asksForCertificate atomic.Bool
}

func (c *Client) newEndpoint(host string) *endpoint {
	s := c.settings[host]
	if s == nil {
		s = &settings{}
	}
	e := &endpoint{
		host: host, settings: s, plainHTTP: c.plainHTTPAllowed(host),
		keychain: c.config.Keychain, log: c.log, redact: &c.redact,
		policy:  retryPolicy{max: c.config.MaxRetries, delay: cmp.Or(c.config.RetryDelay, defaultRetryDelay)},
		uploads: make(chan struct{}, min(uploadsAtOnce, cmp.Or(s.MaxConcurrentRequests, DefaultMaxConcurrentRequests))),
	}
	e.redact.learn(string(s.Password), string(s.Token))
	e.requests = &retrier{policy: e.policy, log: c.log, redact: e.redact, next: &attempt{
		next:      e.newTransport(),
		guard:     &guard{plainHTTP: c.plainHTTPAllowed},
		slots:     make(chan struct{}, cmp.Or(s.MaxConcurrentRequests, DefaultMaxConcurrentRequests)),
		timeout:   cmp.Or(c.config.RequestTimeout, DefaultRequestTimeout),
		userAgent: cmp.Or(c.config.UserAgent, "terraform-provider-seaworthy"),
		log:       c.log,
		redact:    e.redact,
	}}
	e.pinged = newPings(e.requests)
	return e
}

// newTransport returns the connections to one registry. Nothing is shared with http.DefaultTransport, so no other code in
// the process can change them.
func (e *endpoint) newTransport() http.RoundTripper {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if e.settings.tls != nil {
		config = e.settings.tls.Clone()
	}
	if len(config.Certificates) == 0 {
		// With TLS 1.3 a server refuses a missing certificate after the handshake, by a word and by closing; only one
		// of the two may arrive. That it asked is known for certain.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			e.asksForCertificate.Store(true)
			return &tls.Certificate{}, nil
		}
	}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:     config,
		TLSHandshakeTimeout: 10 * time.Second,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: cmp.Or(e.settings.MaxConcurrentRequests, DefaultMaxConcurrentRequests),
		IdleConnTimeout:     90 * time.Second,
	}
}

// repository returns the name of a repository at this host. Insecure lets go-containerregistry try plain HTTP after HTTPS.
func (e *endpoint) repository(path string) (name.Repository, error) {
	var options []name.Option
	if e.plainHTTP {
		options = append(options, name.Insecure)
	}
	return name.NewRepository(e.host+"/"+path, options...)
}

// session returns a client that is authenticated to pull from the repository. The challenge is asked for
// once, see pings, and the token once for each repository, which is its scope; an expired token is replaced on the way.
func (e *endpoint) session(ctx context.Context, repo name.Repository) (*http.Client, error) {
	return e.sessionFor(ctx, repo, repo.Scope(transport.PullScope))
}

// sessionFor is session with other scopes, for those who write.
func (e *endpoint) sessionFor(ctx context.Context, repo name.Repository, scopes ...string) (*http.Client, error) {
	return e.sessions.do(ctx, repo.Name()+" "+strings.Join(scopes, " "), func(ctx context.Context) (*http.Client, error) {
		auth, err := e.authenticator(ctx, repo)
		if err != nil {
			return nil, err
		}
		if err := e.pinged.ask(ctx, repo.Registry); err != nil {
			return nil, e.explainSession(ctx, err)
		}
		authenticated, err := transport.NewWithContext(ctx, repo.Registry, auth, e.pinged, scopes)
		if err != nil {
			return nil, e.explainSession(ctx, err)
		}
		return &http.Client{Transport: authenticated, CheckRedirect: limitRedirects}, nil
	})
}

func limitRedirects(_ *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("more than %d redirects", maxRedirects)
	}
	return nil
}

// authenticator returns the credentials for a repository: those of the configuration, else those of the keychain.
func (e *endpoint) authenticator(ctx context.Context, repo name.Repository) (authn.Authenticator, error) {
	switch {
	case e.settings.Token != "":
		return authn.FromConfig(authn.AuthConfig{RegistryToken: string(e.settings.Token)}), nil
	case e.settings.Username != "":
		return authn.FromConfig(authn.AuthConfig{Username: e.settings.Username, Password: string(e.settings.Password)}), nil
	case e.keychain == nil:
		return authn.Anonymous, nil
	}
	auth, err := authn.Resolve(ctx, e.keychain, repo)
	if err != nil {
		return nil, &Error{
			Kind:   ErrCredentials,
			Found:  fmt.Sprintf("looking for credentials for %s: %s", e.host, e.redact.clean(err.Error())),
			Remedy: fmt.Sprintf("correct the Docker configuration or its credential helper, or set username and password in registries[%q]", e.host),
		}
	}
	if auth == authn.Anonymous {
		return auth, nil
	}
	return &learningAuthenticator{auth, e.redact}, nil
}

// learningAuthenticator tells the redactor every secret that a keychain hands out.
type learningAuthenticator struct {
	authn.Authenticator
	redact *redactor
}

// Authorization implements authn.Authenticator.
func (a *learningAuthenticator) Authorization() (*authn.AuthConfig, error) {
	return a.AuthorizationContext(context.Background())
}

// AuthorizationContext implements authn.ContextAuthenticator.
func (a *learningAuthenticator) AuthorizationContext(ctx context.Context) (*authn.AuthConfig, error) {
	config, err := authn.Authorization(ctx, a.Authenticator)
	if err == nil {
		a.redact.learnConfig(*config)
	}
	return config, err
}
