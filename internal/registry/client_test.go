package registry_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestDigest_OneHeadHoweverManyAsk(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	want := srv.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64", "linux/arm64"))
	c := newClient(t)
	ref := mustRef(t, srv.Host()+"/shop/api:1.4.2")
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if got, err := c.Digest(context.Background(), ref); got != want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		})
	}
	group.Wait()
	var got []string
	for _, r := range srv.Requests() {
		got = append(got, r.String())
	}
	if diff := cmp.Diff([]string{"GET /v2/", "HEAD /v2/shop/api/manifests/1.4.2"}, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestDigest_PinnedAsksNothing(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("a", 64)
	got, err := newClient(t).Digest(context.Background(), mustRef(t, "registry.invalid/a:1@"+digest))
	if got != digest || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestDigest_WithoutTagAsksForLatest(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	want := srv.Push(t, "a:latest", registrytest.Single("linux/amd64"))
	if got, err := newClient(t).Digest(context.Background(), mustRef(t, srv.Host()+"/a")); got != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestDigest_FallsBackToGet(t *testing.T) {
	t.Parallel()
	faults := map[string]registrytest.Fault{
		"no digest header":     registrytest.SetHeader("Docker-Content-Digest", "").On("HEAD", "/manifests/"),
		"nonsense in header":   registrytest.SetHeader("Docker-Content-Digest", "sha256:short").On("HEAD", "/manifests/"),
		"another algorithm":    registrytest.SetHeader("Docker-Content-Digest", "sha512:"+strings.Repeat("a", 128)).On("HEAD", "/manifests/"),
		"HEAD is not known":    registrytest.Status(405, "UNSUPPORTED", "no").On("HEAD", "/manifests/"),
		"HEAD says it is gone": registrytest.Status(404, "MANIFEST_UNKNOWN", "no").On("HEAD", "/manifests/"),
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t)
			want := srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
			srv.Inject(fault)
			c := newClient(t)
			ref := mustRef(t, srv.Host()+"/a:1")
			if got, err := c.Digest(context.Background(), ref); got != want || err != nil {
				t.Fatalf("got %q, %v; want %q", got, err, want)
			}
			mustImage(t, c, ref)
			if got := srv.Count("GET", "/manifests/"); got != 1 {
				t.Errorf("the manifest was fetched %d times, want once", got)
			}
		})
	}
}

func TestImage_OfEveryShape(t *testing.T) {
	t.Parallel()
	dockerSingle, dockerIndex, attested := registrytest.Single("linux/amd64"), registrytest.Index("linux/amd64", "linux/arm64"), registrytest.Index("linux/amd64", "linux/arm64/v8")
	dockerSingle.Docker, dockerIndex.Docker, attested.Attest = true, true, true
	tests := map[string]struct {
		image     registrytest.Image
		mediaType types.MediaType
		platforms []string
	}{
		"OCI single":    {registrytest.Single("linux/arm/v7"), types.OCIManifestSchema1, []string{"linux/arm/v7"}},
		"OCI index":     {registrytest.Index("linux/arm64", "linux/amd64"), types.OCIImageIndex, []string{"linux/amd64", "linux/arm64"}},
		"Docker single": {dockerSingle, types.DockerManifestSchema2, []string{"linux/amd64"}},
		"Docker list":   {dockerIndex, types.DockerManifestList, []string{"linux/amd64", "linux/arm64"}},
		"attested":      {attested, types.OCIImageIndex, []string{"linux/amd64", "linux/arm64/v8"}},
		"Windows":       {registrytest.Index("windows/amd64:10.0.20348.1", "windows/amd64:10.0.17763.1"), types.OCIImageIndex, []string{"windows/amd64:10.0.17763.1", "windows/amd64:10.0.20348.1"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t)
			digest := srv.Push(t, "shop/api:1.4.2", tt.image)
			got := mustImage(t, newClient(t), mustRef(t, srv.Host()+"/shop/api:1.4.2"))
			if got.Digest != digest || got.MediaType != string(tt.mediaType) {
				t.Errorf("got %s of type %s, want %s of type %s", got.Digest, got.MediaType, digest, tt.mediaType)
			}
			if diff := cmp.Diff(tt.platforms, got.Platforms); diff != "" {
				t.Errorf("platforms (-want +got):\n%s", diff)
			}
			for _, p := range tt.platforms {
				facts := got.Images[p]
				if facts.User != "65532:65532" || facts.Created != "2026-03-01T12:00:00Z" || facts.LayerCount != 1 || facts.SizeBytes < 1000 || len(facts.Digest) != 71 {
					t.Errorf("%s: facts %+v", p, facts)
				}
			}
		})
	}
}

func TestImage_OfOnePlatformReadsNoOther(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Index("linux/amd64", "linux/arm64/v8", "linux/s390x"))
	got := mustImage(t, newClient(t), mustRef(t, srv.Host()+"/a:1"), mustPlatform(t, "linux/arm64"))
	if diff := cmp.Diff([]string{"linux/amd64", "linux/arm64/v8", "linux/s390x"}, got.Platforms); diff != "" {
		t.Errorf("platforms (-want +got):\n%s", diff)
	}
	if _, ok := got.Images["linux/arm64/v8"]; !ok || len(got.Images) != 1 {
		t.Errorf("images: %v", got.Images)
	}
	// The index and one manifest; one config.
	if m, b := srv.Count("GET", "/manifests/"), srv.Count("GET", "/blobs/"); m != 2 || b != 1 {
		t.Errorf("%d manifests and %d blobs were fetched, want 2 and 1", m, b)
	}
}

func TestImage_WithoutARequiredPlatform(t *testing.T) {
	t.Parallel()
	for name, image := range map[string]registrytest.Image{
		"index": registrytest.Index("linux/amd64", "linux/arm64"), "single image": registrytest.Single("linux/amd64"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t)
			srv.Push(t, "a:1", image)
			_, err := newClient(t).Image(context.Background(), mustRef(t, srv.Host()+"/a:1"), mustPlatform(t, "linux/amd64"), mustPlatform(t, "linux/s390x"))
			var platform *imagefacts.PlatformError
			if !errors.As(err, &platform) {
				t.Fatalf("got %v, want a *PlatformError", err)
			}
			if diff := cmp.Diff(&imagefacts.PlatformError{Want: []string{"linux/s390x"}, Have: image.Platforms}, platform); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if !strings.HasPrefix(err.Error(), srv.Host()+"/a:1: ") {
				t.Errorf("%q does not name the reference", err)
			}
		})
	}
}

func TestImage_IndexThatDoesNotStatePlatforms(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	image, err := random.Image(64, 1)
	if err != nil {
		t.Fatal(err)
	}
	image, err = mutate.ConfigFile(image, &v1.ConfigFile{OS: "linux", Architecture: "riscv64", RootFS: v1.RootFS{Type: "layers"}})
	if err != nil {
		t.Fatal(err)
	}
	signature := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), "application/vnd.example.signature")
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: signature}, mutate.IndexAddendum{Add: image})
	if _, err := srv.PushBuilt("a:1", index); err != nil {
		t.Fatal(err)
	}
	got := mustImage(t, newClient(t), mustRef(t, srv.Host()+"/a:1"))
	if diff := cmp.Diff([]string{"linux/riscv64"}, got.Platforms); diff != "" {
		t.Errorf("platforms (-want +got):\n%s", diff)
	}
}

func TestImage_SharedContentIsFetchedOnce(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	for _, tag := range []string{"1", "1.4", "1.4.2"} {
		srv.Push(t, "a:"+tag, registrytest.Single("linux/amd64"))
	}
	c := newClient(t)
	for _, tag := range []string{"1", "1.4", "1.4.2"} {
		mustImage(t, c, mustRef(t, srv.Host()+"/a:"+tag))
	}
	if h, m, b := srv.Count("HEAD", "/manifests/"), srv.Count("GET", "/manifests/"), srv.Count("GET", "/blobs/"); h != 3 || m != 1 || b != 1 {
		t.Errorf("%d HEADs, %d manifests, %d configs; want 3, 1, 1", h, m, b)
	}
}

func TestClient_RemembersFailures(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	c := newClient(t)
	ref := mustRef(t, srv.Host()+"/a:2")
	_, first := c.Digest(context.Background(), ref)
	asked := srv.Count("", "")
	_, second := c.Digest(context.Background(), ref)
	if !errors.Is(first, registry.ErrNotFound) || !errors.Is(second, registry.ErrNotFound) {
		t.Errorf("got %v, then %v", first, second)
	}
	if again := srv.Count("", ""); again != asked {
		t.Errorf("the second look-up made %d more requests", again-asked)
	}
}

func TestTags_FollowsPages(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithPageSize(2))
	var want []string
	for i := range 5 {
		want = append(want, fmt.Sprintf("1.%d", i))
		srv.Push(t, "a:"+want[i], registrytest.Single("linux/amd64"))
	}
	c := newClient(t)
	got, err := c.Tags(context.Background(), mustRef(t, srv.Host()+"/a:ignored"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if n := srv.Count("GET", "/tags/list"); n != 3 {
		t.Errorf("%d pages were fetched, want 3", n)
	}
	if _, err := c.NewestTag(context.Background(), mustRef(t, srv.Host()+"/a"), mustConstraint(t, "1")); err != nil {
		t.Error(err)
	}
	if n := srv.Count("GET", "/tags/list"); n != 3 {
		t.Errorf("the list was fetched again")
	}
}

func TestTags_NextPageElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	for _, link := range []string{`<http://127.0.0.1:1/v2/a/tags/list?last=1>; rel="next"`, `//elsewhere.example.com/x`, `<http://[::1>`, `nonsense`} {
		srv := registrytest.Start(t)
		srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
		srv.Inject(registrytest.SetHeader("Link", link).On("GET", "/tags/list"))
		if tags, err := newClient(t).Tags(context.Background(), mustRef(t, srv.Host()+"/a")); !errors.Is(err, registry.ErrServer) {
			t.Errorf("%s: got %v, %v", link, tags, err)
		}
	}
}

func TestTags_EndlessListIsRefused(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	srv.Inject(registrytest.SetHeader("Link", `</v2/a/tags/list?last=1>; rel="next"`).On("GET", "/tags/list"))
	tags, err := newClient(t).Tags(context.Background(), mustRef(t, srv.Host()+"/a"))
	if !errors.Is(err, registry.ErrTooLarge) {
		t.Errorf("got %d tags, %v", len(tags), err)
	}
}
