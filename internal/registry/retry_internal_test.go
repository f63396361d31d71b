package registry

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// roundTrips is a transport made of a function.
type roundTrips func(*http.Request) (*http.Response, error)

func (f roundTrips) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func response(status int, headers ...string) *http.Response {
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		resp.Header.Set(name, value)
	}
	return resp
}

func newRetrier(max int, next roundTrips) *retrier {
	return &retrier{next: next, policy: retryPolicy{max: max, delay: 500 * time.Millisecond}, log: slog.New(slog.DiscardHandler), redact: &redactor{}}
}

func request(t *testing.T, ctx context.Context) *http.Request { //nolint:revive // t first, as everywhere.
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://registry.example.com/token", strings.NewReader("form"))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestRetrier_WaitsAsLongAsItIsTold(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers  []*http.Response // then 200
		max      int
		min, top time.Duration
		kind     error
		wait     time.Duration
	}{
		"at once":                {nil, 4, 0, 0, nil, 0},
		"back-off doubles":       {[]*http.Response{response(500), response(502), response(503)}, 4, 1750 * time.Millisecond, 3500 * time.Millisecond, nil, 0},
		"Retry-After in seconds": {[]*http.Response{response(429, "Retry-After: 7")}, 4, 7 * time.Second, 7 * time.Second, nil, 0},
		"also of a 503":          {[]*http.Response{response(503, "Retry-After: 7")}, 4, 7 * time.Second, 7 * time.Second, nil, 0},
		"Retry-After is a date":  {[]*http.Response{response(429, "Retry-After: Sat, 01 Jan 2000 00:00:30 GMT")}, 4, 30 * time.Second, 30 * time.Second, nil, 0},
		"a date in the past":     {[]*http.Response{response(429, "Retry-After: Sat, 01 Jan 1999 00:00:30 GMT")}, 4, 250 * time.Millisecond, 500 * time.Millisecond, nil, 0},
		"nonsense":               {[]*http.Response{response(429, "Retry-After: soon")}, 4, 250 * time.Millisecond, 500 * time.Millisecond, nil, 0},
		"a minute is borne":      {[]*http.Response{response(429, "Retry-After: 60")}, 4, time.Minute, time.Minute, nil, 0},
		"more is not":            {[]*http.Response{response(429, "Retry-After: 61")}, 4, 0, 0, ErrRateLimited, 61 * time.Second},
		"not even days":          {[]*http.Response{response(429, "Retry-After: 99999999999999999999")}, 0, 0, 0, ErrRateLimited, 0},
		"no retries":             {[]*http.Response{response(429, "Retry-After: 7")}, 0, 0, 0, ErrRateLimited, 7 * time.Second},
		"5xx to the end":         {[]*http.Response{response(500), response(500)}, 1, 250 * time.Millisecond, 500 * time.Millisecond, ErrServer, 0},
		"501 is final":           {[]*http.Response{response(501)}, 4, 0, 0, nil, 0},
		"404 is final":           {[]*http.Response{response(404)}, 4, 0, 0, nil, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				left := tt.answers
				r := newRetrier(tt.max, func(req *http.Request) (*http.Response, error) {
					if body, err := io.ReadAll(req.Body); string(body) != "form" || err != nil {
						t.Errorf("the body was %q, %v", body, err)
					}
					if len(left) == 0 {
						return response(200), nil
					}
					next := left[0]
					left = left[1:]
					return next, nil
				})
				start := time.Now()
				resp, err := r.RoundTrip(request(t, t.Context()))
				if took := time.Since(start); took < tt.min || took > tt.top {
					t.Errorf("waited %v, want %v to %v", took, tt.min, tt.top)
				}
				if tt.kind == nil {
					if err != nil || resp == nil {
						t.Errorf("got %v", err)
					}
					return
				}
				var e *Error
				if !errors.As(err, &e) || !errors.Is(e, tt.kind) || e.Wait != tt.wait {
					t.Errorf("got %v, want %v with wait %v", err, tt.kind, tt.wait)
				}
			})
		})
	}
}

func TestRetrier_Errors(t *testing.T) {
	t.Parallel()
	refused := &http.ProtocolError{ErrorString: "refused"}
	for name, tt := range map[string]struct {
		err   error
		tries int
	}{
		"reset": {syscall.ECONNRESET, 3}, "broken pipe": {syscall.EPIPE, 3}, "end of file": {io.EOF, 3}, "any other": {refused, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				_, err := newRetrier(2, func(*http.Request) (*http.Response, error) {
					tries++
					return nil, tt.err
				}).RoundTrip(request(t, t.Context()))
				if !errors.Is(err, tt.err) || tries != tt.tries {
					t.Errorf("got %v after %d tries, want %v after %d", err, tries, tt.err, tt.tries)
				}
			})
		})
	}
}

func TestRetrier_StopsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newRetrier(4, func(*http.Request) (*http.Response, error) {
			return response(429, "Retry-After: 30"), nil
		}).RoundTrip(request(t, ctx))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}

func TestBackoff_IsBounded(t *testing.T) {
	t.Parallel()
	p := retryPolicy{max: 100, delay: 500 * time.Millisecond}
	for retry := range 100 {
		if d := p.backoff(retry); d < 250*time.Millisecond || d > longestBackoff {
			t.Errorf("retry %d waits %v", retry, d)
		}
	}
}
