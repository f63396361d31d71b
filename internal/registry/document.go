package registry

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
)

// maxBlobBytes bounds one blob of a copy, in bytes. Registries refuse far smaller ones.
const maxBlobBytes = 128 << 30

// document is a manifest or an index as it is copied: its bytes, and what it names. Unlike [imagefacts.Document] it may be an artifact
// that is no image, such as a signature.
type document struct {
	digest       string
	raw          []byte
	mediaType    string
	artifactType string
	annotations  map[string]string
	manifests    []v1.Descriptor // of an index
	blobs        []v1.Descriptor // of a manifest: config and layers, each once
}

// parseDocument reads the bytes of a manifest or an index, whose digest was verified.
func parseDocument(digest string, raw []byte) (document, error) {
	var parsed struct {
		SchemaVersion int               `json:"schemaVersion"`
		MediaType     types.MediaType   `json:"mediaType"`
		ArtifactType  string            `json:"artifactType"`
		Config        *v1.Descriptor    `json:"config"`
		Layers        []v1.Descriptor   `json:"layers"`
		Manifests     []v1.Descriptor   `json:"manifests"`
		Annotations   map[string]string `json:"annotations"`
	}
	if err := json.Unmarshal(raw, &parsed); err != nil {
		return document{}, invalid(digest, errors.New("the manifest is not JSON of the right form"))
	}
	doc := document{digest: digest, raw: raw, mediaType: string(parsed.MediaType), artifactType: parsed.ArtifactType, annotations: parsed.Annotations}
	isIndex := parsed.MediaType.IsIndex() || (parsed.MediaType == "" && parsed.Config == nil)
	switch {
	case parsed.SchemaVersion != 2 || (parsed.MediaType != "" && !parsed.MediaType.IsIndex() && !parsed.MediaType.IsImage()):
		return document{}, &Error{
			Kind: ErrMediaType, Found: fmt.Sprintf("%s has the media type %q in version %d", digest, parsed.MediaType, parsed.SchemaVersion),
			Remedy: "only manifests and indexes of OCI and of Docker's version 2 are copied; build and push the image again",
		}
	case isIndex == (parsed.Config != nil || parsed.Layers != nil):
		return document{}, invalid(digest, errors.New("the manifest is an index and an image at once, or neither"))
	case len(parsed.Manifests) > imagefacts.MaxIndexEntries || len(parsed.Layers) > imagefacts.MaxLayers:
		return document{}, invalid(digest, fmt.Errorf("the manifest names %d manifests and %d layers, more than anything honest", len(parsed.Manifests), len(parsed.Layers)))
	}
	if isIndex {
		doc.manifests = parsed.Manifests
		doc.mediaType = cmp.Or(doc.mediaType, string(types.OCIImageIndex))
		return doc, nil
	}
	doc.mediaType = cmp.Or(doc.mediaType, string(types.OCIManifestSchema1))
	doc.artifactType = cmp.Or(doc.artifactType, string(parsed.Config.MediaType))
	var err error
	doc.blobs, err = blobsOf(append([]v1.Descriptor{*parsed.Config}, parsed.Layers...))
	if err != nil {
		return document{}, invalid(digest, err)
	}
	return doc, nil
}

// blobsOf returns each blob once, without those that registries do not hold.
func blobsOf(descriptors []v1.Descriptor) ([]v1.Descriptor, error) {
	var blobs []v1.Descriptor
	seen := map[v1.Hash]bool{}
	for _, d := range descriptors {
		switch {
		case d.Digest.Algorithm != "sha256":
			return nil, fmt.Errorf("the digest %s is not SHA-256", d.Digest)
		case d.Size < 0 || d.Size > maxBlobBytes:
			return nil, fmt.Errorf("%s has %d bytes", d.Digest, d.Size)
		case seen[d.Digest] || !d.MediaType.IsDistributable():
			continue // Layers of old Windows images are fetched from their URLs only.
		}
		seen[d.Digest] = true
		blobs = append(blobs, d)
	}
	return blobs, nil
}
