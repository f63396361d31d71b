//go:build cluster

package clustertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

var canaries = schema.GroupVersionResource{Group: "flagger.app", Version: "v1beta1", Resource: "canaries"}

// metrics answers queries as Prometheus does, with a number that the test sets: the query is the name
// of the namespace that it is about.
type metrics struct {
	mu     sync.Mutex
	values map[string]float64
	// failures is how many of the next answers are bad.
	failures map[string]int
}

func newMetrics() *metrics {
	return &metrics{values: map[string]float64{}, failures: map[string]int{}}
}

// fail makes the next answers bad ones.
func (m *metrics) fail(namespace string, times int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failures[namespace] = times
}

func (m *metrics) set(namespace string, value float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[namespace] = value
}

// left returns how many of the next answers are bad.
func (m *metrics) left(namespace string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.failures[namespace]
}

func (m *metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	namespace := strings.TrimSpace(r.FormValue("query"))
	value, known := m.values[namespace]
	if m.failures[namespace] > 0 {
		m.failures[namespace]--
		value = 0
	}
	result := []any{}
	if known {
		result = append(result, map[string]any{"metric": map[string]any{}, "value": []any{time.Now().Unix(), fmt.Sprint(value)}})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": "vector", "result": result}})
}

// flaggerFlow is one strategy of Flagger's that is watched.
type flaggerFlow struct {
	strategy rollout.Strategy
	traffic  rollout.Traffic
	// progress are what the route must have shown, in this order, while a good version was rolled out.
	progress []string
	// tolerated is how many looks may fail.
	tolerated int32
}

// productionPods is how many pods production has at least; a canary of half of the requests has half of them.
const productionPods = 4

// flaggerFlows are over every traffic provider.
func flaggerFlows() map[string]flaggerFlow {
	engine := rollout.Flagger
	hosts := []string{"api.example.com"}
	gateway := rollout.Traffic{Provider: rollout.GatewayAPI, Gateway: new("infra/public"), Hosts: hosts}
	istio := rollout.Traffic{Provider: rollout.Istio, Gateway: new("infra/public"), Hosts: hosts}
	over := func(p rollout.Provider) rollout.Traffic { return rollout.Traffic{Provider: p, Hosts: hosts} }
	mesh := func(p rollout.Provider) rollout.Traffic { return rollout.Traffic{Provider: p} }
	canary := rollout.Strategy{Engine: &engine, Canary: &rollout.Canary{Steps: []int32{20, 50}}}
	blueGreen := rollout.Strategy{Engine: &engine, BlueGreen: &rollout.BlueGreen{Checks: new(int32(2))}}
	abTest := rollout.Strategy{Engine: &engine, ABTest: &rollout.ABTest{
		Match: []rollout.Match{{Header: new("x-canary"), Exact: new("insider")}}, Checks: new(int32(2)),
	}}
	shares, switched, matched := []string{"80/20", "50/50"}, []string{"0/100"}, []string{"match 1"}
	return map[string]flaggerFlow{
		"canary-gateway":     {canary, gateway, shares, 0},
		"canary-istio":       {canary, istio, shares, 0},
		"canary-linkerd":     {canary, mesh(rollout.Linkerd), shares, 0},
		"canary-nginx":       {canary, over(rollout.Nginx), shares, 0},
		"canary-traefik":     {canary, over(rollout.Traefik), shares, 0},
		"canary-contour":     {canary, over(rollout.Contour), shares, 0},
		"canary-skipper":     {canary, over(rollout.Skipper), shares, 0},
		"canary-gloo":        {canary, over(rollout.Gloo), shares, 0},
		"canary-app-mesh":    {canary, mesh(rollout.AppMesh), shares, 0},
		"blue-green-gateway": {blueGreen, gateway, switched, 0},
		"blue-green-istio":   {blueGreen, istio, switched, 0},
		"ab-test-gateway":    {abTest, gateway, matched, 0},
		"ab-test-istio":      {abTest, istio, matched, 0},
		"ab-test-linkerd":    {abTest, mesh(rollout.Linkerd), matched, 0},
		"ab-test-nginx":      {abTest, over(rollout.Nginx), matched, 0},
		"ab-test-contour":    {abTest, over(rollout.Contour), matched, 0},
		"ab-test-gloo":       {abTest, over(rollout.Gloo), matched, 0},
		"ab-test-app-mesh":   {abTest, mesh(rollout.AppMesh), matched, 0},
	}
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
	t.Run("flows", func(t *testing.T) {
		t.Run("tolerance", func(t *testing.T) {
			t.Parallel()
			flow := flaggerFlows()["canary-istio"]
			flow.tolerated = 1
			flow.tolerates(t, "flagger-tolerance", numbers, server.URL)
		})
		for name, flow := range flaggerFlows() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				defer func() {
					if t.Failed() {
						t.Log(linesWith(flagger.Log(), "flagger-"+name))
					}
				}()
				flow.run(t, "flagger-"+name, numbers, server.URL)
			})
		}
	})
}

// tolerates lets as many looks fail as are tolerated, and then one more.
func (f flaggerFlow) tolerates(t *testing.T, namespace string, numbers *metrics, address string) {
	createNamespace(t, namespace, true)
	numbers.set(namespace, 99)
	f.apply(t, namespace, address, oldImage)
	f.await(t, namespace, "Initialized")
	numbers.fail(namespace, int(f.tolerated))
	f.apply(t, namespace, address, newImage)
	f.await(t, namespace, "Succeeded")
	if n := numbers.left(namespace); n > 0 {
		t.Errorf("Flagger did not see %d bad answers", n)
	}
	numbers.fail(namespace, int(f.tolerated)+1)
	f.apply(t, namespace, address, badImage)
	f.await(t, namespace, "Failed")
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
	f.apply(t, namespace, address, oldImage)
	tr := &trial{namespace: namespace}
	f.await(t, namespace, "Initialized")
	tr.checkProduction(t, oldImage)

	applied := f.apply(t, namespace, address, newImage)
	seen := f.await(t, namespace, "Succeeded")
	checkRouteTargets(t, applied)
	if missing := notInOrder(f.progress, seen); missing != "" {
		t.Errorf("the route showed %v, and not %s", seen, missing)
	}
	tr.checkProduction(t, newImage)

	numbers.set(namespace, 10)
	f.apply(t, namespace, address, badImage)
	f.await(t, namespace, "Failed")
	tr.checkProduction(t, newImage)
	if last, err := f.state(t.Context(), namespace); err != nil || last != "100/0" {
		t.Errorf("after a bad version the route is %s (%v)", last, err)
	}
	statistics.flows.Add(1)
}

// state returns how the route splits requests between production and the next version.
func (f flaggerFlow) state(ctx context.Context, namespace string) (string, error) {
	return splitOf(ctx, namespace, f.traffic.Provider, "api-primary", "api-canary")
}

func (f flaggerFlow) apply(t *testing.T, namespace, address, image string) *trial {
	t.Helper()
	w := plainAPI(t, namespace)
	setImage(&w, image)
	s, traffic := f.strategy, f.traffic
	w.Strategy, w.Traffic = &s, &traffic
	w.Autoscaling = &workload.Autoscaling{MinReplicas: productionPods, MaxReplicas: 6, CPUUtilization: new(int32(50))}
	w.Analysis = &rollout.Analysis{IntervalSeconds: new(int32(10)), MaxFailures: &f.tolerated, Metrics: map[string]rollout.AnalysisMetric{
		"success": {Provider: rollout.Prometheus, Address: &address, Query: &namespace, Min: new(rollout.Number("99"))},
	}}
	result, err := render.Render(w, render.Options{KubernetesVersion: version.String()})
	if err != nil {
		t.Fatal(err)
	}
	tr := &trial{namespace: namespace, manifests: result.Manifests}
	tr.apply(t)
	return tr
}

// await waits for a phase of the Canary, and returns what the route showed meanwhile.
func (f flaggerFlow) await(t *testing.T, namespace, phase string) (seen []string) {
	t.Helper()
	const patience = 5 * time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	current := ""
	for started := false; ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		canary, err := clustertest.Get[unstructured.Unstructured](ctx, cluster, canaries, namespace, "api")
		if err != nil {
			continue
		}
		current, _, _ = unstructured.NestedString(canary.Object, "status", "phase")
		if route, err := f.state(ctx, namespace); err == nil && (len(seen) == 0 || seen[len(seen)-1] != route) {
			seen = append(seen, route)
		}
		// The phase of the rollout before stays until Flagger has seen the change.
		started = started || current != "Succeeded" && current != "Failed" && current != "Initialized" || phase == "Initialized"
		if started && current == phase {
			return seen
		}
	}
	t.Fatalf("the Canary is %s and not %s after %s; the route showed %v", current, phase, patience, seen)
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
