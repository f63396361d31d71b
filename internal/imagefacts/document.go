package imagefacts

import (
	"bytes"
	"encoding/json"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Limits on what a document may name. Real images stay far below: Docker allows 127 layers, and the largest official
// indexes have about 30 entries, attestations included.
const (
	MaxIndexEntries = 256
	MaxLayers       = 1024
)

// MediaTypeError says that a document is not an image that Kubernetes can run.
type MediaTypeError struct {
	// MediaType is what the document claims to be, or empty if it claims nothing.
	MediaType string
	// Reason is what is wrong and what to do.
	Reason string
}

// Error returns the media type and the reason.
func (e *MediaTypeError) Error() string {
	return fmt.Sprintf("media type %q: %s", e.MediaType, e.Reason)
}

// Document is a parsed manifest or index. Exactly one of Index and Manifest is set.
type Document struct {
	// MediaType is the document's type, stated or, where OCI lets it be absent, concluded from its shape.
	MediaType string
	Index     *v1.IndexManifest
	Manifest  *v1.Manifest
}

// shape holds the members that tell the kinds of document apart.
type shape struct {
	SchemaVersion int64           `json:"schemaVersion"`
	MediaType     types.MediaType `json:"mediaType"`
	Manifests     json.RawMessage `json:"manifests"`
	Config        json.RawMessage `json:"config"`
	Layers        json.RawMessage `json:"layers"`
}

// ParseDocument reads the bytes of a manifest or an index. The bytes decide what it is, never a Content-Type header, since
// only the bytes are covered by the digest. An error is a *MediaTypeError where the document is of a kind that is refused.
func ParseDocument(raw []byte) (Document, error) {
	var s shape
	if err := json.Unmarshal(raw, &s); err != nil {
		return Document{}, fmt.Errorf("the manifest is not JSON: %w", err)
	}
	isIndex, isManifest := s.Manifests != nil, s.Config != nil || s.Layers != nil
	if isIndex && isManifest {
		// CVE-2021-41190: two readers of such a document could see two different images.
		return Document{}, &MediaTypeError{string(s.MediaType), "the document is an index and an image at once; build and push the image again"}
	}
	switch s.MediaType {
	case types.DockerManifestSchema1, types.DockerManifestSchema1Signed:
		return Document{}, schema1Error(s.MediaType)
	case types.OCIImageIndex, types.DockerManifestList:
		isManifest = false
	case types.OCIManifestSchema1, types.DockerManifestSchema2:
		isIndex = false
	case "":
		if s.SchemaVersion == 1 {
			return Document{}, schema1Error(s.MediaType)
		}
	default:
		isIndex, isManifest = false, false
	}
	switch {
	case isIndex:
		return parseIndex(raw)
	case isManifest:
		return parseManifest(raw)
	default:
		return Document{}, &MediaTypeError{string(s.MediaType), "this is not a container image; name the repository and tag of an image"}
	}
}

func schema1Error(mediaType types.MediaType) error {
	return &MediaTypeError{string(mediaType), "Docker image manifest version 2, schema 1 can not be pinned safely and is no longer run by container runtimes; " +
		"build the image again, or pull and push it with a current tool, which converts it to schema 2"}
}

func parseIndex(raw []byte) (Document, error) {
	index, err := v1.ParseIndexManifest(bytes.NewReader(raw))
	if err != nil {
		return Document{}, fmt.Errorf("the image index is not valid: %w", err)
	}
	if len(index.Manifests) > MaxIndexEntries {
		return Document{}, fmt.Errorf("the image index has %d entries; at most %d are read", len(index.Manifests), MaxIndexEntries)
	}
	mediaType := index.MediaType
	if mediaType == "" {
		mediaType = types.OCIImageIndex
	}
	return Document{MediaType: string(mediaType), Index: index}, nil
}

func parseManifest(raw []byte) (Document, error) {
	manifest, err := v1.ParseManifest(bytes.NewReader(raw))
	if err != nil {
		return Document{}, fmt.Errorf("the image manifest is not valid: %w", err)
	}
	if len(manifest.Layers) > MaxLayers {
		return Document{}, fmt.Errorf("the image has %d layers; at most %d are read", len(manifest.Layers), MaxLayers)
	}
	if t := manifest.Config.MediaType; t != types.OCIConfigJSON && t != types.DockerConfigJSON {
		return Document{}, &MediaTypeError{string(t), "this is an artifact, not a container image; name the repository and tag of an image"}
	}
	mediaType := manifest.MediaType
	if mediaType == "" {
		mediaType = types.OCIManifestSchema1
	}
	return Document{MediaType: string(mediaType), Manifest: manifest}, nil
}
