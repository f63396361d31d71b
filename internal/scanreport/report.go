package scanreport

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// ErrReport is the error of a document that can not be used.
var ErrReport = errors.New("the document can not be used")

// MaxBytes bounds a document. Bills of materials of large images have tens of megabytes.
const MaxBytes = 64 << 20

// Format is a kind of document.
type Format string

// Formats returns all formats.
func Formats() []Format { return []Format{Trivy, SARIF, CycloneDX, SPDX} }

// The formats.
const (
	Trivy     Format = "trivy"
	SARIF     Format = "sarif"
	CycloneDX Format = "cyclonedx"
	SPDX      Format = "spdx"
)

// Report is what a document says.
type Report struct {
	Format Format
	// Tool is who made it, such as "Trivy 0.58.0", or empty.
	Tool string
	// Digests are those of the subject: of an index, of a manifest, of a config.
	Digests []string
	// OS and Arch are the platform's, or empty where the document does not say.
	OS, Arch string
	// Created is when it was made, in UTC, or zero where it does not say.
	Created time.Time
	// Result holds the findings of a scan; nil for a bill of materials.
	Result *vulnerability.Result
	// Inventory holds the packages of a bill of materials; nil for a scan.
	Inventory *vulnerability.Inventory
}

// Parse reads a document of any of the formats, in any of the wrappings. The error is ErrReport.
func Parse(raw []byte) (Report, error) {
	if len(raw) > MaxBytes {
		return Report{}, unusable("it has more than %d bytes", MaxBytes)
	}
	statement, inner, err := unwrap(raw)
	if err != nil {
		return Report{}, err
	}
	report, err := parse(inner)
	if err != nil {
		return Report{}, err
	}
	report.Digests = append(report.Digests, statement.digests...)
	if report.Created.IsZero() {
		report.Created = statement.finished
	}
	slices.Sort(report.Digests)
	report.Digests = slices.Compact(report.Digests)
	return report, nil
}

func unusable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrReport, fmt.Sprintf(format, args...))
}

// marks are the members that tell the formats apart.
type marks struct {
	SchemaVersion int             `json:"SchemaVersion"`
	BOMFormat     string          `json:"bomFormat"`
	SPDXVersion   string          `json:"spdxVersion"`
	Runs          json.RawMessage `json:"runs"`
	Graph         json.RawMessage `json:"@graph"`
}

func parse(raw []byte) (Report, error) {
	var m marks
	if err := json.Unmarshal(raw, &m); err != nil {
		return Report{}, unusable("it is not JSON: %v", err)
	}
	switch {
	case m.BOMFormat == "CycloneDX":
		return parseCycloneDX(raw)
	case strings.HasPrefix(m.SPDXVersion, "SPDX-2."):
		return parseSPDX(raw)
	case m.Runs != nil:
		return parseSARIF(raw)
	case m.SchemaVersion != 0:
		return parseTrivy(raw)
	case m.Graph != nil || m.SPDXVersion != "":
		return Report{}, unusable("it is of a version of SPDX that is not read; write SPDX 2.3 as JSON")
	default:
		return Report{}, unusable("it is none of Trivy's JSON, SARIF, CycloneDX as JSON and SPDX 2 as JSON")
	}
}

// Image is the image that a report must be about.
type Image struct {
	// Index is the digest that the reference names, Manifest that of the platform, and Config that of its config.
	Index, Manifest, Config string
	// Platforms is the number of platforms of the index.
	Platforms int
	// OS and Arch are the platform's.
	OS, Arch string
}

// Check refuses a report about another image, or about another platform of it. The error is ErrReport.
func (r Report) Check(image Image) error {
	if len(r.Digests) == 0 {
		return unusable("it does not say which image it is about, by digest")
	}
	if slices.Contains(r.Digests, image.Manifest) || slices.Contains(r.Digests, image.Config) {
		return nil
	}
	if !slices.Contains(r.Digests, image.Index) {
		return unusable("it is about %s, and the image is %s", strings.Join(r.Digests, ", "), image.Index)
	}
	switch {
	case r.Arch != "" && (r.Arch != image.Arch || (r.OS != "" && r.OS != image.OS)):
		return unusable("it is about the platform %s/%s, and %s/%s is wanted", r.OS, r.Arch, image.OS, image.Arch)
	case r.Arch == "" && image.Platforms > 1:
		return unusable("it names the index %s and not which of its %d platforms it is about", image.Index, image.Platforms)
	}
	return nil
}

// CheckAge refuses findings that are older than the maximum, that say no date, or that come from the future. A bill of materials
// has no age. The error is ErrReport.
func (r Report) CheckAge(now time.Time, most time.Duration) error {
	if r.Result == nil {
		return nil
	}
	switch age := now.Sub(r.Created); {
	case r.Created.IsZero():
		return unusable("it does not say when it was made")
	case age > most:
		return unusable("it was made %s, which is more than %d hours ago", r.Created.Format(time.RFC3339), int64(most/time.Hour))
	case age < -24*time.Hour:
		return unusable("it says to be made %s, and it is %s", r.Created.Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	return nil
}

// isDigest reports whether a text is a SHA-256 digest.
func isDigest(text string) bool {
	digits, found := strings.CutPrefix(text, "sha256:")
	return found && len(digits) == 64 && strings.Trim(digits, "0123456789abcdef") == ""
}

// digestIn returns the digest at the end of a reference such as "docker.io/library/nginx@sha256:…", or of a digest alone.
func digestIn(text string) (string, bool) {
	if i := strings.LastIndex(text, "@"); i >= 0 {
		text = text[i+1:]
	}
	return text, isDigest(text)
}

// addDigest adds the digest in a text, if there is one.
func (r *Report) addDigest(text string) {
	if digest, ok := digestIn(text); ok {
		r.Digests = append(r.Digests, digest)
	}
}
