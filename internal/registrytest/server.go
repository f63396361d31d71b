package registrytest

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/registry"
)

// T is the part of testing.TB that this package needs.
type T interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Server is a registry that listens on loopback. Its methods are safe for concurrent use.
type Server struct {
	http  *httptest.Server
	store http.Handler
	auth  authenticator
	page  int
	// storeOptions are for the registry behind the server.
	storeOptions []registry.Option

	mu       sync.Mutex
	requests []Request
	faults   []*Fault
}

// Request is one request that reached the server.
type Request struct {
	Method string
	// Path is the URL's path, such as "/v2/shop/api/manifests/1.4.2".
	Path string
	// Query is the URL's query, undecoded.
	Query  string
	Header http.Header
}

// String returns the method and the path, such as "HEAD /v2/shop/api/manifests/1.4.2".
func (r Request) String() string { return r.Method + " " + r.Path }

// Option changes what New starts.
type Option func(*Server)

// WithTLS makes the server speak TLS with a certificate that only CertificatePEM vouches for.
func WithTLS() Option {
	return func(s *Server) { s.http.EnableHTTP2, s.http.TLS = true, serverTLS() }
}

// WithPageSize makes the server list at most n tags at a time, whatever the client asks for.
func WithPageSize(n int) Option {
	return func(s *Server) { s.page = n }
}

// New starts a server. Close it after use.
func New(opts ...Option) *Server {
	quiet := log.New(io.Discard, "", 0)
	s := &Server{}
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.http.Config.ErrorLog = quiet
	for _, opt := range opts {
		opt(s)
	}
	s.store = s.newStore(registry.Logger(quiet))
	if s.http.TLS != nil {
		s.http.StartTLS()
	} else {
		s.http.Start()
	}
	return s
}

// Start starts a server for one test and closes it when the test ends.
func Start(t T, opts ...Option) *Server {
	t.Helper()
	s := New(opts...)
	t.Cleanup(s.Close)
	return s
}

// Close stops the server and drops every connection to it.
func (s *Server) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
}

// Host returns "127.0.0.1:port", the first part of references to images of this registry.
func (s *Server) Host() string { return s.http.Listener.Addr().String() }

// URL returns the server's address with its scheme and without a path.
func (s *Server) URL() string { return s.http.URL }

// CertificatePEM returns the certificate that a client must trust, or the empty string without TLS.
func (s *Server) CertificatePEM() string {
	if s.http.Certificate() == nil {
		return ""
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.http.Certificate().Raw}))
}

// Requests returns all requests so far, in the order in which they came. Those to "/v2/" (the client asks how to
// authenticate) and to the token endpoint are among them.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Count returns how many requests so far had this method ("" for any) and a path that holds the given text.
func (s *Server) Count(method, pathPart string) int {
	n := 0
	for _, r := range s.Requests() {
		if (method == "" || r.Method == method) && strings.Contains(r.Path, pathPart) {
			n++
		}
	}
	return n
}

// ForgetRequests empties the record of requests.
func (s *Server) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone()})
	fault := s.takeFault(r)
	s.mu.Unlock()

	next := http.Handler(http.HandlerFunc(s.serveAuthenticated))
	if fault != nil {
		fault.serve(w, r, next)
		return
	}
	next.ServeHTTP(w, r)
}

func (s *Server) serveAuthenticated(w http.ResponseWriter, r *http.Request) {
	if s.auth != nil && !s.auth.admit(w, r) {
		return
	}
	if s.page > 0 && strings.HasSuffix(r.URL.Path, "/tags/list") {
		s.servePage(w, r)
		return
	}
	s.store.ServeHTTP(w, r)
}
