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

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

var (
	rollouts     = schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "rollouts"}
	analysisRuns = schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "analysisruns"}
)

// hashLabel tells the pods of the versions apart.
// Source: argoproj/argo-rollouts@v1.10.1 pkg/apis/rollouts/v1alpha1/types.go DefaultRolloutUniqueLabelKey.
const hashLabel = "rollouts-pod-template-hash"

// argoFlow is one strategy of Argo Rollouts that is watched.
type argoFlow struct {
	strategy rollout.Strategy
	traffic  *rollout.Traffic
	// progress are the states that must have been seen, in this order, while a good version was rolled out.
	progress []string
	// contested are the objects that differ from ours while no rollout is under way, because the controller
	// has written into them, by kind and name.
	contested []string
	// fromPlain begins with a Deployment, which goes when the Rollout is healthy.
	fromPlain bool
	// tolerated is how many looks may fail.
	tolerated int32
}

func argoFlows() map[string]argoFlow {
	engine := rollout.ArgoRollouts
	over := func(p rollout.Provider) *rollout.Traffic {
		t := &rollout.Traffic{Provider: p, Hosts: []string{"api.example.com"}}
		if p == rollout.GatewayAPI || p == rollout.Istio {
			t.Gateway = new("infra/public")
		}
		if p == rollout.AppMesh {
			t.Hosts = nil
		}
		return t
	}
	canary := rollout.Strategy{Engine: &engine, Canary: &rollout.Canary{Steps: []int32{20, 50}}}
	mirrored := rollout.Strategy{Engine: &engine, Canary: &rollout.Canary{Steps: []int32{20}, MirrorPercent: new(int32(50))}}
	blueGreen := rollout.Strategy{Engine: &engine, BlueGreen: &rollout.BlueGreen{Checks: new(int32(2)), ScaleDownDelaySeconds: new(int32(5))}}
	abTest := rollout.Strategy{Engine: &engine, ABTest: &rollout.ABTest{
		Match: []rollout.Match{{Header: new("X-Canary"), Exact: new("insider")}, {Cookie: new("canary"), Exact: new("always")}}, Checks: new(int32(2)),
	}}
	return map[string]argoFlow{
		"canary-istio":    {canary, over(rollout.Istio), []string{"100/0", "80/20", "50/50"}, nil, true, 0},
		"mirrored-istio":  {mirrored, over(rollout.Istio), []string{"mirror 50", "80/20"}, nil, false, 0},
		"canary-nginx":    {canary, over(rollout.Nginx), []string{"80/20", "50/50"}, nil, false, 0},
		"canary-traefik":  {canary, over(rollout.Traefik), []string{"80/20", "50/50"}, nil, false, 0},
		"canary-app-mesh": {canary, over(rollout.AppMesh), []string{"80/20", "50/50"}, []string{"VirtualNode/api", "VirtualNode/api-canary"}, false, 0},
		"canary-by-pods":  {canary, nil, []string{"pods 4/1", "pods 4/0"}, nil, false, 0},
		"ab-test-istio":   {abTest, over(rollout.Istio), []string{"match 2"}, nil, false, 0},
		// Both versions are whole, and the Service is what is switched, under every provider.
		"blue-green":         {blueGreen, nil, []string{"preview", "active"}, nil, true, 0},
		"blue-green-gateway": {blueGreen, over(rollout.GatewayAPI), []string{"preview", "active"}, nil, false, 0},
		"blue-green-istio":   {blueGreen, over(rollout.Istio), []string{"preview", "active"}, nil, false, 0},
	}
}

// TestArgoRollouts runs the real controller over what we render: a good version goes through the steps and
// is promoted, a bad one is not, budget, policy and autoscaler know the pods all the time, and the
// Service has ready endpoints.
func TestArgoRollouts(t *testing.T) {
	t.Parallel()
	numbers := newMetrics()
	server := httptest.NewServer(numbers)
	t.Cleanup(server.Close)
	argo, err := clustertest.StartController(t.Context(), "argo-rollouts", "github.com/argoproj/argo-rollouts/cmd/rollouts-controller", t.TempDir(),
		"--kubeconfig="+cluster.Kubeconfig, "--metricsPort="+freePort(t), "--healthzPort="+freePort(t), "--leader-elect=false")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := argo.Stop(); err != nil {
			t.Error(err)
		}
	})
	t.Run("flows", func(t *testing.T) {
		t.Run("tolerance", func(t *testing.T) {
			t.Parallel()
			flow := argoFlows()["canary-istio"]
			flow.tolerated = 1
			flow.tolerates(t, "argo-tolerance", numbers, server.URL)
		})
		t.Run("forced-selectors", func(t *testing.T) {
			t.Parallel()
			witnessForcedSelectors(t, "argo-forced-selectors", numbers, server.URL)
		})
		for name, flow := range argoFlows() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				defer func() {
					if t.Failed() {
						t.Log(linesWith(argo.Log(), "argo-"+name))
					}
				}()
				flow.run(t, "argo-"+name, numbers, server.URL)
			})
		}
	})
}

func (f argoFlow) run(t *testing.T, namespace string, numbers *metrics, address string) {
	createNamespace(t, namespace, true)
	numbers.set(namespace, 99)
	tr := f.render(t, namespace, address, oldImage)
	var watched *watch
	if f.fromPlain {
		plain := applyPlain(t, namespace)
		watched = watchEndpoints(t, tr, "api")
		tr.apply(t)
		f.await(t, namespace, "Healthy", oldImage)
		deleteOthers(t, namespace, plain, tr.manifests)
	} else {
		tr.apply(t)
		f.await(t, namespace, "Healthy", oldImage)
	}
	f.checkPods(t, tr, oldImage)
	if watched == nil {
		watched = watchEndpoints(t, tr, "api")
	}

	tr = f.render(t, namespace, address, newImage)
	f.checkContested(t, tr)
	tr.applyForced(t)
	seen := f.await(t, namespace, "Healthy", newImage)
	if missing := notInOrder(f.progress, seen); missing != "" {
		t.Errorf("the state was %q, and not %q in its place", seen, missing)
	}
	f.checkPods(t, tr, newImage)
	checkRouteTargets(t, tr)

	numbers.set(namespace, 10)
	f.render(t, namespace, address, badImage).applyForced(t)
	seen = f.await(t, namespace, "Degraded", badImage)
	f.checkPods(t, tr, newImage)
	if f.strategy.BlueGreen != nil && !slices.Equal(seen, []string{"active", "preview"}) {
		t.Errorf("a bad version was more than looked at: %q", seen)
	}
	if slices.Contains(seen, "50/50") {
		t.Errorf("a bad version got past the first step: %q", seen)
	}
	f.checkRoute(t, namespace)
	watched.stop(t)
	statistics.argoFlows.Add(1)
}

// tolerates lets as many looks fail as are tolerated, and then one more.
func (f argoFlow) tolerates(t *testing.T, namespace string, numbers *metrics, address string) {
	createNamespace(t, namespace, true)
	numbers.set(namespace, 99)
	f.render(t, namespace, address, oldImage).apply(t)
	f.await(t, namespace, "Healthy", oldImage)
	numbers.fail(namespace, int(f.tolerated))
	f.render(t, namespace, address, newImage).applyForced(t)
	f.await(t, namespace, "Healthy", newImage)
	if n := numbers.left(namespace); n > 0 {
		t.Errorf("Argo Rollouts did not see %d bad answers", n)
	}
	numbers.fail(namespace, int(f.tolerated)+1)
	f.render(t, namespace, address, badImage).applyForced(t)
	f.await(t, namespace, "Degraded", badImage)
}

// applyPlain rolls out the workload as a Deployment.
func applyPlain(t *testing.T, namespace string) []manifest.Manifest {
	t.Helper()
	w := plainAPI(t, namespace)
	setImage(&w, oldImage)
	result, err := render.Render(w, render.Options{KubernetesVersion: version.String()})
	if err != nil {
		t.Fatal(err)
	}
	ts := tracksOf(t, namespace, result.Manifests)
	ts.all.apply(t)
	ts.await(t)
	return result.Manifests
}

func (f argoFlow) render(t *testing.T, namespace, address, image string) *trial {
	t.Helper()
	w := plainAPI(t, namespace)
	setImage(&w, image)
	w.Strategy, w.Traffic = &f.strategy, f.traffic
	w.Replicas, w.Autoscaling = new(int32(4)), nil
	if f.traffic != nil {
		w.Replicas, w.Autoscaling = nil, &workload.Autoscaling{MinReplicas: 2, MaxReplicas: 4, CPUUtilization: new(int32(50))}
	}
	w.Analysis = &rollout.Analysis{IntervalSeconds: new(int32(10)), MaxFailures: &f.tolerated, Metrics: map[string]rollout.AnalysisMetric{
		"success": {Provider: rollout.Prometheus, Address: &address, Query: &namespace, Min: new(rollout.Number("99"))},
	}}
	result, err := render.Render(w, render.Options{KubernetesVersion: version.String()})
	if err != nil {
		t.Fatal(err)
	}
	return &trial{namespace: namespace, manifests: result.Manifests}
}

// applyForced applies every manifest as Flux and kubectl --force-conflicts do, which also takes what
// the controller has written.
func (tr *trial) applyForced(t *testing.T) {
	t.Helper()
	for _, m := range tr.manifests {
		if _, err := cluster.ApplyForced(t.Context(), m.Text); err != nil {
			t.Fatalf("%s: %v\n%s", m.Key, err, m.Text)
		}
	}
}

// checkContested applies without force, which must fail for exactly the objects that the documentation
// names: the controller has written into them.
func (f argoFlow) checkContested(t *testing.T, tr *trial) {
	t.Helper()
	eventually(t, "the objects that the controller writes into", func(ctx context.Context) error {
		var refused []string
		for _, m := range tr.manifests {
			_, err := cluster.DryRun(ctx, m.Text)
			switch {
			case apierrors.IsConflict(err):
				refused = append(refused, m.Object.GetObjectKind().GroupVersionKind().Kind+"/"+m.Key[strings.LastIndex(m.Key, "/")+1:])
			case err != nil:
				return err
			}
		}
		want := slices.Sorted(slices.Values(f.contested))
		if slices.Sort(refused); !slices.Equal(refused, want) {
			return fmt.Errorf("%v, want %v", refused, want)
		}
		return nil
	})
}

// await waits for a phase of the Rollout with an image, and returns the states that were seen meanwhile.
func (f argoFlow) await(t *testing.T, namespace, phase, image string) (seen []string) {
	t.Helper()
	const patience = 2 * time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	current, message := "", ""
	for ; ctx.Err() == nil; time.Sleep(100 * time.Millisecond) {
		object, err := clustertest.Get[unstructured.Unstructured](ctx, cluster, rollouts, namespace, "api")
		if err != nil {
			continue
		}
		if state, err := f.state(ctx, namespace, object); err == nil && (len(seen) == 0 || seen[len(seen)-1] != state) {
			seen = append(seen, state)
		}
		current, _, _ = unstructured.NestedString(object.Object, "status", "phase")
		message, _, _ = unstructured.NestedString(object.Object, "status", "message")
		observed, _, _ := unstructured.NestedString(object.Object, "status", "observedGeneration")
		if observed == fmt.Sprint(object.GetGeneration()) && current == phase {
			return seen
		}
	}
	t.Fatalf("the Rollout of %s is %s (%s) and not %s after %s; seen %q", image, current, message, phase, patience, seen)
	return nil
}

// checkPods wants all pods to be of an image and ready, and budget, policy, Service and autoscaler to know them.
func (f argoFlow) checkPods(t *testing.T, tr *trial, image string) {
	t.Helper()
	eventually(t, "pods of "+image, func(ctx context.Context) error {
		list, err := clustertest.List[corev1.Pod](ctx, cluster, pods, tr.namespace)
		if err != nil {
			return err
		}
		var names []string
		for _, pod := range list {
			if pod.DeletionTimestamp != nil || pod.Spec.Containers[0].Image != image {
				return fmt.Errorf("pod %s of %s is there", pod.Name, pod.Spec.Containers[0].Image)
			}
			names = append(names, pod.Name)
		}
		if slices.Sort(names); len(names) < 2 {
			return fmt.Errorf("there are the pods %v", names)
		}
		policy, err := clustertest.Get[networkingv1.NetworkPolicy](ctx, cluster, networkPolicies, tr.namespace, "api")
		if err != nil {
			return err
		}
		if covered, err := tr.selected(ctx, &policy.Spec.PodSelector); err != nil || !slices.Equal(covered, names) {
			return fmt.Errorf("the policy selects %v of %v: %w", covered, names, err)
		}
		budget, err := clustertest.Get[policyv1.PodDisruptionBudget](ctx, cluster, budgets, tr.namespace, "api")
		if err != nil {
			return err
		}
		if int(budget.Status.CurrentHealthy) != len(names) || budget.Status.DisruptionsAllowed != 1 {
			return fmt.Errorf("of %d pods the budget sees %d healthy and allows %d to go", len(names), budget.Status.CurrentHealthy, budget.Status.DisruptionsAllowed)
		}
		if ready, err := tr.readyEndpoints(ctx, "api"); err != nil || ready != len(names) {
			return fmt.Errorf("the Service has %d ready endpoints for %d pods: %w", ready, len(names), err)
		}
		return f.checkScaler(ctx, tr.namespace, len(names))
	})
}

// checkRoute wants the stable version to get all requests again.
func (f argoFlow) checkRoute(t *testing.T, namespace string) {
	t.Helper()
	if f.traffic == nil || f.strategy.BlueGreen != nil {
		return
	}
	eventually(t, "route", func(ctx context.Context) error {
		if split, err := splitOf(ctx, namespace, f.traffic.Provider, "api", "api-canary"); err != nil || split != "100/0" {
			return fmt.Errorf("requests are split %s: %w", split, err)
		}
		return nil
	})
}

// checkScaler wants the autoscaler to scale the Rollout.
func (f argoFlow) checkScaler(ctx context.Context, namespace string, want int) error {
	if f.traffic == nil {
		return nil
	}
	scaler, err := clustertest.Get[autoscalingv2.HorizontalPodAutoscaler](ctx, cluster, autoscalers, namespace, "api")
	if err != nil {
		return err
	}
	for _, c := range scaler.Status.Conditions {
		if c.Type == autoscalingv2.AbleToScale && c.Status == corev1.ConditionTrue && int(scaler.Status.CurrentReplicas) == want {
			return nil
		}
	}
	return fmt.Errorf("the autoscaler sees %d of %d pods: %v", scaler.Status.CurrentReplicas, want, scaler.Status.Conditions)
}

// state returns in a word how requests are split.
func (f argoFlow) state(ctx context.Context, namespace string, object unstructured.Unstructured) (string, error) {
	if f.strategy.BlueGreen != nil {
		return activeState(object), nil
	}
	if f.traffic == nil {
		return podShares(ctx, namespace, object)
	}
	return splitOf(ctx, namespace, f.traffic.Provider, "api", "api-canary")
}

// activeState tells whether the next version is looked at or has all requests.
func activeState(object unstructured.Unstructured) string {
	active, _, _ := unstructured.NestedString(object.Object, "status", "blueGreen", "activeSelector")
	preview, _, _ := unstructured.NestedString(object.Object, "status", "blueGreen", "previewSelector")
	stable, _, _ := unstructured.NestedString(object.Object, "status", "stableRS")
	switch {
	case active != preview:
		return "preview"
	case active != stable:
		return "switched"
	default:
		return "active"
	}
}

// podShares counts the pods of the stable and of the next version.
func podShares(ctx context.Context, namespace string, object unstructured.Unstructured) (string, error) {
	stable, _, _ := unstructured.NestedString(object.Object, "status", "stableRS")
	list, err := clustertest.List[corev1.Pod](ctx, cluster, pods, namespace)
	if err != nil {
		return "", err
	}
	of := map[bool]int{}
	for _, pod := range list {
		if pod.DeletionTimestamp == nil {
			of[pod.Labels[hashLabel] == stable]++
		}
	}
	return fmt.Sprintf("pods %d/%d", of[true], of[false]), nil
}

// freePort returns a port of the loopback interface that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(nil)
	defer server.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	return port
}

// witnessForcedSelectors shows why the Services have no selector: with one, an apply is refused for the
// conflict, and one that is forced takes the controller's hash out. The controller then takes the rollout for
// the first one, and a bad version gets all requests without a single look at a metric.
func witnessForcedSelectors(t *testing.T, namespace string, numbers *metrics, address string) {
	f := argoFlows()["blue-green"]
	withSelectors := func(image string) *trial {
		tr := f.render(t, namespace, address, image)
		for i, m := range tr.manifests {
			if strings.HasPrefix(m.Key, "Service/") {
				tr.manifests[i].Text = strings.Replace(m.Text, "spec:\n", "spec:\n  selector: {app.kubernetes.io/name: api}\n", 1)
			}
		}
		return tr
	}
	createNamespace(t, namespace, true)
	numbers.set(namespace, 10)
	withSelectors(oldImage).apply(t)
	f.await(t, namespace, "Healthy", oldImage)

	f.contested = []string{"Service/api", "Service/api-preview"}
	f.checkContested(t, withSelectors(newImage))
	withSelectors(newImage).applyForced(t)
	f.await(t, namespace, "Healthy", newImage)
	f.checkPods(t, withSelectors(newImage), newImage)
	runs, err := clustertest.List[unstructured.Unstructured](t.Context(), cluster, analysisRuns, namespace)
	if err != nil || len(runs) > 0 {
		t.Errorf("there were %d analyses of the bad version (%v)", len(runs), err)
	}
}
