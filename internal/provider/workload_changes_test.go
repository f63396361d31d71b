package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// planned is what is planned for a document.
func planned(t *testing.T, document map[string]any) workloadPlan {
	t.Helper()
	plan, err := planWorkload(workloadValue(t, document), kubeversion.Oldest)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestAddRefusedChanges(t *testing.T) {
	t.Parallel()
	document := func() map[string]any { return readDocument(t, "testdata/every-argument-statefulset.yaml") }
	state, err := planned(t, document()).set(t.Context(), workloadValue(t, document()))
	if err != nil {
		t.Fatal(err)
	}
	claim := func(d map[string]any) map[string]any {
		return d["volume_claims"].(map[string]any)["data"].(map[string]any)
	}
	for name, tt := range map[string]struct {
		change func(d map[string]any)
		want   []string // beginning of the detail
	}{
		"nothing":  {func(map[string]any) {}, nil},
		"replicas": {func(d map[string]any) { d["replicas"] = float64(5) }, nil},
		"retention": {func(d map[string]any) {
			d["persistent_volume_claim_retention_policy"] = map[string]any{"when_deleted": "Delete"}
		}, nil},
		"labels":              {func(d map[string]any) { d["labels"] = map[string]any{"team": "payments"} }, nil},
		"the size of a claim": {func(d map[string]any) { claim(d)["storage"] = "20Gi" }, []string{"StatefulSet.apps/shop/store: spec.volumeClaimTemplates changes"}},
		"the order of starts": {func(d map[string]any) { d["pod_management_policy"] = "OrderedReady" }, []string{"StatefulSet.apps/shop/store: spec.podManagementPolicy changes"}},
		"another name":        {func(d map[string]any) { d["name"] = "other"; d["service_account"] = nil }, nil},
	} {
		d := document()
		tt.change(d)
		var diags diag.Diagnostics
		addRefusedChanges(&diags, state, planned(t, d))
		if len(diags) != len(tt.want) || diags.HasError() {
			t.Errorf("%s: %v", name, diags)
			continue
		}
		for i, want := range tt.want {
			if detail := diags[i].Detail(); !strings.HasPrefix(detail, want) || !strings.Contains(detail, "kubectl delete statefulset store --namespace shop --cascade=orphan") {
				t.Errorf("%s: %s", name, detail)
			}
		}
	}
}
