package registry_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func counts(srv *registrytest.Server) string {
	return fmt.Sprintf("%d HEAD, %d manifests, %d blobs", srv.Count("HEAD", "/manifests/"), srv.Count("GET", "/manifests/"), srv.Count("GET", "/blobs/"))
}

func TestImage_WhatIsNoImage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		mediaType types.MediaType
		body      string
		kind      registry.Kind
		text      string
	}{
		"schema 1":   {types.DockerManifestSchema1, `{"schemaVersion":1,"name":"a","tag":"1","fsLayers":[]}`, registry.ErrMediaType, "schema 2"},
		"helm chart": {types.OCIManifestSchema1, `{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:` + strings.Repeat("a", 64) + `","size":2},"layers":[]}`, registry.ErrMediaType, "not a container image"},
		"no entries": {types.OCIImageIndex, `{"schemaVersion":2,"manifests":[]}`, registry.ErrMediaType, "no image of any platform"},
		"not JSON":   {types.OCIManifestSchema1, `{`, registry.ErrInvalid, "not JSON"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t)
			srv.Inject(registrytest.Alter(func([]byte) []byte { return []byte(tt.body) }).On("GET", "/manifests/"),
				registrytest.SetHeader("Docker-Content-Digest", "").On("HEAD", ""))
			srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
			_, err := newClient(t).Image(context.Background(), mustRef(t, srv.Host()+"/a:1"))
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %v with %q", err, tt.kind, tt.text)
			}
		})
	}
}

func TestDigest_MissingTagNamesTheNearest(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	for _, tag := range []string{"1.4.1", "1.4.3", "1.4.20", "1.5.2", "2.0.0", "latest", "nightly-20260101"} {
		srv.Push(t, "shop/api:"+tag, registrytest.Single("linux/amd64"))
	}
	ref := mustRef(t, srv.Host()+"/shop/api:1.4.2")
	_, err := newClient(t).Digest(context.Background(), ref)
	var e *registry.Error
	if !errors.As(err, &e) || e.Kind != registry.ErrNotFound || e.Reference != ref.String() {
		t.Fatalf("got %v, want ErrNotFound", err)
	}
	if got := strings.Join(e.NearestTags, " "); got != "1.4.20 1.4.1 1.4.3 1.5.2 2.0.0" {
		t.Errorf("nearest tags: %s", got)
	}
	for _, text := range []string{"404 Not Found: MANIFEST_UNKNOWN: Unknown manifest", "nearest existing tags are 1.4.20, 1.4.1"} {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error %q lacks %q", err, text)
		}
	}
}

func TestDigest_MissingRepository(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	_, err := newClient(t).Digest(context.Background(), mustRef(t, srv.Host()+"/no/such:1"))
	if !errors.Is(err, registry.ErrNotFound) || !strings.Contains(err.Error(), "NAME_UNKNOWN") {
		t.Errorf("got %v", err)
	}
}

func TestDigest_Unreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ ref, text string }{
		"refused":      {refused + "/a:1", "connection refused"},
		"unknown host": {"registry.invalid/a:1", "registry.invalid has no address"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newClient(t).Digest(context.Background(), mustRef(t, tt.ref))
			if !errors.Is(err, registry.ErrUnreachable) || !strings.Contains(err.Error(), tt.text) || !strings.Contains(err.Error(), "HTTPS_PROXY") {
				t.Errorf("got %v, want ErrUnreachable with %q", err, tt.text)
			}
		})
	}
}

func TestDigest_RequestTimeout(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Inject(registrytest.Hang().On("HEAD", ""))
	c := newClient(t, func(c *registry.Config) { c.RequestTimeout = 50 * time.Millisecond })
	_, err := c.Digest(context.Background(), mustRef(t, srv.Host()+"/a:1"))
	if !errors.Is(err, registry.ErrUnreachable) || !strings.Contains(err.Error(), "request_timeout_seconds") {
		t.Errorf("got %v, want ErrUnreachable", err)
	}
}

func TestDigest_CancelledWhileWaitingToRetry(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	srv.Inject(registrytest.TooManyRequests("Retry-After: 30").On("HEAD", ""))
	c := newClient(t)
	ref := mustRef(t, srv.Host()+"/a:1")
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := c.Digest(ctx, ref)
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("got %v after %v", err, time.Since(start))
	}
	srv.Repair()
	if _, err := c.Digest(context.Background(), ref); err != nil {
		t.Errorf("a look-up that was cancelled is remembered: %v", err)
	}
}
