package registry_test

import (
	"bytes"
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

// TestImage_WhenThingsGoWrong is the table of what a user reads, and of how often a registry is asked, for every fault.
// newClient retries twice, so a request is made three times at most.
func TestImage_WhenThingsGoWrong(t *testing.T) {
	t.Parallel()
	tamper := registrytest.Alter(func(b []byte) []byte { return append(b, ' ') })
	huge := func(n int) registrytest.Fault {
		return registrytest.Alter(func([]byte) []byte { return bytes.Repeat([]byte(" "), n) })
	}
	tests := map[string]struct {
		faults []registrytest.Fault
		kind   error    // nil: it works in the end
		texts  []string // all must be in the error
		heads  int      // HEAD requests for the manifest
		gets   int      // GET requests for the manifest, by tag or digest
		blobs  int      // GET requests for the config
	}{
		"429 once":                   {[]registrytest.Fault{registrytest.TooManyRequests().On("HEAD", "").First(1)}, nil, nil, 2, 1, 1},
		"429 on every HEAD":          {[]registrytest.Fault{registrytest.TooManyRequests().On("HEAD", "")}, registry.ErrRateLimited, []string{"answered 429 Too Many Requests 3 times", "wait"}, 3, 0, 0},
		"429 with a long wait":       {[]registrytest.Fault{registrytest.TooManyRequests("Retry-After: 3600", "RateLimit-Limit: 100;w=21600", "RateLimit-Remaining: 0;w=21600").On("HEAD", "")}, registry.ErrRateLimited, []string{"asks to wait 1h0m0s", "limit is 100;w=21600, remaining 0;w=21600", "mirror"}, 1, 0, 0},
		"429 on the manifest":        {[]registrytest.Fault{registrytest.TooManyRequests().On("GET", "/manifests/")}, registry.ErrRateLimited, []string{"TOOMANYREQUESTS: too many requests"}, 1, 3, 0},
		"500 twice":                  {[]registrytest.Fault{registrytest.Status(500, "UNKNOWN", "oops").On("GET", "/blobs/").First(2)}, nil, nil, 1, 1, 3},
		"503 for ever":               {[]registrytest.Fault{registrytest.Status(503, "UNAVAILABLE", "maintenance until noon").On("GET", "/blobs/")}, registry.ErrServer, []string{"answered 503 Service Unavailable 3 times: UNAVAILABLE: maintenance until noon", "try again later"}, 1, 1, 3},
		"connection reset twice":     {[]registrytest.Fault{registrytest.Reset().On("GET", "/manifests/").First(2)}, nil, nil, 1, 3, 1},
		"body cut off twice":         {[]registrytest.Fault{registrytest.Truncate().On("GET", "/blobs/").First(2)}, nil, nil, 1, 1, 3},
		"body cut off for ever":      {[]registrytest.Fault{registrytest.Truncate().On("GET", "/blobs/")}, registry.ErrUnreachable, []string{"broke the connection 3 times"}, 1, 1, 3},
		"altered manifest":           {[]registrytest.Fault{tamper.On("GET", "/manifests/")}, registry.ErrDigestMismatch, []string{"sent content with the digest sha256:", "nothing of it was used"}, 1, 1, 0},
		"altered config":             {[]registrytest.Fault{tamper.On("GET", "/blobs/")}, registry.ErrDigestMismatch, []string{"sent content with the digest sha256:"}, 1, 1, 1},
		"HEAD lies about the digest": {[]registrytest.Fault{registrytest.SetHeader("Docker-Content-Digest", "sha256:"+strings.Repeat("0", 64)).On("HEAD", "/manifests/")}, registry.ErrNotFound, []string{"MANIFEST_UNKNOWN", "the image names content that is not there"}, 1, 1, 0},
		"manifest over 4 MiB":        {[]registrytest.Fault{huge(4<<20+1).On("GET", "/manifests/")}, registry.ErrTooLarge, []string{"more than 4194304 bytes"}, 1, 1, 0},
		"config over 8 MiB":          {[]registrytest.Fault{huge(8<<20+1).On("GET", "/blobs/")}, registry.ErrTooLarge, []string{"more than 8388608 bytes"}, 1, 1, 1},
		"404 for the config":         {[]registrytest.Fault{registrytest.Status(404, "BLOB_UNKNOWN", "blob unknown to registry").On("GET", "/blobs/")}, registry.ErrNotFound, []string{"BLOB_UNKNOWN: blob unknown to registry", "push it again"}, 1, 1, 1},
		"401":                        {[]registrytest.Fault{registrytest.Status(401, "UNAUTHORIZED", "who are you").On("", "/manifests/")}, registry.ErrUnauthorized, []string{"401 Unauthorized: UNAUTHORIZED: who are you", "docker login"}, 1, 1, 0},
		"403":                        {[]registrytest.Fault{registrytest.Status(403, "DENIED", "not your repository").On("", "/manifests/")}, registry.ErrForbidden, []string{"403 Forbidden: DENIED: not your repository"}, 1, 1, 0},
		"418":                        {[]registrytest.Fault{registrytest.Status(418, "TEAPOT", "short and stout").On("", "/manifests/")}, registry.ErrServer, []string{"418 I'm a teapot", "short and stout"}, 1, 1, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t)
			digest := srv.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
			srv.Inject(tt.faults...)
			dir := t.TempDir()
			ref := mustRef(t, srv.Host()+"/shop/api:1.4.2")
			_, err := newClient(t, withCache(dir)).Image(context.Background(), ref)
			if !errors.Is(err, tt.kind) {
				t.Fatalf("got %v, want %v", err, tt.kind)
			}
			if tt.kind != nil {
				for _, text := range append(tt.texts, ref.String()+": ", srv.Host()) {
					if !strings.Contains(err.Error(), text) {
						t.Errorf("the error %q lacks %q", err, text)
					}
				}
			}
			if got, want := counts(srv), fmt.Sprintf("%d HEAD, %d manifests, %d blobs", tt.heads, tt.gets, tt.blobs); got != want {
				t.Errorf("requests: got %s, want %s", got, want)
			}
			if cached := cachedFiles(t, dir); tt.kind != nil && cached[digest] != (tt.blobs > 0) {
				t.Errorf("the cache holds %v", cached)
			}
			srv.Repair()
			if got := mustImage(t, newClient(t, withCache(dir)), ref); got.Digest != digest {
				t.Errorf("after the repair: got %s, want %s", got.Digest, digest)
			}
		})
	}
}

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
