package render_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// manifestOf returns the text of a manifest.
func manifestOf(t *testing.T, result render.Result, key string) string {
	t.Helper()
	for _, m := range result.Manifests {
		if m.Key == key {
			return m.Text
		}
	}
	t.Fatalf("there is no %s", key)
	return ""
}

// found returns the findings of a rule.
func found(result render.Result, rule string) []hardening.Finding {
	return slices.DeleteFunc(slices.Clone(result.Findings), func(f hardening.Finding) bool { return f.RuleID != rule })
}

// A stable version that gets a candidate must not become another one: it keeps its name, its selector and
// everything else.
func TestRender_CandidateLeavesTheStableVersionAlone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"native-gateway-api-canary", "native-blue-green-2-switched", "native-traefik-ab-test", "native-canary-by-pods"} {
		with := input(t, name)
		without := with
		without.Strategy = nil
		for _, key := range []string{"Deployment.apps/shop/api", "PodDisruptionBudget.policy/shop/api", "NetworkPolicy.networking.k8s.io/shop/api"} {
			if diff := cmp.Diff(manifestOf(t, mustRender(t, without), key), manifestOf(t, mustRender(t, with), key)); diff != "" {
				t.Errorf("%s: %s (-alone +beside a candidate):\n%s", name, key, diff)
			}
		}
	}
}

// What changes an object of the stable version changes the candidate's too, or they would differ in more
// than the candidate says; one that the candidate's is already is no fault.
func TestRender_PatchesChangeBothVersions(t *testing.T) {
	t.Parallel()
	patched := func(target, merge string) render.Result {
		w := input(t, "native-gateway-api-canary")
		w.Patches = []workload.Patch{{Target: target, StrategicMerge: &merge}}
		return mustRender(t, w)
	}
	const scheduler = "schedulerName: \"batch\""
	const merge = `{"spec": {"template": {"spec": {"schedulerName": "batch"}}}}`
	for target, both := range map[string]bool{"Deployment/api": true, "Deployment.apps/shop/api": true, "Deployment/api-candidate": false} {
		result := patched(target, merge)
		stable := strings.Contains(strings.ReplaceAll(manifestOf(t, result, "Deployment.apps/shop/api"), "schedulerName: batch", scheduler), scheduler)
		next := strings.Contains(strings.ReplaceAll(manifestOf(t, result, "Deployment.apps/shop/api-candidate"), "schedulerName: batch", scheduler), scheduler)
		if stable != both || !next {
			t.Errorf("%s: the stable version is patched: %t, the candidate: %t", target, stable, next)
		}
	}
	// There is a candidate with these replicas already.
	w := input(t, "native-gateway-api-canary")
	w.Strategy.Canary.Candidate.Replicas = new(int32(5))
	replicas := `{"spec": {"replicas": 5}}`
	w.Patches = []workload.Patch{{Target: "Deployment/api", StrategicMerge: &replicas}}
	mustRender(t, w)
}

// A candidate of one pod is no fault, and says why; what is said of both versions is said once, and what is
// the candidate's own stands where the candidate is described.
func TestRender_FindingsOfTwoVersions(t *testing.T) {
	t.Parallel()
	w := input(t, "native-gateway-api-canary")
	w.Strategy.Canary.Candidate.Images["api"] = "registry.example.com/shop/api:1.5.0"
	result := mustRender(t, w)
	replicas := found(result, "replicas")
	if len(replicas) != 1 || replicas[0].Reason == "" || replicas[0].IsViolation() || !strings.HasSuffix(replicas[0].Object, "/api-candidate") {
		t.Errorf("the candidate's one pod: %+v", replicas)
	}
	digests := found(result, "image-digest")
	if len(digests) != 1 || digests[0].Path.String() != `strategy.canary.candidate.images["api"]` || !digests[0].IsViolation() {
		t.Errorf("the candidate's image without a digest: %+v", digests)
	}
	if overcommit := found(result, "memory-overcommit"); len(overcommit) != 1 {
		t.Errorf("what is true of both versions is said %d times: %+v", len(overcommit), overcommit)
	}
	w.Strategy = &rollout.Strategy{BlueGreen: &rollout.BlueGreen{Candidate: &rollout.Candidate{Images: w.Strategy.Canary.Candidate.Images, Replicas: new(int32(1))}}}
	if one := found(mustRender(t, w), "replicas"); len(one) != 1 || !one[0].IsViolation() {
		t.Errorf("a blue-green candidate gets all traffic, so one pod is too few: %+v", one)
	}
}

func TestRender_NoticesOfStrategies(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]map[string]string{
		"native-canary-by-pods":     {"canary-share": "2 of 8 pods are the candidate's, so it gets about 25 % of the requests, for a weight of 25", "strategy-limited": "weight by engine native over provider none has a limit: by the ratio"},
		"native-blue-green-1-start": {"candidate-capacity": "at least 6 pods in place of 3, which request 1200m of cpu in place of 600m and 768Mi of memory in place of 384Mi"},
		"native-nginx-canary":       {"traffic-provider-ending": "ingress-nginx is retired", "strategy-limited": "mirror by engine native over provider nginx has a limit", "mirrored-requests": ""},
		"native-gloo-canary":        {"traffic-provider-ending": "2026-12-31", "mirrored-requests": ""},
		"native-app-mesh-canary":    {"traffic-provider-ending": "2026-09-30"},
		"route-nginx-rolling":       {"traffic-provider-ending": "ingress-nginx is retired"},
		"native-traefik-canary":     {"mirrored-requests": ""},
		"flagger-none-blue-green": {
			"strategy-limited": "traffic is never switched", "candidate-capacity": "at least 6 pods in place of 3",
		},
		"flagger-istio-canary":        {"analysis-without-load": "little traffic leaves the metrics"},
		"argo-none-blue-green":        {"candidate-capacity": "at least 8 pods in place of 4"},
		"argo-istio-mirrored-by-hand": {"mirrored-requests": "an order that is copied is ordered twice"},
		"argo-none-canary":            {"strategy-limited": "by the ratio of the versions' pods"},
		"route-gateway-api-rolling":   {},
		"native-istio-ab-test":        {},
		"native-gateway-api-ab-test":  {"strategy-limited": "cookie by engine native over provider gateway_api has a limit: as a regular expression"},
	} {
		result := mustRender(t, input(t, name))
		if !slices.IsSortedFunc(result.Findings, func(a, b hardening.Finding) int {
			return slices.Index(hardening.Severities(), a.Severity) - slices.Index(hardening.Severities(), b.Severity)
		}) {
			t.Errorf("%s: the findings are not sorted", name)
		}
		for _, id := range []string{
			"canary-share", "strategy-limited", "candidate-capacity", "traffic-provider-ending", "mirrored-requests", "analysis-without-load", "secrets-until-promotion",
		} {
			notices := found(result, id)
			switch text, wanted := want[id]; {
			case !wanted && len(notices) > 0:
				t.Errorf("%s: %+v", name, notices)
			case wanted && (len(notices) != 1 || !strings.Contains(notices[0].Message, text) || notices[0].Remediation == "" || notices[0].Path.String() == ""):
				t.Errorf("%s: want %q, got %+v", name, text, notices)
			}
		}
	}
}

// Sidecars run as long as the containers do, and numbers are those of large clusters too.
func TestRender_CapacityOfBothVersions(t *testing.T) {
	t.Parallel()
	w := input(t, "native-blue-green-1-start")
	w.InitContainers = []workload.InitContainer{{Name: "proxy", Sidecar: new(true), Container: w.Containers["api"]}}
	w.Replicas, w.Autoscaling = new(int32(2_000_000_000)), nil
	w.InitContainers[0].Ports = nil
	result, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion, Incomplete: true})
	if result.Manifests == nil {
		t.Fatal(err)
	}
	const want = "at least 4000000000 pods in place of 2000000000, which request 1600M of cpu in place of 800M"
	if notices := found(result, "candidate-capacity"); len(notices) != 1 || !strings.Contains(notices[0].Message, want) {
		t.Errorf("want %q, got %+v", want, notices)
	}
}

func TestRender_NoticesUnderFlagger(t *testing.T) {
	t.Parallel()
	w := input(t, "flagger-istio-blue-green")
	w.Analysis = &rollout.Analysis{Metrics: map[string]rollout.AnalysisMetric{
		"errors": {Provider: rollout.Prometheus, Address: new("http://prometheus:9090"), Query: new("errors"), Max: new(rollout.Number("0"))},
	}}
	without := found(mustRender(t, w), "analysis-without-load")
	if len(without) != 1 || without[0].Severity != hardening.Warning || !strings.Contains(without[0].Message, "nobody sends requests to the next version before the switch") {
		t.Errorf("metrics of a version without requests: %+v", without)
	}
	w.Strategy.Webhooks = map[string]rollout.Webhook{"load": {Type: "rollout", URL: "http://flagger-loadtester.test/"}}
	if with := found(mustRender(t, w), "analysis-without-load"); len(with) > 0 {
		t.Errorf("a webhook makes requests: %+v", with)
	}
	if none := found(mustRender(t, w), "secrets-until-promotion"); len(none) > 0 {
		t.Errorf("there is no Secret: %+v", none)
	}
	api := w.Containers["api"]
	api.EnvFromSecret = map[string]workload.SecretKey{"PASSWORD": {Secret: "database", Key: "password"}}
	w.Containers["api"] = api
	api.VolumeMounts = map[string]workload.VolumeMount{"/keys": {Volume: "keys"}}
	w.Containers["api"] = api
	w.Volumes = map[string]workload.Volume{"keys": {Secret: &workload.SecretVolume{SecretName: "signing"}}}
	if secrets := found(mustRender(t, w), "secrets-until-promotion"); len(secrets) != 1 || !strings.Contains(secrets[0].Message, "Secrets database, signing,") {
		t.Errorf("Flagger copies Secrets: %+v", secrets)
	}
}
