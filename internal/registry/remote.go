package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/go-containerregistry/pkg/name"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// remote reads from a registry, with its mirrors in front of it and the caches before both.
type remote struct {
	client *Client
	ref    imageref.Reference
}

// place is one host that may have a repository, and its name there.
type place struct {
	*endpoint
	repo name.Repository
}

// places returns the mirrors in order, then the registry itself.
func (r *remote) places() ([]place, error) {
	var places []place
	add := func(host, path string) error {
		e := r.client.endpoint(host)
		repo, err := e.repository(path)
		if err != nil {
			return &Error{Kind: ErrInvalid, Found: err.Error(), Remedy: "correct the repository's name"}
		}
		places = append(places, place{e, repo})
		return nil
	}
	if s := r.client.settings[r.ref.Registry()]; s != nil {
		for _, m := range s.mirrors {
			if err := add(m.host, m.path(r.ref.Path())); err != nil {
				return nil, err
			}
		}
	}
	return places, add(r.ref.Registry(), r.ref.Path())
}

// firstOf asks one place after the other until one succeeds. The error is the last one's, that is the registry's own, with
// those of the mirrors. Content that does not match its digest, and a context that is done, end the search.
func firstOf[V any](ctx context.Context, r *remote, ask func(place) (V, error)) (V, error) {
	var none V
	places, err := r.places()
	if err != nil {
		return none, err
	}
	var failed []error
	for i, p := range places {
		value, err := ask(p)
		if err == nil {
			return value, nil
		}
		var e *Error
		if !errors.As(err, &e) || ctx.Err() != nil || e.Kind == ErrDigestMismatch {
			return none, err
		}
		if i == len(places)-1 {
			complete := *e
			complete.Mirrors = failed
			return none, &complete
		}
		r.client.log.Warn("a mirror failed and the next place is asked", "reference", r.ref.String(), "mirror", p.repo.Name(), "error", err)
		failed = append(failed, err)
	}
	return none, nil
}

// defaultTag is what registries take a missing tag for.
const defaultTag = "latest"

func (r *remote) tagOrLatest() string {
	if r.ref.Tag() == "" {
		return defaultTag
	}
	return r.ref.Tag()
}

// resolve asks with HEAD, which is cheap and, on Docker Hub, not counted; if that brings no digest, the manifest is
// fetched and its digest computed.
func (r *remote) resolve(ctx context.Context) (resolved, error) {
	return firstOf(ctx, r, func(p place) (resolved, error) {
		digest, err := r.digestAt(ctx, p)
		return resolved{digest, p.host + "/" + p.repo.RepositoryStr()}, err
	})
}

func (r *remote) digestAt(ctx context.Context, p place) (string, error) {
	digest, err := p.head(ctx, p.repo, r.tagOrLatest())
	if err != nil || digest != "" {
		return digest, err
	}
	answer, err := p.get(ctx, p.repo, p.path(p.repo, manifests.path, r.tagOrLatest()), manifests.limit)
	if err != nil {
		return "", err
	}
	digest = digestOf(answer.body)
	r.client.cache.put(digest, answer.body)
	_, err = r.client.bytes.do(ctx, r.key(digest), func(context.Context) ([]byte, error) { return answer.body, nil })
	return digest, err
}

// key names content of this repository in the client's memory.
func (r *remote) key(digest string) string { return r.ref.Repository() + "@" + digest }

// read looks into memory, then on disk, then asks the mirrors and the registry.
func (r *remote) read(ctx context.Context, kind content, digest string) ([]byte, error) {
	return r.client.bytes.do(ctx, r.key(digest), func(ctx context.Context) ([]byte, error) {
		if cached, ok := r.client.cache.get(digest, kind.limit); ok {
			return cached, nil
		}
		body, err := firstOf(ctx, r, func(p place) ([]byte, error) { return p.fetch(ctx, kind, digest) })
		if err == nil {
			r.client.cache.put(digest, body)
		}
		if e := (*Error)(nil); errors.As(err, &e) && e.Kind == ErrNotFound && digest != r.ref.Digest() {
			dangling := *e
			dangling.Remedy = "the image names content that is not there: push it again, or wait if a push or a mirror is not done yet"
			return nil, &dangling
		}
		return body, err
	})
}

// fetch gets content from one place and verifies it.
func (p place) fetch(ctx context.Context, kind content, digest string) ([]byte, error) {
	answer, err := p.get(ctx, p.repo, p.path(p.repo, kind.path, digest), kind.limit)
	if err != nil {
		return nil, err
	}
	if got := digestOf(answer.body); got != digest {
		return nil, &Error{
			Kind:   ErrDigestMismatch,
			Found:  fmt.Sprintf("%s was asked for %s of %s and sent content with the digest %s", p.host, digest, p.repo.RepositoryStr(), got),
			Remedy: "nothing of it was used; the content was changed or damaged on the way, so check the registry or mirror and every proxy before it",
		}
	}
	return answer.body, nil
}
