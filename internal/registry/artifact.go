package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// maxAttachmentBytes bounds what [Client.Attachment] reads into memory. SBOMs of large images have tens of megabytes.
const maxAttachmentBytes = 64 << 20

// Artifact is a manifest that is not an image to run: a signature, an SBOM, a database.
type Artifact struct {
	// Digest is that of the manifest, which was verified.
	Digest string
	// ArtifactType says what it is: the manifest's own word or, without one, the media type of its config.
	ArtifactType string
	Annotations  map[string]string
	// Subject is the digest of what the artifact belongs to, or empty.
	Subject string
	// Layers are its contents.
	Layers []ArtifactLayer
}

// ArtifactLayer names one piece of an artifact's content.
type ArtifactLayer struct {
	MediaType   string
	Digest      string
	SizeBytes   int64
	Annotations map[string]string
}

// Artifact reads the manifest with the reference's digest, or the one that its tag has now: the lock file is for images.
// An error is an *Error, or the context's.
//
// For a referrer of an image pass the image's repository with the referrer's digest, and compare Subject with the
// image's digest: a registry's list may name what belongs to something else.
func (c *Client) Artifact(ctx context.Context, ref imageref.Reference) (Artifact, error) {
	digest := ref.Digest()
	if digest == "" {
		now, err := c.ask(ctx, ref)
		if err != nil {
			return Artifact{}, err
		}
		digest = now.digest
	}
	raw, err := c.source(ref).read(ctx, manifests, digest)
	if err != nil {
		return Artifact{}, about(ref, err)
	}
	manifest, err := v1.ParseManifest(bytes.NewReader(raw))
	if err != nil {
		return Artifact{}, about(ref, invalid(digest, errors.New("the manifest is not JSON of the right form")))
	}
	artifact := Artifact{Digest: digest, ArtifactType: artifactTypeOf(manifest), Annotations: manifest.Annotations}
	if manifest.Subject != nil {
		artifact.Subject = manifest.Subject.Digest.String()
	}
	for _, l := range manifest.Layers {
		artifact.Layers = append(artifact.Layers, ArtifactLayer{
			MediaType: string(l.MediaType), Digest: l.Digest.String(), SizeBytes: l.Size, Annotations: l.Annotations,
		})
	}
	return artifact, nil
}

// Attachment returns the content of one layer of an artifact in the reference's repository, of at most limitBytes (and at
// most 64 MiB), verified by its digest. It is held in memory, so it is for signatures and SBOMs, not for layers of images.
func (c *Client) Attachment(ctx context.Context, ref imageref.Reference, layer ArtifactLayer, limitBytes int64) ([]byte, error) {
	limit := min(limitBytes, maxAttachmentBytes)
	if layer.SizeBytes > limit {
		return nil, &Error{
			Kind: ErrTooLarge, Reference: ref.String(),
			Found:  fmt.Sprintf("the attachment %s has %d bytes, more than %d", layer.Digest, layer.SizeBytes, limit),
			Remedy: "attach a smaller document",
		}
	}
	raw, err := c.source(ref).read(ctx, content{path: configs.path, limit: limit}, layer.Digest)
	return raw, about(ref, err)
}
