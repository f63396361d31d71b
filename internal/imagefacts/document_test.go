package imagefacts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
)

var digest = "sha256:" + strings.Repeat("a", 64)

const (
	ociIndex    = "application/vnd.oci.image.index.v1+json"
	ociManifest = "application/vnd.oci.image.manifest.v1+json"
	ociConfig   = "application/vnd.oci.image.config.v1+json"
	dockerList  = "application/vnd.docker.distribution.manifest.list.v2+json"
	docker2     = "application/vnd.docker.distribution.manifest.v2+json"
	dockerCfg   = "application/vnd.docker.container.image.v1+json"
)

func manifestJSON(mediaType, configType string) string {
	return fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":{"mediaType":%q,"digest":%q,"size":1},"layers":[]}`, mediaType, configType, digest)
}

func TestParseDocument(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in, mediaType string
		isIndex       bool
	}{
		"OCI index":               {fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"manifests":[]}`, ociIndex), ociIndex, true},
		"OCI index, type unsaid":  {`{"schemaVersion":2,"manifests":[]}`, ociIndex, true},
		"Docker list":             {fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"manifests":[]}`, dockerList), dockerList, true},
		"OCI image":               {manifestJSON(ociManifest, ociConfig), ociManifest, false},
		"OCI image, type unsaid":  {manifestJSON("", ociConfig), ociManifest, false},
		"Docker image":            {manifestJSON(docker2, dockerCfg), docker2, false},
		"OCI image, Docker confg": {manifestJSON(ociManifest, dockerCfg), ociManifest, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := imagefacts.ParseDocument([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if doc.MediaType != tt.mediaType || (doc.Index != nil) != tt.isIndex || (doc.Manifest != nil) == tt.isIndex {
				t.Errorf("got %+v, want media type %q and index %v", doc, tt.mediaType, tt.isIndex)
			}
		})
	}
}

func TestParseDocument_Refused(t *testing.T) {
	t.Parallel()
	layer := fmt.Sprintf(`{"mediaType":"x","digest":%q,"size":1}`, digest)
	tests := map[string]struct {
		in, reason string
		typed      bool
	}{
		"schema 1":           {`{"schemaVersion":1,"name":"a","fsLayers":[]}`, "schema 1", true},
		"schema 1 by type":   {`{"schemaVersion":1,"mediaType":"application/vnd.docker.distribution.manifest.v1+prettyjws"}`, "schema 1", true},
		"two shapes at once": {`{"schemaVersion":2,"manifests":[],"layers":[]}`, "at once", true},
		"helm chart":         {manifestJSON(ociManifest, "application/vnd.cncf.helm.config.v1+json"), "artifact", true},
		"unknown type":       {`{"schemaVersion":2,"mediaType":"application/x","manifests":[]}`, "not a container image", true},
		"type against shape": {fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"layers":[]}`, ociIndex), "not a container image", true},
		"empty object":       {`{}`, "not a container image", true},
		"not JSON":           {`<html>`, "not JSON", false},
		"bad digest":         {`{"schemaVersion":2,"manifests":[{"digest":"nonsense"}]}`, "not valid", false},
		"too many entries":   {`{"schemaVersion":2,"manifests":[` + strings.Repeat(layer+",", 256) + layer + `]}`, "at most 256", false},
		"too many layers":    {strings.Replace(manifestJSON(ociManifest, ociConfig), `[]`, `[`+strings.Repeat(layer+",", 1024)+layer+`]`, 1), "at most 1024", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := imagefacts.ParseDocument([]byte(tt.in))
			if err == nil || !strings.Contains(err.Error(), tt.reason) {
				t.Fatalf("got %v, want an error with %q", err, tt.reason)
			}
			var typed *imagefacts.MediaTypeError
			if errors.As(err, &typed) != tt.typed {
				t.Errorf("got %T, want a *MediaTypeError: %v", err, tt.typed)
			}
		})
	}
}

func FuzzParseDocument(f *testing.F) {
	f.Add([]byte(manifestJSON(ociManifest, ociConfig)))
	f.Add([]byte(`{"schemaVersion":2,"manifests":[{"mediaType":"` + ociManifest + `","digest":"` + digest + `","platform":{}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		doc, err := imagefacts.ParseDocument(raw)
		if err != nil {
			return
		}
		if (doc.Index == nil) == (doc.Manifest == nil) {
			t.Fatalf("%q is %+v", raw, doc)
		}
		if doc.Index != nil {
			imagefacts.Entries(doc.Index)
		}
	})
}
