//go:build cluster

package clustertest_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// rejection is a description that validation refuses.
type rejection struct {
	change func(*workload.Workload)
	// api is what the API server says of the object that would be rendered.
	api string
	// stricter says why we refuse what the API server takes; api is then empty.
	stricter string
}

// The functions below each return a change of one part of a valid workload.

func web(change func(*workload.Container)) func(*workload.Workload) {
	return func(w *workload.Workload) {
		c := w.Containers["web"]
		change(&c)
		w.Containers["web"] = c
	}
}

func port(change func(*workload.Port)) func(*workload.Workload) {
	return web(func(c *workload.Container) {
		p := c.Ports["http"]
		change(&p)
		c.Ports["http"] = p
	})
}

func liveness(change func(*workload.Probe)) func(*workload.Workload) {
	return web(func(c *workload.Container) { change(c.LivenessProbe) })
}

func resources(requests, limits map[string]string) func(*workload.Workload) {
	return web(func(c *workload.Container) { c.Resources = &workload.Resources{Requests: requests, Limits: limits} })
}

func security(s workload.SecurityContext) func(*workload.Workload) {
	return web(func(c *workload.Container) { c.SecurityContext = &s })
}

func scaling(change func(*workload.Autoscaling)) func(*workload.Workload) {
	return func(w *workload.Workload) {
		w.Autoscaling = &workload.Autoscaling{MinReplicas: 2, MaxReplicas: 4, CPUUtilization: new(int32(50))}
		change(w.Autoscaling)
	}
}

func scaleUp(rules workload.ScalingRules) func(*workload.Workload) {
	return scaling(func(a *workload.Autoscaling) { a.Behavior = &workload.Behavior{ScaleUp: &rules} })
}

func peer(p workload.Peer) func(*workload.Workload) {
	return func(w *workload.Workload) {
		w.NetworkPolicy = &workload.NetworkPolicy{Egress: []workload.EgressRule{{To: []workload.Peer{p}}}}
	}
}

func toleration(t workload.Toleration) func(*workload.Workload) {
	return func(w *workload.Workload) { w.Tolerations = []workload.Toleration{t} }
}

func spread(s ...workload.TopologySpread) func(*workload.Workload) {
	return func(w *workload.Workload) { w.TopologySpread = s }
}

func rolling(surge, unavailable rollout.Quantity) func(*workload.Workload) {
	return func(w *workload.Workload) {
		w.Strategy = &rollout.Strategy{Rolling: &rollout.Rolling{MaxSurge: &surge, MaxUnavailable: &unavailable}}
	}
}

func budget(b workload.DisruptionBudget) func(*workload.Workload) {
	return func(w *workload.Workload) { w.DisruptionBudget = &b }
}

// TestRejections holds what a plan refuses, whatever the exceptions, against the
// API server, both ways: the API server refuses what we refuse in its name, or
// the table says why we are stricter; and what it refuses does not get through.
func TestRejections(t *testing.T) {
	t.Parallel()
	const namespace = "rejections"
	createNamespace(t, namespace, false)
	if _, refusal := dryRun(t, rejectable(namespace)); refusal != "" {
		t.Fatalf("the workload is refused without any change: %s", refusal)
	}
	for name, tc := range allRejections(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rejectable(namespace)
			tc.change(&w)
			_, invalid := excused(w, version)
			rendered, refusal := dryRun(t, w)
			if rendered == "" {
				t.Fatalf("it cannot even be rendered: %v", invalid)
			}
			if invalid == nil {
				t.Errorf("validation lets it through; the API server says: %s", refusal)
			}
			switch {
			case tc.stricter != "" && refusal != "":
				t.Errorf("validation is no stricter than the API server, which says: %s", refusal)
			case tc.stricter != "":
			case refusal == "":
				t.Errorf("the API server takes what validation refuses with %v:\n%s", invalid, rendered)
			case tc.api == "" || !strings.Contains(refusal, tc.api):
				t.Errorf("the API server's reason is not %q: %s", tc.api, refusal)
			default:
				statistics.rejections.Add(1)
			}
		})
	}
}

// allRejections are those of all tables.
func allRejections(t *testing.T) map[string]rejection {
	t.Helper()
	all := make(map[string]rejection)
	for _, table := range []map[string]rejection{rejections, networkRejections, kindRejections, jobRejections, volumeRejections} {
		for name, tc := range table {
			if _, twice := all[name]; twice {
				t.Fatalf("two rejections are named %q", name)
			}
			all[name] = tc
		}
	}
	return all
}

// rejectable is a valid workload with something of everything.
func rejectable(namespace string) workload.Workload {
	return workload.Workload{
		Name: "web", Namespace: namespace, Kind: workload.Deployment,
		Containers: map[string]workload.Container{"web": {
			Image:         "registry.example.com/web:1" + digest,
			Ports:         map[string]workload.Port{"http": {ContainerPort: 8080}},
			Resources:     &workload.Resources{Requests: map[string]string{"cpu": "1", "memory": "1Gi"}, Limits: map[string]string{"memory": "1Gi"}},
			LivenessProbe: &workload.Probe{HTTPGet: &workload.HTTPGet{Port: "http"}},
		}},
	}
}

// dryRun renders a description that need not be valid and asks the API server
// about each object. It returns the text, if it can be rendered at all, and the
// first refusal.
func dryRun(t *testing.T, w workload.Workload) (text, refusal string) {
	t.Helper()
	result, err := render.Render(w, render.Options{KubernetesVersion: version.String(), Incomplete: true})
	if err == nil && len(result.Manifests) == 0 {
		t.Fatal("it renders to nothing")
	}
	for _, m := range result.Manifests {
		text += "---\n" + m.Text
		_, err := cluster.DryRun(t.Context(), m.Text)
		// Addresses and ports of samples that run are no fault of this object.
		if err != nil && refusal == "" && !strings.Contains(err.Error(), "is already allocated") {
			refusal = err.Error()
		}
	}
	return text, refusal
}
