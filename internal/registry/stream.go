package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
)

// slowestBytes is what a stream must bring within the time limit of a request. Less is taken for a server that keeps us
// hanging on purpose; with the default limit it is 9 kB a second.
const slowestBytes = 256 << 10

// streamKey marks the context of a request whose answer is read as a stream.
type streamKey struct{}

// isStream reports whether the time limit is on progress and not on the whole answer.
func isStream(ctx context.Context) bool { return ctx.Value(streamKey{}) != nil }

// progressLimit is the body of an answer under a time limit: the whole of it must come within the limit, or, for a stream,
// slowestBytes or the end within each.
type progressLimit struct {
	io.ReadCloser
	ctx    context.Context //nolint:containedctx // It is the request's own, to tell why reading failed.
	timer  *time.Timer
	limit  time.Duration
	whole  bool
	unpaid int
}

// Read implements io.Reader. The error is context.DeadlineExceeded when the limit was exceeded.
func (p *progressLimit) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if p.unpaid += n; p.unpaid >= slowestBytes && !p.whole {
		p.unpaid = 0
		p.timer.Reset(p.limit)
	}
	if err != nil && errors.Is(context.Cause(p.ctx), context.DeadlineExceeded) {
		err = context.DeadlineExceeded
	}
	return n, err
}

// stream returns the bytes of a blob from an offset on as they come, from the first place that has it. They are not verified: the reader
// has to do it, and must not believe anything before the end. A connection that breaks is taken up where it broke.
func (r *remote) stream(ctx context.Context, digest string, offset, size int64) (io.ReadCloser, error) {
	ctx = context.WithValue(ctx, streamKey{}, true)
	return firstOf(ctx, r, func(p place) (io.ReadCloser, error) {
		s := &blobStream{ctx: ctx, endpoint: p.endpoint, repo: p.repo, url: p.path(p.repo, configs.path, digest), offset: offset, size: size}
		return s, s.open()
	})
}

// blobStream is a download that survives broken connections.
type blobStream struct {
	ctx      context.Context //nolint:containedctx // It is the stream's, since io.Reader has none.
	endpoint *endpoint
	repo     name.Repository
	url      *url.URL
	size     int64
	offset   int64
	retries  int
	body     io.ReadCloser
}

// hostOf says where a stream comes from, for errors.
func hostOf(stream io.Reader) string {
	if s, ok := stream.(*blobStream); ok {
		return s.endpoint.host
	}
	return "the layout"
}

// open asks for what is missing.
func (s *blobStream) open() error {
	client, err := s.endpoint.session(s.ctx, s.repo)
	if err != nil {
		return err
	}
	resp, err := s.send(client, s.offset > 0)
	if err != nil {
		return err
	}
	if resp.StatusCode == http.StatusRequestedRangeNotSatisfiable {
		discard(resp)
		if resp, err = s.send(client, false); err != nil {
			return err
		}
	}
	switch {
	case resp.StatusCode == http.StatusPartialContent && s.offset > 0 && strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", s.offset)):
	case resp.StatusCode == http.StatusOK:
		// A registry that knows no ranges sends everything again.
		if _, err := io.CopyN(io.Discard, resp.Body, s.offset); err != nil {
			_ = resp.Body.Close()
			return s.endpoint.explain(s.ctx, err)
		}
	default:
		defer discard(resp)
		return s.endpoint.refusal(resp)
	}
	s.body = resp.Body
	return nil
}

// send asks for the blob, or for what is missing of it.
func (s *blobStream) send(client *http.Client, rest bool) (*http.Response, error) {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, s.url.String(), nil)
	if err != nil {
		return nil, err
	}
	if rest {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", s.offset, s.size-1))
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, s.endpoint.explain(s.ctx, err)
	}
	return resp, nil
}

// Read implements io.Reader. It returns at most one byte more than the blob's size, so that too long an answer shows
// without being read to its end.
func (s *blobStream) Read(p []byte) (int, error) {
	for {
		if s.body == nil {
			if err := s.open(); err != nil {
				return 0, err
			}
		}
		room := s.size + 1 - s.offset
		if room <= 0 {
			return 0, &Error{
				Kind:   ErrDigestMismatch,
				Found:  fmt.Sprintf("%s sends more than the %d bytes that the image states for %s", s.endpoint.host, s.size, s.url.Path),
				Remedy: "nothing of it was used; check the registry or mirror and every proxy before it",
			}
		}
		n, err := s.body.Read(p[:min(int64(len(p)), room)])
		s.offset += int64(n)
		switch {
		case err == nil, err == io.EOF: //nolint:errorlint // io.EOF is the whole answer's end, wrapped it is a broken one.
			return n, err
		case isBroken(err) && s.retries < s.endpoint.policy.max && s.ctx.Err() == nil:
			if err := s.interrupted(); err != nil {
				return n, err
			}
			if n > 0 {
				return n, nil
			}
		default:
			return n, s.endpoint.explain(s.ctx, err)
		}
	}
}

// interrupted closes the broken connection and waits for the next try.
func (s *blobStream) interrupted() error {
	_ = s.body.Close()
	s.body = nil
	wait := s.endpoint.policy.backoff(s.retries)
	s.retries++
	s.endpoint.log.Debug("a download broke off and is taken up again", "host", s.endpoint.host, "path", s.url.Path, "offset", s.offset, "wait", wait)
	return sleep(s.ctx, wait)
}

// Close implements io.Closer.
func (s *blobStream) Close() error {
	if s.body == nil {
		return nil
	}
	return s.body.Close()
}

// stream returns a blob of the layout from an offset on.
func (l *layout) stream(_ context.Context, digest string, offset, _ int64) (io.ReadCloser, error) {
	algorithm, digits, _ := strings.Cut(digest, ":")
	f, err := os.Open(filepath.Join(l.ref.LayoutPath(), "blobs", algorithm, digits))
	if err != nil {
		return nil, unreadable(err, "the layout is not complete; build or copy it again")
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
