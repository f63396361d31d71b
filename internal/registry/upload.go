package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

const (
	// uploadsAtOnce bounds how many blobs are sent to one registry at the same time.
	uploadsAtOnce = 4
	// progressBytes is how much of a blob is sent between two lines of the log.
	progressBytes = 64 << 20
)

// uploadKey marks the context of a request whose body is a stream.
type uploadKey struct{}

// isUpload reports whether the request is such a one, and not one for a token on its behalf.
func isUpload(req *http.Request) bool {
	return req.Context().Value(uploadKey{}) != nil && req.Body != nil && req.Body != http.NoBody
}

// progressBody is the body of a request under a time limit on progress: slowestBytes or the end within each.
type progressBody struct {
	io.ReadCloser
	timer  *time.Timer
	limit  time.Duration
	unpaid int
}

// Read implements io.Reader.
func (p *progressBody) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if p.unpaid += n; p.unpaid >= slowestBytes || err != nil {
		p.unpaid = 0
		p.timer.Reset(p.limit)
	}
	return n, err
}

// upload is one blob on its way into a repository: a POST opens it, a PATCH carries the bytes, and a PUT with the digest ends it. All
// of it goes in one PATCH, as Docker does, since that is what every registry takes; when that breaks, another PATCH
// carries the rest, if the registry says how much it has, and else a new upload is begun. (Distribution, seen in 2.8.2, does not say: the address of
// its uploads carries an offset, and what a broken PATCH left behind does not match it.)
// Source: OCI distribution specification v1.1.1, "Pushing Blobs".
type upload struct {
	to     place
	client *http.Client // may push
	blob   v1.Descriptor
	from   imageref.Reference // for errors
	open   func(ctx context.Context, offset int64) (io.ReadCloser, error)

	location *url.URL // nil: not begun
	has      int64    // what the registry has
	sums     *digester
	retries  int
}

// run sends the blob.
func (u *upload) run(ctx context.Context) error {
	u.sums = newDigester()
	for {
		err := u.try(ctx)
		var broken *interruption
		if !errors.As(err, &broken) {
			return err
		}
		if u.retries >= u.to.policy.max {
			return broken.err
		}
		wait := u.to.policy.backoff(u.retries)
		u.retries++
		u.to.log.WarnContext(ctx, "an upload broke off and is taken up again", "host", u.to.host, "digest", u.blob.Digest.String(), "wait", wait, "error", broken.err)
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		u.find(ctx)
	}
}

// interruption is a failure after which an upload may go on.
type interruption struct{ err error }

func (i *interruption) Error() string { return i.err.Error() }

// try does what is still to do.
func (u *upload) try(ctx context.Context) error {
	if u.location == nil {
		u.has = 0
		if err := u.begin(ctx); err != nil {
			return err
		}
	}
	if u.has < u.blob.Size {
		if err := u.send(ctx); err != nil {
			return err
		}
	}
	if got := u.sums.digest(); got != u.blob.Digest.String() {
		u.cancel(ctx)
		return &Error{
			Kind: ErrDigestMismatch, Reference: u.from.String(),
			Found:  fmt.Sprintf("the source was asked for %s and sent content with the digest %s", u.blob.Digest, got),
			Remedy: "nothing of it was stored; the content was changed or damaged on the way, so check the registry or mirror and every proxy before it",
		}
	}
	return u.commit(ctx)
}

// begin opens an upload.
func (u *upload) begin(ctx context.Context) error {
	resp, err := u.to.write(ctx, u.client, http.MethodPost, u.to.path(u.to.repo, "blobs", "uploads", ""), nil, "")
	if err != nil {
		return err
	}
	defer discard(resp)
	if resp.StatusCode != http.StatusAccepted {
		return u.to.pushError(resp)
	}
	return u.moved(resp)
}

// moved takes the address for the next request from an answer.
func (u *upload) moved(resp *http.Response) error {
	next := resp.Header.Get("Location")
	if next == "" && u.location != nil {
		return nil
	}
	location, err := resp.Request.URL.Parse(next)
	if next == "" || err != nil || location.Host == "" {
		return &Error{
			Kind:   ErrServer,
			Found:  u.to.host + " opens an upload and does not say where",
			Remedy: "check that the host is a container registry",
		}
	}
	u.location = location
	return nil
}

// send carries the bytes that the registry does not have.
func (u *upload) send(ctx context.Context) error {
	from := u.sums.rewind(u.has)
	source, err := u.open(ctx, from)
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // It is only read.
	if _, err := io.CopyN(u.sums, source, u.has-from); err != nil {
		return u.sourceError(err)
	}
	body := &blobBody{source: source, sums: u.sums, size: u.blob.Size, log: func(sent int64) {
		u.to.log.InfoContext(ctx, "copying a blob", "to", u.to.repo.Name(), "digest", u.blob.Digest.String(), "sent_bytes", sent, "size_bytes", u.blob.Size)
	}}
	req, err := http.NewRequestWithContext(context.WithValue(ctx, uploadKey{}, true), http.MethodPatch, u.location.String(), body)
	if err != nil {
		return err
	}
	req.ContentLength = u.blob.Size - u.has
	req.Header.Set("Content-Type", "application/octet-stream")
	if u.has > 0 {
		req.Header.Set("Content-Range", fmt.Sprintf("%d-%d", u.has, u.blob.Size-1))
	}
	resp, err := u.client.Do(req)
	sourceErr := body.detach()
	if err == nil {
		defer discard(resp)
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case sourceErr != nil:
		return u.sourceError(sourceErr)
	case isBroken(err):
		return &interruption{&Error{
			Kind:   ErrUnreachable,
			Found:  fmt.Sprintf("%s broke the connection when it had been sent %d of the %d bytes of %s", u.to.host, u.sums.offset, u.blob.Size, u.blob.Digest),
			Remedy: "apply again, which sends only what is missing; check the network, and limits on size and time in proxies before the registry",
		}}
	case err != nil:
		return &interruption{u.to.explain(ctx, err)}
	case isTemporary(resp.StatusCode), resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusRequestedRangeNotSatisfiable, resp.StatusCode == http.StatusNotFound:
		// A token can run out, and an upload be forgotten; both are mended by asking where we are.
		return &interruption{u.to.pushError(resp)}
	case resp.StatusCode/100 != 2:
		return u.to.pushError(resp)
	}
	u.has = u.blob.Size
	return u.moved(resp)
}

// sourceError names the source in its failure, so that the destination is not blamed for it.
func (u *upload) sourceError(err error) error {
	var known *Error
	if errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return about(u.from, err)
	}
	return &Error{
		Kind: ErrDigestMismatch, Reference: u.from.String(), Found: "the source has less content than the image states: " + err.Error(),
		Remedy: "nothing of it was stored; check the registry, or build or copy the layout again",
	}
}

// find asks how much the registry has of an upload that broke off. If it does not say, the upload is begun anew.
func (u *upload) find(ctx context.Context) {
	location := u.location
	u.location, u.has = nil, 0
	if location == nil {
		return
	}
	resp, err := u.to.write(ctx, u.client, http.MethodGet, location, nil, "")
	if err != nil {
		return // The next try tells why.
	}
	defer discard(resp)
	_, last, ok := strings.Cut(strings.TrimPrefix(resp.Header.Get("Range"), "bytes="), "-")
	end, err := strconv.ParseInt(last, 10, 64)
	// A registry that has nothing says 0-0, as one that has a byte.
	if resp.StatusCode/100 != 2 || !ok || err != nil || end <= 0 || end >= u.sums.offset {
		return
	}
	u.location, u.has, u.retries = location, end+1, 0
	if err := u.moved(resp); err != nil {
		u.location, u.has = nil, 0
	}
}

// commit ends the upload. That the registry has the blob counts, whatever it answered.
func (u *upload) commit(ctx context.Context) error {
	end := *u.location
	query := end.Query()
	query.Set("digest", u.blob.Digest.String())
	end.RawQuery = query.Encode()
	resp, err := u.to.write(ctx, u.client, http.MethodPut, &end, nil, "application/octet-stream")
	if err == nil {
		defer discard(resp)
		if resp.StatusCode == http.StatusCreated {
			return nil
		}
		err = u.to.pushError(resp)
		switch resp.StatusCode {
		case http.StatusBadRequest, http.StatusNotFound, http.StatusRequestedRangeNotSatisfiable:
			err = &interruption{err} // Bytes were lost or changed on the way, or the upload was forgotten.
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if has, headErr := u.to.hasBlob(ctx, u.client, u.blob); headErr == nil && has {
		return nil
	}
	u.location = nil
	return err
}

// cancel lets the registry throw away what it has, which it would do by itself after some time.
func (u *upload) cancel(ctx context.Context) {
	if resp, err := u.to.write(ctx, u.client, http.MethodDelete, u.location, nil, ""); err == nil {
		discard(resp)
	}
}

// blobBody reads a blob for a request's body. A request may end while its body is still being read, so whoever made the request
// calls detach before it goes on.
type blobBody struct {
	source io.Reader
	sums   *digester
	size   int64
	log    func(sent int64)

	mu       sync.Mutex
	detached bool
	err      error
}

// Read implements io.Reader.
func (b *blobBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.detached {
		return 0, errors.New("the request is over")
	}
	left := b.size - b.sums.offset
	if left <= 0 {
		return 0, io.EOF
	}
	before := b.sums.offset
	n, err := b.source.Read(p[:min(int64(len(p)), left)])
	_, _ = b.sums.Write(p[:n]) // It never fails.
	if b.sums.offset/progressBytes != before/progressBytes {
		b.log(b.sums.offset)
	}
	if err == io.EOF && b.sums.offset < b.size { //nolint:errorlint // io.EOF is the end of the source.
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != io.EOF { //nolint:errorlint // See above.
		b.err = err
	}
	return n, err
}

// Close implements io.Closer. The source is closed by who opened it.
func (b *blobBody) Close() error { return nil }

// detach makes sure that nothing is read any more, and returns what went wrong with the source.
func (b *blobBody) detach() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.detached = true
	return b.err
}
