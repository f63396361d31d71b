package render_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// What Flagger makes itself would be fought over, and what must follow production selects it by the
// label that production keeps.
func TestRender_LeavesToFlaggerWhatItMakes(t *testing.T) {
	t.Parallel()
	for _, name := range cases(t) {
		if !strings.HasPrefix(name, "flagger-") {
			continue
		}
		w := input(t, name)
		for _, m := range mustRender(t, w).Manifests {
			if m.Key == "Service/shop/api" || strings.HasPrefix(m.Key, "HTTPRoute.") || strings.HasPrefix(m.Key, "VirtualService.networking.istio.io") {
				t.Errorf("%s: %s is Flagger's to make", name, m.Key)
			}
			if strings.HasPrefix(m.Key, "Deployment.apps/") && (strings.Contains(m.Text, "\n  replicas:") || !strings.Contains(m.Text, "seaworthy.dev/settings")) {
				t.Errorf("%s: the Deployment has a number of replicas, or no hash of its settings", name)
			}
			selects := slices.ContainsFunc([]string{"PodDisruptionBudget.", "NetworkPolicy.", "PodMonitor."}, func(kind string) bool { return strings.HasPrefix(m.Key, kind) })
			if selects && !strings.Contains(m.Text, "matchLabels:\n      app.kubernetes.io/instance: api\n") {
				t.Errorf("%s: %s does not select production:\n%s", name, m.Key, m.Text)
			}
		}
	}
}

// Flagger hands the autoscaler's numbers on only together with changed pods.
func TestRender_SettingsReachProduction(t *testing.T) {
	t.Parallel()
	hash := func(change func(*workload.Workload)) string {
		w := input(t, "flagger-istio-canary")
		change(&w)
		for _, m := range mustRender(t, w).Manifests {
			if _, after, found := strings.Cut(m.Text, "seaworthy.dev/settings: "); found {
				return strings.Fields(after)[0]
			}
		}
		t.Fatal("no hash")
		return ""
	}
	same := hash(func(*workload.Workload) {})
	if other := hash(func(w *workload.Workload) { w.Autoscaling.MaxReplicas++ }); other == same {
		t.Error("a changed autoscaler changes no pod")
	}
	if other := hash(func(w *workload.Workload) { w.MinReadySeconds = new(int32(7)) }); other == same {
		t.Error("a changed min_ready_seconds changes no pod")
	}
	if other := hash(func(w *workload.Workload) { w.Labels = map[string]string{"a": "b"} }); other != same {
		t.Error("a label of the objects changes the hash")
	}
}
