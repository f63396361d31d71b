package registrytest

import (
	"fmt"
	"net/http"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/google/go-containerregistry/pkg/registry"
)

// WithReferrers makes the server answer the referrers API. Without it, what refers to an image is found by the tag that takes
// the API's place, as on older registries.
func WithReferrers() Option {
	return func(s *Server) { s.storeOptions = append(s.storeOptions, registry.WithReferrersSupport(true)) }
}

// Artifact describes what belongs to an image: a signature, an SBOM.
type Artifact struct {
	// Type is the artifact's type, which is the media type of its config.
	Type string
	// MediaType is that of its one layer, and Content what is in it.
	MediaType string
	Content   string
	// Annotations of the manifest, and of the layer.
	Annotations      map[string]string
	LayerAnnotations map[string]string
}

// Attach stores the artifact so that it refers to the digest in the repository, and returns the artifact's digest.
func (s *Server) Attach(t T, repository, subject string, artifact Artifact) string {
	t.Helper()
	digest, err := s.attach(repository, subject, artifact)
	if err != nil {
		t.Fatalf("attaching to %s@%s: %v", repository, subject, err)
	}
	return digest
}

// PushArtifact stores the artifact under "repository:tag", without a subject, and returns its digest.
func (s *Server) PushArtifact(t T, tag string, artifact Artifact) string {
	t.Helper()
	built, err := artifact.build()
	if err == nil {
		var digest string
		if digest, err = s.PushBuilt(tag, built); err == nil {
			return digest
		}
	}
	t.Fatalf("pushing %s: %v", tag, err)
	return ""
}

func (s *Server) attach(repository, subject string, artifact Artifact) (string, error) {
	built, err := artifact.build()
	if err != nil {
		return "", err
	}
	ref, err := name.NewDigest(s.Host()+"/"+repository+"@"+subject, name.Insecure)
	if err != nil {
		return "", err
	}
	store := remote.WithTransport(storeTransport{s.store})
	target, err := remote.Head(ref, store)
	if err != nil {
		return "", err
	}
	image, ok := mutate.Subject(built, *target).(v1.Image)
	if !ok {
		return "", fmt.Errorf("the artifact is no image any more")
	}
	digest, err := image.Digest()
	if err != nil {
		return "", err
	}
	return digest.String(), remote.Write(ref.Context().Digest(digest.String()), image, store)
}

func (a Artifact) build() (v1.Image, error) {
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.MediaType(a.Type))
	image, err := mutate.Append(image, mutate.Addendum{
		Layer:       static.NewLayer([]byte(a.Content), types.MediaType(a.MediaType)),
		Annotations: a.LayerAnnotations,
	})
	if err != nil || a.Annotations == nil {
		return image, err
	}
	annotated, ok := mutate.Annotations(image, a.Annotations).(v1.Image)
	if !ok {
		return nil, fmt.Errorf("the artifact is no image any more")
	}
	return annotated, nil
}

// newStore returns the registry behind the server.
func (s *Server) newStore(quiet registry.Option) http.Handler {
	return registry.New(append(s.storeOptions, quiet)...)
}

// AttachToLayout appends the artifact to an OCI layout so that it refers to the digest, and returns the artifact's digest.
func AttachToLayout(t T, dir, subject string, artifact Artifact) string {
	t.Helper()
	digest, err := attachToLayout(dir, subject, artifact)
	if err != nil {
		t.Fatalf("attaching to %s in %s: %v", subject, dir, err)
	}
	return digest
}

func attachToLayout(dir, subject string, artifact Artifact) (string, error) {
	built, err := artifact.build()
	if err != nil {
		return "", err
	}
	hash, err := v1.NewHash(subject)
	if err != nil {
		return "", err
	}
	image, ok := mutate.Subject(built, v1.Descriptor{MediaType: types.OCIImageIndex, Digest: hash}).(v1.Image)
	if !ok {
		return "", fmt.Errorf("the artifact is no image any more")
	}
	path, err := layout.FromPath(dir)
	if err != nil {
		return "", err
	}
	digest, err := image.Digest()
	if err != nil {
		return "", err
	}
	return digest.String(), path.AppendImage(image)
}
