package provider

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

const comparisonAddress = "data.seaworthy_image_comparison.base"

// comparisonConfig compares the stand-ins of a registry, with further arguments, in a provider with a cache of its own.
func comparisonConfig(cache, host, settings, arguments string) string {
	return fmt.Sprintf(`
provider "seaworthy" {
  cache_dir = %[1]q
  %[3]s
}
data "seaworthy_image_comparison" "base" {
  candidates = {
    alpine     = "%[2]s/base/alpine:3.22"
    debian     = "%[2]s/base/debian:13-slim"
    distroless = "%[2]s/base/distroless:debian13"
  }
  %[4]s
}
`, cache, host, settings, arguments)
}

// bases starts a registry with the stand-ins of base images.
func bases(t *testing.T) *registrytest.Server {
	t.Helper()
	server := registrytest.Start(t)
	for _, image := range []string{"base/alpine:3.22", "base/debian:13-slim", "base/distroless:debian13"} {
		repository, _, _ := strings.Cut(image, ":")
		server.Push(t, image, registrytest.BaseImage(repository))
	}
	return server
}

func comparisonCheck(value knownvalue.Check, first string, more ...string) statecheck.StateCheck {
	at := tfjsonpath.New(first)
	for _, name := range more {
		at = at.AtMapKey(name)
	}
	return statecheck.ExpectKnownValue(comparisonAddress, at, value)
}

func TestImageComparison(t *testing.T) {
	t.Parallel()
	server, cache := bases(t), t.TempDir()
	config := comparisonConfig(cache, server.Host(), "", `
  require = {
    libc            = "glibc"
    shell           = false
    package_manager = false
    non_root        = true
    platforms       = ["linux/amd64", "linux/arm64"]
    max_size_bytes  = 100000000
    supported_until = "2027-06-30"
    host_os         = "ubuntu"
  }
  rank_by        = ["packages", "size"]
  bandwidth_mbps = 8
  node_images    = ["`+server.Host()+`/base/debian:13-slim"]
  list_packages  = true`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				comparisonCheck(exactly("distroless", "alpine", "debian"), "ranking"),
				comparisonCheck(knownvalue.StringExact("distroless"), "recommended"),
				comparisonCheck(exactly(
					"libc: the image has musl, not glibc", "shell: the image has /bin/busybox, /bin/sh", "package_manager: the image has apk",
					"supported_until: alpine 3.22.1 reaches its end of life on 2027-05-01, before 2027-06-30",
					"host_os: the image is alpine, which is not of the family of ubuntu"), "results", "alpine", "reasons"),
				comparisonCheck(exactly("/usr/bin/su"), "results", "debian", "setuid_files"),
				comparisonCheck(exactly("/usr/bin/dash", "/usr/bin/sh"), "results", "debian", "shells"),
				comparisonCheck(knownvalue.StringExact("apt"), "results", "debian", "package_manager"),
				comparisonCheck(knownvalue.Int64Exact(6), "results", "debian", "wasted_bytes"),
				comparisonCheck(knownvalue.Float64Exact(0), "results", "debian", "estimated_pull_seconds"),
				comparisonCheck(knownvalue.StringExact("2028-08-09"), "results", "distroless", "end_of_life"),
				comparisonCheck(knownvalue.StringExact("distroless"), "results", "distroless", "family", "id"),
				comparisonCheck(knownvalue.MapExact(map[string]knownvalue.Check{"deb/libc6": knownvalue.StringExact("2.41-12")}), "results", "distroless", "packages"),
				comparisonCheck(knownvalue.Null(), "results", "distroless", "vulnerabilities"),
				comparisonCheck(knownvalue.StringRegexp(message("nothing asks for them")), "results", "distroless", "unknowns", "vulnerabilities"),
				comparisonCheck(knownvalue.StringRegexp(message("| 1 | **distroless** |")), "markdown"),
				comparisonCheck(knownvalue.StringRegexp(message("<svg")), "chart_svg"),
			},
		}, {
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		}},
	})
	// Three configs and five layers; every later run of the provider takes them from the cache.
	if n := server.Count(http.MethodGet, "/blobs/"); n != 8 {
		t.Errorf("%d blobs were read, want 8", n)
	}
}

func TestImageComparison_ConfigAloneReadsNoLayer(t *testing.T) {
	t.Parallel()
	server := bases(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: comparisonConfig(t.TempDir(), server.Host(), "", `
  inspect = "config"
  require = { libc = "glibc" }
  rank_by = ["size"]`),
			ConfigStateChecks: []statecheck.StateCheck{
				comparisonCheck(knownvalue.Null(), "recommended"),
				comparisonCheck(knownvalue.Null(), "results", "debian", "libc"),
				comparisonCheck(knownvalue.Null(), "results", "debian", "shells"),
				comparisonCheck(knownvalue.Int64Exact(3), "results", "debian", "layer_count"),
				comparisonCheck(exactly(`libc: it is not known: layers are not read; set inspect = "layers"`), "results", "debian", "reasons"),
			},
		}},
	})
	if n := server.Count(http.MethodGet, "/blobs/"); n != 3 {
		t.Errorf("%d blobs were read, want the three configs", n)
	}
}

func TestImageComparison_ReleasesOfTheUser(t *testing.T) {
	t.Parallel()
	server := bases(t)
	file := filepath.Join(t.TempDir(), "releases.csv")
	if err := os.WriteFile(file, []byte("id,version,end_of_life,extended,source,read\nalpine,3.22,2031-01-01,,https://example.com,2026-12-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:      comparisonConfig(t.TempDir(), server.Host(), `releases_file = "no/such.csv"`, ""),
			ExpectError: message("Invalid table of releases"),
		}, {
			Config: comparisonConfig(t.TempDir(), server.Host(), fmt.Sprintf("releases_file = %q", file), `require = { supported_until = "2030-01-01" }`),
			ConfigStateChecks: []statecheck.StateCheck{
				comparisonCheck(knownvalue.StringExact("2031-01-01"), "results", "alpine", "end_of_life"),
				comparisonCheck(knownvalue.StringExact("alpine"), "recommended"),
			},
		}},
	})
}

func TestImageComparison_UnknownArguments(t *testing.T) {
	t.Parallel()
	server := bases(t)
	config := func(candidates, arguments string) string {
		return fmt.Sprintf(`
provider "seaworthy" {
  cache_dir = %q
}
resource "terraform_data" "later" {
  input = %q
}
data "seaworthy_image_comparison" "base" {
  candidates = %s
  %s
}
`, t.TempDir(), server.Host()+"/base/alpine:3.22", candidates, arguments)
	}
	known := fmt.Sprintf("{ a = %q }", server.Host()+"/base/alpine:3.22")
	steps := map[string]string{
		"a candidate":      config("{ a = terraform_data.later.output }", ""),
		"all candidates":   config("{ for k in [terraform_data.later.output] : \"a\" => k }", ""),
		"require":          config(known, `require = terraform_data.later.id == "x" ? { libc = "glibc" } : { libc = "musl" }`),
		"a requirement":    config(known, `require = { libc = terraform_data.later.id == "x" ? "glibc" : "musl" }`),
		"limits":           config(known, `require = { max_vulnerabilities = { critical = length(terraform_data.later.id) } }`),
		"platforms":        config(known, `require = { platforms = [terraform_data.later.id == "x" ? "linux/arm64" : "linux/amd64"] }`),
		"inspect":          config(known, `inspect = terraform_data.later.id == "x" ? "config" : "layers"`),
		"platform":         config(known, `platform = terraform_data.later.id == "x" ? "linux/arm64" : "linux/amd64"`),
		"rank_by":          config(known, `rank_by = [terraform_data.later.id == "x" ? "size" : "packages"]`),
		"bandwidth":        config(known, `bandwidth_mbps = length(terraform_data.later.id)`),
		"node images":      config(known, "bandwidth_mbps = 1\n  node_images = [terraform_data.later.output]"),
		"floating tags":    config(known, `allow_floating_tag = terraform_data.later.id == "x"`),
		"list packages":    config(known, `list_packages = terraform_data.later.id == "x"`),
		"count":            config(known, `count_vulnerabilities = terraform_data.later.id == "x"`),
		"the days allowed": config(known, `require = { max_age_days = length(terraform_data.later.id) * 1000 }`),
	}
	for name, text := range steps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{{
					Config: text,
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
						plancheck.ExpectUnknownValue(comparisonAddress, tfjsonpath.New("markdown")),
					}},
					ConfigStateChecks: []statecheck.StateCheck{comparisonCheck(exactly("a"), "ranking")},
				}},
			})
		})
	}
}

func TestImageComparison_Refused(t *testing.T) {
	t.Parallel()
	server := bases(t)
	for name, tc := range map[string]struct{ arguments, want string }{
		"an unknown libc":                   {`require = { libc = "dietlibc" }`, `"dietlibc" is not one of the values that are known. Write one of: glibc, musl, both, none.`},
		"an unknown criterion":              {`rank_by = ["beauty"]`, `"beauty" is not one of the values that are known.`},
		"a criterion twice":                 {`rank_by = ["size", "size"]`, `"size" stands in the list twice`},
		"no criterion":                      {`rank_by = []`, `The list is empty.`},
		"non_root = false":                  {`require = { non_root = false }`, `non_root = false requires nothing.`},
		"no limits":                         {`require = { max_vulnerabilities = {} }`, `max_vulnerabilities has no limit in it.`},
		"a negative limit":                  {`require = { max_vulnerabilities = { high = -1 } }`, `The greatest number of high vulnerabilities is -1.`},
		"no day":                            {`require = { supported_until = "summer" }`, `"summer" is no day.`},
		"a day that is none":                {`require = { supported_until = "2027-02-30" }`, `"2027-02-30" is no day.`},
		"an unknown host":                   {`require = { host_os = "plan9" }`, `The family of the distribution "plan9" is not known.`},
		"no size":                           {`require = { max_size_bytes = 0 }`, `max_size_bytes is 0.`},
		"a negative age":                    {`require = { max_age_days = -1 }`, `max_age_days is -1.`},
		"a bad platform":                    {`platform = "amd64"`, `Platform "amd64" is not valid`},
		"a bad required platform":           {`require = { platforms = ["amd64"] }`, `require.platforms[0]: platform "amd64" is not valid`},
		"no bandwidth":                      {`bandwidth_mbps = 0`, `Write megabits a second, more than 0`},
		"node images for nothing":           {`node_images = ["registry.example.com/a:1.0.0"]`, `Set bandwidth_mbps, or rank by "pull", or remove node_images.`},
		"unknown depth":                     {`inspect = "files"`, `Write one of: config, layers.`},
		"packages without layers":           {"inspect = \"config\"\n  list_packages = true", `Packages stand in the layers`},
		"vulnerabilities without layers":    {"inspect = \"config\"\n  count_vulnerabilities = true", `Vulnerabilities are counted in the packages of the layers`},
		"ranking by what is not counted":    {"count_vulnerabilities = false\n  rank_by = [\"vulnerabilities\"]", `max_vulnerabilities or rank_by asks for their number`},
		"a platform that a candidate lacks": {`platform = "linux/s390x"`, `The image has no linux/s390x; it has linux/amd64, linux/arm64.`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps:                    []resource.TestStep{{Config: comparisonConfig(t.TempDir(), server.Host(), "", tc.arguments), ExpectError: message(tc.want)}},
			})
		})
	}
}

func TestImageComparison_AnImageAboveTheLimitsIsUnknownAndNotEligible(t *testing.T) {
	t.Parallel()
	server := bases(t)
	odd := registrytest.Index("linux/amd64")
	odd.Layers = [][]registrytest.File{{{Path: strings.Repeat("deep/", 1000) + "file", Content: "x"}}}
	server.Push(t, "base/alpine:3.22", odd)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: comparisonConfig(t.TempDir(), server.Host(), "", `require = { shell = false }`),
			ConfigStateChecks: []statecheck.StateCheck{
				comparisonCheck(knownvalue.Null(), "results", "alpine", "shells"),
				comparisonCheck(knownvalue.StringRegexp(message("a path is longer than 4096 bytes")), "results", "alpine", "unknowns", "shells"),
				comparisonCheck(knownvalue.Bool(false), "results", "alpine", "eligible"),
				comparisonCheck(exactly("distroless", "alpine", "debian"), "ranking"),
			},
		}},
	})
}

func TestImageComparison_AllBrokenCandidatesAreNamed(t *testing.T) {
	t.Parallel()
	server := bases(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(`
provider "seaworthy" {
  cache_dir = %q
}
data "seaworthy_image_comparison" "base" {
  candidates = {
    good    = "%[2]s/base/alpine:3.22"
    missing = "%[2]s/base/alpine:4.0"
    gone    = "%[2]s/base/nothing:1.0.0"
  }
}
`, t.TempDir(), server.Host()),
			ExpectError: message(`Unable to read image "` + server.Host() + `/base/nothing:1.0.0": not found`),
		}, {
			Config:      `data "seaworthy_image_comparison" "base" { candidates = { a = "nginx", b = "Bad Reference" } }`,
			ExpectError: message(`Invalid image reference`),
		}, {
			Config:      `data "seaworthy_image_comparison" "base" { candidates = { a = "nginx:latest" } }`,
			ExpectError: message(`Floating image tag`),
		}, {
			Config:      `data "seaworthy_image_comparison" "base" { candidates = {} }`,
			ExpectError: message(`There are 0 candidates.`),
		}},
	})
}

func TestImageComparison_CountsVulnerabilitiesWhereAsked(t *testing.T) {
	t.Parallel()
	server, dir := bases(t), t.TempDir()
	advisorytest.Database{
		Advisories: map[string]advisorytest.Packages{"debian 13": {
			"glibc": {"CVE-2026-0001": {"FixedVersion": "2.41-13"}},
			"apt":   {"CVE-2026-0002": {"FixedVersion": "3.0.4"}},
		}},
		Sources:    map[string]string{"debian 13": "debian"},
		Severities: map[string]map[string]int{"CVE-2026-0001": {"nvd": 3}, "CVE-2026-0002": {"nvd": 4}},
	}.WriteDir(t, dir)
	settings := fmt.Sprintf("vulnerability_database = { path = %q, warn_age_hours = 87000, max_age_hours = 87001 }", dir)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: comparisonConfig(t.TempDir(), server.Host(), settings, `
  require = { max_vulnerabilities = { critical = 0 } }
  rank_by = ["vulnerabilities"]`),
			ConfigStateChecks: []statecheck.StateCheck{
				comparisonCheck(counts(0, 1, 0, 0, 0), "results", "distroless", "vulnerabilities"),
				comparisonCheck(counts(1, 1, 0, 0, 0), "results", "debian", "vulnerabilities"),
				comparisonCheck(knownvalue.Null(), "results", "alpine", "vulnerabilities"),
				comparisonCheck(exactly("max_vulnerabilities: 1 critical vulnerabilities, at most 0 allowed"), "results", "debian", "reasons"),
				comparisonCheck(knownvalue.StringRegexp(message("alpine")), "results", "alpine", "unknowns", "vulnerabilities"),
				comparisonCheck(exactly("distroless", "debian", "alpine"), "ranking"),
				comparisonCheck(knownvalue.StringExact("distroless"), "recommended"),
			},
		}},
	})
}
