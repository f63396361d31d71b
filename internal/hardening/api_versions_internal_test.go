package hardening

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// What a kind of k8s.io/api says of its own life.
type (
	introduced interface{ APILifecycleIntroduced() (major, minor int) }
	removed    interface{ APILifecycleRemoved() (major, minor int) }
)

// TestLives_AgreeWithTheTypes compares the table with what the types of k8s.io/api
// say of themselves. What is asked and never applied (reviews, subresources) is left out.
func TestLives_AgreeWithTheTypes(t *testing.T) {
	t.Parallel()
	for kind := range scheme.Scheme.AllKnownTypes() {
		if strings.HasSuffix(kind.Kind, "List") || strings.HasSuffix(kind.Kind, "Review") || kind.Kind == "Scale" || kind.Kind == "Eviction" || kind.Kind == "DeploymentRollback" {
			continue
		}
		object, err := scheme.Scheme.New(kind)
		if err != nil {
			t.Fatal(err)
		}
		var want life
		if o, ok := object.(introduced); ok {
			if _, minor := o.APILifecycleIntroduced(); minor > kubeversion.Oldest.Minor() {
				want.introduced = minor
			}
		}
		if o, ok := object.(removed); ok {
			if _, minor := o.APILifecycleRemoved(); minor <= kubeversion.Newest.Minor() {
				want.removed = minor
			}
		}
		got, _ := apiLife(kind)
		if got.successor = ""; got != want {
			t.Errorf("%s: the table has %+v, the type says %+v", kind, got, want)
		}
	}
}

func TestLives_NameEachKindOnce(t *testing.T) {
	t.Parallel()
	seen := map[schema.GroupVersionKind]bool{}
	for _, row := range lives {
		version, err := schema.ParseGroupVersion(row.groupVersion)
		if err != nil || row.introduced == 0 && row.removed == 0 {
			t.Errorf("%+v says nothing: %v", row, err)
		}
		for _, kind := range row.kinds {
			if k := version.WithKind(kind); seen[k] {
				t.Errorf("%s stands in two rows", k)
			} else {
				seen[k] = true
			}
		}
	}
}
