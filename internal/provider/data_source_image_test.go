package provider

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

const imageAddress = "data.seaworthy_image.api"

// imageConfig is a data source for a reference, with further arguments, in a
// provider with its own cache and settings for the registry.
func imageConfig(t *testing.T, settings, ref, arguments string) string {
	t.Helper()
	return fmt.Sprintf(`
provider "seaworthy" {
  cache_dir = %q
  %s
}
data "seaworthy_image" "api" {
  ref = %q
  %s
}
`, t.TempDir(), settings, ref, arguments)
}

func exactly(texts ...string) knownvalue.Check {
	checks := []knownvalue.Check{}
	for _, text := range texts {
		checks = append(checks, knownvalue.StringExact(text))
	}
	return knownvalue.ListExact(checks)
}

func TestImage_Index(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	image := registrytest.Index("linux/amd64", "linux/arm64")
	image.Attest = true
	image.Config = func(_ string, c *v1.ConfigFile) {
		c.Config.User = ""
		c.Config.Cmd = []string{"--serve"}
		c.Config.ExposedPorts = map[string]struct{}{"8080/tcp": {}, "443/tcp": {}}
		c.Config.Env = []string{"PATH=/bin", "TOKEN=secret-in-the-image"}
		c.Config.Labels = map[string]string{"org.opencontainers.image.base.name": "docker.io/library/debian:13"}
	}
	digest := server.Push(t, "shop/api:1.4.2", image)
	facts := func(child knownvalue.Check) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"digest": child, "size_bytes": knownvalue.NotNull(), "layer_count": knownvalue.Int64Exact(1),
			"created": knownvalue.StringExact("2026-03-01T12:00:00Z"), "user": knownvalue.Null(), "runs_as_root": knownvalue.Bool(true),
			"entrypoint": exactly("/app"), "command": exactly("--serve"), "working_dir": knownvalue.StringExact("/"),
			"exposed_ports": exactly("443/tcp", "8080/tcp"), "env_names": exactly("PATH", "TOKEN"),
			"labels": knownvalue.MapExact(map[string]knownvalue.Check{
				"org.opencontainers.image.base.name": knownvalue.StringExact("docker.io/library/debian:13"),
			}),
			"base_name": knownvalue.StringExact("docker.io/library/debian:13"), "base_digest": knownvalue.Null(),
		})
	}
	check := func(name string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New(name), value)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: imageConfig(t, "", server.Host()+"/shop/api:1.4.2", `platforms = ["linux/amd64", "linux/arm64"]`),
			ConfigStateChecks: []statecheck.StateCheck{
				check("repository", knownvalue.StringExact(server.Host()+"/shop/api")),
				check("tag", knownvalue.StringExact("1.4.2")),
				check("digest", knownvalue.StringExact(digest)),
				check("pinned", knownvalue.StringExact(server.Host()+"/shop/api:1.4.2@"+digest)),
				check("media_type", knownvalue.StringExact("application/vnd.oci.image.index.v1+json")),
				check("available_platforms", exactly("linux/amd64", "linux/arm64")),
				check("version", knownvalue.Null()),
				check("images", knownvalue.MapExact(map[string]knownvalue.Check{
					"linux/amd64": facts(digestOtherThan(digest)), "linux/arm64": facts(digestOtherThan(digest)),
				})),
			},
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		}},
	})
}

// digestOtherThan expects a platform's own digest: not that of the index.
func digestOtherThan(index string) knownvalue.Check {
	return knownvalue.StringFunc(func(v string) error {
		if !strings.HasPrefix(v, "sha256:") || v == index {
			return fmt.Errorf("%q is no digest of a platform's manifest", v)
		}
		return nil
	})
}

func TestImage_Shapes(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	single, docker := registrytest.Single("linux/arm64"), registrytest.Index("linux/amd64")
	docker.Docker = true
	singleDigest, dockerDigest := server.Push(t, "single:1.0.0", single), server.Push(t, "docker:1.0.0", docker)
	dir := t.TempDir()
	layoutDigest := registrytest.WriteLayout(t, dir, "1.0.0", registrytest.Index("linux/amd64"))
	for name, tt := range map[string]struct {
		ref, arguments, digest, mediaType string
		pinned                            knownvalue.Check
	}{
		"single OCI image":       {server.Host() + "/single:1.0.0", "", singleDigest, "application/vnd.oci.image.manifest.v1+json", knownvalue.StringExact(server.Host() + "/single:1.0.0@" + singleDigest)},
		"Docker manifest list":   {server.Host() + "/docker:1.0.0", "", dockerDigest, "application/vnd.docker.distribution.manifest.list.v2+json", knownvalue.StringExact(server.Host() + "/docker:1.0.0@" + dockerDigest)},
		"digest alone":           {server.Host() + "/single@" + singleDigest, "", singleDigest, "application/vnd.oci.image.manifest.v1+json", knownvalue.StringExact(server.Host() + "/single@" + singleDigest)},
		"floating tag with word": {server.Host() + "/single:latest", "allow_floating_tag = true", singleDigest, "application/vnd.oci.image.manifest.v1+json", knownvalue.StringExact(server.Host() + "/single:latest@" + singleDigest)},
		"layout on disk":         {"oci-layout:" + dir + ":1.0.0", "", layoutDigest, "application/vnd.oci.image.index.v1+json", knownvalue.Null()},
	} {
		t.Run(name, func(t *testing.T) {
			server.Push(t, "single:latest", single)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{{
					Config: imageConfig(t, "", tt.ref, tt.arguments),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("digest"), knownvalue.StringExact(tt.digest)),
						statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("media_type"), knownvalue.StringExact(tt.mediaType)),
						statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("pinned"), tt.pinned),
					},
				}},
			})
		})
	}
}

func TestImage_Version(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t, registrytest.WithPageSize(2))
	digests := map[string]string{}
	for _, tag := range []string{"1.3.9", "1.4.0", "1.4.10", "1.4.9", "1.5.0-rc.1", "2.0.0", "latest", "nightly"} {
		digests[tag] = server.Push(t, "shop/api:"+tag, registrytest.Single("linux/amd64").WithContent(tag))
	}
	for constraint, want := range map[string]string{"~> 1.4.0": "1.4.10", "~> 1.3": "1.4.10", ">= 1.5.0-0, < 2": "1.5.0-rc.1", "*": "2.0.0"} {
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: factories,
			Steps: []resource.TestStep{{
				Config: imageConfig(t, "", server.Host()+"/shop/api", fmt.Sprintf("version = %q", constraint)),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("tag"), knownvalue.StringExact(want)),
					statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("digest"), knownvalue.StringExact(digests[want])),
				},
			}},
		})
	}
}

// The digest is in the plan, not only in the state, and a workload takes it.
func TestImage_PinnedIsKnownDuringPlan(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	digest := server.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64"))
	config := imageConfig(t, "", server.Host()+"/shop/api:1.4.2", "") +
		workloadConfig(t, `"registry.example.com/shop/api:1.4.2@`+testDigest+`"`, imageAddress+".pinned")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{plancheck.ExpectKnownValue(address, tfjsonpath.New("images").AtMapKey("api"),
					knownvalue.StringExact(server.Host()+"/shop/api:1.4.2@"+digest))},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
		}},
	})
}

// A reference that another resource makes in the same apply is read when it is known.
func TestImage_UnknownReference(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	digest := server.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64"))
	config := strings.Replace(imageConfig(t, "", "REF", ""), `"REF"`, "terraform_data.ref.output", 1) +
		fmt.Sprintf("resource \"terraform_data\" \"ref\" { input = %q }\n", server.Host()+"/shop/api:1.4.2")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:            config,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("digest"), knownvalue.StringExact(digest))},
		}},
	})
}

func TestImage_BadInput(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64", "linux/arm64"))
	ref := server.Host() + "/shop/api:1.4.2"
	for name, tt := range map[string]struct {
		ref, arguments string
		want           []string
	}{
		"no reference":          {"", "", []string{"Invalid image reference"}},
		"not a reference":       {"UPPER/case", "", []string{"Invalid image reference"}},
		"no tag":                {server.Host() + "/shop/api", "", []string{"Floating image tag", "allow_floating_tag = true"}},
		"latest":                {server.Host() + "/shop/api:latest", "", []string{"Floating image tag", "allow_floating_tag = true"}},
		"tag that is not there": {server.Host() + "/shop/api:1.4.3", "", []string{server.Host() + "/shop/api:1.4.3", "not found", "The nearest existing tags are: 1.4.2"}},
		"missing platform":      {ref, `platforms = ["linux/amd64", "linux/s390x"]`, []string{"no variant for linux/s390x. It has: linux/amd64, linux/arm64"}},
		"not a platform":        {ref, `platforms = ["amd64"]`, []string{"Invalid platform"}},
		"over the budget":       {ref, `max_size_bytes = 10`, []string{"over its size budget", "max_size_bytes = 10"}},
		"budget of nothing":     {ref, `max_size_bytes = 0`, []string{"Invalid size budget"}},
		"version beside a tag":  {ref, `version = "~> 1.4"`, []string{"has a tag or a digest already"}},
		"empty version":         {server.Host() + "/shop/api", `version = ""`, []string{"Invalid version constraint"}},
		"not a version":         {server.Host() + "/shop/api", `version = "newest"`, []string{"Invalid version constraint"}},
		"no such version":       {server.Host() + "/shop/api", `version = "~> 3.0"`, []string{"~> 3.0"}},
		"version of a layout":   {"oci-layout:./x", `version = "~> 3.0"`, []string{"layout on the local disk has no versions"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, want := range tt.want {
				resource.UnitTest(t, resource.TestCase{
					ProtoV6ProviderFactories: factories,
					Steps:                    []resource.TestStep{{Config: imageConfig(t, "", tt.ref, tt.arguments), ExpectError: message(want)}},
				})
			}
		})
	}
}

// Four ways in which a registry fails give four different errors, and none of
// them, nor the most verbose log, holds the password.
func TestImage_RegistryFailures(t *testing.T) {
	t.Parallel()
	const password = "pa55-w0rd-that-nobody-may-see"
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	guarded, tls, limited := registrytest.Start(t, registrytest.WithBearerAuth("ci", "another")), registrytest.Start(t, registrytest.WithTLS()), registrytest.Start(t)
	limited.Inject(registrytest.Status(http.StatusTooManyRequests, "TOOMANYREQUESTS", "pull rate limit", "Retry-After: 3600"))
	altered := registrytest.Start(t)
	altered.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
	altered.Inject(registrytest.Alter(func(body []byte) []byte { return append(body, ' ') }).On(http.MethodGet, "/manifests/"))
	hosts := map[string]string{
		"unreachable": closed.Addr().String(), "unauthorized": guarded.Host(), "connection not trusted": tls.Host(),
		"rate limited": limited.Host(), "digest mismatch": altered.Host(),
	}
	seen := map[string]string{}
	for kind, host := range hosts {
		w := clitest.New(t, map[string]string{"main.tf": requiredProviders + imageConfig(t,
			fmt.Sprintf("max_retries = 0\n registries = { %q = { username = \"ci\", password = %q } }", host, password), host+"/shop/api:1.4.2", "")})
		w.Run(t, "init")
		w.Setenv("TF_LOG", "TRACE")
		output, err := w.Try(t.Context(), "plan", "-no-color")
		if err == nil {
			t.Errorf("%s: plan succeeds", kind)
		}
		if strings.Contains(output, password) {
			t.Errorf("%s: the password is in what Terraform prints or logs", kind)
		}
		if !strings.Contains(output, "[TRACE]") || !strings.Contains(output, "tf_provider_addr") {
			t.Errorf("%s: there is no log to look at", kind)
		}
		_, text, _ := strings.Cut(output, "\nError: ")
		summary, _, _ := strings.Cut(text, "\n")
		if !strings.Contains(strings.Join(strings.Fields(text), " "), kind) {
			t.Errorf("%s: error is %q\n%s", kind, summary, text)
		}
		seen[kind] = strings.ReplaceAll(summary, host, "")
	}
	if n := len(slices.Compact(slices.Sorted(maps.Values(seen)))); n != len(hosts) {
		t.Errorf("the errors are alike: %v", seen)
	}
}

// Credentials and authorities that the provider is given are used.
func TestImage_GuardedRegistry(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t, registrytest.WithTLS(), registrytest.WithBearerAuth("ci", "correct horse"))
	server.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
	settings := func(password, ca string) string {
		return fmt.Sprintf("registries = { %q = { username = \"ci\", password = %q, ca_certificate_pem = %q } }", server.Host(), password, ca)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: imageConfig(t, settings("wrong", server.CertificatePEM()), server.Host()+"/shop/api:1.4.2", ""), ExpectError: message("unauthorized")},
			{Config: imageConfig(t, settings("correct horse", "no certificate"), server.Host()+"/shop/api:1.4.2", ""), ExpectError: message("ca_certificate_pem")},
			{Config: imageConfig(t, settings("correct horse", server.CertificatePEM()), server.Host()+"/shop/api:1.4.2", "")},
		},
	})
}

// However many data sources ask for one reference, the registry is asked once.
func TestImage_OneLookUpForEachReference(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
	w := clitest.New(t, map[string]string{"main.tf": requiredProviders + imageConfig(t, "", server.Host()+"/shop/api:1.4.2", "count = 20")})
	w.Run(t, "init")
	server.ForgetRequests()
	w.Run(t, "plan")
	got := map[string]int{"HEAD": server.Count(http.MethodHead, "/manifests/"), "GET manifest": server.Count(http.MethodGet, "/manifests/"), "GET config": server.Count(http.MethodGet, "/blobs/")}
	if diff := cmp.Diff(map[string]int{"HEAD": 1, "GET manifest": 1, "GET config": 1}, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	server.ForgetRequests()
	w.Run(t, "plan")
	got = map[string]int{"HEAD": server.Count(http.MethodHead, "/manifests/"), "GET": server.Count(http.MethodGet, "/manifests/") + server.Count(http.MethodGet, "/blobs/")}
	if diff := cmp.Diff(map[string]int{"HEAD": 1, "GET": 0}, got); diff != "" {
		t.Errorf("requests of a second run (-want +got):\n%s", diff)
	}
}
