package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// vulnerabilities counts what the database knows of an image's packages. It returns nil and the reason if not all of it can be
// known: a count that leaves something out would rank an image too well.
func (d *imageComparisonDataSource) vulnerabilities(ctx context.Context, platform imagefacts.Platform, inside contents.Contents) (*vulnerability.Counts, string) {
	findings, reason := matchAll(ctx, d.advisories, platform, inside)
	if reason != "" {
		return nil, reason
	}
	counts := vulnerability.Count(findings)
	return &counts, ""
}

// matchAll returns what the database knows of all packages, or the reason why not all of it can be known.
func matchAll(ctx context.Context, advisories advisoryStore, platform imagefacts.Platform, inside contents.Contents) (findings []vulnerability.Finding, reason string) {
	if reason, unknown := inside.Unknowns[contents.FactPackages]; unknown {
		return nil, reason
	}
	database, err := advisories.Open(ctx)
	if err != nil {
		return nil, err.Error()
	}
	system, _, _ := strings.Cut(platform.String(), "/")
	result, err := database.Match(vulnerability.Inventory{Distribution: inside.Distribution, Packages: inside.Packages, OS: system})
	if err != nil {
		return nil, err.Error()
	}
	if n := len(result.Undecided); n > 0 {
		return nil, fmt.Sprintf("%d packages could not be decided, such as %s: %s", n, result.Undecided[0].Package, result.Undecided[0].Reason)
	}
	return result.Findings, ""
}
