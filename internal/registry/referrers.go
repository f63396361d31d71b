package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// Limits on lists of referrers. An image that is scanned and signed daily has hundreds of them after a year.
const (
	maxReferrerPages = 20
	maxReferrers     = 2000
)

// Referrer describes a manifest that says to belong to another one: a signature, an SBOM, a scan result. It is what a
// list says, which nothing vouches for; [Client.Artifact] reads the manifest and holds it against the image.
type Referrer struct {
	// Digest is that of the referrer's own manifest.
	Digest string
	// ArtifactType says what it is, such as "application/vnd.dev.sigstore.bundle.v0.3+json".
	ArtifactType string
	// SizeBytes is the size of the manifest.
	SizeBytes int64
	// Annotations are what the list repeats of the manifest's annotations. Registries may leave them out.
	Annotations map[string]string
}

// Referrers returns what refers to the digest of the pinned reference, in the order of the registry and without repetitions.
// If artifact types are given, all others are left out. No referrer is an empty list, not an error.
//
// The registry is asked by the referrers API and, where it has none, by the tag that takes its place. Of mirrors and
// registry the first that knows a referrer is believed, since a mirror often copies images without what refers to them.
// Source: OCI distribution specification v1.1.1, "Listing Referrers" and "Unavailable Referrers API".
func (c *Client) Referrers(ctx context.Context, ref imageref.Reference, artifactTypes ...string) ([]Referrer, error) {
	if !ref.IsPinned() {
		return nil, notPinned(ref)
	}
	key := ref.Untagged().String() + "@" + ref.Digest() + " " + strings.Join(artifactTypes, " ")
	return c.referrers.do(ctx, key, func(ctx context.Context) ([]Referrer, error) {
		found, err := c.source(ref).referrers(ctx, ref.Digest(), artifactTypes)
		return found, about(ref, err)
	})
}

func notPinned(ref imageref.Reference) error {
	return &Error{
		Kind: ErrInvalid, Reference: ref.String(),
		Found: "the reference has no digest, and what belongs to an image is found by its digest", Remedy: "resolve the tag first",
	}
}

// referrers asks one place after the other until one knows a referrer.
func (r *remote) referrers(ctx context.Context, digest string, artifactTypes []string) ([]Referrer, error) {
	none := &Error{Kind: ErrNotFound, Found: "nothing refers to " + digest}
	found, err := firstOf(ctx, r, func(p place) ([]Referrer, error) {
		descriptors, err := p.referrers(ctx, digest)
		if err != nil {
			return nil, err
		}
		if found := referrersOf(descriptors, artifactTypes); len(found) > 0 {
			return found, nil
		}
		return nil, none
	})
	if e := (*Error)(nil); errors.As(err, &e) && e.Found == none.Found {
		return nil, nil
	}
	return found, err
}

// referrers asks this place by its API and else by the tag.
func (p place) referrers(ctx context.Context, digest string) ([]v1.Descriptor, error) {
	found, supported, err := p.referrersByAPI(ctx, digest)
	if err != nil || supported {
		return found, err
	}
	tag := strings.ReplaceAll(digest, ":", "-")
	answer, err := p.get(ctx, p.repo, p.path(p.repo, manifests.path, tag), manifests.limit)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return p.parseReferrers(answer.body)
}

// referrersByAPI also reports whether the place has the API at all.
func (p place) referrersByAPI(ctx context.Context, digest string) (found []v1.Descriptor, supported bool, err error) {
	u := p.path(p.repo, "referrers", digest)
	for page := 0; u != nil; page++ {
		answer, err := p.get(ctx, p.repo, u, maxManifestBytes)
		var refused *statusCodeError
		if errors.As(err, &refused) && page == 0 && isWithoutReferrers(refused.status) {
			return nil, false, nil
		}
		if err != nil {
			return nil, true, err
		}
		if page == 0 && !strings.HasPrefix(answer.header.Get("Content-Type"), string(types.OCIImageIndex)) {
			return nil, false, nil // A page for people, which some registries answer to whatever they do not know.
		}
		list, err := p.parseReferrers(answer.body)
		if err != nil {
			return nil, true, err
		}
		found = append(found, list...)
		if u, err = p.nextPage(answer); err != nil {
			return nil, true, err
		}
		if len(found) > maxReferrers || (u != nil && page == maxReferrerPages) {
			return nil, true, &Error{
				Kind:   ErrTooLarge,
				Found:  fmt.Sprintf("%s lists more than %d referrers or %d pages of them", p.host, maxReferrers, maxReferrerPages),
				Remedy: "delete old signatures, SBOMs and scan results of the image",
			}
		}
	}
	return found, true, nil
}

// isWithoutReferrers reports whether a status says that the place does not know the API. The specification names 404; the
// others are what registries answer in fact, as go-containerregistry v0.22.1 pkg/v1/remote/fetcher.go (fetchReferrers) has them,
// and 405 and 501 beside them.
func isWithoutReferrers(status int) bool {
	return slices.Contains([]int{
		http.StatusNotFound, http.StatusBadRequest, http.StatusNotAcceptable, http.StatusMethodNotAllowed, http.StatusNotImplemented,
	}, status)
}

func (p place) parseReferrers(raw []byte) ([]v1.Descriptor, error) {
	var index struct {
		Manifests []v1.Descriptor `json:"manifests"`
	}
	if err := json.Unmarshal(raw, &index); err != nil {
		return nil, &Error{
			Kind:   ErrServer,
			Found:  p.host + " sends a list of referrers that is not JSON",
			Remedy: "check that the host is a container registry",
		}
	}
	return index.Manifests, nil
}

// referrersOf leaves out other types and repetitions.
func referrersOf(descriptors []v1.Descriptor, artifactTypes []string) []Referrer {
	var found []Referrer
	seen := map[v1.Hash]bool{}
	for _, d := range descriptors {
		if seen[d.Digest] || (len(artifactTypes) > 0 && !slices.Contains(artifactTypes, d.ArtifactType)) {
			continue
		}
		seen[d.Digest] = true
		found = append(found, Referrer{Digest: d.Digest.String(), ArtifactType: d.ArtifactType, SizeBytes: d.Size, Annotations: d.Annotations})
	}
	return found
}

// referrers finds the manifests of the layout whose subject is the digest. A layout has no other list of them.
func (l *layout) referrers(ctx context.Context, digest string, artifactTypes []string) ([]Referrer, error) {
	index, err := l.index()
	if err != nil {
		return nil, err
	}
	var descriptors []v1.Descriptor
	for _, d := range index.Manifests {
		if !d.MediaType.IsImage() || d.Digest.String() == digest {
			continue
		}
		raw, err := l.read(ctx, manifests, d.Digest.String())
		if err != nil {
			return nil, err
		}
		manifest, err := v1.ParseManifest(bytes.NewReader(raw))
		if err != nil || manifest.Subject == nil || manifest.Subject.Digest.String() != digest {
			continue // Not a referrer; if it is broken, whoever asks for it will read why.
		}
		d.ArtifactType, d.Annotations = artifactTypeOf(manifest), manifest.Annotations
		descriptors = append(descriptors, d)
	}
	return referrersOf(descriptors, artifactTypes), nil
}

// artifactTypeOf returns the manifest's own word or, without one, the media type of its config.
func artifactTypeOf(m *v1.Manifest) string {
	if m.ArtifactType != "" {
		return m.ArtifactType
	}
	return string(m.Config.MediaType)
}

// statusCodeError is the cause of an Error that an answer's status made, for callers to whom the status matters.
type statusCodeError struct{ status int }

func (e *statusCodeError) Error() string { return fmt.Sprintf("status %d", e.status) }

// acceptOf returns what is accepted in answer to a request for the URL.
func acceptOf(u *url.URL) string {
	switch {
	case strings.HasSuffix(u.Path, "/tags/list"):
		return "application/json"
	case strings.Contains(u.Path, "/referrers/"):
		return string(types.OCIImageIndex)
	default:
		return acceptManifests
	}
}
