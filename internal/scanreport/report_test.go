package scanreport_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/scanreport"
)

var (
	index    = "sha256:" + strings.Repeat("a", 64)
	manifest = "sha256:" + strings.Repeat("b", 64)
	config   = "sha256:" + strings.Repeat("c", 64)
)

// The documents below are of the forms that the tools publish, with content of our own.
var (
	trivyJSON = fmt.Sprintf(`{"SchemaVersion":2,"CreatedAt":"2026-03-01T12:00:00.5+02:00","ArtifactType":"container_image","Trivy":{"Version":"0.58.0"},
	"Metadata":{"ImageID":%q,"RepoDigests":["registry.example.com/shop/api@%s"],"ImageConfig":{"architecture":"amd64","os":"linux"}},
	"Results":[
	 {"Target":"api (debian 12.5)","Class":"os-pkgs","Type":"debian","Vulnerabilities":[
	  {"VulnerabilityID":"CVE-1","VendorIDs":["DSA-1"],"PkgName":"libssl3","PkgIdentifier":{"PURL":"pkg:deb/debian/libssl3@3.0.11?arch=amd64&distro=debian-12.5"},
	   "InstalledVersion":"3.0.11","FixedVersion":"3.0.14","Status":"fixed","Layer":{"Digest":%q},"SeveritySource":"debian","VendorSeverity":{"nvd":4,"debian":3},
	   "Severity":"HIGH","Title":"openssl:\nbad","PrimaryURL":"https://example.com/CVE-1","DataSource":{"ID":"debian"}},
	  {"VulnerabilityID":"CVE-2","PkgName":"bash","InstalledVersion":"5.2","Status":"will_not_fix","Severity":"UNKNOWN"}]},
	 {"Target":"app","Class":"lang-pkgs","Type":"gobinary","Vulnerabilities":[
	  {"VulnerabilityID":"GHSA-3","PkgName":"golang.org/x/net","PkgPath":"app","InstalledVersion":"v0.16.0","FixedVersion":"0.17.0","Severity":"CRITICAL"}]}]}`, config, index, manifest)

	sarifJSON = fmt.Sprintf(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy","version":"0.58.0","rules":[
	  {"id":"CVE-1","helpUri":"https://example.com/CVE-1","shortDescription":{"text":"bad"},"properties":{"tags":["vulnerability","security","HIGH"],"security-severity":"9.8"}},
	  {"id":"CVE-2","properties":{"security-severity":"5.5"}},{"id":"KSV001","properties":{"tags":["misconfiguration"]}}]}},
	 "invocations":[{"endTimeUtc":"2026-03-01T10:00:00Z"}],"properties":{"imageID":%q,"repoDigests":["registry.example.com/shop/api@%s"]},
	 "results":[{"ruleId":"CVE-1","message":{"text":"Package: libssl3\nInstalled Version: 3.0.11\nVulnerability CVE-1\nSeverity: HIGH\nFixed Version: 3.0.14\nLink: x"}},
	  {"ruleId":"CVE-2","message":{"text":"free text"}},{"ruleId":"KSV001","message":{"text":"Severity: HIGH"}}]}]}`, config, index)

	cyclonedxTrivy = fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"container","name":"api","purl":"pkg:oci/api@%s?arch=amd64&repository_url=x",
	  "properties":[{"name":"aquasecurity:trivy:ImageID","value":%q},{"name":"aquasecurity:trivy:RepoDigest","value":"x/api@%s"}]}},
	 "components":[{"type":"operating-system","name":"debian","version":"12.5"},
	  {"type":"library","name":"libssl3","version":"3.0.11-1","purl":"pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12.5&epoch=1",
	   "properties":[{"name":"aquasecurity:trivy:SrcName","value":"openssl"},{"name":"aquasecurity:trivy:SrcVersion","value":"3.0.11"},{"name":"aquasecurity:trivy:SrcRelease","value":"1"},{"name":"aquasecurity:trivy:SrcEpoch","value":"1"}]},
	  {"type":"application","name":"app","components":[{"type":"library","name":"net","purl":"pkg:golang/golang.org/x/net@v0.16.0"}]},
	  {"type":"library","name":"left-pad","purl":"pkg:npm/%%40scope/left-pad@1.0.0"},{"type":"library","name":"vendored","version":"1"}]}`, index, config, index)

	cyclonedxSyft = fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"container","name":"api","version":%q}},
	 "components":[{"type":"library","name":"openssl-libs","purl":"pkg:rpm/rhel/openssl-libs@3.0.7-24.el9?arch=x86_64&distro=rhel-9.3&epoch=1&upstream=openssl-3.0.7-24.el9.src.rpm"}]}`, manifest)

	spdxTrivy = fmt.Sprintf(`{"spdxVersion":"SPDX-2.3","packages":[
	 {"name":"api","primaryPackagePurpose":"CONTAINER","annotations":[{"comment":"ImageID: %s"},{"comment":"RepoDigest: x/api@%s"}]},
	 {"name":"debian","versionInfo":"12.5","primaryPackagePurpose":"OPERATING-SYSTEM"},
	 {"name":"libssl3","versionInfo":"3.0.11-1","sourceInfo":"built package from: openssl 3.0.11-1","primaryPackagePurpose":"LIBRARY",
	  "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12.5"}]}]}`, config, index)

	spdxSyft = fmt.Sprintf(`{"spdxVersion":"SPDX-2.3","packages":[
	 {"name":"api","versionInfo":%q,"primaryPackagePurpose":"CONTAINER","checksums":[{"algorithm":"SHA256","checksumValue":%q}]},
	 {"name":"libcrypto3","versionInfo":"3.5.0-r0","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:apk/alpine/libcrypto3@3.5.0-r0?arch=x86_64&distro=alpine-3.22.1&upstream=openssl"}]}]}`, manifest, strings.TrimPrefix(manifest, "sha256:"))
)

func parse(t *testing.T, text string) scanreport.Report {
	t.Helper()
	r, err := scanreport.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func findings(r scanreport.Report) []string {
	var lines []string
	for _, f := range r.Result.Findings {
		lines = append(lines, fmt.Sprintf("%s %s(%s) %s %s %s -> %s", f.ID, f.Severity, f.SeveritySource, f.Status, f.Package.Name, f.Package.Version, f.Fixed))
	}
	return lines
}

func TestParse_Scans(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	trivy := parse(t, trivyJSON)
	want := []string{
		"CVE-1 high(debian) fixed libssl3 3.0.11 -> 3.0.14", "CVE-2 unknown() will_not_fix bash 5.2 -> ", "GHSA-3 critical() fixed golang.org/x/net v0.16.0 -> 0.17.0",
	}
	if diff := cmp.Diff(want, findings(trivy)); diff != "" {
		t.Errorf("trivy (-want +got):\n%s", diff)
	}
	f := trivy.Result.Findings[0]
	if f.Title != "openssl: bad" || f.Package.Ecosystem != packages.Deb || f.Package.LayerDigest != manifest || f.Severities["nvd"].String() != "critical" {
		t.Errorf("%+v", f)
	}
	if trivy.Tool != "Trivy 0.58.0" || trivy.OS+"/"+trivy.Arch != "linux/amd64" || trivy.Created.Truncate(time.Second) != at {
		t.Errorf("%+v", trivy)
	}
	sarif := parse(t, sarifJSON)
	want = []string{"CVE-1 high() fixed libssl3 3.0.11 -> 3.0.14", "CVE-2 medium() affected   -> "}
	if diff := cmp.Diff(want, findings(sarif)); diff != "" {
		t.Errorf("SARIF (-want +got):\n%s", diff)
	}
	if !sarif.Created.Equal(at) || sarif.Tool != "Trivy 0.58.0" {
		t.Errorf("%+v", sarif)
	}
	for name, r := range map[string]scanreport.Report{"trivy": trivy, "SARIF": sarif} {
		if diff := cmp.Diff([]string{index, config}, r.Digests); diff != "" {
			t.Errorf("%s digests (-want +got):\n%s", name, diff)
		}
	}
}

func TestParse_BillsOfMaterials(t *testing.T) {
	t.Parallel()
	libssl := packages.Package{Ecosystem: "deb", Name: "libssl3", Version: "3.0.11-1", SourceName: "openssl", SourceVersion: "3.0.11-1", Arch: "amd64"}
	epoch := libssl
	epoch.Version, epoch.SourceVersion = "1:3.0.11-1", "1:3.0.11-1"
	debian := distro.Distribution{ID: "debian", VersionID: "12.5"}
	for name, tt := range map[string]struct {
		text         string
		format       scanreport.Format
		digests      []string
		distribution distro.Distribution
		packages     []packages.Package
	}{
		"CycloneDX of Trivy": {cyclonedxTrivy, scanreport.CycloneDX, []string{index, config}, debian, []packages.Package{
			epoch, {Ecosystem: "golang", Name: "golang.org/x/net", Version: "v0.16.0"}, {Ecosystem: "npm", Name: "@scope/left-pad", Version: "1.0.0"},
			{Ecosystem: "without package URL", Name: "vendored", Version: "1"},
		}},
		"CycloneDX of syft": {cyclonedxSyft, scanreport.CycloneDX, []string{manifest}, distro.Distribution{ID: "rhel", VersionID: "9.3"}, []packages.Package{
			{Ecosystem: "rpm", Name: "openssl-libs", Version: "1:3.0.7-24.el9", SourceName: "openssl", SourceVersion: "3.0.7-24.el9", Arch: "x86_64"},
		}},
		"SPDX of Trivy": {spdxTrivy, scanreport.SPDX, []string{index, config}, debian, []packages.Package{libssl}},
		"SPDX of syft": {spdxSyft, scanreport.SPDX, []string{manifest}, distro.Distribution{ID: "alpine", VersionID: "3.22.1"}, []packages.Package{
			{Ecosystem: "apk", Name: "libcrypto3", Version: "3.5.0-r0", SourceName: "openssl", SourceVersion: "3.5.0-r0", Arch: "x86_64"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := parse(t, tt.text)
			if r.Format != tt.format || r.Result != nil {
				t.Errorf("format %s, result %v", r.Format, r.Result)
			}
			if diff := cmp.Diff(tt.digests, r.Digests); diff != "" {
				t.Errorf("digests (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.distribution, r.Inventory.Distribution); diff != "" {
				t.Errorf("distribution (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.packages, r.Inventory.Packages); diff != "" {
				t.Errorf("packages (-want +got):\n%s", diff)
			}
		})
	}
}

// statement wraps a predicate for a subject.
func statement(predicateType, digest, predicate string) string {
	return fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"x","digest":{"sha256":%q}}],"predicateType":%q,"predicate":%s}`,
		strings.TrimPrefix(digest, "sha256:"), predicateType, predicate)
}

func envelope(payload string) string {
	return fmt.Sprintf(`{"payloadType":"application/vnd.in-toto+json","payload":%q,"signatures":[]}`, base64.StdEncoding.EncodeToString([]byte(payload)))
}

func TestParse_Attestations(t *testing.T) {
	t.Parallel()
	bare := strings.ReplaceAll(trivyJSON, index, "sha256:none")
	vuln := fmt.Sprintf(`{"invocation":{},"scanner":{"uri":"x","result":%s},"metadata":{"scanFinishedOn":"2026-03-02T00:00:00Z"}}`, strings.Replace(bare, `"CreatedAt":"2026-03-01T12:00:00.5+02:00",`, "", 1))
	text, err := json.Marshal(cyclonedxSyft)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		in   string
		want scanreport.Format
	}{
		"statement":          {statement("https://cyclonedx.org/bom", index, cyclonedxSyft), scanreport.CycloneDX},
		"envelope":           {envelope(statement("https://spdx.dev/Document", index, spdxSyft)), scanreport.SPDX},
		"bundle":             {`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":` + envelope(statement("https://cyclonedx.org/bom", index, cyclonedxSyft)) + `}`, scanreport.CycloneDX},
		"vulnerability scan": {envelope(statement("https://cosign.sigstore.dev/attestation/vuln/v1", index, vuln)), scanreport.Trivy},
		"older cosign":       {statement("https://spdx.dev/Document", index, `{"Data":`+spdxSyft+`}`), scanreport.SPDX},
		"older cosign, text": {statement("cosign.sigstore.dev/attestation/v1", index, `{"Data":`+string(text)+`}`), scanreport.CycloneDX},
	} {
		r := parse(t, tt.in)
		if r.Format != tt.want || !strings.Contains(strings.Join(r.Digests, " "), index) {
			t.Errorf("%s: %s about %v", name, r.Format, r.Digests)
		}
		if name == "vulnerability scan" && !r.Created.Equal(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: created %s", name, r.Created)
		}
	}
}

func TestParse_Refused(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		``:                           "not JSON",
		`[]`:                         "not JSON",
		`{}`:                         "none of Trivy's JSON",
		`{"@graph":[]}`:              "write SPDX 2.3",
		`{"spdxVersion":"SPDX-3.0"}`: "write SPDX 2.3",
		`{"SchemaVersion":3,"ArtifactType":"container_image"}`:                                                        "version 3",
		`{"SchemaVersion":2,"ArtifactType":"filesystem"}`:                                                             "not about a container image",
		`{"SchemaVersion":2,"ArtifactType":"container_image","Results":[]}`:                                           "any packages were looked at",
		`{"SchemaVersion":2,"ArtifactType":"container_image","Results":[{"Class":"secret"}]}`:                         "any packages were looked at",
		`{"SchemaVersion":2,"ArtifactType":"container_image","Results":[{"Class":"os-pkgs","Vulnerabilities":[{}]}]}`: "no ID",
		`{"version":"2.1.0","runs":[]}`:                                                                               "0 runs",
		`{"version":"2.0.0","runs":[{}]}`:                                                                             `SARIF "2.0.0"`,
		`{"version":"2.1.0","runs":[{"results":[{}]}]}`:                                                               "by which rule",
		`{"bomFormat":"CycloneDX"}`:                                                                                   "lists no package",
		`{"bomFormat":"CycloneDX","components":[{"type":"library","purl":"x"}]}`:                                      "package URL",
		`{"spdxVersion":"SPDX-2.3","packages":[]}`:                                                                    "lists no package",
		`{"payloadType":"application/vnd.in-toto+json","payload":"%"}`:                                                "not base64",
		statement("https://example.com/other", index, `{"x":1}`):                                                      "none of Trivy's JSON",
		statement("https://cosign.sigstore.dev/attestation/vuln/v1", index, `{}`):                                     "no result of a scanner",
		`{"_type":"https://in-toto.io/Statement/v1"}`:                                                                 "no predicate",
		envelope(envelope(envelope(envelope(envelope(envelope("{}")))))):                                              "wrapped more than",
	} {
		if r, err := scanreport.Parse([]byte(in)); !errors.Is(err, scanreport.ErrReport) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: got %+v, %v, want %q", in, r, err, want)
		}
	}
}

func TestReport_Check(t *testing.T) {
	t.Parallel()
	image := scanreport.Image{Index: index, Manifest: manifest, Config: config, Platforms: 2, OS: "linux", Arch: "amd64"}
	other := "sha256:" + strings.Repeat("d", 64)
	for name, tt := range map[string]struct {
		report scanreport.Report
		want   string
	}{
		"the manifest":                {scanreport.Report{Digests: []string{manifest}}, ""},
		"the config":                  {scanreport.Report{Digests: []string{other, config}}, ""},
		"the index with the platform": {scanreport.Report{Digests: []string{index}, OS: "linux", Arch: "amd64"}, ""},
		"the index, another platform": {scanreport.Report{Digests: []string{index}, OS: "linux", Arch: "arm64"}, "platform linux/arm64"},
		"the index, no platform":      {scanreport.Report{Digests: []string{index}}, "which of its 2 platforms"},
		"another image":               {scanreport.Report{Digests: []string{other}}, "it is about " + other},
		"no subject":                  {scanreport.Report{}, "does not say which image"},
	} {
		err := tt.report.Check(image)
		if (tt.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
	single := image
	single.Platforms = 1
	if err := (scanreport.Report{Digests: []string{index}}).Check(single); err != nil {
		t.Errorf("an index of one platform: %v", err)
	}
}

func TestReport_CheckAge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	scan := parse(t, trivyJSON)
	for most, want := range map[time.Duration]string{27 * time.Hour: "", 25 * time.Hour: "more than 25 hours ago"} {
		if err := scan.CheckAge(now, most); (want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", most, err, want)
		}
	}
	if err := scan.CheckAge(now.AddDate(0, -1, 0), time.Hour); err == nil || !strings.Contains(err.Error(), "and it is") {
		t.Errorf("from the future: %v", err)
	}
	if err := parse(t, strings.Replace(trivyJSON, "CreatedAt", "x", 1)).CheckAge(now, time.Hour); err == nil || !strings.Contains(err.Error(), "does not say when") {
		t.Errorf("without a date: %v", err)
	}
	if err := parse(t, cyclonedxSyft).CheckAge(now, time.Hour); err != nil {
		t.Errorf("a bill of materials: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{trivyJSON, sarifJSON, cyclonedxTrivy, cyclonedxSyft, spdxTrivy, spdxSyft, envelope(statement("https://spdx.dev/Document", index, spdxSyft))} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := scanreport.Parse(raw)
		if err != nil {
			if !errors.Is(err, scanreport.ErrReport) {
				t.Fatalf("an error that is not ErrReport: %v", err)
			}
			return
		}
		if (r.Result == nil) == (r.Inventory == nil) {
			t.Fatalf("%+v", r)
		}
	})
}
