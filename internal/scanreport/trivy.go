package scanreport

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// trivyReport is Trivy's JSON. Source: aquasecurity/trivy, pkg/types/{report,vulnerability}.go and
// integration/testdata/alpine-39.json.golden.
type trivyReport struct {
	SchemaVersion int
	CreatedAt     time.Time
	ArtifactType  string
	Trivy         struct{ Version string }
	Metadata      struct {
		ImageID     string
		RepoDigests []string
		ImageConfig struct {
			OS           string `json:"os"`
			Architecture string `json:"architecture"`
		}
	}
	Results []struct {
		Class           string
		Type            string
		Vulnerabilities []trivyVulnerability
	}
}

type trivyVulnerability struct {
	VulnerabilityID  string
	VendorIDs        []string
	PkgName          string
	PkgPath          string
	PkgIdentifier    struct{ PURL string }
	InstalledVersion string
	FixedVersion     string
	Status           string
	Layer            struct{ Digest string }
	SeveritySource   string
	VendorSeverity   map[string]int
	Severity         string
	Title            string
	PrimaryURL       string
	DataSource       struct{ ID string }
}

func parseTrivy(raw []byte) (Report, error) {
	var t trivyReport
	if err := json.Unmarshal(raw, &t); err != nil {
		return Report{}, unusable("it is not of the form of Trivy's JSON: %v", err)
	}
	if t.SchemaVersion != 2 {
		return Report{}, unusable("it has version %d of Trivy's schema, and 2 is read", t.SchemaVersion)
	}
	if t.ArtifactType != "container_image" {
		return Report{}, unusable("it is about a %q, and not about a container image", t.ArtifactType)
	}
	r := Report{
		Format: Trivy, Tool: strings.TrimSpace("Trivy " + t.Trivy.Version), Created: t.CreatedAt.UTC(), Result: &vulnerability.Result{},
		OS: t.Metadata.ImageConfig.OS, Arch: t.Metadata.ImageConfig.Architecture,
	}
	for _, text := range append(t.Metadata.RepoDigests, t.Metadata.ImageID) {
		r.addDigest(text)
	}
	looked := false
	for _, result := range t.Results {
		looked = looked || strings.HasSuffix(result.Class, "-pkgs")
		for _, v := range result.Vulnerabilities {
			if v.VulnerabilityID == "" {
				return Report{}, unusable("a vulnerability has no ID")
			}
			r.Result.Findings = append(r.Result.Findings, v.finding(result.Type))
		}
	}
	if !looked {
		return Report{}, unusable("it does not say that any packages were looked at; scan with the scanner \"vuln\", and with --list-all-pkgs")
	}
	return r, nil
}

// finding converts one vulnerability. Words that are not understood are unknown, never low.
func (v trivyVulnerability) finding(kind string) vulnerability.Finding {
	p, err := parsePURL(v.PkgIdentifier.PURL)
	if err != nil {
		p = packages.Package{Ecosystem: packages.Ecosystem(kind)}
	}
	p.Name, p.Version, p.Path, p.LayerDigest = v.PkgName, v.InstalledVersion, v.PkgPath, v.Layer.Digest
	f := vulnerability.Finding{
		ID: v.VulnerabilityID, VendorIDs: v.VendorIDs, Package: p, Fixed: v.FixedVersion, Status: vulnerability.Status(v.Status),
		SeveritySource: v.SeveritySource, Severities: map[string]vulnerability.Severity{}, Title: vulnerability.OneLine(v.Title),
		Source: v.DataSource.ID, URL: v.PrimaryURL,
	}
	for source, number := range v.VendorSeverity {
		f.Severities[source] = vulnerability.Severity(number).Clamped()
	}
	if severity, err := vulnerability.ParseSeverity(v.Severity); err == nil {
		f.Severity = severity
	}
	switch {
	case f.Status != "":
	case f.Fixed != "":
		f.Status = vulnerability.StatusFixed
	default:
		f.Status = vulnerability.StatusAffected
	}
	return f
}
