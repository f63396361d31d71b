package registry_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestMirrorReference(t *testing.T) {
	t.Parallel()
	const digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for name, tt := range map[string]struct{ ref, mirror, want, err string }{
		"host":            {"r.example/shop/api:1", "m.example", "m.example/shop/api:1", ""},
		"host and prefix": {"r.example/shop/api:1", "m.example:5000/a/b", "m.example:5000/a/b/shop/api:1", ""},
		"digest stays":    {"nginx:1.27@" + digest, "m.example/hub", "m.example/hub/library/nginx:1.27@" + digest, ""},
		"digest alone":    {"r.example/shop/api@" + digest, "m.example", "m.example/shop/api@" + digest, ""},
		"scheme":          {"r.example/shop/api:1", "https://m.example", "", "without a scheme"},
		"tag":             {"r.example/shop/api:1", "m.example/a:1", "", "prefix"},
		"empty":           {"r.example/shop/api:1", "", "", "write host"},
		"layout":          {"oci-layout:./x:1", "m.example", "", "layout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := registry.MirrorReference(mustRef(t, tt.ref), tt.mirror)
			if got.String() != tt.want || (err == nil) != (tt.err == "") || (err != nil && !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("got %q, %v; want %q and an error with %q", got, err, tt.want, tt.err)
			}
		})
	}
}

func TestPresence(t *testing.T) {
	t.Parallel()
	image := registrytest.Index("linux/amd64", "linux/arm64")
	origin := registrytest.Start(t)
	digest := origin.Push(t, "shop/api:1", image)
	facts := mustImage(t, newClient(t), mustRef(t, origin.Host()+"/shop/api:1"))
	amd, arm := facts.Images["linux/amd64"].Digest, facts.Images["linux/arm64"].Digest
	gone := func(digest string) registrytest.Fault {
		return registrytest.Status(404, "MANIFEST_UNKNOWN", "unknown").On("", digest)
	}
	for name, tt := range map[string]struct {
		push    *registrytest.Image
		faults  []registrytest.Fault
		further []string
		want    func(tag string) registry.Presence
		kind    error
		heads   int
		gets    int
	}{
		"all there":                {&image, nil, []string{amd, arm}, func(string) registry.Presence { return registry.Presence{} }, nil, 3, 0},
		"the digest alone":         {&image, nil, nil, func(string) registry.Presence { return registry.Presence{} }, nil, 1, 0},
		"a platform lacks":         {&image, []registrytest.Fault{gone(arm)}, []string{amd, arm}, func(string) registry.Presence { return registry.Presence{Missing: []string{arm}} }, nil, 3, 0},
		"nothing there":            {nil, nil, []string{amd}, func(string) registry.Presence { return registry.Presence{Missing: []string{digest}} }, nil, 2, 0},
		"another image":            {ptr(image.WithContent("other")), nil, nil, func(tag string) registry.Presence { return registry.Presence{Missing: []string{digest}, Tagged: tag} }, nil, 2, 0},
		"HEAD names no digest":     {&image, []registrytest.Fault{registrytest.SetHeader("Docker-Content-Digest", "").On("HEAD", "")}, nil, func(string) registry.Presence { return registry.Presence{} }, nil, 1, 1},
		"HEAD names another":       {&image, []registrytest.Fault{registrytest.SetHeader("Docker-Content-Digest", "sha256:"+strings.Repeat("0", 64)).On("HEAD", "")}, nil, func(string) registry.Presence { return registry.Presence{} }, nil, 1, 1},
		"HEAD is not allowed":      {&image, []registrytest.Fault{registrytest.Status(405, "UNSUPPORTED", "no").On("HEAD", "")}, nil, func(string) registry.Presence { return registry.Presence{} }, nil, 1, 1},
		"a mirror that lies":       {&image, []registrytest.Fault{registrytest.Alter(func(b []byte) []byte { return append(b, ' ') }).On("GET", ""), registrytest.SetHeader("Docker-Content-Digest", "").On("HEAD", "")}, nil, nil, registry.ErrDigestMismatch, 1, 1},
		"a mirror that is closed":  {&image, []registrytest.Fault{registrytest.Status(403, "DENIED", "not yours").On("", "/manifests/")}, nil, nil, registry.ErrForbidden, 1, 1},
		"a mirror with a bad day":  {&image, []registrytest.Fault{registrytest.Status(503, "UNAVAILABLE", "down").On("", "/manifests/")}, nil, nil, registry.ErrServer, 3, 0},
		"a mirror that is limited": {&image, []registrytest.Fault{registrytest.TooManyRequests("Retry-After: 3600").On("", "/manifests/")}, nil, nil, registry.ErrRateLimited, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mirror := registrytest.Start(t)
			tagged := ""
			if tt.push != nil {
				tagged = mirror.Push(t, "cache/shop/api:1", *tt.push)
			}
			mirror.Inject(tt.faults...)
			at := mustRef(t, mirror.Host()+"/cache/shop/api:1@"+digest)
			c := newClient(t)
			got, err := c.Presence(context.Background(), at, tt.further...)
			if !errors.Is(err, tt.kind) || (err != nil && !strings.Contains(err.Error(), mirror.Host())) {
				t.Fatalf("got %v, want %v", err, tt.kind)
			}
			if tt.kind == nil {
				if diff := cmp.Diff(tt.want(tagged), got); diff != "" {
					t.Errorf("presence (-want +got):\n%s", diff)
				}
			}
			if _, again := c.Presence(context.Background(), at, tt.further...); !errors.Is(again, tt.kind) {
				t.Errorf("asked again: got %v", again)
			}
			if got, want := counts(mirror), fmt.Sprintf("%d HEAD, %d manifests, 0 blobs", tt.heads, tt.gets); got != want {
				t.Errorf("requests: got %s, want %s", got, want)
			}
		})
	}
}

func ptr[V any](v V) *V { return &v }

func TestPresence_NeedsADigestAndARegistry(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"r.example/shop/api:1", "oci-layout:./x:1"} {
		if _, err := newClient(t).Presence(context.Background(), mustRef(t, text)); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", text, err)
		}
	}
}
