package report

import (
	"fmt"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// MaxObjects is how many objects are judged together. The largest public charts have some hundreds.
const MaxObjects = 5000

// Options says how manifests are judged.
type Options struct {
	// Version is the Kubernetes version that the manifests are meant for.
	Version kubeversion.Version
	// Exceptions turns rules off for all of the manifests: rule ID to written reason.
	Exceptions map[string]string
	// Minimum is the slightest severity that is reported; empty is every one.
	Minimum hardening.Severity
	// File is the name of the file that SARIF and Markdown give as the place of the
	// manifests; empty is "manifests.yaml".
	File string
}

// Finding is a finding and the line that it is about.
type Finding struct {
	hardening.Finding
	// Line is the line of the stream, from 1 on.
	Line int
}

// Report is what the rules say of a set of manifests.
type Report struct {
	// Findings are sorted by severity, rule, object and field.
	Findings []Finding
	file     string
}

// Check reads a YAML stream and judges its objects. An error is about the stream, which
// could not be read, or joins those of [hardening.Apply] about exceptions.
func Check(stream string, o Options) (Report, error) {
	manifests, err := manifest.Parse(stream)
	if err != nil {
		return Report{}, err
	}
	if len(manifests) > MaxObjects {
		return Report{}, fmt.Errorf("%d objects are more than can be judged together (%d): check them in parts", len(manifests), MaxObjects)
	}
	findings, err := hardening.Apply(hardening.Check(manifests, hardening.Given{Version: o.Version}), o.Exceptions)
	if err != nil {
		return Report{}, err
	}
	lines := newLines(manifests)
	report := Report{file: o.File}
	if report.file == "" {
		report.file = "manifests.yaml"
	}
	for _, f := range findings {
		if o.Minimum == "" || atLeast(f.Severity, o.Minimum) {
			report.Findings = append(report.Findings, Finding{f, lines.of(f)})
		}
	}
	return report, nil
}

// atLeast reports whether a severity is as grave as another one.
func atLeast(severity, minimum hardening.Severity) bool {
	all := hardening.Severities()
	return slices.Index(all, severity) <= slices.Index(all, minimum)
}

// Count returns how many findings of a severity no exception excuses.
func (r Report) Count(severity hardening.Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == severity && f.Reason == "" {
			n++
		}
	}
	return n
}

// Excepted returns how many findings an exception excuses.
func (r Report) Excepted() int {
	n := 0
	for _, f := range r.Findings {
		if f.Reason != "" {
			n++
		}
	}
	return n
}

// Failing returns the findings that no exception excuses and that are at least as grave.
func (r Report) Failing(minimum hardening.Severity) []Finding {
	var failing []Finding
	for _, f := range r.Findings {
		if f.Reason == "" && atLeast(f.Severity, minimum) {
			failing = append(failing, f)
		}
	}
	return failing
}
