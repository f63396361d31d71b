package registrytest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// The digests are constants, so that golden files may hold them. If one changes here, every such file changes.
func TestPush_DigestsAreConstant(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	docker := registrytest.Index("linux/amd64")
	docker.Docker = true
	attested := registrytest.Index("linux/amd64")
	attested.Attest = true
	for want, image := range map[string]registrytest.Image{
		"sha256:d546164dd9521ea5b1a87ecb5e0b9f856da82f696adf21b3b3c9d3380421055f": registrytest.Single("linux/amd64"),
		"sha256:ae40fcdfc2b2d9088150c3ce9520f0e3e3c496ab7bc69a79bcf023ec1453a127": registrytest.Index("linux/amd64", "linux/arm64"),
		"sha256:45564f0e88cf455d4f5e01fcf83bbb76e4abe3911d23472f383f694155ddbd2c": registrytest.Index("linux/amd64", "linux/arm64").WithContent("2"),
		"sha256:79a5162453eb09bffa53c0ed07df0bf3094e4a6dba2c9a16ef5986aec2c69f68": docker,
		"sha256:8246610edd2a17e4397c83aaedbfb677d59fef586a6486ee1f2b953bcfa13df6": attested,
	} {
		if got := srv.Push(t, "shop/api:1", image); got != want {
			t.Errorf("%+v: got %q, want %q", image, got, want)
		}
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("pushing left %d requests in the record", n)
	}
}

func TestPush_ImagesAreWhole(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	for tag, image := range map[string]registrytest.Image{
		"a:single": registrytest.Single("linux/arm/v7"), "a:index": registrytest.Index("linux/amd64", "linux/arm64"),
	} {
		digest := srv.Push(t, tag, image)
		ref, err := name.ParseReference(srv.Host() + "/" + tag)
		if err != nil {
			t.Fatal(err)
		}
		pulled, err := remote.Get(ref)
		if err != nil {
			t.Fatal(err)
		}
		if pulled.Digest.String() != digest {
			t.Errorf("%s: pulled %s, pushed %s", tag, pulled.Digest, digest)
		}
		if pulled.MediaType.IsIndex() {
			index, err := pulled.ImageIndex()
			if err != nil {
				t.Fatal(err)
			}
			err = validate.Index(index)
			if err != nil {
				t.Error(err)
			}
			continue
		}
		single, err := pulled.Image()
		if err != nil {
			t.Fatal(err)
		}
		if err := validate.Image(single); err != nil {
			t.Error(err)
		}
	}
}

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	resp, err := http.Get(url) //nolint:noctx // A short test.
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestInject_StrikesAsOftenAsTold(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	srv.Inject(registrytest.TooManyRequests("Retry-After: 7").On("GET", "/manifests/").First(2))
	url := srv.URL() + "/v2/a/manifests/1"
	for i, want := range []int{429, 429, 200} {
		resp, _ := get(t, url)
		if resp.StatusCode != want {
			t.Errorf("request %d: got %d, want %d", i, resp.StatusCode, want)
		}
		if got := resp.Header.Get("Retry-After"); (got == "7") != (want == 429) {
			t.Errorf("request %d: Retry-After %q", i, got)
		}
	}
	if resp, _ := get(t, srv.URL()+"/v2/"); resp.StatusCode != 200 {
		t.Errorf("the fault struck another path: %d", resp.StatusCode)
	}
	if got := srv.Count("GET", "/manifests/"); got != 3 {
		t.Errorf("recorded %d requests, want 3", got)
	}
	srv.ForgetRequests()
	if got := srv.Count("", ""); got != 0 {
		t.Errorf("%d requests are left in the record", got)
	}
}

func TestWithPageSize_LinksToTheNextPage(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithPageSize(2))
	for _, tag := range []string{"1", "2", "3"} {
		srv.Push(t, "a:"+tag, registrytest.Single("linux/amd64"))
	}
	resp, body := get(t, srv.URL()+"/v2/a/tags/list?n=100")
	if want := `"tags":["1","2"]`; !strings.Contains(body, want) {
		t.Errorf("got %s, want %s", body, want)
	}
	if want := `</v2/a/tags/list?last=2&n=2>; rel="next"`; resp.Header.Get("Link") != want {
		t.Errorf("got link %q, want %q", resp.Header.Get("Link"), want)
	}
	resp, body = get(t, srv.URL()+"/v2/a/tags/list?last=2&n=2")
	if !strings.Contains(body, `"tags":["3"]`) || resp.Header.Get("Link") != "" {
		t.Errorf("last page: %s, link %q", body, resp.Header.Get("Link"))
	}
}
