package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

const mirrorAddress = "seaworthy_image_mirror.api"

// mirrorConfig is a mirror of a source, which is an expression, with destinations by name and further arguments.
func mirrorConfig(t *testing.T, source, destinations, arguments string) string {
	t.Helper()
	return fmt.Sprintf(`
provider "seaworthy" {
  cache_dir   = %q
  max_retries = 0
}
resource "seaworthy_image_mirror" "api" {
  source       = %s
  destinations = { %s }
  %s
}
`, t.TempDir(), source, destinations, arguments)
}

func mirroredExactly(refs map[string]string) knownvalue.Check {
	checks := map[string]knownvalue.Check{}
	for name, ref := range refs {
		checks[name] = knownvalue.StringExact(ref)
	}
	return knownvalue.MapExact(checks)
}

func TestImageMirror_CopiesAndKeepsCopies(t *testing.T) {
	t.Parallel()
	origin, eu, us := registrytest.Start(t), registrytest.Start(t), registrytest.Start(t)
	first := origin.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64", "linux/arm64"))
	second := origin.Push(t, "shop/api:1.4.3", registrytest.Index("linux/amd64", "linux/arm64").WithContent("2"))
	source := func(tag, digest string) string { return fmt.Sprintf("%q", origin.Host()+"/shop/api:"+tag+"@"+digest) }
	euOnly, both := fmt.Sprintf("eu = %q", eu.Host()+"/cache/api"), fmt.Sprintf("eu = %q, us = %q", eu.Host()+"/cache/api", us.Host()+"/api:stable")
	step := func(config string, action plancheck.ResourceActionType, want map[string]string) resource.TestStep {
		return resource.TestStep{
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(mirrorAddress, action),
					plancheck.ExpectKnownValue(mirrorAddress, tfjsonpath.New("mirrored"), mirroredExactly(want)),
				},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(mirrorAddress, tfjsonpath.New("mirrored"), mirroredExactly(want))},
		}
	}
	has := func(server *registrytest.Server, path string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			resp, err := http.Head(server.URL() + path) //nolint:noctx // A short test.
			if err != nil {
				return err
			}
			if err := resp.Body.Close(); err != nil {
				return err
			}
			if resp.StatusCode != http.StatusOK {
				return fmt.Errorf("%s is not there: %s", path, resp.Status)
			}
			return nil
		}
	}
	created := step(mirrorConfig(t, source("1.4.2", first), euOnly, ""), plancheck.ResourceActionCreate,
		map[string]string{"eu": eu.Host() + "/cache/api:1.4.2@" + first})
	created.Check = has(eu, "/v2/cache/api/manifests/1.4.2")
	added := step(mirrorConfig(t, source("1.4.2", first), both, ""), plancheck.ResourceActionUpdate,
		map[string]string{"eu": eu.Host() + "/cache/api:1.4.2@" + first, "us": us.Host() + "/api:stable@" + first})
	added.Check = has(us, "/v2/api/manifests/stable")
	lost := step(mirrorConfig(t, source("1.4.2", first), both, ""), plancheck.ResourceActionUpdate,
		map[string]string{"eu": eu.Host() + "/cache/api:1.4.2@" + first, "us": us.Host() + "/api:stable@" + first})
	lost.PreConfig = func() { remove(t, us, "/v2/api/manifests/"+first) }
	lost.Check = has(us, "/v2/api/manifests/"+first)
	released := step(mirrorConfig(t, source("1.4.3", second), both, ""), plancheck.ResourceActionUpdate,
		map[string]string{"eu": eu.Host() + "/cache/api:1.4.3@" + second, "us": us.Host() + "/api:stable@" + second})
	released.Check = resource.ComposeAggregateTestCheckFunc(has(eu, "/v2/cache/api/manifests/"+first), has(us, "/v2/api/manifests/"+second))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			created, added, lost, released,
			{
				ResourceName: mirrorAddress, ImportState: true, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "source",
				ImportStateId: strings.Trim(source("1.4.3", second), `"`) + ",eu=" + eu.Host() + "/cache/api,us=" + us.Host() + "/api:stable",
			},
		},
		CheckDestroy: resource.ComposeAggregateTestCheckFunc(has(eu, "/v2/cache/api/manifests/1.4.3"), has(us, "/v2/api/manifests/stable")),
	})
}

// remove deletes a manifest behind everybody's back.
func remove(t *testing.T, server *registrytest.Server, path string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, server.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.StatusCode != http.StatusAccepted {
		t.Fatalf("deleting %s: %v, %v", path, resp, err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
}

// A platform that is lost counts as the image being lost, since a node of that platform can not run it.
func TestImageMirror_LostPlatform(t *testing.T) {
	t.Parallel()
	origin, mirror := registrytest.Start(t), registrytest.Start(t)
	digest := origin.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64", "linux/arm64"))
	w := clitest.New(t, map[string]string{"main.tf": requiredProviders +
		mirrorConfig(t, fmt.Sprintf("%q", origin.Host()+"/shop/api:1.4.2@"+digest), fmt.Sprintf("eu = %q", mirror.Host()+"/api"), "")})
	w.Run(t, "init")
	w.Run(t, "apply", "-auto-approve")
	mirror.ForgetRequests()
	w.Run(t, "plan", "-detailed-exitcode")
	if n := mirror.Count(http.MethodHead, "/manifests/"); n != 3 || mirror.Count("", "/v2/api/") != 3 {
		t.Errorf("a plan made %d requests for manifests, want 3: %v", n, mirror.Requests())
	}
	lost := ""
	for _, r := range mirror.Requests() {
		if !strings.HasSuffix(r.Path, digest) && strings.Contains(r.Path, "/manifests/") {
			lost = r.Path
		}
	}
	remove(t, mirror, lost)
	output, err := w.Try(t.Context(), "plan", "-no-color", "-detailed-exitcode")
	if err == nil || !message(`destinations["eu"] has lost the image`).MatchString(output) || !message("1 to change").MatchString(output) {
		t.Errorf("got %v and:\n%s", err, output)
	}
	w.Run(t, "apply", "-auto-approve")
	w.Run(t, "plan", "-detailed-exitcode")
}

func TestImageMirror_UnknownValues(t *testing.T) {
	t.Parallel()
	origin, mirror := registrytest.Start(t), registrytest.Start(t)
	digest := origin.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
	source, destination := origin.Host()+"/shop/api:1.4.2@"+digest, mirror.Host()+"/api"
	data := func(value string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"x\" { input = %q }\n", value)
	}
	for name, tt := range map[string]struct {
		config  string
		unknown bool // the element "eu"
	}{
		"source":      {mirrorConfig(t, "terraform_data.x.output", fmt.Sprintf("eu = %q", destination), "") + data(source), true},
		"destination": {mirrorConfig(t, fmt.Sprintf("%q", source), "eu = terraform_data.x.output", "") + data(destination), true},
		"referrers":   {mirrorConfig(t, fmt.Sprintf("%q", source), fmt.Sprintf("eu = %q", destination), `referrers = terraform_data.x.output == "yes"`) + data("yes"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			element := tfjsonpath.New("mirrored").AtMapKey("eu")
			check := plancheck.ExpectUnknownValue(mirrorAddress, element)
			if !tt.unknown {
				check = plancheck.ExpectKnownValue(mirrorAddress, element, knownvalue.StringExact(mirror.Host()+"/api:1.4.2@"+digest))
			}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{{
					Config: tt.config,
					ConfigPlanChecks: resource.ConfigPlanChecks{
						PreApply:             []plancheck.PlanCheck{check},
						PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
					},
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(mirrorAddress, element, knownvalue.StringExact(mirror.Host()+"/api:1.4.2@"+digest))},
				}},
			})
		})
	}
}

// What is to be deleted is deleted when its destination goes, and when the resource does.
func TestImageMirror_DeleteOnDestroy(t *testing.T) {
	t.Parallel()
	origin, mirror := registrytest.Start(t), registrytest.Start(t)
	digest := origin.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
	source := fmt.Sprintf("%q", origin.Host()+"/shop/api:1.4.2@"+digest)
	gone := func(repository string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			if n := mirror.Count(http.MethodDelete, "/v2/"+repository+"/manifests/"+digest); n != 1 {
				return fmt.Errorf("%s was deleted %d times", repository, n)
			}
			return nil
		}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: mirrorConfig(t, source, fmt.Sprintf("a = %q, b = %q", mirror.Host()+"/a", mirror.Host()+"/b"), "delete_on_destroy = true")},
			{Config: mirrorConfig(t, source, fmt.Sprintf("a = %q", mirror.Host()+"/a"), "delete_on_destroy = true"), Check: gone("b")},
		},
		CheckDestroy: gone("a"),
	})
}

// A copy that failed leaves the others, and the next apply sends only what is missing.
func TestImageMirror_FailureIsTakenUp(t *testing.T) {
	t.Parallel()
	origin, good, bad := registrytest.Start(t), registrytest.Start(t), registrytest.Start(t)
	digest := origin.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
	bad.Inject(registrytest.Status(http.StatusForbidden, "DENIED", "read only").On(http.MethodPost, ""))
	w := clitest.New(t, map[string]string{"main.tf": requiredProviders + mirrorConfig(t, fmt.Sprintf("%q", origin.Host()+"/shop/api:1.4.2@"+digest),
		fmt.Sprintf("bad  = %q\n good = %q\n", bad.Host()+"/api", good.Host()+"/api"), "")})
	w.Run(t, "init")
	output, err := w.Try(t.Context(), "apply", "-auto-approve", "-no-color")
	if err == nil {
		t.Fatal("apply succeeds")
	}
	for _, want := range []string{`to destinations["bad"]: forbidden`, "DENIED: read only", "push to api", bad.Host() + `/api"`} {
		if !message(want).MatchString(output) {
			t.Errorf("no %q in:\n%s", want, output)
		}
	}
	bad.Repair()
	good.ForgetRequests()
	w.Run(t, "apply", "-auto-approve")
	if n := good.Count(http.MethodPost, "") + good.Count(http.MethodPut, ""); n != 0 {
		t.Errorf("%d requests sent again what was there", n)
	}
	w.Run(t, "plan", "-detailed-exitcode")
}

func TestImageMirror_BadInput(t *testing.T) {
	t.Parallel()
	pinned := "registry.example.com/shop/api:1.4.2@" + testDigest
	for name, tt := range map[string]struct {
		source, destinations string
		want                 []string
	}{
		"no digest":             {"registry.example.com/shop/api:1.4.2", `eu = "m.example.com/a"`, []string{"Invalid image to copy", "take pinned"}},
		"no reference":          {"UPPER", `eu = "m.example.com/a"`, []string{"Invalid image to copy"}},
		"no destination":        {pinned, ``, []string{"No destination"}},
		"destination is none":   {pinned, `eu = "https://m.example.com/a"`, []string{`destinations["eu"]`, "Invalid destination"}},
		"destination is source": {pinned, `eu = "registry.example.com/shop/api:2"`, []string{"this is the source"}},
		"destination twice":     {pinned, `eu = "m.example.com/a", us = "m.example.com/a:1.4.2"`, []string{`destinations["us"]`, `is destinations["eu"] already`}},
		"destination is pinned": {pinned, fmt.Sprintf(`eu = "m.example.com/a@%s"`, testDigest), []string{"remove it"}},
		"destination is layout": {pinned, `eu = "oci-layout:./x"`, []string{"can not be copied to"}},
		"name":                  {pinned, `"e,u" = "m.example.com/a"`, []string{"the name is not valid"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, want := range tt.want {
				resource.UnitTest(t, resource.TestCase{
					ProtoV6ProviderFactories: factories,
					Steps:                    []resource.TestStep{{Config: mirrorConfig(t, fmt.Sprintf("%q", tt.source), tt.destinations, ""), PlanOnly: true, ExpectError: message(want)}},
				})
			}
		})
	}
}

func TestImageMirror_BadImportID(t *testing.T) {
	t.Parallel()
	pinned := "registry.example.com/shop/api:1.4.2@" + testDigest
	for name, id := range map[string]string{
		"source alone": pinned, "no name": pinned + ",m.example.com/a", "no digest": "registry.example.com/shop/api:1.4.2,eu=m.example.com/a", "name twice": pinned + ",eu=m.example.com/a,eu=m.example.com/b",
	} {
		if model, err := parseMirrorID(id); err == nil {
			t.Errorf("%s: got %+v, want an error", name, model)
		}
	}
}
