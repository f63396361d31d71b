package history

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// What a snapshot may not know, as keys of its Unknowns.
const (
	FactPackages        = "packages"
	FactVulnerabilities = "vulnerabilities"
)

// Limits on what is kept of one image. A full desktop of Debian has some 3,000 packages; images of several gigabytes
// that nobody has updated for years have some 2,000 vulnerabilities.
const (
	maxPackages        = 5000
	maxVulnerabilities = 2000
	maxChanges         = 500
)

// Snapshot is what is known of an image for one platform.
type Snapshot struct {
	// Image is the pinned reference, Digest what it is pinned to, and Platform what was looked at.
	Image, Digest, Platform string
	// Created is the time of the build (RFC 3339, UTC), or empty.
	Created string
	// SizeBytes is the compressed size.
	SizeBytes  int64
	LayerCount int
	// Packages are versions by "ecosystem/name"; nil is unknown.
	Packages map[string]string
	// PackageCount counts a package that is installed in several versions several times. It means nothing if Packages is nil.
	PackageCount int
	// Vulnerabilities are severities by ID; nil is unknown.
	Vulnerabilities map[string]vulnerability.Severity
	// Unknowns say why something is nil.
	Unknowns map[string]string
}

// Worst returns the severity of each vulnerability, the worst where several packages have it.
func Worst(findings []vulnerability.Finding) map[string]vulnerability.Severity {
	worst := make(map[string]vulnerability.Severity, len(findings))
	for _, f := range findings {
		worst[f.ID] = max(worst[f.ID], f.Severity)
	}
	return worst
}

// Counts counts vulnerabilities by severity; nil if they are unknown.
func (s Snapshot) Counts() *vulnerability.Counts {
	if s.Vulnerabilities == nil {
		return nil
	}
	findings := make([]vulnerability.Finding, 0, len(s.Vulnerabilities))
	for _, severity := range s.Vulnerabilities {
		findings = append(findings, vulnerability.Finding{Severity: severity})
	}
	counts := vulnerability.Count(findings)
	return &counts
}

// Bounded returns the packages and vulnerabilities that may be kept, and the unknowns with what is left out: packages if they are too many,
// and the least severe vulnerabilities.
func (s Snapshot) Bounded() (kept map[string]string, vulnerabilities map[string]vulnerability.Severity, unknowns map[string]string) {
	unknowns = maps.Clone(s.Unknowns)
	if unknowns == nil {
		unknowns = map[string]string{}
	}
	kept, vulnerabilities = s.Packages, s.Vulnerabilities
	if len(kept) > maxPackages {
		unknowns[FactPackages] = fmt.Sprintf("the image has %d packages, and no more than %d are kept", len(kept), maxPackages)
		kept = nil
	}
	if len(vulnerabilities) > maxVulnerabilities {
		unknowns[FactVulnerabilities] = fmt.Sprintf("the %d least severe are not listed", len(vulnerabilities)-maxVulnerabilities)
		vulnerabilities = worstOf(vulnerabilities, maxVulnerabilities)
	}
	return kept, vulnerabilities, unknowns
}

// worstOf returns the worst n, by ID where they are equal.
func worstOf(all map[string]vulnerability.Severity, n int) map[string]vulnerability.Severity {
	if len(all) <= n {
		return all
	}
	kept := make(map[string]vulnerability.Severity, n)
	for _, id := range byWorst(all)[:n] {
		kept[id] = all[id]
	}
	return kept
}

// byWorst returns the IDs, the worst first.
func byWorst(all map[string]vulnerability.Severity) []string {
	return slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Or(cmp.Compare(all[b], all[a]), cmp.Compare(a, b)) })
}
