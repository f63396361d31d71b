//go:build cluster

package clustertest_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

var canaries = schema.GroupVersionResource{Group: "flagger.app", Version: "v1beta1", Resource: "canaries"}

// flaggerFlow is one strategy of Flagger's over one provider.
type flaggerFlow struct {
	strategy rollout.Strategy
	traffic  *rollout.Traffic
	// good is what the route shows between "100/0" and "100/0" while a good version is rolled out, and bad
	// while a bad one is tried. See [splitOf].
	good, bad []string
	// tolerated is how many looks may fail.
	tolerated int32
}

// productionPods is how many pods production has at least; a canary of half of the requests has half of them.
const productionPods = 4

// flaggerFlows are the strategies over every provider over which the table of capabilities has them, and
// blue-green, which sets the shares that canary has tried, over some.
func flaggerFlows() map[string]flaggerFlow {
	engine := rollout.Flagger
	canary := func(c rollout.Canary) rollout.Strategy { return rollout.Strategy{Engine: &engine, Canary: &c} }
	blueGreen := func(b rollout.BlueGreen) rollout.Strategy { return rollout.Strategy{Engine: &engine, BlueGreen: &b} }
	abTest := rollout.Strategy{Engine: &engine, ABTest: &rollout.ABTest{
		Match: []rollout.Match{{Header: new("X-Canary"), Exact: new("insider")}}, Checks: new(int32(1)),
	}}
	flows := map[string]flaggerFlow{}
	add := func(name string, s rollout.Strategy, providers []rollout.Provider, good, bad []string) {
		var features []rollout.Feature
		for _, need := range s.Needs(field.Root("strategy")) {
			features = append(features, need.Feature)
		}
		for _, p := range providers {
			if rollout.Supports(engine, p, features...) {
				flows[name+"-"+strings.ReplaceAll(string(p), "_", "-")] = flaggerFlow{s, trafficOver(p), good, bad, 0}
			}
		}
	}
	switched := []rollout.Provider{rollout.GatewayAPI, rollout.Istio}
	add("canary", canary(rollout.Canary{Steps: []int32{20, 50}}), rollout.Providers(), []string{"80/20", "50/50"}, []string{"80/20"})
	add("ab-test", abTest, rollout.Providers(), []string{"match 1"}, []string{"match 1"})
	add("blue-green", blueGreen(rollout.BlueGreen{Checks: new(int32(2))}), switched, []string{"0/100"}, nil)
	add("blue-green", blueGreen(rollout.BlueGreen{Checks: new(int32(2))}), []rollout.Provider{rollout.NoProvider}, nil, nil)
	add("blue-green-mirrored", blueGreen(rollout.BlueGreen{Checks: new(int32(1)), MirrorPercent: new(int32(100))}), rollout.Providers(),
		[]string{"mirror 100", "0/100"}, []string{"mirror 100"})
	add("canary-mirrored", canary(rollout.Canary{Steps: []int32{20}, MirrorPercent: new(int32(50))}), []rollout.Provider{rollout.Istio},
		[]string{"mirror 50", "80/20"}, []string{"mirror 50"})
	add("canary-sticky", canary(rollout.Canary{Steps: []int32{20, 50}, SessionAffinity: &rollout.SessionAffinity{CookieName: "version"}}), rollout.Providers(),
		[]string{"match 1, 80/20", "match 1, 50/50"}, []string{"match 1, 80/20"})
	return flows
}

// TestFlagger runs the real Flagger over what we render: a good version goes through the steps and is
// promoted, a bad one is not, and budget and policy know the pods of production all the time.
func TestFlagger(t *testing.T) {
	t.Parallel()
	numbers := newMetrics()
	server := httptest.NewServer(numbers)
	t.Cleanup(server.Close)
	flagger, err := clustertest.StartController(t.Context(), "flagger", "github.com/fluxcd/flagger/cmd/flagger", t.TempDir(),
		"-kubeconfig="+cluster.Kubeconfig, "-metrics-server="+server.URL, "-port="+freePort(t), "-leader-election-namespace=default",
		"-control-loop-interval=1s", "-mesh-provider=gatewayapi:v1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := flagger.Stop(); err != nil {
			t.Error(err)
		}
	})
	t.Run("all", func(t *testing.T) {
		parallel := func(name string, run func(t *testing.T, namespace string)) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				namespace := "flagger-" + strings.ReplaceAll(name, "/", "-")
				defer func() {
					if t.Failed() {
						t.Log(linesWith(flagger.Log(), namespace))
					}
				}()
				run(t, namespace)
			})
		}
		untried := rollout.Providers()
		for name, flow := range flaggerFlows() {
			untried = slices.DeleteFunc(untried, func(p rollout.Provider) bool { return p == flow.provider() })
			parallel("flow/"+name, func(t *testing.T, namespace string) { flow.run(t, namespace, numbers, server.URL) })
		}
		parallel("tolerance", func(t *testing.T, namespace string) {
			flow := flaggerFlows()["canary-istio"]
			flow.tolerated = 1
			flow.tolerates(t, namespace, numbers, server.URL)
		})
		if len(untried) > 0 {
			t.Errorf("no flow is over %v", untried)
		}
		for name, witness := range flaggerWitnesses() {
			parallel("witness/"+name, func(t *testing.T, namespace string) { witness.run(t, namespace, numbers, server.URL, flagger) })
		}
		for name, recreate := range map[string]bool{"recreate": true, "not-recreate": false} {
			parallel("witness/"+name, func(t *testing.T, namespace string) { witnessRecreate(t, namespace, numbers, server.URL, recreate) })
		}
	})
}

func linesWith(text, part string) string {
	var found []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, part) {
			found = append(found, line)
		}
	}
	return strings.Join(found[max(0, len(found)-40):], "")
}

func (f flaggerFlow) run(t *testing.T, namespace string, numbers *metrics, address string) {
	createNamespace(t, namespace, true)
	numbers.set(namespace, 99)
	f.render(t, namespace, address, oldImage).apply(t)
	tr := &trial{namespace: namespace}
	f.await(t, namespace, "Initialized")
	tr.checkProduction(t, oldImage)

	applied := f.render(t, namespace, address, newImage)
	applied.apply(t)
	f.checkRoute(t, f.await(t, namespace, "Succeeded"), f.good)
	checkRouteTargets(t, applied)
	f.checkMeshPort(t, namespace)
	tr.checkProduction(t, newImage)

	numbers.set(namespace, 10)
	f.render(t, namespace, address, badImage).apply(t)
	f.checkRoute(t, f.await(t, namespace, "Failed"), f.bad)
	tr.checkProduction(t, newImage)
	if !t.Failed() {
		statistics.flows.Add(1)
	}
}

// tolerates lets as many looks fail as are tolerated, and then one more.
func (f flaggerFlow) tolerates(t *testing.T, namespace string, numbers *metrics, address string) {
	createNamespace(t, namespace, true)
	numbers.set(namespace, 99)
	f.render(t, namespace, address, oldImage).apply(t)
	f.await(t, namespace, "Initialized")
	numbers.fail(namespace, int(f.tolerated))
	f.render(t, namespace, address, newImage).apply(t)
	f.await(t, namespace, "Succeeded")
	if n := numbers.left(namespace); n > 0 {
		t.Errorf("Flagger did not see %d bad answers", n)
	}
	numbers.fail(namespace, int(f.tolerated)+1)
	f.render(t, namespace, address, badImage).apply(t)
	f.await(t, namespace, "Failed")
}

// checkMeshPort wants the nodes of App Mesh to listen where the pods do.
func (f flaggerFlow) checkMeshPort(t *testing.T, namespace string) {
	t.Helper()
	if f.provider() != rollout.AppMesh {
		return
	}
	nodes := schema.GroupVersionResource{Group: "appmesh.k8s.aws", Version: "v1beta2", Resource: "virtualnodes"}
	for _, name := range []string{"api-primary", "api-canary"} {
		node, err := clustertest.Get[unstructured.Unstructured](t.Context(), cluster, nodes, namespace, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, listener := range many(dig(node.Object, "spec.listeners")) {
			if port := dig(listener, "portMapping.port"); port != int64(8080) {
				t.Errorf("%s listens on %v, and the pods on 8080", name, port)
			}
		}
	}
}

// checkRoute wants the route to have begun and ended at production, with exactly these states between.
func (f flaggerFlow) checkRoute(t *testing.T, seen, between []string) {
	t.Helper()
	want := slices.Compact(slices.Concat([]string{"100/0"}, between, []string{"100/0"}))
	if !slices.Equal(seen, want) {
		t.Errorf("the route showed %q, want %q", seen, want)
	}
}

// provider is what splits requests.
func (f flaggerFlow) provider() rollout.Provider {
	if f.traffic == nil {
		return rollout.NoProvider
	}
	return f.traffic.Provider
}

// state returns how the route splits requests between production and the next version.
func (f flaggerFlow) state(ctx context.Context, namespace string) (string, error) {
	if f.provider() == rollout.Gloo {
		// Source: fluxcd/flagger@v1.44.0 pkg/router/gloo.go Reconcile.
		return splitOf(ctx, namespace, rollout.Gloo, namespace+"-api-primaryupstream-80", namespace+"-api-canaryupstream-80")
	}
	return splitOf(ctx, namespace, f.provider(), "api-primary", "api-canary")
}

// workload is the description with the strategy; it asks for the metric of the namespace.
func (f flaggerFlow) workload(t *testing.T, namespace, address, image string) workload.Workload {
	t.Helper()
	w := plainAPI(t, namespace)
	setImage(&w, image)
	if f.provider() == rollout.AppMesh { // Flagger knows one number there
		port := w.Containers["api"].Ports["http"]
		port.ServicePort = &port.ContainerPort
		w.Containers["api"].Ports["http"] = port
	}
	w.Strategy, w.Traffic = &f.strategy, f.traffic
	w.Autoscaling = &workload.Autoscaling{MinReplicas: productionPods, MaxReplicas: 6, CPUUtilization: new(int32(50))}
	w.Analysis = &rollout.Analysis{IntervalSeconds: new(int32(10)), MaxFailures: &f.tolerated, Metrics: map[string]rollout.AnalysisMetric{
		"success": {Provider: rollout.Prometheus, Address: &address, Query: &namespace, Min: new(rollout.Number("99"))},
	}}
	return w
}

func (f flaggerFlow) render(t *testing.T, namespace, address, image string) *trial {
	t.Helper()
	result, err := render.Render(f.workload(t, namespace, address, image), render.Options{KubernetesVersion: version.String()})
	if err != nil {
		t.Fatal(err)
	}
	return &trial{namespace: namespace, manifests: result.Manifests}
}

// await waits for a phase of the Canary, and returns what the route showed meanwhile.
func (f flaggerFlow) await(t *testing.T, namespace, phase string) (seen []string) {
	t.Helper()
	started := phase == "Initialized"
	return f.follow(t, namespace, "phase "+phase, func(canary unstructured.Unstructured) bool {
		current, _, _ := unstructured.NestedString(canary.Object, "status", "phase")
		// The phase of the rollout before stays until Flagger has seen the change.
		started = started || current != "Succeeded" && current != "Failed" && current != "Initialized"
		return started && current == phase
	})
}

// follow looks at the Canary until it is done, and returns what the route showed meanwhile.
func (f flaggerFlow) follow(t *testing.T, namespace, what string, done func(canary unstructured.Unstructured) bool) (seen []string) {
	t.Helper()
	const patience = 5 * time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var status any
	for ; ctx.Err() == nil; time.Sleep(300 * time.Millisecond) { // of the 10 s that a state lasts
		canary, err := clustertest.Get[unstructured.Unstructured](ctx, cluster, canaries, namespace, "api")
		if err != nil {
			continue
		}
		status = canary.Object["status"]
		if route, err := f.state(ctx, namespace); err == nil && (len(seen) == 0 || seen[len(seen)-1] != route) {
			seen = append(seen, route)
		}
		if done(canary) {
			return seen
		}
	}
	t.Fatalf("waited %s for %s; the route showed %q, the status is %v", patience, what, seen, status)
	return nil
}

// notInOrder returns the first of want that did not come, in this order.
func notInOrder(want, seen []string) string {
	for _, w := range want {
		i := slices.Index(seen, w)
		if i < 0 {
			return w
		}
		seen = seen[i+1:]
	}
	return ""
}

// checkProduction wants the pods of production to be of an image, and the budget, the policy and the
// Service to know them.
func (tr *trial) checkProduction(t *testing.T, image string) {
	t.Helper()
	eventually(t, "production", func(ctx context.Context) error {
		if err := deploymentRolledOut(ctx, tr.namespace, "api-primary"); err != nil {
			return err
		}
		primary, err := clustertest.Get[appsv1.Deployment](ctx, cluster, deployments, tr.namespace, "api-primary")
		if err != nil {
			return err
		}
		if got := primary.Spec.Template.Spec.Containers[0].Image; got != image {
			return fmt.Errorf("production runs %s, want %s", got, image)
		}
		production, err := tr.selected(ctx, primary.Spec.Selector)
		if err != nil || len(production) != productionPods {
			return fmt.Errorf("production has the pods %v and not %d: %w", production, productionPods, err)
		}
		policy, err := clustertest.Get[networkingv1.NetworkPolicy](ctx, cluster, networkPolicies, tr.namespace, "api")
		if err != nil {
			return err
		}
		budget, err := clustertest.Get[policyv1.PodDisruptionBudget](ctx, cluster, budgets, tr.namespace, "api")
		if err != nil {
			return err
		}
		for what, selector := range map[string]*metav1.LabelSelector{"network policy": &policy.Spec.PodSelector, "budget": budget.Spec.Selector} {
			covered, err := tr.selected(ctx, selector)
			if err != nil {
				return err
			}
			for _, pod := range production {
				if !slices.Contains(covered, pod) {
					return fmt.Errorf("the %s selects %v, and not %s of production", what, covered, pod)
				}
			}
		}
		if int(budget.Status.CurrentHealthy) < len(production) || budget.Status.DisruptionsAllowed != 1 {
			return fmt.Errorf("of %d pods of production the budget sees %d healthy and allows %d to go", len(production), budget.Status.CurrentHealthy, budget.Status.DisruptionsAllowed)
		}
		ready, err := tr.readyEndpoints(ctx, "api")
		if err != nil || ready == 0 {
			return fmt.Errorf("the Service has %d ready endpoints: %w", ready, err)
		}
		return nil
	})
}
