//go:build cluster

package clustertest_test

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// witness is an object, in the namespace "features", that uses a feature.
type witness struct {
	text string
	// field is where the feature is in the object as it is stored, for a feature that
	// a version without it leaves out silently. Without one the object is refused.
	field []string
	// value is what is stored there, where a version without the feature stores its default.
	value string
}

// TestFeatures holds the table of features against the API server: what the table
// says the cluster's version has is stored as it is sent, and anything newer is
// refused or left out. Run with the oldest and the newest cluster it proves the
// ends of the span; the versions between them rest on the sources in the table.
func TestFeatures(t *testing.T) {
	t.Parallel()
	createNamespace(t, "features", false)
	for _, feature := range kubeversion.Features() {
		t.Run(feature.String(), func(t *testing.T) {
			t.Parallel()
			w, ok := witnesses[feature]
			if !ok {
				t.Fatal("the table of witnesses has no object with it")
			}
			got := stores(t, w)
			if got != version.Has(feature) {
				t.Errorf("Kubernetes %s has it: %t, and the table says it is there since %s", cluster.Version, got, feature.Since())
			}
		})
	}
}

// stores tells whether the API server would store what the witness is about.
func stores(t *testing.T, w witness) bool {
	t.Helper()
	applied, err := cluster.DryRun(t.Context(), w.text)
	switch {
	case apierrors.IsInvalid(err), err != nil && strings.Contains(err.Error(), "field not declared in schema"):
		return false
	case err != nil:
		t.Fatal(err)
	}
	if w.field == nil {
		return true
	}
	var at any = applied.Object.Object
	for _, step := range w.field {
		switch value := at.(type) {
		case map[string]any:
			at = value[step]
		case []any:
			at = value[0] // a witness has one element
		}
	}
	return at != nil && (w.value == "" || at == w.value)
}
