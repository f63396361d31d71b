package registry

import (
	"context"
	"errors"
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

// RoundTrip implements http.RoundTripper. The slot and the time limit last until the answer's body is closed; for a stream,
// in either direction, the limit is on progress. An upload takes no slot: see endpoint.uploads.
func (a *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	free := func() {}
	if !isUpload(req) {
		select {
		case a.slots <- struct{}{}:
			free = func() { <-a.slots }
		case <-req.Context().Done():
			return nil, context.Cause(req.Context())
		}
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	timer := time.AfterFunc(a.timeout, func() { cancel(context.DeadlineExceeded) })
	release := sync.OnceFunc(func() {
		timer.Stop()
		cancel(nil)
		free()
	})
	req = req.Clone(ctx)
	if isUpload(req) {
		req.Body = &progressBody{ReadCloser: req.Body, timer: timer, limit: a.timeout}
	}
	req.Header.Set("User-Agent", a.userAgent)
	if err := a.guard.check(req); err != nil {
		release()
		return nil, err
	}
	a.redact.learnHeader(req.Header.Get("Authorization"))

	start := time.Now()
	resp, err := a.next.RoundTrip(req)
	if err != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		err = context.DeadlineExceeded
	}
	a.logRequest(req, resp, err, time.Since(start))
	if err != nil {
		release()
		return nil, err
	}
	body := &progressLimit{ReadCloser: resp.Body, ctx: ctx, timer: timer, limit: a.timeout, whole: !isStream(ctx)}
	resp.Body = &releasingBody{ReadCloser: body, release: release}
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
