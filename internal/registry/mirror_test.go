package registry_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// mirrored starts an origin and two mirrors, of which the first keeps copies below "cache/".
func mirrored(t *testing.T) (origin, first, second *registrytest.Server, config func(*registry.Config)) {
	t.Helper()
	origin, first, second = registrytest.Start(t), registrytest.Start(t), registrytest.Start(t)
	return origin, first, second, withRegistry(origin.Host(), registry.RegistryConfig{Mirrors: []string{first.Host() + "/cache", second.Host()}})
}

func TestMirror_InOrderThenOrigin(t *testing.T) {
	t.Parallel()
	image := registrytest.Single("linux/amd64")
	tests := map[string]struct {
		first, second, origin bool // who has the image
		asked                 string
	}{
		"first":   {true, true, true, "first"},
		"second":  {false, true, true, "first second"},
		"origin":  {false, false, true, "first second origin"},
		"nowhere": {false, false, false, "first second origin"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			origin, first, second, config := mirrored(t)
			if tt.first {
				first.Push(t, "cache/shop/api:1", image)
			}
			if tt.second {
				second.Push(t, "shop/api:1", image)
			}
			if tt.origin {
				origin.Push(t, "shop/api:1", image)
			}
			_, err := newClient(t, config).Image(context.Background(), mustRef(t, origin.Host()+"/shop/api:1"))
			if has := tt.first || tt.second || tt.origin; has != (err == nil) {
				t.Errorf("got %v", err)
			}
			var asked []string
			for _, s := range []struct {
				name string
				*registrytest.Server
			}{{"first", first}, {"second", second}, {"origin", origin}} {
				if s.Count("HEAD", "/shop/api/manifests/1") > 0 {
					asked = append(asked, s.name)
				}
			}
			if got := strings.Join(asked, " "); got != tt.asked {
				t.Errorf("asked %q, want %q", got, tt.asked)
			}
			if err != nil {
				for _, text := range []string{origin.Host() + "/shop/api:1: not found: " + origin.Host() + " answered 404", first.Host() + " answered 404", second.Host() + " answered 404"} {
					if !strings.Contains(err.Error(), text) {
						t.Errorf("%q lacks %q", err, text)
					}
				}
			}
		})
	}
}

func TestMirror_ThatIsDownIsPassedOver(t *testing.T) {
	t.Parallel()
	origin, first, second, config := mirrored(t)
	first.Inject(registrytest.Reset())
	second.Inject(registrytest.Status(503, "UNAVAILABLE", "down"))
	want := origin.Push(t, "a:1", registrytest.Single("linux/amd64"))
	got, err := newClient(t, config).Digest(context.Background(), mustRef(t, origin.Host()+"/a:1"))
	if got != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestMirror_OtherBytesAreRefused(t *testing.T) {
	t.Parallel()
	origin, first, _, config := mirrored(t)
	image := registrytest.Single("linux/amd64")
	digest := origin.Push(t, "a:1", image)
	first.Push(t, "cache/a:1", image)
	first.Inject(registrytest.Alter(func(b []byte) []byte { return append(b, ' ') }).On("GET", "/manifests/"))
	dir := t.TempDir()
	_, err := newClient(t, config, withCache(dir)).Image(context.Background(), mustRef(t, origin.Host()+"/a:1@"+digest))
	if !errors.Is(err, registry.ErrDigestMismatch) || !strings.Contains(err.Error(), first.Host()) {
		t.Errorf("got %v, want ErrDigestMismatch that names the mirror", err)
	}
	if cached := cachedFiles(t, dir); len(cached) > 0 {
		t.Errorf("the cache holds %v", cached)
	}
}

func TestMirror_MayAnswerForATagButNotForADigest(t *testing.T) {
	t.Parallel()
	origin, first, _, config := mirrored(t)
	stale := first.Push(t, "cache/a:1", registrytest.Single("linux/amd64").WithContent("old"))
	fresh := origin.Push(t, "a:1", registrytest.Single("linux/amd64").WithContent("new"))
	c := newClient(t, config)
	if got, err := c.Digest(context.Background(), mustRef(t, origin.Host()+"/a:1")); got != stale || err != nil {
		t.Errorf("tag: got %q, %v; want the mirror's %q", got, err, stale)
	}
	if got := mustImage(t, c, mustRef(t, origin.Host()+"/a:1@"+fresh)); got.Digest != fresh {
		t.Errorf("digest: got %q, want %q", got.Digest, fresh)
	}
}

func TestMirror_GetsItsOwnCredentialsOnly(t *testing.T) {
	t.Parallel()
	origin := registrytest.Start(t, registrytest.WithBasicAuth("origin-user", "origin-password"))
	mirror := registrytest.Start(t, registrytest.WithBasicAuth("mirror-user", "mirror-password"))
	want := mirror.Push(t, "a:1", registrytest.Single("linux/amd64"))
	c := newClient(t,
		withRegistry(origin.Host(), registry.RegistryConfig{Username: "origin-user", Password: "origin-password", Mirrors: []string{mirror.Host()}}),
		withRegistry(mirror.Host(), registry.RegistryConfig{Username: "mirror-user", Password: "mirror-password"}),
	)
	if got, err := c.Digest(context.Background(), mustRef(t, origin.Host()+"/a:1")); got != want || err != nil {
		t.Fatalf("got %q, %v; want %q", got, err, want)
	}
	for _, r := range mirror.Requests() {
		if authorization := r.Header.Get("Authorization"); authorization != "" && authorization != basic("mirror-user", "mirror-password") {
			t.Errorf("%s carried %q", r, authorization)
		}
	}
}
