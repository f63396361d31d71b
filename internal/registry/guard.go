package registry

import (
	"fmt"
	"net/http"
	"net/netip"
	"sync"
)

// guard refuses requests that would break the rules on plain HTTP and on credentials, whoever made them. It stands below
// the authentication, so it also sees what go-containerregistry and net/http do by themselves.
type guard struct {
	plainHTTP func(host string) bool // whether a URL's host may be spoken to without TLS

	mu   sync.Mutex
	sent map[string]bool // values of Authorization headers that were meant for this endpoint
}

// plainHTTPError is the refusal of an unencrypted request. It is not an Error itself, because the fallback to HTTP that
// go-containerregistry tries for private addresses must not hide why HTTPS failed.
type plainHTTPError struct {
	host       string
	redirected bool
}

func (e *plainHTTPError) Error() string { return "plain HTTP to " + e.host + " is not allowed" }

func (g *guard) check(req *http.Request) error {
	redirected := req.Response != nil
	if req.URL.Scheme != "https" && !g.plainHTTP(req.URL.Host) {
		return &plainHTTPError{host: req.URL.Host, redirected: redirected}
	}
	if !redirected {
		g.remember(req.Header.Get("Authorization"))
		return nil
	}
	from := req.Response.Request.URL
	if req.URL.Host == from.Host {
		return nil
	}
	if from.Path == "/v2/" {
		// The answer says where to send credentials, so it must come from the registry itself.
		return &Error{
			Kind:   ErrServer,
			Found:  fmt.Sprintf("%s redirects to %s before it says how to authenticate", from.Host, req.URL.Host),
			Remedy: fmt.Sprintf("write %s as the reference's registry if that is the one you mean", req.URL.Host),
		}
	}
	if req.Body != nil && req.Body != http.NoBody {
		// A form with a refresh token, or a manifest; net/http sends it again after a 307 or 308.
		return &Error{
			Kind:   ErrServer,
			Found:  fmt.Sprintf("%s redirects what it was sent, %s %s, to %s", from.Host, req.Method, from.Path, req.URL.Host),
			Remedy: "credentials and content are never sent on to another host; ask the registry's operator to correct the address of the registry or of its token server",
		}
	}
	g.strip(req)
	return nil
}

func (g *guard) remember(authorization string) {
	if authorization == "" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.sent == nil {
		g.sent = map[string]bool{}
	}
	g.sent[authorization] = true
}

// strip removes from a request to another host what was meant for this one. A token that go-containerregistry got
// anonymously for the other host stays.
func (g *guard) strip(req *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.sent[req.Header.Get("Authorization")] {
		req.Header.Del("Authorization")
	}
}

// isLoopback reports whether a host, without its port, is this machine: "localhost", 127.0.0.0/8 or ::1.
// Names such as "x.localhost" are not: whether they resolve to this machine is up to the resolver.
func isLoopback(hostname string) bool {
	if hostname == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(hostname)
	return err == nil && addr.Unmap().IsLoopback()
}
