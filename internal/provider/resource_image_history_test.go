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
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

const historyAddress = "seaworthy_image_history.api"

// installed describes a Debian image with packages, given as "name version".
func installed(packages ...string) registrytest.Image {
	status := ""
	for _, p := range packages {
		name, version, _ := strings.Cut(p, " ")
		status += fmt.Sprintf("Package: %s\nStatus: install ok installed\nArchitecture: amd64\nVersion: %s\n\n", name, version)
	}
	image := registrytest.Index("linux/amd64", "linux/arm64")
	image.Layers = [][]registrytest.File{{{Path: "etc/os-release", Content: "ID=debian\nVERSION_ID=\"12\"\n"}, {Path: "var/lib/dpkg/status", Content: status}}}
	return image
}

// Two releases of one image: an update that fixes something, a package that comes with something, and one that goes.
var (
	firstRelease  = installed("openssl 3.0.11-1~deb12u2", "tzdata 2024a-0+deb12u1", "legacy 1.0")
	secondRelease = installed("openssl 3.0.14-1~deb12u1", "tzdata 2024a-0+deb12u1", "curl 7.88.1-10")
)

// releaseAdvisories know one critical vulnerability in each release, and later one in both.
func releaseAdvisories(later bool) advisorytest.Database {
	d := advisorytest.Database{
		Advisories: map[string]advisorytest.Packages{"debian 12": {
			"openssl": {"CVE-2024-5535": {"FixedVersion": "3.0.14-1~deb12u1"}},
			"curl":    {"CVE-2025-1111": {"FixedVersion": "7.88.1-11"}},
		}},
		Sources:    map[string]string{"debian 12": "debian"},
		Severities: map[string]map[string]int{"CVE-2024-5535": {"nvd": 4}, "CVE-2025-1111": {"nvd": 4}, "CVE-2026-7777": {"nvd": 4}},
	}
	if later {
		d.Advisories["debian 12"]["tzdata"] = map[string]advisorytest.Advisory{"CVE-2026-7777": {"FixedVersion": "2026a"}}
	}
	return d
}

// historyConfig is a history in a provider with a cache of its own and a database.
func historyConfig(t *testing.T, database, image, arguments string) string {
	t.Helper()
	return fmt.Sprintf(`
provider "seaworthy" {
  cache_dir              = %q
  vulnerability_database = { path = %q, warn_age_hours = 87000, max_age_hours = 87001 }
  max_retries            = 0
}
resource "seaworthy_image_history" "api" {
  name     = "api"
  image    = %s
  platform = "linux/amd64"
  %s
}
`, t.TempDir(), database, image, arguments)
}

func writeDatabase(t *testing.T, d advisorytest.Database) string {
	t.Helper()
	dir := t.TempDir()
	d.WriteDir(t, dir)
	return dir
}

func textsExactly(pairs ...string) knownvalue.Check {
	checks := map[string]knownvalue.Check{}
	for i := 0; i < len(pairs); i += 2 {
		checks[pairs[i]] = knownvalue.StringExact(pairs[i+1])
	}
	return knownvalue.MapExact(checks)
}

func historyCheck(value knownvalue.Check, name string, steps ...any) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(historyAddress, historyPath(name, steps...), value)
}

func historyPath(name string, steps ...any) tfjsonpath.Path {
	at := tfjsonpath.New(name)
	for _, step := range steps {
		switch step := step.(type) {
		case int:
			at = at.AtSliceIndex(step)
		case string:
			at = at.AtMapKey(step)
		}
	}
	return at
}

// pinnedAt pushes an image and returns its pinned reference, quoted.
func pinnedAt(t *testing.T, server *registrytest.Server, tag string, image registrytest.Image) string {
	t.Helper()
	return fmt.Sprintf("%q", server.Host()+"/"+tag+"@"+server.Push(t, tag, image))
}

func TestImageHistory_WhatChanges(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	first, second := pinnedAt(t, server, "shop/api:1.0.0", firstRelease), pinnedAt(t, server, "shop/api:1.1.0", secondRelease)
	early, late := writeDatabase(t, releaseAdvisories(false)), writeDatabase(t, releaseAdvisories(true))
	limits := `max_growth = "50%"`
	changes := knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"previous_digest":       knownvalue.StringExact(strings.Trim(first[strings.Index(first, "@")+1:], `"`)),
		"packages_added":        textsExactly("deb/curl", "7.88.1-10"),
		"packages_removed":      textsExactly("deb/legacy", "1.0"),
		"packages_changed":      textsExactly("deb/openssl", "3.0.11-1~deb12u2 -> 3.0.14-1~deb12u1"),
		"new_vulnerabilities":   textsExactly("CVE-2025-1111", "critical"), // and not what became known of both
		"fixed_vulnerabilities": textsExactly("CVE-2024-5535", "critical"),
		"omitted":               knownvalue.Int64Exact(0),
	})
	down := func() { server.Inject(registrytest.Status(http.StatusServiceUnavailable, "DOWN", "down")) }
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{
			Config: historyConfig(t, early, first, limits),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(historyAddress, tfjsonpath.New("packages"), knownvalue.MapSizeExact(3)),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				historyCheck(knownvalue.ListSizeExact(1), "entries"),
				historyCheck(counts(1, 0, 0, 0, 0), "entries", 0, "vulnerabilities"),
				historyCheck(knownvalue.Int64Exact(3), "entries", 0, "package_count"),
				historyCheck(textsExactly("CVE-2024-5535", "critical"), "vulnerabilities"),
				historyCheck(knownvalue.Null(), "changes"),
				historyCheck(textsExactly(), "unknowns"),
			},
		},
		{ // The same image again: no registry is asked, though the database is a newer one.
			PreConfig: down, Config: historyConfig(t, late, first, limits), PlanOnly: true,
		},
		{
			PreConfig:        server.Repair,
			Config:           historyConfig(t, late, second, limits),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectKnownValue(historyAddress, tfjsonpath.New("changes"), changes)}},
			ConfigStateChecks: []statecheck.StateCheck{
				historyCheck(knownvalue.ListSizeExact(2), "entries"),
				historyCheck(counts(1, 0, 0, 0, 0), "entries", 0, "vulnerabilities"),
				historyCheck(counts(2, 0, 0, 0, 0), "entries", 1, "vulnerabilities"),
				historyCheck(changes, "changes"),
			},
		},
		{ // Another tag of the same image is no other image.
			PreConfig: down, Config: historyConfig(t, late, strings.Replace(second, "1.1.0", "stable", 1), limits),
			ConfigStateChecks: []statecheck.StateCheck{
				historyCheck(knownvalue.ListSizeExact(2), "entries"), historyCheck(changes, "changes"),
				historyCheck(knownvalue.StringExact(strings.Trim(strings.Replace(second, "1.1.0", "stable", 1), `"`)), "entries", 1, "image"),
			},
		},
		{
			Config:            historyConfig(t, late, strings.Replace(second, "1.1.0", "stable", 1), "keep = 1"),
			ConfigStateChecks: []statecheck.StateCheck{historyCheck(knownvalue.ListSizeExact(1), "entries"), historyCheck(changes, "changes")},
		},
		{ResourceName: historyAddress, ImportState: true, ImportStateId: "api", ImportStateVerify: false},
	}})
}

func TestImageHistory_Limits(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	first, second := pinnedAt(t, server, "shop/api:1.0.0", firstRelease), pinnedAt(t, server, "shop/api:1.1.0", secondRelease)
	large := secondRelease
	large.Layers = append(append([][]registrytest.File{}, large.Layers...), []registrytest.File{{Path: "data", Content: strings.Repeat("data", 10_000)}})
	third := pinnedAt(t, server, "shop/api:1.2.0", large)
	database := writeDatabase(t, releaseAdvisories(false))
	none := t.TempDir()
	failing := func(database, image, limit, text string) resource.TestStep {
		return resource.TestStep{Config: historyConfig(t, database, image, limit), ExpectError: message(text)}
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		// The first image is compared with nothing.
		{Config: historyConfig(t, database, first, "max_growth = \"0%\"\n  fail_on_new = \"low\"")},
		failing(database, third, `max_growth = "10%"`, "and 10% are allowed"),
		failing(database, second, `fail_on_new = "critical"`, "had not: CVE-2025-1111 (critical)"),
		failing(none, second, `fail_on_new = "critical"`, "the image has new vulnerabilities is not known: the advisory database"),
		// A failed plan changes nothing, and without the limit the image is taken.
		{
			Config: historyConfig(t, none, second, ""),
			ConfigStateChecks: []statecheck.StateCheck{
				historyCheck(knownvalue.ListSizeExact(2), "entries"),
				historyCheck(knownvalue.Null(), "vulnerabilities"),
				historyCheck(knownvalue.Null(), "entries", 1, "vulnerabilities"),
				historyCheck(knownvalue.NotNull(), "unknowns", "vulnerabilities"),
				historyCheck(knownvalue.Null(), "changes", "new_vulnerabilities"),
				historyCheck(textsExactly("deb/curl", "7.88.1-10"), "changes", "packages_added"),
			},
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	}})
}

// An image that was deleted from the registry is compared by what was recorded of it.
func TestImageHistory_ImageBeforeIsGone(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	first, second := pinnedAt(t, server, "shop/api:1.0.0", firstRelease), pinnedAt(t, server, "shop/api:1.1.0", secondRelease)
	early, late := writeDatabase(t, releaseAdvisories(false)), writeDatabase(t, releaseAdvisories(true))
	gone := registrytest.Status(http.StatusNotFound, "MANIFEST_UNKNOWN", "gone").On("", strings.Trim(first[strings.Index(first, "@")+1:], `"`))
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: historyConfig(t, early, first, "")},
		{
			PreConfig: func() { server.Inject(gone) },
			Config:    historyConfig(t, late, second, ""),
			ConfigStateChecks: []statecheck.StateCheck{
				historyCheck(textsExactly("deb/legacy", "1.0"), "changes", "packages_removed"),
				historyCheck(textsExactly("CVE-2025-1111", "critical", "CVE-2026-7777", "critical"), "changes", "new_vulnerabilities"),
			},
		},
	}})
}

func TestImageHistory_ReadAgainWhereMoreIsAsked(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	image, database := pinnedAt(t, server, "shop/api:1.0.0", firstRelease), writeDatabase(t, releaseAdvisories(false))
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{
			Config: historyConfig(t, database, image, `inspect = "config"`),
			ConfigStateChecks: []statecheck.StateCheck{
				historyCheck(knownvalue.Null(), "packages"), historyCheck(knownvalue.Null(), "entries", 0, "package_count"),
				historyCheck(knownvalue.StringExact(`layers are not read; set inspect = "layers"`), "unknowns", "packages"),
			},
		},
		{
			Config: historyConfig(t, database, image, "count_vulnerabilities = false"),
			ConfigStateChecks: []statecheck.StateCheck{
				historyCheck(knownvalue.ListSizeExact(1), "entries"), historyCheck(knownvalue.MapSizeExact(3), "packages"), historyCheck(knownvalue.Null(), "vulnerabilities"),
			},
		},
		{
			Config:            historyConfig(t, database, image, ""),
			ConfigStateChecks: []statecheck.StateCheck{historyCheck(knownvalue.ListSizeExact(1), "entries"), historyCheck(knownvalue.MapSizeExact(1), "vulnerabilities")},
		},
		{ // Another platform is another history.
			Config:            strings.Replace(historyConfig(t, database, image, ""), "linux/amd64", "linux/arm64", 1),
			ConfigStateChecks: []statecheck.StateCheck{historyCheck(knownvalue.ListSizeExact(1), "entries"), historyCheck(knownvalue.StringExact("linux/arm64"), "entries", 0, "platform")},
		},
	}})
}

// An image that is pinned in the same apply makes what follows from it unknown, and nothing else.
func TestImageHistory_UnknownImage(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	image, database := pinnedAt(t, server, "shop/api:1.0.0", firstRelease), writeDatabase(t, releaseAdvisories(false))
	unknown := func(name string) plancheck.PlanCheck {
		return plancheck.ExpectUnknownValue(historyAddress, tfjsonpath.New(name))
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: fmt.Sprintf("resource \"terraform_data\" \"built\" {\n  input = %s\n}\n", image) + historyConfig(t, database, "terraform_data.built.output", `max_growth = "10%"`),
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply:             []plancheck.PlanCheck{unknown("entries"), unknown("packages"), unknown("vulnerabilities"), unknown("changes"), unknown("unknowns")},
			PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		},
		ConfigStateChecks: []statecheck.StateCheck{historyCheck(knownvalue.MapSizeExact(3), "packages")},
	}}})
}

func TestImageHistory_Errors(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	image := pinnedAt(t, server, "shop/api:1.0.0", firstRelease)
	missing := fmt.Sprintf("%q", server.Host()+"/shop/none:1@sha256:"+strings.Repeat("0", 64))
	config := func(image, arguments string) string {
		return fmt.Sprintf("resource \"seaworthy_image_history\" \"api\" {\n  name  = \"api\"\n  image = %s\n  %s\n}\n", image, arguments)
	}
	for name, tt := range map[string]struct{ image, arguments, want string }{
		"no digest":             {`"registry.invalid/a:1.0.0"`, "", "has no digest"},
		"no reference":          {`"a b"`, "", "Invalid image reference"},
		"several platforms":     {image, "", "name one in platform: linux/amd64, linux/arm64"},
		"missing platform":      {image, `platform = "linux/s390x"`, "linux/s390x"},
		"no such image":         {missing, `inspect = "config"`, "not found"},
		"no percentage":         {image, `max_growth = "10"`, "is no percentage"},
		"no severity":           {image, `fail_on_new = "bad"`, "Use critical, high, medium or low"},
		"keep of none":          {image, "keep = 0", "Write a number from 1 to 100"},
		"depth":                 {image, `inspect = "files"`, "Write one of: config, layers"},
		"limit without layers":  {image, "inspect = \"config\"\n  fail_on_new = \"high\"", "says not to look for any"},
		"counts without layers": {image, "inspect = \"config\"\n  count_vulnerabilities = true", "which inspect = \"config\" does not read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: config(tt.image, tt.arguments), ExpectError: message(tt.want),
			}}})
		})
	}
}
