package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// longestWait is the longest that a registry may make a plan wait for one retry. If it asks for more (Docker Hub
	// counts hours), waiting would look like a hang, so the error comes at once and names the time.
	longestWait = 60 * time.Second
	// longestBackoff bounds the doubling of our own waits.
	longestBackoff = 8 * time.Second
)

// retryPolicy says how often and when to try again.
type retryPolicy struct {
	max   int           // tries after the first one
	delay time.Duration // wait before the first retry
}

// backoff returns the wait before the retry with the given number, counted from zero: doubling, and between half and
// all of it by chance, so that the clients of one registry do not come back at the same moment.
func (p retryPolicy) backoff(retry int) time.Duration {
	d := min(p.delay<<min(retry, 10), longestBackoff)
	return d/2 + rand.N(d/2+1) //nolint:gosec // Jitter needs no cryptography.
}

// sleep waits, or returns the context's error as soon as it is done.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// retrier repeats requests that fail for a reason that may pass: 408, 429, 5xx, and connections that break.
// When it gives up it returns an *Error, which still has what only the answer's headers told.
type retrier struct {
	next   http.RoundTripper
	policy retryPolicy
	log    *slog.Logger
	redact *redactor
}

// RoundTrip implements http.RoundTripper.
func (r *retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	if isUpload(req) {
		return r.next.RoundTrip(req) // Its body is a stream: what is left of it is for the uploader to find out.
	}
	for tries := 1; ; tries++ {
		again, err := rewound(req, tries)
		if err != nil {
			return nil, err
		}
		resp, err := r.next.RoundTrip(again)
		var wait time.Duration
		switch {
		case err != nil && (!isBroken(err) || req.Context().Err() != nil):
			return nil, err
		case err != nil:
			if tries > r.policy.max {
				return nil, err
			}
		case !isTemporary(resp.StatusCode):
			return resp, nil
		default:
			wait = retryAfter(resp.Header, time.Now())
			if tries > r.policy.max || wait > longestWait {
				return nil, r.giveUp(req, resp, tries, wait)
			}
			discard(resp)
		}
		wait = cmp.Or(wait, r.policy.backoff(tries-1))
		r.log.Debug("registry request is tried again", "method", req.Method, "host", req.URL.Host, "tries", tries, "wait", wait)
		if err := sleep(req.Context(), wait); err != nil {
			return nil, err
		}
	}
}

// rewound returns the request with its body at the beginning.
func rewound(req *http.Request, tries int) (*http.Request, error) {
	if tries == 1 || req.Body == nil || req.Body == http.NoBody {
		return req, nil
	}
	if req.GetBody == nil {
		return nil, errors.New("the request can not be sent twice")
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	again := req.Clone(req.Context())
	again.Body = body
	return again, nil
}

// isBroken reports whether a connection broke, in contrast to one that never came about.
func isBroken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func isTemporary(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooManyRequests ||
		(status >= 500 && status != http.StatusNotImplemented)
}

// giveUp reads what the answer says and makes it the error.
func (r *retrier) giveUp(req *http.Request, resp *http.Response, tries int, wait time.Duration) error {
	defer discard(resp)
	found := fmt.Sprintf("%s answered %d %s", req.URL.Host, resp.StatusCode, http.StatusText(resp.StatusCode))
	if tries > 1 {
		found += fmt.Sprintf(" %d times", tries)
	}
	if words := readWords(resp, r.redact); words != "" {
		found += ": " + words
	}
	if resp.StatusCode != http.StatusTooManyRequests {
		return &Error{Kind: ErrServer, Found: found, Remedy: "try again later; if it lasts, ask the registry's operator"}
	}
	remedy := "wait"
	if wait > 0 {
		found += fmt.Sprintf("; it asks to wait %s", wait)
		remedy = fmt.Sprintf("wait %s", wait)
	}
	if limit := rateLimit(resp.Header); limit != "" {
		found += "; its limit is " + r.redact.clean(limit)
	}
	return &Error{
		Kind: ErrRateLimited, Found: found, Wait: wait,
		Remedy: remedy + ", use credentials with a higher limit, or configure a mirror or a cache_dir so that less is asked",
	}
}

// rateLimit returns the limit and what is left of it, as the headers say, or the empty string.
// Source: draft-ietf-httpapi-ratelimit-headers-02, which Docker Hub follows, and the older X- forms.
func rateLimit(h http.Header) string {
	limit := cmp.Or(h.Get("RateLimit-Limit"), h.Get("X-RateLimit-Limit"))
	left := cmp.Or(h.Get("RateLimit-Remaining"), h.Get("X-RateLimit-Remaining"))
	if limit != "" && left != "" {
		return limit + ", remaining " + left
	}
	return limit
}

// retryAfter returns how long the header Retry-After asks to wait, given in seconds or as a date. Zero means it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return at.Sub(now).Round(time.Second)
	}
	return 0
}

// discard reads a little of an answer, so that the connection can be used again, and closes it.
func discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, maxErrorBytes)
	_ = resp.Body.Close()
}
