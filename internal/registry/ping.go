package registry

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// pingPath is what a client asks a registry first, to learn how it authenticates.
// Source: OCI distribution-spec v1.1.1, "Determining Support" (end-1).
const pingPath = "/v2/"

// pings answers the first question of each session from what the host has said to the first one. A session is
// for one repository, whose token it needs; the challenge is the host's, and is the same for all of them. Only
// answers that settle the matter are kept: that the host needs no authentication, or which. A host that has
// given one in plain HTTP, which is permitted to few, is not asked by HTTPS again.
type pings struct {
	next  http.RoundTripper
	first memo[struct{}]

	mu    sync.Mutex
	known map[string]pong // by scheme and host
}

// pong is a kept answer.
type pong struct {
	status int
	header http.Header
}

func newPings(next http.RoundTripper) *pings { return &pings{next: next, known: map[string]pong{}} }

// ask asks the host once, however many sessions begin at a time. A host that gives no answer, after all retries,
// is not asked again.
func (p *pings) ask(ctx context.Context, host name.Registry) error {
	_, err := p.first.do(ctx, "", func(ctx context.Context) (struct{}, error) {
		_, err := transport.Ping(ctx, host, p)
		return struct{}{}, err
	})
	return err
}

// RoundTrip implements http.RoundTripper.
func (p *pings) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet || req.URL.Path != pingPath {
		return p.next.RoundTrip(req)
	}
	if kept, known := p.kept(req.URL.Scheme, req.URL.Host); known {
		return kept.response(req), nil
	}
	if _, plain := p.kept("http", req.URL.Host); plain {
		return nil, http.ErrSchemeMismatch
	}
	resp, err := p.next.RoundTrip(req)
	if err == nil && (resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusUnauthorized) {
		p.mu.Lock()
		p.known[req.URL.Scheme+"://"+req.URL.Host] = pong{resp.StatusCode, resp.Header.Clone()}
		p.mu.Unlock()
	}
	return resp, err
}

func (p *pings) kept(scheme, host string) (pong, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, known := p.known[scheme+"://"+host]
	return a, known
}

// response returns the answer as the one to a request.
func (a pong) response(req *http.Request) *http.Response {
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header.Clone(), Body: io.NopCloser(strings.NewReader("")), Request: req,
	}
}
