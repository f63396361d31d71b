package registry

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// attempt sends a request once: under the limit on concurrent requests, within the time limit, past the guard, and logged.
type attempt struct {
	next      http.RoundTripper
	guard     *guard
	slots     chan struct{} // holds a value for each request whose answer is not closed yet
	timeout   time.Duration
	userAgent string
	log       *slog.Logger
	redact    *redactor
}

// RoundTrip implements http.RoundTripper. The slot and the time limit last until the answer's body is closed.
func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	select {
	case a.slots <- struct{}{}:
	case <-req.Context().Done():
		return nil, context.Cause(req.Context())
	}
	ctx, cancel := context.WithTimeout(req.Context(), a.timeout)
	release := sync.OnceFunc(func() {
		cancel()
		<-a.slots
	})
	req = req.Clone(ctx)
	req.Header.Set("User-Agent", a.userAgent)
	if err := a.guard.check(req); err != nil {
		release()
		return nil, err
	}
	a.redact.learnHeader(req.Header.Get("Authorization"))

	start := time.Now()
	resp, err := a.next.RoundTrip(req)
	a.logRequest(req, resp, err, time.Since(start))
	if err != nil {
		release()
		return nil, err
	}
	resp.Body = &releasingBody{ReadCloser: resp.Body, release: release}
	return resp, nil
}

// logRequest logs where a request went and how it ended. Headers, bodies and queries (which may be signatures) are left out.
func (a *attempt) logRequest(req *http.Request, resp *http.Response, err error, took time.Duration) {
	attrs := []slog.Attr{
		slog.String("method", req.Method),
		slog.String("url", a.redact.clean(req.URL.Scheme+"://"+req.URL.Host+req.URL.Path)),
		slog.Duration("took", took),
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", a.redact.clean(err.Error())))
	} else {
		attrs = append(attrs, slog.Int("status", resp.StatusCode))
	}
	a.log.LogAttrs(req.Context(), slog.LevelDebug, "registry request", attrs...)
}

// releasingBody gives the slot back when the body is closed.
type releasingBody struct {
	io.ReadCloser
	release func()
}

func (b *releasingBody) Close() error {
	defer b.release()
	return b.ReadCloser.Close()
}
