package workload_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func TestWithDefaults_LeavesItsReceiverAlone(t *testing.T) {
	t.Parallel()
	document := api + `
autoscaling: {min_replicas: 2, max_replicas: 4, cpu_utilization: 50, behavior: {scale_up: {}}}
strategy: {rolling: {}}
topology_spread: [{topology_key: a}]
service: {}
security_context: {}
`
	w := describe(t, document)
	w.WithDefaults()
	if diff := cmp.Diff(describe(t, document), w); diff != "" {
		t.Errorf("changed (-before +after):\n%s", diff)
	}
}

func TestWithDefaults_TwiceIsOnce(t *testing.T) {
	t.Parallel()
	once := describe(t, api+"autoscaling: {min_replicas: 1, max_replicas: 4, cpu_utilization: 50}").WithDefaults()
	if diff := cmp.Diff(once, once.WithDefaults()); diff != "" {
		t.Error(diff)
	}
}

func TestWithDefaults_KeepsWhatTheUserSaid(t *testing.T) {
	t.Parallel()
	d := describe(t, strings.Replace(api, "env:", "security_context: {read_only_root_filesystem: false, capabilities: {drop: []}}\n    env:", 1)+`
replicas: 1
topology_spread: []
network_policy: {ingress: [], allow_cluster_egress: false}
security_context: {run_as_user: 101, seccomp_profile: Unconfined}
pre_stop_sleep_seconds: 0
disruption_budget: {min_available: "50%"}
`).WithDefaults()
	security := d.Containers["api"].SecurityContext
	for what, kept := range map[string]bool{
		"replicas":              *d.Replicas == 1,
		"no spread":             len(d.TopologySpread) == 0,
		"nobody admitted":       len(d.NetworkPolicy.Ingress) == 0,
		"no cluster egress":     !*d.NetworkPolicy.AllowClusterEgress,
		"user":                  *d.SecurityContext.RunAsUser == 101,
		"seccomp":               *d.SecurityContext.SeccompProfile == "Unconfined",
		"no sleep":              *d.PreStopSleepSeconds == 0,
		"min_available":         *d.DisruptionBudget.MinAvailable == "50%" && d.DisruptionBudget.MaxUnavailable == nil,
		"budget asked for":      *d.DisruptionBudget.Enabled,
		"writable root":         !*security.ReadOnlyRootFilesystem,
		"capabilities retained": len(security.Capabilities.Drop) == 0,
	} {
		if !kept {
			t.Errorf("%s: the user's choice is lost", what)
		}
	}
}

func TestWithDefaults_Budget(t *testing.T) {
	t.Parallel()
	for addition, want := range map[string]bool{
		"":            true,
		"replicas: 1": false,
		"replicas: 2": true,
		"autoscaling: {min_replicas: 1, max_replicas: 5, cpu_utilization: 50}": false,
		"autoscaling: {min_replicas: 2, max_replicas: 5, cpu_utilization: 50}": true,
		"disruption_budget: {enabled: false}":                                  false,
	} {
		if got := *describe(t, api+addition).WithDefaults().DisruptionBudget.Enabled; got != want {
			t.Errorf("%q: budget %t, want %t", addition, got, want)
		}
	}
}

func TestWithDefaults_ReplicasAreLeftToTheAutoscaler(t *testing.T) {
	t.Parallel()
	if d := describe(t, api+"autoscaling: {min_replicas: 2, max_replicas: 5, cpu_utilization: 50}").WithDefaults(); d.Replicas != nil {
		t.Errorf("replicas = %d beside an autoscaler", *d.Replicas)
	}
	if d := describe(t, api).WithDefaults(); *d.Replicas != 3 {
		t.Errorf("replicas = %d, want 3", *d.Replicas)
	}
}

func TestWithDefaults_GraceCoversPreStop(t *testing.T) {
	t.Parallel()
	d := describe(t, api+"pre_stop_sleep_seconds: 40").WithDefaults()
	if *d.TerminationGracePeriodSeconds != 70 {
		t.Errorf("grace = %d, want 40 + 30", *d.TerminationGracePeriodSeconds)
	}
	worker := describe(t, api+"service: {enabled: false}").WithDefaults()
	if *worker.PreStopSleepSeconds != 0 {
		t.Errorf("a workload without a Service sleeps %d seconds for nobody", *worker.PreStopSleepSeconds)
	}
}

func TestWithDefaults_EphemeralStorageCoversWritablePaths(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ container, request, limit string }{
		{"", "64Mi", "256Mi"},
		{"writable_paths: {/tmp: 64Mi, /var/cache: 1Gi}", "64Mi", "1344Mi"},
		{"resources: {limits: {ephemeral-storage: 10Mi}}", "10Mi", "10Mi"},
		{"resources: {requests: {ephemeral-storage: 1Gi}}", "1Gi", "1Gi"},
	} {
		document := "name: a\nnamespace: b\nkind: Deployment\ncontainers: {a: {image: a" + digest + ", " + tt.container + "}}"
		r := describe(t, document).WithDefaults().Containers["a"].Resources
		if r.Requests["ephemeral-storage"] != tt.request || r.Limits["ephemeral-storage"] != tt.limit {
			t.Errorf("%q: %v, want request %s and limit %s", tt.container, r, tt.request, tt.limit)
		}
	}
}

func TestWithDefaults_PullPolicyFollowsTheDigest(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{"nginx:1.27" + digest: "IfNotPresent", "nginx:1.27": "Always"} {
		w := workload.Workload{Containers: map[string]workload.Container{"a": {Image: image}}}
		if got := *w.WithDefaults().Containers["a"].ImagePullPolicy; got != want {
			t.Errorf("%s: %s, want %s", image, got, want)
		}
	}
}
