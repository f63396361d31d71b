package kubeversion_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// A feature that every version has, or none, would be a row without an effect.
func TestFeatures_AppearWithinTheSpan(t *testing.T) {
	t.Parallel()
	for _, f := range kubeversion.Features() {
		if kubeversion.Oldest.Has(f) || !kubeversion.Newest.Has(f) {
			t.Errorf("%s: since %s, which is no change between %s and %s", f, f.Since(), kubeversion.Oldest, kubeversion.Newest)
		}
	}
}

func TestFeatures_SayWhereTheyAreWrittenDown(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, f := range kubeversion.Features() {
		if f.String() == "" || seen[f.String()] {
			t.Errorf("feature %d: %q is empty or described twice", int(f), f)
		}
		seen[f.String()] = true
		if !strings.Contains(f.Source(), "@v1.") || !strings.Contains(f.Source(), strings.TrimPrefix(f.Since().String(), "v")) {
			t.Errorf("%s: source %q does not name a pinned file and the stage %s", f, f.Source(), f.Since())
		}
	}
}

func TestHas_BeginsWithItsVersion(t *testing.T) {
	t.Parallel()
	before, err := kubeversion.Parse("1.35")
	if err != nil {
		t.Fatal(err)
	}
	since := kubeversion.RelaxedServiceNames.Since()
	if since.String() != "1.36" || before.Has(kubeversion.RelaxedServiceNames) || !since.Has(kubeversion.RelaxedServiceNames) {
		t.Errorf("since %s", since)
	}
}
