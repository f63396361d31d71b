//go:build cluster

package clustertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
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
}

func (m *metrics) set(namespace string, value float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[namespace] = value
}

func (m *metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, known := m.values[strings.TrimSpace(r.FormValue("query"))]
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
}

// flaggerFlows are over the Gateway API and Istio. A share is written stable/next; "match" is a condition
// that leads to the next version.
func flaggerFlows() map[string]flaggerFlow {
	engine := rollout.Flagger
	gateway := rollout.Traffic{Provider: rollout.GatewayAPI, Gateway: new("infra/public"), Hosts: []string{"api.example.com"}}
	istio := rollout.Traffic{Provider: rollout.Istio, Gateway: new("infra/public"), Hosts: []string{"api.example.com"}}
	canary := rollout.Strategy{Engine: &engine, Canary: &rollout.Canary{Steps: []int32{20, 50}}}
	blueGreen := rollout.Strategy{Engine: &engine, BlueGreen: &rollout.BlueGreen{Checks: new(int32(2))}}
	abTest := rollout.Strategy{Engine: &engine, ABTest: &rollout.ABTest{
		Match: []rollout.Match{{Header: new("x-canary"), Exact: new("insider")}}, Checks: new(int32(2)),
	}}
	return map[string]flaggerFlow{
		"canary-gateway":     {canary, gateway, []string{"80/20", "50/50"}},
		"canary-istio":       {canary, istio, []string{"80/20", "50/50"}},
		"blue-green-gateway": {blueGreen, gateway, []string{"0/100"}},
		"blue-green-istio":   {blueGreen, istio, []string{"0/100"}},
		"ab-test-gateway":    {abTest, gateway, []string{"match"}},
		"ab-test-istio":      {abTest, istio, []string{"match"}},
	}
}

// TestFlagger runs the real Flagger over what we render: a good version goes through the steps and is
// promoted, a bad one is not, and budget and policy know the pods of production all the time.
func TestFlagger(t *testing.T) {
	t.Parallel()
	numbers := &metrics{values: map[string]float64{}}
	server := httptest.NewServer(numbers)
	t.Cleanup(server.Close)
	listener, err := net.Listen("tcp4", "127.0.0.1:0") //nolint:noctx // only its number is wanted
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(listener.Addr().String(), ":")
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	flagger, err := clustertest.StartController(t.Context(), "flagger", "github.com/fluxcd/flagger/cmd/flagger", t.TempDir(),
		"-kubeconfig="+cluster.Kubeconfig, "-metrics-server="+server.URL, "-port="+port, "-leader-election-namespace=default",
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

	f.apply(t, namespace, address, newImage)
	seen := f.await(t, namespace, "Succeeded")
	if missing := notInOrder(f.progress, seen); missing != "" {
		t.Errorf("the route showed %v, and not %s", seen, missing)
	}
	tr.checkProduction(t, newImage)

	numbers.set(namespace, 10)
	const badImage = "registry.example.com/shop/api:1.6.0@sha256:5bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1"
	f.apply(t, namespace, address, badImage)
	f.await(t, namespace, "Failed")
	tr.checkProduction(t, newImage)
	if last, err := routeOf(t.Context(), namespace, f.traffic.Provider); err != nil || last != "100/0" {
		t.Errorf("after a bad version the route is %s (%v)", last, err)
	}
	statistics.flows.Add(1)
}

func (f flaggerFlow) apply(t *testing.T, namespace, address, image string) {
	t.Helper()
	w := plainAPI(t, namespace)
	setImage(&w, image)
	s, traffic := f.strategy, f.traffic
	w.Strategy, w.Traffic = &s, &traffic
	w.Autoscaling = &workload.Autoscaling{MinReplicas: 2, MaxReplicas: 4, CPUUtilization: new(int32(50))}
	w.Analysis = &rollout.Analysis{IntervalSeconds: new(int32(10)), MaxFailures: new(int32(0)), Metrics: map[string]rollout.AnalysisMetric{
		"success": {Provider: rollout.Prometheus, Address: &address, Query: &namespace, Min: new(rollout.Number("99"))},
	}}
	result, err := render.Render(w, render.Options{KubernetesVersion: version.String()})
	if err != nil {
		t.Fatal(err)
	}
	(&trial{namespace: namespace, manifests: result.Manifests}).apply(t)
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
		if route, err := routeOf(ctx, namespace, f.traffic.Provider); err == nil && (len(seen) == 0 || seen[len(seen)-1] != route) {
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

// routeOf returns how the route splits requests between production and the next version.
func routeOf(ctx context.Context, namespace string, p rollout.Provider) (string, error) {
	resource, rules, backends, conditional := schema.GroupVersionResource{Group: "gateway.networking.k8s.io", Version: "v1", Resource: "httproutes"}, "rules", "backendRefs", "headers"
	if p == rollout.Istio {
		resource, rules, backends, conditional = schema.GroupVersionResource{Group: "networking.istio.io", Version: "v1", Resource: "virtualservices"}, "http", "route", "headers"
	}
	route, err := clustertest.Get[unstructured.Unstructured](ctx, cluster, resource, namespace, "api")
	if err != nil {
		return "", err
	}
	all, _, err := unstructured.NestedSlice(route.Object, "spec", rules)
	if err != nil {
		return "", err
	}
	for _, rule := range all {
		rule, _ := rule.(map[string]any)
		shares := map[string]int64{}
		targets, _, _ := unstructured.NestedSlice(rule, backends)
		for _, target := range targets {
			target, _ := target.(map[string]any)
			name, _, _ := unstructured.NestedString(target, "name")
			if host, found, _ := unstructured.NestedString(target, "destination", "host"); found {
				name, _, _ = strings.Cut(host, ".")
			}
			weight, _, _ := unstructured.NestedInt64(target, "weight")
			shares[name] = weight
		}
		matches, _, _ := unstructured.NestedSlice(rule, "matches")
		if p == rollout.Istio {
			matches, _, _ = unstructured.NestedSlice(rule, "match")
		}
		for _, match := range matches {
			match, _ := match.(map[string]any)
			if match[conditional] != nil && shares["api-canary"] > 0 {
				return "match", nil
			}
		}
		if len(all) == 1 {
			return fmt.Sprintf("%d/%d", shares["api-primary"], shares["api-canary"]), nil
		}
	}
	return "100/0", nil
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
		if err != nil || len(production) == 0 {
			return fmt.Errorf("production has the pods %v: %w", production, err)
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
