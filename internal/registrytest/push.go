package registrytest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// Push stores an image under "repository:tag" and returns its digest. It replaces what the tag named before.
func (s *Server) Push(t T, tag string, image Image) string {
	t.Helper()
	digest, err := s.PushImage(tag, image)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return digest
}

// PushImage is Push for callers that are no tests.
func (s *Server) PushImage(tag string, image Image) (string, error) {
	built, err := image.build()
	if err != nil {
		return "", fmt.Errorf("building %s: %w", tag, err)
	}
	return s.PushBuilt(tag, built)
}

// PushBuilt stores a v1.Image or v1.ImageIndex, or another artifact with a manifest, and returns its digest.
func (s *Server) PushBuilt(tag string, built remote.Taggable) (string, error) {
	ref, err := name.NewTag(s.Host()+"/"+tag, name.Insecure)
	if err != nil {
		return "", err
	}
	store := remote.WithTransport(storeTransport{s.store})
	switch artifact := built.(type) {
	case v1.Image:
		err = remote.Write(ref, artifact, store)
	case v1.ImageIndex:
		err = remote.WriteIndex(ref, artifact, store)
	default:
		err = remote.Put(ref, artifact, store)
	}
	if err != nil {
		return "", fmt.Errorf("pushing %s: %w", tag, err)
	}
	raw, err := built.RawManifest()
	if err != nil {
		return "", err
	}
	digest, _, err := v1.SHA256(bytes.NewReader(raw))
	return digest.String(), err
}

// RawManifest is a manifest of any content and media type, for PushBuilt.
type RawManifest struct {
	Body []byte
	Type string
}

// RawManifest returns the manifest's bytes.
func (m RawManifest) RawManifest() ([]byte, error) { return m.Body, nil }

// storeTransport answers requests from the store without a network.
type storeTransport struct{ store http.Handler }

func (t storeTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := record(t.store, r)
	return &http.Response{
		StatusCode: answer.status, Header: answer.header, Request: r, ContentLength: int64(len(answer.body)),
		Body: io.NopCloser(bytes.NewReader(answer.body)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}
