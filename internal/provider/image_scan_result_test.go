package provider

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// trivyReport is a report of one high finding about a digest, made at the given time.
func trivyReport(digest string, created time.Time) string {
	return fmt.Sprintf(`{"SchemaVersion":2,"CreatedAt":%q,"ArtifactType":"container_image","Metadata":{"RepoDigests":["x/api@%s"],"ImageConfig":{"os":"linux","architecture":"amd64"}},
"Results":[{"Class":"os-pkgs","Type":"debian","Vulnerabilities":[{"VulnerabilityID":"CVE-2025-1","PkgName":"libssl3","InstalledVersion":"3.0.11","Severity":"HIGH","SeveritySource":"debian"}]}]}`,
		created.Format(time.RFC3339), digest)
}

// bom is a bill of materials with what debianImage holds.
func bom(digest string) string {
	return fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"container","name":"api","version":%q}},
"components":[{"type":"operating-system","name":"debian","version":"12"},{"type":"library","name":"libssl3","purl":"pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&upstream=openssl"}]}`, digest)
}

func writeFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "document.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// years is an age that documents of a fixed date never reach.
const years = "max_age_hours = 87840"

var reported = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestImageScan_ResultFromAFile(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	index := server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	sarif := fmt.Sprintf(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy"}},"properties":{"repoDigests":["x@%s"]},
"results":[{"ruleId":"CVE-2025-2","message":{"text":"Package: bash\nInstalled Version: 5\nSeverity: CRITICAL\nFixed Version: 6"}}]}]}`, index)
	other := "sha256:" + strings.Repeat("d", 64)
	for name, tt := range map[string]struct {
		document, arguments string
		counts              knownvalue.Check
		refused             string
	}{
		"Trivy":                  {trivyReport(index, reported), years, counts(0, 1, 0, 0, 0), ""},
		"Trivy of another image": {trivyReport(other, reported), years, nil, `(?s)it is\s+about\s+sha256:dddd`},
		"Trivy, too old":         {trivyReport(index, reported), "max_age_hours = 24", nil, `more\s+than\s+24\s+hours\s+ago`},
		"SARIF without a date":   {sarif, years, nil, `(?s)does\s+not\s+say\s+when`},
		"SARIF with a date":      {sarif, years + ", created = \"2026-03-01T00:00:00Z\"", counts(1, 0, 0, 0, 0), ""},
		"CycloneDX":              {bom(index), "", counts(1, 1, 0, 0, 0), ""},
		"no document":            {"{}", "", nil, `none\s+of\s+Trivy's\s+JSON`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arguments := fmt.Sprintf("result = { file = { path = %q, %s } }", writeFile(t, tt.document), tt.arguments)
			step := resource.TestStep{Config: scanConfig(t, withNVD(), server.Host()+"/shop/api:1.4.2", arguments)}
			if tt.refused != "" {
				step.ExpectError = regexp.MustCompile(tt.refused)
			} else {
				step.ConfigStateChecks = []statecheck.StateCheck{scanCheck("counts", tt.counts), scanCheck("result_source", knownvalue.StringRegexp(regexp.MustCompile(`document\.json`)))}
				step.ConfigPlanChecks = resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
			}
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{step}})
		})
	}
}

// A result of another tool needs neither layers nor a database.
func TestImageScan_ResultReadsNoLayer(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	index := server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	config := scanConfig(t, advisories, server.Host()+"/shop/api:1.4.2", fmt.Sprintf("fail_on = \"critical\"\nresult = { file = { path = %q, %s } }", writeFile(t, trivyReport(index, reported)), years))
	config = regexp.MustCompile(`path = "[^"]*", warn`).ReplaceAllString(config, `path = "/nonexistent", warn`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{Config: config, ConfigStateChecks: []statecheck.StateCheck{
			scanCheck("passed", knownvalue.Bool(true)), scanCheck("database", knownvalue.Null()), scanCheck("database_updated", knownvalue.Null()),
		}}},
	})
	blobs := map[string]bool{}
	for _, r := range server.Requests() {
		if strings.Contains(r.Path, "/blobs/") {
			blobs[r.Path] = true
		}
	}
	if len(blobs) != 1 {
		t.Errorf("%d blobs were read, want the config alone: %v", len(blobs), blobs)
	}
}

func TestImageScan_ResultThatIsAttached(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]registrytest.Option{"by the referrers API": {registrytest.WithReferrers()}, "by the fallback tag": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := registrytest.Start(t, options...)
			index := server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
			attach := func(kind, content string) {
				server.Attach(t, "shop/api", index, registrytest.Artifact{Type: kind, MediaType: kind, Content: content})
			}
			attach("application/vnd.dev.cosign.simplesigning.v1+json", `{"critical":{}}`)
			attach("application/vnd.cyclonedx+json", bom(index))
			attach("application/vnd.aquasec.trivy.report+json", strings.ReplaceAll(trivyReport(index, reported.AddDate(0, 0, -9)), "CVE-2025-1", "CVE-2025-OLD"))
			attach("application/vnd.aquasec.trivy.report+json", trivyReport(index, reported))
			attach("application/vnd.aquasec.trivy.report+json", trivyReport("sha256:"+strings.Repeat("d", 64), reported.AddDate(0, 0, 9)))
			ref := server.Host() + "/shop/api:1.4.2"
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{
					{
						Config: scanConfig(t, withNVD(), ref, `result = { attached = { format = "trivy", `+years+` } }`),
						ConfigStateChecks: []statecheck.StateCheck{scanCheck("findings", knownvalue.ListExact([]knownvalue.Check{
							knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": knownvalue.StringExact("CVE-2025-1")}),
						}))},
					},
					{
						Config:            scanConfig(t, withNVD(), ref, `result = { attached = { format = "cyclonedx" } }`),
						ConfigStateChecks: []statecheck.StateCheck{scanCheck("counts", counts(1, 1, 0, 0, 0)), scanCheck("distribution", knownvalue.StringExact("debian 12"))},
					},
					{
						Config:      scanConfig(t, withNVD(), ref, `result = { attached = { format = "spdx" } }`),
						ExpectError: regexp.MustCompile(`(?s)no\s+document\s+of\s+the\s+format\s+"spdx"\s+refers`),
					},
				},
			})
		})
	}
}

func TestImageScan_ResultInCosignsAttestation(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	index := server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	statement := fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://cyclonedx.org/bom","subject":[{"name":"x","digest":{"sha256":%q}}],"predicate":%s}`,
		strings.TrimPrefix(index, "sha256:"), bom("none"))
	server.PushArtifact(t, "shop/api:"+strings.ReplaceAll(index, ":", "-")+".att", registrytest.Artifact{
		Type: "application/vnd.oci.image.config.v1+json", MediaType: "application/vnd.dsse.envelope.v1+json",
		Content: fmt.Sprintf(`{"payloadType":"application/vnd.in-toto+json","payload":%q,"signatures":[]}`, base64.StdEncoding.EncodeToString([]byte(statement))),
	})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:            scanConfig(t, withNVD(), server.Host()+"/shop/api:1.4.2", `result = { attached = { format = "cyclonedx" } }`),
			ConfigStateChecks: []statecheck.StateCheck{scanCheck("counts", counts(1, 1, 0, 0, 0))},
		}},
	})
}

func TestImageScan_ResultOfTrivy(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	// The script prints a report about the digest that it is called with, made just now.
	script := "#!/bin/sh\nfor image; do :; done\nsed -e \"s|x/api@DIGEST|$image|\" -e \"s|CREATED|$(date -u +%Y-%m-%dT%H:%M:%SZ)|\" <<'END'\n" +
		strings.ReplaceAll(strings.ReplaceAll(trivyReport("DIGEST", reported), "2026-03-01T12:00:00Z", "CREATED"), "x/api@DIGEST", "x/api@DIGEST") + "\nEND\n"
	program := writeFile(t, script)
	sum := sha256.Sum256([]byte(script))
	result := func(digits string) string {
		return fmt.Sprintf("fail_on = \"high\"\nresult = { trivy = { path = %q, sha256 = %q, timeout_seconds = 60 } }", program, digits)
	}
	ref := server.Host() + "/shop/api:1.4.2"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: scanConfig(t, advisories, ref, result(hex.EncodeToString(sum[:]))), ExpectError: regexp.MustCompile(`CVE-2025-1\s+\(high\)`)},
			{Config: scanConfig(t, advisories, ref, result(strings.Repeat("0", 64))), ExpectError: regexp.MustCompile(`(?s)it\s+was\s+not\s+run`)},
		},
	})
}

func TestImageScan_InvalidResults(t *testing.T) {
	t.Parallel()
	for arguments, want := range map[string]string{
		`result = {}`: `Set exactly one`,
		`result = { file = { path = "x" }, attached = { format = "spdx" } }`:                                   `Set exactly one`,
		`result = { file = { path = "" } }`:                                                                    `the path is empty`,
		`result = { file = { path = "x", created = "yesterday" } }`:                                            `is no time`,
		`result = { file = { path = "x", max_age_hours = 0 } }`:                                                `not between 1`,
		`result = { attached = { format = "csv" } }`:                                                           `(?s)"csv" is none of trivy`,
		`result = { attached = { format = "spdx", max_age_hours = -1 } }`:                                      `not between 1`,
		`result = { trivy = { path = "x", sha256 = "1" } }`:                                                    `64 hexadecimal digits`,
		`result = { trivy = { path = "x", sha256 = "` + strings.Repeat("0", 64) + `", timeout_seconds = 0 } }`: `not between 1`,
	} {
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: factories,
			Steps: []resource.TestStep{{
				Config: scanConfig(t, advisories, "registry.example.com/shop/api:1", arguments), PlanOnly: true, ExpectError: regexp.MustCompile(want),
			}},
		})
	}
}

func TestImageScan_UnknownResults(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	index := server.Push(t, "shop/api:1.4.2", debianImage("linux/amd64"))
	later := fmt.Sprintf("resource \"terraform_data\" \"x\" {\n  input = { path = %q, age = 87840, created = \"2026-03-01T00:00:00Z\" }\n}\n", writeFile(t, trivyReport(index, reported)))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: later + scanConfig(t, advisories, server.Host()+"/shop/api:1.4.2",
				`result = { file = { path = terraform_data.x.output.path, max_age_hours = terraform_data.x.output.age, created = terraform_data.x.output.created } }`),
			ConfigStateChecks: []statecheck.StateCheck{scanCheck("counts", counts(0, 1, 0, 0, 0))},
		}},
	})
}
