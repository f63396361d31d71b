package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"golang.org/x/sync/errgroup"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

const (
	// blobsAtOnce bounds how many blobs of one image are copied at the same time.
	blobsAtOnce = 3
	// maxDepth bounds indexes in indexes, and referrers of referrers.
	maxDepth = 4
)

// CopyOptions says what else to do when an image is copied.
type CopyOptions struct {
	// Referrers copies signatures, SBOMs and whatever else refers to the image, too.
	Referrers bool
	// Nearby are repositories that are known to have the image. Blobs are mounted from the first of them that is at the same registry as the destination.
	Nearby []imageref.Reference
}

// Copied is what a copy took. What the destination had already is not in it.
type Copied struct {
	// Manifests and Blobs are how many were sent, and Bytes the size of the blobs.
	Manifests, Blobs int
	Bytes            int64
	// Mounted is how many blobs the registry took from another of its repositories.
	Mounted int
	// Skipped is how many manifests and blobs were there.
	Skipped int
	// Referrers is how many referrers the image has, if they were asked for.
	Referrers int
	// Children are the digests of the manifests that the image's own names, if it is an index. They are at the destination, sent or not.
	Children []string
}

// Copy copies the image with the digest of the pinned reference from, all platforms of it, to the repository of to: under the tag of to or,
// without one, by its digest alone. Nothing is changed on the way, so the digest stays. The source may be an OCI layout.
//
// What is there is not sent again, so a copy that failed half-way is taken up by repeating it. Blobs are streamed and verified; a manifest is
// stored only after everything that it names, so what can be found under the digest is whole. At the end the manifest is read back.
// An error is an *Error that names the source or the destination, or the context's.
func (c *Client) Copy(ctx context.Context, from, to imageref.Reference, options CopyOptions) (Copied, error) {
	if !from.IsPinned() {
		return Copied{}, notPinned(from)
	}
	if to.IsLayout() {
		return Copied{}, &Error{Kind: ErrInvalid, Reference: to.String(), Found: "an OCI layout can not be copied to", Remedy: "name a repository"}
	}
	defer c.presences.forgetAll()
	at, err := c.at(to)
	if err != nil {
		return Copied{}, about(to, err)
	}
	j := &copyJob{client: c, from: from, to: to, at: at, log: c.log.With("from", from.String(), "to", to.String()), done: map[string]bool{}}
	if err := j.open(ctx, options); err != nil {
		return Copied{}, j.blame(err)
	}
	j.log.InfoContext(ctx, "copying an image")
	if err := j.run(ctx, options); err != nil {
		return j.copied, j.blame(err)
	}
	j.log.InfoContext(ctx, "copied an image", "manifests", j.copied.Manifests, "blobs", j.copied.Blobs, "bytes", j.copied.Bytes,
		"mounted", j.copied.Mounted, "skipped", j.copied.Skipped, "referrers", j.copied.Referrers)
	return j.copied, nil
}

// copyJob is one copy.
type copyJob struct {
	client *Client
	from   imageref.Reference
	to     imageref.Reference
	at     place
	log    *slog.Logger
	pusher *http.Client
	near   *name.Repository // a repository of the same registry that has the image, or nil

	mu     sync.Mutex
	copied Copied
	done   map[string]bool // digests of blobs that are at the destination
}

// open gets the right to push, and to read where blobs may be mounted from.
func (j *copyJob) open(ctx context.Context, options CopyOptions) error {
	var others []name.Repository
	for _, ref := range append([]imageref.Reference{j.from}, options.Nearby...) {
		if ref.Registry() == j.to.Registry() && ref.Path() != j.to.Path() {
			repo, err := j.at.repository(ref.Path())
			if err != nil {
				return err
			}
			others, j.near = append(others, repo), &repo
			break
		}
	}
	var err error
	j.pusher, err = j.at.pusher(ctx, transport.PushScope, others...)
	return err
}

func (j *copyJob) run(ctx context.Context, options CopyOptions) error {
	digest := j.from.Digest()
	// The root is looked into even if it is there: a registry may have lost a platform.
	if err := j.manifest(ctx, digest, "", 0); err != nil {
		return err
	}
	if options.Referrers {
		if err := j.referrers(ctx, digest, 0); err != nil {
			return err
		}
	}
	if tag := j.to.Tag(); tag != "" {
		if err := j.tag(ctx, digest, tag); err != nil {
			return err
		}
	}
	if err := j.children(ctx, digest); err != nil {
		return err
	}
	// Read back, and not from what is known: this is what a node will get.
	_, err := j.at.fetch(ctx, manifests, digest)
	return err
}

// children notes what the image's own manifest names.
func (j *copyJob) children(ctx context.Context, digest string) error {
	doc, err := j.read(ctx, digest)
	for _, child := range doc.manifests {
		j.copied.Children = append(j.copied.Children, child.Digest.String())
	}
	return err
}

// manifest copies a manifest with everything that it names. The tag is what it is stored under, besides its digest; empty is none.
func (j *copyJob) manifest(ctx context.Context, digest, tag string, depth int) error {
	if depth > maxDepth {
		return invalid(digest, errors.New("indexes and referrers are nested too deep"))
	}
	there, err := j.at.has(ctx, digest)
	if err != nil {
		return err
	}
	doc, err := j.read(ctx, digest)
	if err != nil {
		return err
	}
	for _, child := range doc.manifests {
		if err := j.manifest(ctx, child.Digest.String(), "", depth+1); err != nil {
			return err
		}
	}
	if there {
		j.count(func(c *Copied) { c.Skipped++ })
		return j.tagIfSet(ctx, digest, tag)
	}
	if err := j.blobs(ctx, doc.blobs); err != nil {
		return err
	}
	if err := j.put(ctx, doc, digest); err != nil {
		return err
	}
	return j.tagIfSet(ctx, digest, tag)
}

func (j *copyJob) put(ctx context.Context, doc document, tagOrDigest string) error {
	if _, err := j.at.putManifest(ctx, j.pusher, tagOrDigest, doc); err != nil {
		return err
	}
	j.count(func(c *Copied) { c.Manifests++ })
	j.log.InfoContext(ctx, "copied a manifest", "digest", doc.digest, "as", tagOrDigest)
	return nil
}

func (j *copyJob) tagIfSet(ctx context.Context, digest, tag string) error {
	if tag == "" {
		return nil
	}
	return j.tag(ctx, digest, tag)
}

// tag makes a tag name a manifest that is there, and holds the registry to it.
func (j *copyJob) tag(ctx context.Context, digest, tag string) error {
	now, err := j.at.tagged(ctx, tag)
	if err != nil || now == digest {
		return err
	}
	if now != "" {
		j.log.WarnContext(ctx, "a tag of the destination gets another image", "tag", tag, "before", now, "now", digest)
	}
	doc, err := j.read(ctx, digest)
	if err != nil {
		return err
	}
	if err := j.put(ctx, doc, tag); err != nil {
		return err
	}
	if now, err = j.at.tagged(ctx, tag); err == nil && now != digest {
		err = &Error{
			Kind: ErrDigestMismatch, Found: fmt.Sprintf("%s was given %s for the tag %s and names %q", j.at.host, digest, tag, now),
			Remedy: "somebody else may be pushing to this tag; apply again",
		}
	}
	return err
}

// read gets a manifest of the source.
func (j *copyJob) read(ctx context.Context, digest string) (document, error) {
	raw, err := j.client.source(j.from).read(ctx, manifests, digest)
	if err != nil {
		return document{}, about(j.from, err)
	}
	doc, err := parseDocument(digest, raw)
	return doc, about(j.from, err)
}

// blobs copies the blobs that are not there.
func (j *copyJob) blobs(ctx context.Context, blobs []v1.Descriptor) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(blobsAtOnce)
	for _, blob := range blobs {
		j.mu.Lock()
		known := j.done[blob.Digest.String()]
		j.mu.Unlock()
		if !known {
			group.Go(func() error { return j.blob(ctx, blob) })
		}
	}
	return group.Wait()
}

func (j *copyJob) blob(ctx context.Context, blob v1.Descriptor) error {
	digest := blob.Digest.String()
	there, err := j.at.hasBlob(ctx, j.pusher, blob)
	if err != nil {
		return err
	}
	mounted := false
	if !there && j.near != nil {
		if mounted, err = j.at.mount(ctx, j.pusher, blob, *j.near); err != nil {
			return err
		}
	}
	if !there && !mounted {
		if err := j.upload(ctx, blob); err != nil {
			return err
		}
		j.log.InfoContext(ctx, "copied a blob", "digest", digest, "bytes", blob.Size)
	}
	j.count(func(c *Copied) {
		j.done[digest] = true
		switch {
		case there:
			c.Skipped++
		case mounted:
			c.Mounted++
		default:
			c.Blobs++
			c.Bytes += blob.Size
		}
	})
	return nil
}

// upload sends one blob. The right to send is taken before anything is asked of the source, so that no two copies can wait for each other.
func (j *copyJob) upload(ctx context.Context, blob v1.Descriptor) error {
	select {
	case j.at.uploads <- struct{}{}:
		defer func() { <-j.at.uploads }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	u := &upload{to: j.at, client: j.pusher, blob: blob, from: j.from, open: func(ctx context.Context, offset int64) (io.ReadCloser, error) {
		source, err := j.client.source(j.from).stream(ctx, blob.Digest.String(), offset, blob.Size)
		return source, about(j.from, err)
	}}
	return u.run(ctx)
}

func (j *copyJob) count(change func(*Copied)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change(&j.copied)
}

// blame names the destination in an error that does not name the source.
func (j *copyJob) blame(err error) error {
	if e := (*Error)(nil); errors.As(err, &e) && e.Reference != "" {
		return err
	}
	return about(j.to, err)
}
