package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// MirrorReference returns the reference by which a mirror, written as "host" or "host/prefix", knows what the reference names: the
// repository's path stands below the prefix, as it does for the mirrors of a [RegistryConfig]. Tag and digest stay.
func MirrorReference(ref imageref.Reference, text string) (imageref.Reference, error) {
	m, err := parseMirror(text)
	if err != nil {
		return imageref.Reference{}, fmt.Errorf("%q %w", text, err)
	}
	if ref.IsLayout() {
		return imageref.Reference{}, errors.New("an OCI layout has no repository whose name a mirror could have; name an image in a registry")
	}
	at := m.host + "/" + m.path(ref.Path())
	if ref.Tag() != "" {
		at += ":" + ref.Tag()
	}
	if ref.IsPinned() {
		at += "@" + ref.Digest()
	}
	return imageref.Parse(at)
}

// Presence is what one repository has of an image.
type Presence struct {
	// Missing are those of the digests that were asked for which the repository does not have, in the order of the question. If the
	// reference's own is among them, it is the only one: the others are then not asked for.
	Missing []string
	// Tagged is the digest that the reference's tag has in the repository. It is asked for only if the reference's own digest is
	// missing, and empty if the tag does not exist either.
	Tagged string
}

// IsComplete reports whether nothing is missing.
func (p Presence) IsComplete() bool { return len(p.Missing) == 0 }

// Presence says whether the repository of the pinned reference itself, and no mirror of it, has the manifest with the reference's
// digest and those with further digests, such as the manifests of an index. Each costs one HEAD request if the registry
// answers as it should, and nothing is read. An error is an *Error, or the context's.
func (c *Client) Presence(ctx context.Context, ref imageref.Reference, further ...string) (Presence, error) {
	if !ref.IsPinned() || ref.IsLayout() {
		return Presence{}, notPinned(ref)
	}
	key := ref.String() + " " + strings.Join(further, " ")
	return c.presences.do(ctx, key, func(ctx context.Context) (Presence, error) {
		at, err := c.at(ref)
		if err != nil {
			return Presence{}, about(ref, err)
		}
		found, err := at.presence(ctx, ref, further)
		return found, about(ref, err)
	})
}

// at returns the place that the reference names, without its mirrors.
func (c *Client) at(ref imageref.Reference) (place, error) {
	e := c.endpoint(ref.Registry())
	repo, err := e.repository(ref.Path())
	if err != nil {
		return place{}, &Error{Kind: ErrInvalid, Found: err.Error(), Remedy: "correct the repository's name"}
	}
	return place{e, repo}, nil
}

func (p place) presence(ctx context.Context, ref imageref.Reference, further []string) (Presence, error) {
	var found Presence
	for _, digest := range append([]string{ref.Digest()}, further...) {
		has, err := p.has(ctx, digest)
		if err != nil {
			return Presence{}, err
		}
		if !has {
			found.Missing = append(found.Missing, digest)
		}
		if !has && digest == ref.Digest() {
			if found.Tagged, err = p.tagged(ctx, ref.Tag()); err != nil {
				return Presence{}, err
			}
			break
		}
	}
	return found, nil
}

// has reports whether the place has the manifest with the digest. A registry that says so by naming another digest, or none, is
// not believed: the manifest is then read and its digest computed.
func (p place) has(ctx context.Context, digest string) (bool, error) {
	named, status, err := p.headManifest(ctx, digest)
	switch {
	case err != nil:
		return false, err
	case status == http.StatusNotFound:
		return false, nil
	case named == digest:
		return true, nil
	}
	// GET brings the registry's own words for every other status.
	_, err = p.fetch(ctx, manifests, digest)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// tagged returns the digest of a tag, or the empty string if there is no such tag or no tag is given.
func (p place) tagged(ctx context.Context, tag string) (string, error) {
	if tag == "" {
		return "", nil
	}
	named, status, err := p.headManifest(ctx, tag)
	if err != nil || status == http.StatusNotFound || named != "" {
		return named, err
	}
	answer, err := p.get(ctx, p.repo, p.path(p.repo, manifests.path, tag), manifests.limit)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return digestOf(answer.body), nil
}

// headManifest asks for a manifest by tag or digest. It returns the digest that the header of a successful answer names, if it is one.
func (p place) headManifest(ctx context.Context, tagOrDigest string) (named string, status int, err error) {
	client, err := p.session(ctx, p.repo)
	if err != nil {
		return "", 0, err
	}
	resp, err := p.send(ctx, client, http.MethodHead, p.path(p.repo, manifests.path, tagOrDigest))
	if err != nil {
		return "", 0, err
	}
	defer discard(resp)
	named = resp.Header.Get("Docker-Content-Digest")
	if hash, err := v1.NewHash(named); resp.StatusCode != http.StatusOK || err != nil || hash.Algorithm != "sha256" {
		named = ""
	}
	return named, resp.StatusCode, nil
}
