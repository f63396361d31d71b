package provider

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestProvider_VulnerabilityDatabaseSettings(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		`ref = "a b"`:             `vulnerability database`,
		`ref = ""`:                `The text is empty`,
		`path = ""`:               `The text is empty`,
		`ref = "a/b", path = "c"`: `exclude each other`,
		`sha256 = "` + strings.Repeat("a", 64) + `"`:             `path is not set`,
		`path = "x", sha256 = "abc"`:                             `64 hexadecimal digits`,
		`path = "x", sha256 = "` + strings.Repeat("a", 62) + `"`: `64 hexadecimal digits`,
		`max_age_hours = 0`:                                      `Use 1 to`,
		`warn_age_hours = -1`:                                    `Use 1 to`,
		`warn_age_hours = 99999999999`:                           `Use 1 to`,
		`warn_age_hours = 200`:                                   `above\s+max_age_hours`,
		`warn_age_hours = 100, max_age_hours = 5`:                `above\s+max_age_hours`,
	} {
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: factories,
			Steps: []resource.TestStep{{
				Config: fmt.Sprintf(`
provider "seaworthy" {
  vulnerability_database = { %s }
}
data "seaworthy_image_scan" "api" {
  ref = "registry.example.com/shop/api:1.4.2"
}`, settings),
				PlanOnly: true, ExpectError: regexp.MustCompile("(?s)" + want),
			}},
		})
	}
}

// A pulled database is kept: the second run asks for no blob, and without network none is needed where everything is pinned.
func TestProvider_VulnerabilityDatabasePulled(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.PushArtifact(t, "trivy-db:2", registrytest.Artifact{
		Type: "application/vnd.aquasec.trivy.config.v1+json", MediaType: "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip", Content: string(withNVD().Archive(t)),
	})
	server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	config := regexp.MustCompile(`path = "[^"]*"`).ReplaceAllString(scanConfig(t, advisories, server.Host()+"/shop/api:1.4.2", ""), fmt.Sprintf("ref = %q", server.Host()+"/trivy-db:2"))
	step := resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
		scanCheck("counts", counts(1, 1, 0, 0, 1)),
		scanCheck("database", knownvalue.StringRegexp(regexp.MustCompile(`/trivy-db:2@sha256:[0-9a-f]{64}$`))),
	}}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{step}})
	server.ForgetRequests()
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{step}})
	if n := server.Count("GET", "/blobs/"); n != 0 {
		t.Errorf("the second run asked for %d blobs", n)
	}
}

func TestImageScan_OfflineWithLayoutAndLocalDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	registrytest.WriteLayout(t, dir, "1.0.0", debianImage("linux/amd64"))
	w := clitest.New(t, map[string]string{"main.tf": requiredProviders + scanConfig(t, withNVD(), "oci-layout:"+dir+":1.0.0", "")})
	// Nothing listens on the discard port: whoever asks the network gets an error.
	w.Setenv("HTTPS_PROXY", "http://127.0.0.1:9")
	w.Setenv("HTTP_PROXY", "http://127.0.0.1:9")
	w.Run(t, "init")
	w.Run(t, "apply", "-auto-approve", "-no-color")
	if output := w.Run(t, "show", "-no-color"); !strings.Contains(output, "CVE-2024-5535") {
		t.Errorf("the scan has no finding:\n%s", output)
	}
}

func TestProvider_VulnerabilityDatabaseEnvironment(t *testing.T) {
	t.Parallel()
	for variable, tt := range map[string]struct{ value, want string }{
		"SEAWORTHY_VULNERABILITY_DATABASE_PATH": {"/nonexistent/database", "no such file"},
		"SEAWORTHY_VULNERABILITY_DATABASE_REF":  {"not a reference", "Invalid vulnerability database"},
	} {
		config := regexp.MustCompile(`(?m)^.*vulnerability_database = .*$`).ReplaceAllString(scanConfig(t, advisories, "oci-layout:.", ""), "")
		dir := t.TempDir()
		registrytest.WriteLayout(t, dir, "1.0.0", debianImage("linux/amd64"))
		config = strings.Replace(config, "oci-layout:.", "oci-layout:"+dir+":1.0.0", 1)
		w := clitest.New(t, map[string]string{"main.tf": requiredProviders + config})
		w.Setenv(variable, tt.value)
		w.Run(t, "init")
		if output, err := w.Try(t.Context(), "plan", "-no-color"); err == nil || !message(tt.want).MatchString(output) {
			t.Errorf("%s: %q is not in:\n%s", variable, tt.want, output)
		}
	}
}
