package provider

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

const scanAddress = "data.seaworthy_image_scan.api"

// debianImage is an image with two packages of Debian 12.
func debianImage(platforms ...string) registrytest.Image {
	image := registrytest.Index(platforms...)
	image.Config = func(_ string, c *v1.ConfigFile) { c.Config.Env = []string{"TOKEN=secret-in-the-image"} }
	image.Layers = [][]registrytest.File{
		{
			{Path: "etc/os-release", Content: "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"},
			{Path: "var/lib/dpkg/status", Content: "Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl\nVersion: 3.0.11-1~deb12u2\n\n" +
				"Package: tzdata\nStatus: install ok installed\nArchitecture: all\nVersion: 2024a-0+deb12u1\n"},
		},
		{{Path: "app", Content: "application"}},
	}
	return image
}

// advisories has a critical, a high and an unrated finding for debianImage, of which the high one has no fix.
var advisories = advisorytest.Database{
	Advisories: map[string]advisorytest.Packages{"debian 12": {
		"openssl": {
			"CVE-2024-5535": {"FixedVersion": "3.0.14-1~deb12u1"}, "CVE-2024-9999": {"Status": 5},
			"CVE-2023-0001": {"FixedVersion": "3.0.11-1~deb12u1"},
		},
		"tzdata": {"CVE-2024-0003": {"FixedVersion": "2024b-0+deb12u1"}},
	}},
	Sources:    map[string]string{"debian 12": "debian"},
	Severities: map[string]map[string]int{"CVE-2024-5535": {"nvd": 4, "debian": 1}, "CVE-2024-9999": {"nvd": 3}},
	Titles:     map[string]string{"CVE-2024-5535": "openssl: SSL_select_next_proto buffer overread"},
}

// withNVD is advisories, with a rating that Debian does not have for the first finding.
func withNVD() advisorytest.Database {
	database := advisories
	database.Severities = map[string]map[string]int{"CVE-2024-5535": {"nvd": 4}, "CVE-2024-9999": {"nvd": 3}}
	return database
}

// scanConfig is a data source in a provider with its own cache and the database at a path. The age of the database does not matter.
func scanConfig(t *testing.T, database advisorytest.Database, ref, arguments string) string {
	t.Helper()
	dir := t.TempDir()
	database.WriteDir(t, dir)
	return fmt.Sprintf(`
provider "seaworthy" {
  cache_dir              = %q
  vulnerability_database = { path = %q, warn_age_hours = 87000, max_age_hours = 87001 }
}
data "seaworthy_image_scan" "api" {
  ref = %q
  %s
}
`, t.TempDir(), dir, ref, arguments)
}

func scanCheck(name string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(scanAddress, tfjsonpath.New(name), value)
}

func counts(critical, high, medium, low, unknown int64) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"critical": knownvalue.Int64Exact(critical), "high": knownvalue.Int64Exact(high), "medium": knownvalue.Int64Exact(medium),
		"low": knownvalue.Int64Exact(low), "unknown": knownvalue.Int64Exact(unknown),
	})
}

func TestImageScan_Report(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	digest := server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	finding := func(id, severity string) knownvalue.Check {
		return knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": knownvalue.StringExact(id), "severity": knownvalue.StringExact(severity)})
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: scanConfig(t, withNVD(), server.Host()+"/shop/api:1.4.2", ""),
			ConfigStateChecks: []statecheck.StateCheck{
				scanCheck("platform", knownvalue.StringExact("linux/amd64")),
				scanCheck("digest", digestOtherThan(digest)),
				scanCheck("distribution", knownvalue.StringExact("debian 12")),
				scanCheck("database_updated", knownvalue.StringExact("2026-03-01T06:00:00Z")),
				scanCheck("passed", knownvalue.Null()),
				scanCheck("counts", counts(1, 1, 0, 0, 1)),
				scanCheck("ignored", knownvalue.ListExact(nil)),
				scanCheck("undecided", knownvalue.ListExact(nil)),
				scanCheck("findings", knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectExact(map[string]knownvalue.Check{
						"id": knownvalue.StringExact("CVE-2024-5535"), "vendor_ids": knownvalue.ListExact(nil),
						"severity": knownvalue.StringExact("critical"), "severity_source": knownvalue.StringExact("nvd"),
						"severities": knownvalue.MapExact(map[string]knownvalue.Check{"nvd": knownvalue.StringExact("critical")}),
						"package":    knownvalue.StringExact("libssl3"), "source_package": knownvalue.StringExact("openssl"), "ecosystem": knownvalue.StringExact("deb"),
						"installed": knownvalue.StringExact("3.0.11-1~deb12u2"), "fixed": knownvalue.StringExact("3.0.14-1~deb12u1"),
						"status": knownvalue.StringExact("fixed"), "source": knownvalue.StringExact("debian"),
						"title": knownvalue.StringExact("openssl: SSL_select_next_proto buffer overread"),
						"url":   knownvalue.StringExact("https://security-tracker.debian.org/tracker/CVE-2024-5535"),
						"path":  knownvalue.StringExact("var/lib/dpkg/status"), "layer": knownvalue.StringRegexp(regexp.MustCompile("^sha256:")),
					}),
					finding("CVE-2024-9999", "high"), finding("CVE-2024-0003", "unknown"),
				})),
			},
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		}},
	})
	for _, r := range server.Requests() {
		if r.Method != "GET" && r.Method != "HEAD" {
			t.Errorf("the registry was asked %s", r)
		}
	}
}

// The publisher's own rating counts before NVD's.
func TestImageScan_FailOn(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	ref := server.Host() + "/shop/api:1.4.2"
	for name, tt := range map[string]struct {
		arguments, refused string
		passed             bool
	}{
		"above everything":   {`fail_on = "critical"`, "", true},
		"at one":             {`fail_on = "high"`, `(?s)severity\s+high or worse.*CVE-2024-9999 \(high\): libssl3 3.0.11-1~deb12u2, no version fixes\s+it yet`, false},
		"only what is fixed": {"fail_on = \"high\"\nonly_fixed = true", "", true},
		"ignored": {`fail_on = "high"
			ignore = { "CVE-2024-9999" = { reason = "not reachable", expires = "2999-12-31", packages = ["openssl"] } }`, "", true},
		"ignored, the package": {`fail_on = "low"
			ignore_packages = { openssl = { reason = "not used", expires = "2999-12-31" } }`, "", true},
		"ignored for another package": {`fail_on = "high"
			ignore = { "CVE-2024-9999" = { reason = "not reachable", expires = "2999-12-31", packages = ["tzdata"] } }`, `CVE-2024-9999 \(high\)`, false},
		"expired": {`ignore = { "CVE-2024-9999" = { reason = "not reachable", expires = "2020-01-31" } }`, `(?s)Ignore has expired.*ignore\["CVE-2024-9999"\]: its last day has passed`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := resource.TestStep{Config: scanConfig(t, advisories, ref, tt.arguments)}
			if tt.refused != "" {
				step.ExpectError = regexp.MustCompile(tt.refused)
			} else if strings.Contains(tt.arguments, "fail_on") {
				step.ConfigStateChecks = []statecheck.StateCheck{scanCheck("passed", knownvalue.Bool(tt.passed))}
			}
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{step}})
		})
	}
}

func TestImageScan_IgnoredShowsTheReason(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: scanConfig(t, withNVD(), server.Host()+"/shop/api:1.4.2", `
				ignore = { "CVE-2024-5535" = { reason = "not reachable", expires = "2999-12-31" }, "CVE-1999-0001" = { reason = "gone", expires = "2999-12-31" } }`),
			ConfigStateChecks: []statecheck.StateCheck{
				scanCheck("counts", counts(0, 1, 0, 0, 1)),
				scanCheck("ignored", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
					"id": knownvalue.StringExact("CVE-2024-5535"), "package": knownvalue.StringExact("libssl3"), "severity": knownvalue.StringExact("critical"),
					"reason": knownvalue.StringExact("not reachable"), "expires": knownvalue.StringExact("2999-12-31"),
				})})),
			},
		}},
	})
}

// What is not known is an error, and never an image without vulnerabilities.
func TestImageScan_FailsClosed(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	image := func(files ...registrytest.File) registrytest.Image {
		i := registrytest.Single("linux/amd64")
		i.Layers = [][]registrytest.File{files}
		return i
	}
	release := registrytest.File{Path: "etc/os-release", Content: "ID=debian\nVERSION_ID=12\n"}
	status := registrytest.File{Path: "var/lib/dpkg/status", Content: "Package: libssl3\nStatus: install ok installed\nVersion: 3.0\n"}
	for name, tt := range map[string]struct {
		image    registrytest.Image
		database string // what is written instead of the path
		want     string
	}{
		"an unknown distribution":     {image(registrytest.File{Path: "etc/os-release", Content: "ID=gentoo\n"}, status), "", `(?s)do not cover the\s+distribution "gentoo"`},
		"an unknown release":          {image(registrytest.File{Path: "etc/os-release", Content: "ID=debian\nVERSION_ID=99\n"}, status), "", `has no\s+"debian 99"`},
		"packages without a release":  {image(status), "", `do not cover the\s+distribution "unknown"`},
		"a hidden package list":       {image(release), "", `no\s+list of its packages`},
		"nothing that could be read":  {image(registrytest.File{Path: "app", Content: "x"}), "", `no list of packages`},
		"a broken package list":       {image(release, registrytest.File{Path: "var/lib/dpkg/status", Content: "Package: x\nStatus: install ok installed\n\n"}), "", `(?s)packages\s+are not known`},
		"several platforms":           {debianImage("linux/amd64", "linux/arm64"), "", `(?s)several platforms.*linux/amd64, linux/arm64`},
		"no database":                 {debianImage("linux/amd64"), `path = "/nonexistent/database"`, `(?s)Unable to open the vulnerability database.*no such\s+file`},
		"a database that is too old":  {debianImage("linux/amd64"), "max_age_hours = 1", `(?s)was made\s+2026-03-01T06:00:00Z.*raise\s+max_age_hours`},
		"a registry that has none":    {debianImage("linux/amd64"), fmt.Sprintf("ref = %q", server.Host()+"/nothing:2"), `(?s)vulnerability database:\s+not found`},
		"an artifact of another kind": {debianImage("linux/amd64"), fmt.Sprintf("ref = %q", server.Host()+"/shop/chart:1"), `(?s)no\s+database of trivy-db`},
	} {
		t.Run(name, func(t *testing.T) {
			repository := regexp.MustCompile(`[^a-z]+`).ReplaceAllString(name, "-")
			server.Push(t, repository+":1.0.0", tt.image)
			server.PushArtifact(t, "shop/chart:1", registrytest.Artifact{Type: "application/vnd.cncf.helm.config.v1+json", MediaType: "application/x", Content: "x"})
			config := scanConfig(t, advisories, server.Host()+"/"+repository+":1.0.0", "")
			switch {
			case strings.HasPrefix(tt.database, "max_age"):
				config = regexp.MustCompile(`warn_age_hours = 87000, max_age_hours = 87001`).ReplaceAllString(config, tt.database)
			case tt.database != "":
				config = regexp.MustCompile(`vulnerability_database = .*`).ReplaceAllString(config, "vulnerability_database = { "+tt.database+" }")
			}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps:                    []resource.TestStep{{Config: config, ExpectError: regexp.MustCompile(tt.want)}},
			})
		})
	}
}

func TestImageScan_Undecided(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	image := debianImage("linux/amd64")
	image.Layers[0][1].Content = strings.ReplaceAll(image.Layers[0][1].Content, "Version: 3.0.11-1~deb12u2", "Version: x:1")
	server.Push(t, "shop/api:1.4.2", image)
	ref := server.Host() + "/shop/api:1.4.2"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: scanConfig(t, advisories, ref, `fail_on = "critical"`), ExpectError: regexp.MustCompile(`(?s)packages that can not be judged.*libssl3\s+x:1`)},
			{
				Config: scanConfig(t, advisories, ref, "fail_on = \"critical\"\naccept_undecided = \"a fork with its own versions\""),
				ConfigStateChecks: []statecheck.StateCheck{
					scanCheck("passed", knownvalue.Bool(true)),
					scanCheck("undecided", knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"package": knownvalue.StringExact("libssl3"), "version": knownvalue.StringExact("x:1"),
					})})),
				},
			},
		},
	})
}

func TestImageScan_InvalidArguments(t *testing.T) {
	t.Parallel()
	for arguments, want := range map[string]string{
		`fail_on = "severe"`:    `Use critical, high, medium or low`,
		`fail_on = "unknown"`:   `Use critical, high, medium or low`,
		`fail_on = "HIGH"`:      `Use critical, high, medium or low`,
		`platform = "linux"`:    `Invalid platform`,
		`accept_undecided = ""`: `The reason is empty`,
		`ignore = { "CVE-1" = { reason = "", expires = "2999-12-31" } }`:     `(?s)ignore\["CVE-1"\].reason: must not be empty`,
		`ignore = { "CVE-1" = { reason = "x", expires = "soon" } }`:          `(?s)ignore\["CVE-1"\].expires: "soon" is no date`,
		`ignore_packages = { x = { reason = " ", expires = "2999-12-31" } }`: `(?s)ignore_packages\["x"\].reason: must not be empty`,
		`ignore = { "" = { reason = "x", expires = "2999-12-31" } }`:         `The key is empty`,
		"ref = \"a b\"\n": `Invalid image reference`,
	} {
		config := scanConfig(t, advisories, "registry.example.com/shop/api:1", arguments)
		if strings.HasPrefix(arguments, "ref") {
			config = strings.Replace(config, `ref = "registry.example.com/shop/api:1"`, "", 1)
		}
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: factories,
			Steps:                    []resource.TestStep{{Config: config, PlanOnly: true, ExpectError: regexp.MustCompile(want)}},
		})
	}
}

func TestImageScan_UnknownArguments(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: `
resource "terraform_data" "x" {
  input = { ref = "` + server.Host() + `/shop/api:1.4.2", severity = "critical", platform = "linux/amd64", date = "2999-12-31", reason = "later", yes = true, name = "openssl" }
}
` + strings.Replace(scanConfig(t, advisories, "", `
  fail_on          = terraform_data.x.output.severity
  platform         = terraform_data.x.output.platform
  only_fixed       = terraform_data.x.output.yes
  accept_undecided = terraform_data.x.output.reason
  ignore           = { "CVE-2024-5535" = { reason = terraform_data.x.output.reason, expires = terraform_data.x.output.date, packages = [terraform_data.x.output.name] } }
  ignore_packages  = { tzdata = { reason = terraform_data.x.output.reason, expires = terraform_data.x.output.date } }
`), `ref = ""`, `ref = terraform_data.x.output.ref`, 1),
			ConfigStateChecks: []statecheck.StateCheck{scanCheck("passed", knownvalue.Bool(true)), scanCheck("counts", counts(0, 0, 0, 0, 0))},
			ConfigPlanChecks:  resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		}},
	})
}
