package registry

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestPlainHTTPAllowed(t *testing.T) {
	t.Parallel()
	c, err := New(Config{Registries: map[string]RegistryConfig{"plain.example.com:5000": {PlainHTTP: true}, "tls.example.com": {}}})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{
		"localhost": true, "localhost:5000": true, "127.0.0.1:5000": true, "127.1.2.3": true, "[::1]:5000": true, "[::ffff:127.0.0.1]": true,
		"plain.example.com:5000": true, "plain.example.com": false, "tls.example.com": false, "docker.io": false,
		"10.0.0.1:5000": false, "192.168.1.1": false, "172.16.0.1:80": false, "169.254.169.254": false, "[fd00::1]": false,
		"registry.local": false, "x.localhost:5000": false, "localhost.example.com": false, "127.0.0.1.example.com": false, "0.0.0.0:5000": false,
	} {
		if got := c.plainHTTPAllowed(host); got != want {
			t.Errorf("%s: got %v, want %v", host, got, want)
		}
	}
}

// TestPlainHTTP_PrivateAddressesAreNotExempt lets every name lead to a server that speaks plain HTTP. go-containerregistry
// would fall back to it for all of these hosts.
func TestPlainHTTP_PrivateAddressesAreNotExempt(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"10.1.2.3:5000", "192.168.1.1", "172.16.0.1:80", "registry.local:5000", "x.localhost:5000", "registry.example.com"} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t)
			want := srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
			ask := func(settings RegistryConfig) (string, error) {
				c, err := New(Config{Registries: map[string]RegistryConfig{host: settings}})
				if err != nil {
					t.Fatal(err)
				}
				everythingLeadsTo(c.endpoint(host), srv.Host())
				ref, err := imageref.Parse(host + "/a:1")
				if err != nil {
					t.Fatal(err)
				}
				return c.Digest(context.Background(), ref)
			}
			got, err := ask(RegistryConfig{Username: "ci", Password: "pass-word"})
			if !errors.Is(err, ErrPlainHTTP) || !strings.Contains(err.Error(), "plain_http = true") {
				t.Errorf("got %q, %v; want ErrPlainHTTP", got, err)
			}
			if n := srv.Count("", ""); n != 0 {
				t.Errorf("%d requests were sent without encryption", n)
			}
			if got, err := ask(RegistryConfig{PlainHTTP: true}); got != want || err != nil {
				t.Errorf("on request: got %q, %v; want %q", got, err, want)
			}
		})
	}
}

// everythingLeadsTo makes an endpoint connect to one address whatever the host.
func everythingLeadsTo(e *endpoint, address string) {
	e.requests.(*retrier).next.(*attempt).next = &http.Transport{ //nolint:forcetypeassert // This is how newEndpoint makes it.
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}
}

func TestGuard_Redirects(t *testing.T) {
	t.Parallel()
	const ours, theirs = "Bearer ours", "Bearer anonymous-there"
	tests := map[string]struct {
		from, to, method, authorization string
		kept                            bool
		refused                         string
	}{
		"same host":                  {"https://r.example.com/v2/a/blobs/x", "https://r.example.com/other", "GET", ours, true, ""},
		"other host":                 {"https://r.example.com/v2/a/blobs/x", "https://cdn.example.com/x", "GET", ours, false, ""},
		"other port":                 {"https://r.example.com/v2/a/blobs/x", "https://r.example.com:8443/x", "GET", ours, false, ""},
		"token of the other host":    {"https://r.example.com/v2/a/blobs/x", "https://cdn.example.com/x", "GET", theirs, true, ""},
		"without encryption":         {"https://r.example.com/v2/a/blobs/x", "http://r.example.com/x", "GET", ours, false, "plain HTTP"},
		"to a metadata service":      {"https://r.example.com/v2/a/blobs/x", "http://169.254.169.254/x", "GET", "", false, "plain HTTP"},
		"while authenticating":       {"https://r.example.com/v2/", "https://evil.example.com/v2/", "GET", "", false, "before it says how to authenticate"},
		"form with a refresh token":  {"https://auth.example.com/token", "https://evil.example.com/token", "POST", "", false, "redirects what it was sent, POST /token"},
		"form at the same authority": {"https://auth.example.com/token", "https://auth.example.com/token2", "POST", "", true, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &guard{plainHTTP: func(string) bool { return false }}
			first, err := http.NewRequestWithContext(t.Context(), tt.method, tt.from, nil)
			if err != nil {
				t.Fatal(err)
			}
			first.Header.Set("Authorization", ours)
			if err := g.check(first); err != nil {
				t.Fatal(err)
			}
			var form io.Reader
			if tt.method == http.MethodPost {
				form = strings.NewReader("refresh_token=secret")
			}
			second, err := http.NewRequestWithContext(t.Context(), tt.method, tt.to, form)
			if err != nil {
				t.Fatal(err)
			}
			second.Response = &http.Response{Request: first}
			if tt.authorization != "" {
				second.Header.Set("Authorization", tt.authorization)
			}
			err = g.check(second)
			if (err != nil) != (tt.refused != "") || (err != nil && !strings.Contains(err.Error(), tt.refused)) {
				t.Fatalf("got %v, want an error with %q", err, tt.refused)
			}
			if err == nil && tt.authorization != "" && (second.Header.Get("Authorization") != "") != tt.kept {
				t.Errorf("the credentials were kept: %v, want %v", !tt.kept, tt.kept)
			}
		})
	}
}
