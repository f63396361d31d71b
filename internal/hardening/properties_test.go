package hardening_test

import (
	"slices"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

// class says how a property is meant.
type class string

const (
	byDefault class = "D" // of every production workload
	optOut    class = "O" // on by default; the user may opt out with a written reason
	ofCluster class = "C" // depends on the cluster, so it is not asked for
	ofOthers  class = "N" // owed by the namespace's owner
	notAsked  class = "X" // asked by other judges, not by us
)

// properties lists what a hardened production workload is held to by the Pod
// Security Standards and the field's linters, and the rules that hold ours to it. A
// property without a rule has the reason in its place.
var properties = []struct {
	number   int
	class    class
	property string
	rules    []string
	reason   string
}{
	{1, byDefault, "runAsNonRoot", []string{"run-as-non-root"}, ""},
	{2, optOut, "runAsUser from 10001 up", []string{"high-user-id"}, ""},
	{3, optOut, "runAsGroup from 10001 up", []string{"high-group-id"}, ""},
	{4, byDefault, "no group 0; fsGroup for claims, changed on mismatch only", []string{"no-root-group", "volume-group", "volume-group-change"}, ""},
	{5, byDefault, "no privilege escalation", []string{"no-privilege-escalation"}, ""},
	{6, byDefault, "not privileged", []string{"no-privileged"}, ""},
	{7, byDefault, "no capabilities", []string{"drop-capabilities", "added-capabilities", "net-bind-service"}, ""},
	{8, optOut, "read-only root file system", []string{"read-only-root"}, ""},
	{9, byDefault, "seccomp RuntimeDefault", []string{"seccomp-profile"}, ""},
	{10, ofCluster, "AppArmor RuntimeDefault", []string{"apparmor-profile"}, "a profile is not asked for, because pods that name one do not start on nodes without AppArmor; only Unconfined is refused"},
	{11, ofCluster, "user namespace", nil, "the node's runtime must support it, and it conflicts with other settings"},
	{12, byDefault, "no host namespaces", []string{"no-host-namespaces"}, ""},
	{13, byDefault, "no host port", []string{"no-host-port"}, ""},
	{14, byDefault, "volume types of the restricted standard", []string{"volume-types"}, ""},
	{15, byDefault, "masked /proc, safe sysctls", []string{"proc-mount", "safe-sysctls"}, ""},
	{16, optOut, "no service account token", []string{"service-account-token"}, ""},
	{17, optOut, "a service account of its own", []string{"service-account"}, ""},
	{18, byDefault, "least permissions", []string{"access-wildcard", "access-secrets", "access-exec", "access-escalation", "access-cluster-admin", "access-subjects"}, ""},
	{19, byDefault, "init containers hardened and sized", []string{"cpu-request", "memory-limit", "drop-capabilities", "image-digest"}, "every rule over containers sees init containers, as TestCheck_SeesInitContainers shows"},
	{20, byDefault, "no host aliases", []string{"no-host-aliases"}, ""},
	{21, optOut, "no service links", []string{"service-links"}, ""},
	{22, byDefault, "a tag that does not move", []string{"image-tag"}, ""},
	{23, optOut, "a digest", []string{"image-digest"}, ""},
	{24, optOut, "pull policy that fits", []string{"image-pull-policy"}, ""},
	{25, notAsked, "trusted registries", nil, "which registries are trusted is not known here"},
	{26, byDefault, "requests for CPU and memory", []string{"cpu-request", "memory-request"}, ""},
	{27, byDefault, "limit for memory", []string{"memory-limit"}, ""},
	{28, optOut, "memory request equals the limit", []string{"memory-overcommit"}, "a notice: equality costs capacity, so it is the author's to decide"},
	{29, optOut, "limit for CPU", nil, "the user's choice: a limit throttles latency-bound code while the node idles, and a request already keeps neighbours at bay"},
	{30, notAsked, "CPU request equals the limit", nil, "it forbids to use what is idle"},
	{31, optOut, "ephemeral storage requested and limited", []string{"ephemeral-storage", "empty-dir-fits"}, ""},
	{32, byDefault, "size limit on every emptyDir", []string{"empty-dir-size-limit"}, ""},
	{33, optOut, "readiness probe", []string{"readiness-probe"}, ""},
	{34, optOut, "liveness probe", []string{"liveness-probe"}, ""},
	{35, byDefault, "probes differ", []string{"distinct-probes"}, ""},
	{36, optOut, "startup probe where the start is slow", []string{"startup-probe", "startup-budget"}, ""},
	{37, byDefault, "probes ask declared ports", []string{"probe-port"}, ""},
	{38, byDefault, "preStop is shorter than the grace period", []string{"pre-stop-grace"}, ""},
	{39, optOut, "two replicas or more", []string{"replicas"}, ""},
	{40, byDefault, "no replicas beside an autoscaler", []string{"autoscaling-replicas"}, ""},
	{41, byDefault, "an autoscaler with a range, a target and a behavior", []string{"autoscaling-range", "autoscaling-target", "autoscaling-requests", "autoscaling-behavior"}, ""},
	{42, byDefault, "one disruption budget", []string{"disruption-budget", "single-disruption-budget"}, ""},
	{43, byDefault, "the budget lets a drain go on", []string{"node-drain"}, ""},
	{44, optOut, "unhealthy pods may be evicted", []string{"unhealthy-pod-eviction"}, ""},
	{45, optOut, "anti-affinity over nodes", []string{"pod-anti-affinity"}, ""},
	{46, optOut, "spread over zones", []string{"zone-spread"}, ""},
	{47, optOut, "rolling update", []string{"recreate-downtime", "rollout-strategy"}, ""},
	{48, ofCluster, "priority class", []string{"priority-class"}, "none is asked for; one that is named must exist, which is a notice"},
	{49, byDefault, "network policies for both directions", []string{"network-policy", "egress-limited"}, ""},
	{50, optOut, "no rule for every address", []string{"network-policy-peers"}, ""},
	{51, byDefault, "DNS where egress is restricted", []string{"network-policy-dns"}, ""},
	{52, byDefault, "selectors and ports that match", []string{"selector-matches-pods", "service-target-port"}, ""},
	{53, optOut, "Services inside the cluster only", []string{"service-type"}, ""},
	{54, optOut, "Ingress with TLS", []string{"ingress-tls"}, ""},
	{55, optOut, "ports from 1024 up", []string{"unprivileged-port"}, ""},
	{56, byDefault, "no literal secret in the environment", []string{"secret-in-env"}, ""},
	{57, optOut, "secrets as files", []string{"secret-as-variable"}, "a notice: most images read the environment only"},
	{58, optOut, "no secret in a ConfigMap", []string{"secret-in-config-map"}, ""},
	{59, optOut, "no Secret object", []string{"no-secret-object"}, ""},
	{60, byDefault, "a namespace of its own", []string{"namespace"}, ""},
	{61, optOut, "recommended labels", []string{"recommended-labels"}, ""},
	{62, optOut, "label instance is the object's name", nil, "Helm writes its release's name there, which is right for its charts; that a workload's label is its name is held by the goldens of package render"},
	{63, byDefault, "own selector matches, no variable twice", []string{"selector-labels", "duplicate-env"}, ""},
	{64, byDefault, "valid schema, API version that is served", []string{"api-version"}, "unknown and misspelt fields are refused by package manifest"},
	{65, ofOthers, "LimitRange and ResourceQuota", nil, "a workload cannot own them"},
	{66, notAsked, "house rules of others", nil, "owner labels, e-mail annotations, sorted keys, ndots and node affinity are for each house to decide"},
	{67, byDefault, "a StatefulSet's headless Service", []string{"stateful-service"}, ""},
	{68, optOut, "claims of one node with a size", []string{"volume-claim"}, ""},
	{69, byDefault, "a CronJob's deadline and concurrency", []string{"cron-deadline", "cron-concurrency"}, ""},
	{70, byDefault, "a job's pods end", []string{"job-restart-policy"}, ""},
	{71, byDefault, "bounded jobs", []string{"job-deadline", "job-backoff-limit", "job-cleanup"}, ""},
}

func TestAll_HoldsEveryProperty(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, rule := range hardening.All() {
		known[rule.ID] = true
	}
	for i, p := range properties {
		if p.number != i+1 || !slices.Contains([]class{byDefault, optOut, ofCluster, ofOthers, notAsked}, p.class) {
			t.Errorf("row %d: %d %s is out of order or of no class", i+1, p.number, p.class)
		}
		if len(p.rules) == 0 && p.reason == "" {
			t.Errorf("%d (%s) has no rule and no reason for that", p.number, p.property)
		}
		for _, id := range p.rules {
			if !known[id] {
				t.Errorf("%d (%s): there is no rule %s", p.number, p.property, id)
			}
		}
	}
	if len(properties) != 71 {
		t.Errorf("there are %d properties", len(properties))
	}
}

// TestCheck_SeesInitContainers breaks the rules over containers in an init container alone.
func TestCheck_SeesInitContainers(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range hardening.Check(patchBase(t, "init", ofDeployment+"{template: {spec: {initContainers: [{name: init, image: init}]}}}}"), hardening.Given{}) {
		got = append(got, f.RuleID)
	}
	for _, id := range []string{
		"image-digest", "image-tag", "cpu-request", "memory-request", "memory-limit", "ephemeral-storage",
		"drop-capabilities", "no-privilege-escalation", "read-only-root",
	} {
		if !slices.Contains(got, id) {
			t.Errorf("%s is not broken: %v", id, got)
		}
	}
}
