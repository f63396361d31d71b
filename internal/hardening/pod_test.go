package hardening_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// TestCheck_FindsPodTemplatesWhereverTheyAre asks for the place of an image
// without a digest, in a container and in an init container, of every kind.
func TestCheck_FindsPodTemplatesWhereverTheyAre(t *testing.T) {
	t.Parallel()
	const template = `{spec: {containers: [{name: main, image: "a:1.2"}], initContainers: [{name: init, image: "b:1.2"}]}}`
	for _, tt := range []struct{ kind, document, at string }{
		{"Pod", `{apiVersion: v1, kind: Pod, metadata: {name: x}, ` + template[1:], "spec"},
		{"Deployment.apps", `{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {template: ` + template + `}}`, "spec.template.spec"},
		{"StatefulSet.apps", `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: x}, spec: {template: ` + template + `}}`, "spec.template.spec"},
		{"DaemonSet.apps", `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: x}, spec: {template: ` + template + `}}`, "spec.template.spec"},
		{"ReplicaSet.apps", `{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: x}, spec: {template: ` + template + `}}`, "spec.template.spec"},
		{"Job.batch", `{apiVersion: batch/v1, kind: Job, metadata: {name: x}, spec: {template: ` + template + `}}`, "spec.template.spec"},
		{"CronJob.batch", `{apiVersion: batch/v1, kind: CronJob, metadata: {name: x}, spec: {jobTemplate: {spec: {template: ` + template + `}}}}`, "spec.jobTemplate.spec.template.spec"},
	} {
		var got []string
		for _, f := range check(t, tt.document) {
			if f.RuleID == "image-digest" {
				got = append(got, f.Object+" "+f.Field)
			}
		}
		want := []string{tt.kind + "/x " + tt.at + ".containers[main].image", tt.kind + "/x " + tt.at + ".initContainers[init].image"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.kind, diff)
		}
	}
}

// TestCheck_AsksOnlyWhatFitsTheKind names the rules that a bare object of each kind breaks beyond those of any pod.
func TestCheck_AsksOnlyWhatFitsTheKind(t *testing.T) {
	t.Parallel()
	const template = `{metadata: {labels: {app: x}}, spec: {containers: [{name: main, image: "a:1.2"}]}}`
	broken := func(document string) []string {
		var ids []string
		for _, f := range check(t, document) {
			ids = append(ids, f.RuleID)
		}
		return slices.Compact(ids)
	}
	var (
		deployment = broken(`{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {replicas: 2, selector: {matchLabels: {app: x}}, template: ` + template + `}}`)
		daemonSet  = broken(`{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: x}, spec: {selector: {matchLabels: {app: x}}, template: ` + template + `}}`)
		job        = broken(`{apiVersion: batch/v1, kind: Job, metadata: {name: x}, spec: {template: ` + template + `}}`)
	)
	without := func(all, some []string) (rest []string) {
		for _, id := range all {
			if !slices.Contains(some, id) {
				rest = append(rest, id)
			}
		}
		return rest
	}
	if diff := cmp.Diff([]string{"disruption-budget", "pod-anti-affinity", "rollout-strategy", "zone-spread"}, without(deployment, daemonSet)); diff != "" {
		t.Errorf("a Deployment, but not a DaemonSet (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"liveness-probe", "readiness-probe"}, without(daemonSet, job)); diff != "" {
		t.Errorf("a DaemonSet, but not a Job (-want +got):\n%s", diff)
	}
}

// TestCheck_ReadsOlderAutoscalers holds autoscaling/v1 to the rules of version 2.
func TestCheck_ReadsOlderAutoscalers(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range check(t, `
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: x, namespace: shop}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: x}, maxReplicas: 1, targetCPUUtilizationPercentage: 50}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: x, namespace: shop}
spec: {replicas: 3, template: {spec: {containers: [{name: main, image: "a:1.2"}]}}}
`) {
		if strings.HasPrefix(f.RuleID, "autoscaling-") || f.RuleID == "replicas" {
			got = append(got, fmt.Sprintf("%s: %s", f.RuleID, f.Message))
		}
	}
	want := []string{
		"autoscaling-range: maxReplicas is 1 and minReplicas 1, so there is nothing to scale between",
		"autoscaling-replicas: replicas is 3, and HorizontalPodAutoscaler.autoscaling/shop/x decides about it as well",
		`autoscaling-requests: the target of 50 % is a share of the request for cpu, but container "main" has none, so the autoscaler does nothing`,
		"replicas: the workload may run 1 pod, so each drain and node failure is an outage",
		"autoscaling-behavior: nothing says how fast the number of pods may fall when the load does",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestCheck_JudgesPartsOfAnApplication gives objects without the pods that they
// are for: what is not here cannot be compared with.
func TestCheck_JudgesPartsOfAnApplication(t *testing.T) {
	t.Parallel()
	for _, f := range check(t, `
apiVersion: v1
kind: Service
metadata: {name: x, namespace: shop}
spec: {selector: {app: x}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: x, namespace: shop}
spec: {maxUnavailable: 1, unhealthyPodEvictionPolicy: AlwaysAllow, selector: {matchLabels: {app: x}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: x, namespace: shop}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: x}, minReplicas: 2, maxReplicas: 3, behavior: {scaleDown: {}}}
`) {
		t.Errorf("%s: %s: %s", f.Object, f.RuleID, f.Message)
	}
}

func check(t testing.TB, stream string) []hardening.Finding {
	t.Helper()
	objects, err := manifest.Parse(stream)
	if err != nil {
		t.Fatal(err)
	}
	return hardening.Check(objects, hardening.Given{})
}
