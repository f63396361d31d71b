package render_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
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

// A canary gets a part of the requests, and production keeps all of its pods.
func TestRender_CanaryUnderFlaggerIsSmallerThanProduction(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		least         int32
		steps         []int32
		scaler, ofTwo string
	}{
		"half":                   {100, []int32{5, 50}, "minReplicas: 50", "minReplicas: 100"},
		"a share, rounded up":    {9, []int32{25}, "minReplicas: 3", "minReplicas: 9"},
		"two pods at least":      {10, []int32{1, 5}, "minReplicas: 2", "minReplicas: 10"},
		"no more than there are": {1, []int32{50}, "minReplicas: 1", ""},
		"all":                    {10, []int32{50, 100}, "minReplicas: 10", ""},
	} {
		w := input(t, "flagger-istio-canary")
		w.Autoscaling.MinReplicas, w.Autoscaling.MaxReplicas, w.Strategy.Canary.Steps = tt.least, 200, tt.steps
		w.Exceptions = map[string]string{"replicas": "for the test", "disruption-budget": "for the test"}
		result, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion})
		if result.Manifests == nil {
			t.Fatalf("%s: %v", name, err)
		}
		if text := manifestOf(t, result, "HorizontalPodAutoscaler.autoscaling/shop/api"); !strings.Contains(text, tt.scaler+"\n") {
			t.Errorf("%s: want %s:\n%s", name, tt.scaler, text)
		}
		canary := manifestOf(t, result, "Canary.flagger.app/shop/api")
		if strings.Contains(canary, "primaryScalerReplicas") != (tt.ofTwo != "") || !strings.Contains(canary, tt.ofTwo) {
			t.Errorf("%s: want %q for production:\n%s", name, tt.ofTwo, canary)
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
