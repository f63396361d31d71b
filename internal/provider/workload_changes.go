package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// addRefusedChanges warns of changes between the manifests of the state and the planned
// ones that the API server refuses of an object that exists. It is no error: whether the
// object exists, or has been deleted for this very change, is not known here.
func addRefusedChanges(diags *diag.Diagnostics, state tftypes.Value, planned workloadPlan) {
	texts := manifestsIn(state)
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		before := texts[key]
		after, there := planned.manifests[key]
		if !there || !after.known || after.text == before {
			continue
		}
		old, err := manifest.Parse(before)
		if err != nil || len(old) != 1 {
			continue // of another version of the provider: there is nothing to compare with
		}
		now, err := manifest.Parse(after.text)
		if err != nil || len(now) != 1 {
			continue
		}
		for _, name := range manifest.RefusedChanges(old[0], now[0]) {
			blamed := hardening.Locate(hardening.Finding{Object: key, Field: name})
			diags.AddAttributeWarning(terraformPath(blamed), "Change that Kubernetes refuses: "+key, refusal(key, name))
		}
	}
}

func refusal(key, name string) string {
	kind, rest, _ := strings.Cut(key, "/")
	kind, _, _ = strings.Cut(kind, ".")
	namespace, object, _ := strings.Cut(rest, "/")
	command, kept := fmt.Sprintf("kubectl delete %s %s --namespace %s", strings.ToLower(kind), object, namespace), ""
	if kind == "StatefulSet" {
		command += " --cascade=orphan"
		kept = " Its pods and claims stay, and the new one takes them over; claims that exist are not changed by it."
	}
	return fmt.Sprintf("%s: %s changes, which the API server refuses of an object that exists, so that applying the manifest will fail. "+
		"Take the change back, or delete the object before it is applied: %s.%s", key, name, command, kept)
}

// manifestsIn returns the manifests that a state holds; none if there is no state.
func manifestsIn(state tftypes.Value) map[string]string {
	var members map[string]tftypes.Value
	if state.IsNull() || !state.IsKnown() || state.As(&members) != nil {
		return nil
	}
	var elements map[string]tftypes.Value
	if manifests := members["manifests"]; manifests.IsNull() || !manifests.IsKnown() || manifests.As(&elements) != nil {
		return nil
	}
	texts := make(map[string]string, len(elements))
	for key, element := range elements {
		var text string
		if element.IsKnown() && !element.IsNull() && element.As(&text) == nil {
			texts[key] = text
		}
	}
	return texts
}
