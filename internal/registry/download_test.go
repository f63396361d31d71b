package registry_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestDownload_VerifiesAndResumes(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	content := strings.Repeat("advisories ", 100_000)
	server.PushArtifact(t, "db:2", registrytest.Artifact{Type: "application/x", MediaType: "application/y", Content: content})
	client := newClient(t, func(c *registry.Config) { c.MaxRetries, c.RetryDelay = 2, 1 })
	ref := mustRef(t, server.Host()+"/db:2")
	artifact, err := client.Artifact(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	for name, fault := range map[string]registrytest.Fault{
		"whole":     registrytest.Status(503, "UNAVAILABLE", "later").On("GET", "/nothing"),
		"broken":    registrytest.Truncate().On("GET", "/blobs/").First(1),
		"altered":   registrytest.Alter(func(b []byte) []byte { b[7] ^= 1; return b }).On("GET", "/blobs/").First(1),
		"shortened": registrytest.Alter(func(b []byte) []byte { return b[:500] }).On("GET", "/blobs/").First(1),
		"longer":    registrytest.Alter(func(b []byte) []byte { return append(b, b...) }).On("GET", "/blobs/").First(1),
	} {
		server.Repair()
		server.Inject(fault)
		var got bytes.Buffer
		err := client.Download(context.Background(), ref, artifact.Layers[0], &got)
		good := name == "whole" || name == "broken"
		if good && (err != nil || got.String() != content) {
			t.Errorf("%s: %d bytes, %v", name, got.Len(), err)
		}
		if !good && !errors.Is(err, registry.ErrDigestMismatch) {
			t.Errorf("%s: got %v, want a digest mismatch", name, err)
		}
	}
}
