package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestImageMirrors_HaveTheSame(t *testing.T) {
	t.Parallel()
	image := registrytest.Index("linux/amd64", "linux/arm64")
	origin, first, second := registrytest.Start(t), registrytest.Start(t), registrytest.Start(t)
	digest := origin.Push(t, "shop/api:1.4.2", image)
	first.Push(t, "shop/api:1.4.2", image)
	second.Push(t, "cache/shop/api:1.4.2", image)
	ref := origin.Host() + "/shop/api:1.4.2"
	mirrored := func(mirrors map[string]knownvalue.Check) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("mirrored"), knownvalue.MapExact(mirrors))}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: imageConfig(t, "", ref, ""), ConfigStateChecks: mirrored(nil)},
			{Config: imageConfig(t, "", ref, "mirrors = []"), ConfigStateChecks: mirrored(nil)},
			{
				Config: imageConfig(t, "", ref, fmt.Sprintf("mirrors = [%q, %q]", first.Host(), second.Host()+"/cache")),
				ConfigStateChecks: mirrored(map[string]knownvalue.Check{
					first.Host():             knownvalue.StringExact(first.Host() + "/shop/api:1.4.2@" + digest),
					second.Host() + "/cache": knownvalue.StringExact(second.Host() + "/cache/shop/api:1.4.2@" + digest),
				}),
			},
			{ // Read when it is known.
				Config: imageConfig(t, "", ref, "mirrors = [terraform_data.mirror.output]") +
					fmt.Sprintf("resource \"terraform_data\" \"mirror\" { input = %q }\n", first.Host()),
				ConfigStateChecks: mirrored(map[string]knownvalue.Check{first.Host(): knownvalue.StringExact(first.Host() + "/shop/api:1.4.2@" + digest)}),
			},
		},
	})
}

// Each error stands at the mirror to blame, and says what is there and what to do.
func TestImageMirrors_Lack(t *testing.T) {
	t.Parallel()
	image := registrytest.Index("linux/amd64", "linux/arm64")
	origin, empty, other, sparse, limited := registrytest.Start(t), registrytest.Start(t), registrytest.Start(t), registrytest.Start(t), registrytest.Start(t)
	digest := origin.Push(t, "shop/api:1.4.2", image)
	ref := origin.Host() + "/shop/api:1.4.2"
	another := other.Push(t, "shop/api:1.4.2", image.WithContent("another"))
	sparse.Push(t, "shop/api:1.4.2", image)
	sparse.Inject(registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, digest) {
			next.ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
	}).On("", "/manifests/"))
	limited.Inject(registrytest.TooManyRequests("Retry-After: 3600").On("", "/manifests/"))
	for name, tt := range map[string]struct {
		mirror, arguments string
		want              []string
	}{
		"nothing there":    {empty.Host(), "", []string{`is not in the mirror`, empty.Host() + "/shop/api does not have " + digest, "skopeo copy --all docker://" + origin.Host() + "/shop/api@" + digest + " docker://" + empty.Host() + "/shop/api:1.4.2"}},
		"another image":    {other.Host(), "", []string{"its tag 1.4.2 is another image, " + another}},
		"without platform": {sparse.Host(), `platforms = ["linux/arm64"]`, []string{"of platforms that are required"}},
		"limited":          {limited.Host(), "", []string{"rate limited", "asks to wait 1h0m0s"}},
		"itself":           {origin.Host(), "", []string{"Invalid mirror", "own registry"}},
		"with a scheme":    {"https://" + empty.Host(), "", []string{"Invalid mirror", "without a scheme"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := clitest.New(t, map[string]string{"main.tf": requiredProviders + imageConfig(t, "", ref, fmt.Sprintf("mirrors = [%q]\n%s", tt.mirror, tt.arguments))})
			w.Run(t, "init")
			output, err := w.Try(t.Context(), "plan", "-no-color")
			if err == nil {
				t.Fatal("plan succeeds")
			}
			for _, want := range append(tt.want, "mirrors = [") {
				if !message(want).MatchString(output) {
					t.Errorf("no %q in:\n%s", want, output)
				}
			}
		})
	}
}

// A plan asks each mirror once for each image, whatever the number of data sources.
func TestImageMirrors_OneRequestEach(t *testing.T) {
	t.Parallel()
	origin, mirror := registrytest.Start(t), registrytest.Start(t)
	image := registrytest.Index("linux/amd64", "linux/arm64")
	origin.Push(t, "shop/api:1.4.2", image)
	mirror.Push(t, "shop/api:1.4.2", image)
	for arguments, heads := range map[string]int{"": 1, `platforms = ["linux/amd64", "linux/arm64"]`: 3} {
		w := clitest.New(t, map[string]string{"main.tf": requiredProviders + imageConfig(t, "", origin.Host()+"/shop/api:1.4.2",
			fmt.Sprintf("count = 10\nmirrors = [%q]\n%s", mirror.Host(), arguments))})
		w.Run(t, "init")
		mirror.ForgetRequests()
		w.Run(t, "plan")
		got := map[string]int{"HEAD": mirror.Count(http.MethodHead, "/manifests/"), "GET": mirror.Count(http.MethodGet, "/manifests/") + mirror.Count(http.MethodGet, "/blobs/")}
		if diff := cmp.Diff(map[string]int{"HEAD": heads, "GET": 0}, got); diff != "" {
			t.Errorf("%s: requests (-want +got):\n%s", arguments, diff)
		}
	}
}
