//go:build cluster

package clustertest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
)

var (
	autoscalers     = autoscalingv2.SchemeGroupVersion.WithResource("horizontalpodautoscalers")
	budgets         = policyv1.SchemeGroupVersion.WithResource("poddisruptionbudgets")
	endpointSlices  = discoveryv1.SchemeGroupVersion.WithResource("endpointslices")
	networkPolicies = networkingv1.SchemeGroupVersion.WithResource("networkpolicies")
	services        = corev1.SchemeGroupVersion.WithResource("services")
)

// checkAutoscaler waits until the autoscaler has found its Deployment and counts
// the replicas that it raised it to.
func (tr *trial) checkAutoscaler(t *testing.T) {
	t.Helper()
	if tr.workload.Autoscaling == nil {
		return
	}
	eventually(t, "autoscaler", func(ctx context.Context) error {
		hpa, err := clustertest.Get[autoscalingv2.HorizontalPodAutoscaler](ctx, cluster, autoscalers, tr.workload.Namespace, tr.workload.Name)
		if err != nil {
			return err
		}
		for _, condition := range hpa.Status.Conditions {
			found := condition.Type == autoscalingv2.AbleToScale && condition.Status == corev1.ConditionTrue
			if found && int(hpa.Status.CurrentReplicas) == len(tr.pods) {
				return nil
			}
		}
		return fmt.Errorf("it counts %d pods of %d: %v", hpa.Status.CurrentReplicas, len(tr.pods), hpa.Status.Conditions)
	})
	statistics.autoscalers.Add(1)
}

// checkBudget waits until the budget counts the pods and allows what the
// description says.
func (tr *trial) checkBudget(t *testing.T) {
	t.Helper()
	if !*tr.workload.DisruptionBudget.Enabled {
		return
	}
	count, allowed := len(tr.pods), tr.allowedDisruptions(t)
	eventually(t, "disruption budget", func(ctx context.Context) error {
		status, err := tr.budgetStatus(ctx)
		if err != nil {
			return err
		}
		if int(status.ExpectedPods) != count || int(status.CurrentHealthy) != count || int(status.DisruptionsAllowed) != allowed {
			return fmt.Errorf("it expects %d pods, sees %d healthy ones and allows %d disruptions; want %d, %d and %d",
				status.ExpectedPods, status.CurrentHealthy, status.DisruptionsAllowed, count, count, allowed)
		}
		return nil
	})
}

func (tr *trial) budgetStatus(ctx context.Context) (policyv1.PodDisruptionBudgetStatus, error) {
	budget, err := clustertest.Get[policyv1.PodDisruptionBudget](ctx, cluster, budgets, tr.workload.Namespace, tr.workload.Name)
	if err == nil && budget.Status.ObservedGeneration != budget.Generation {
		err = fmt.Errorf("the controller has not seen the budget")
	}
	return budget.Status, err
}

// allowedDisruptions is how many pods the description lets go at once.
func (tr *trial) allowedDisruptions(t *testing.T) int {
	t.Helper()
	budget, count := tr.workload.DisruptionBudget, len(tr.pods)
	quantity := budget.MaxUnavailable
	if quantity == nil {
		quantity = budget.MinAvailable
	}
	// The disruption controller rounds both up.
	// Source: kubernetes@v1.36.1 pkg/controller/disruption getExpectedPodCount.
	n, err := quantity.Of(count, true)
	if err != nil {
		t.Fatal(err)
	}
	if budget.MaxUnavailable == nil {
		n = count - n
	}
	return max(0, min(n, count))
}

// checkService waits until the Service leads to exactly the workload's pods, on
// exactly its ports.
func (tr *trial) checkService(t *testing.T) {
	t.Helper()
	if !*tr.workload.Service.Enabled {
		return
	}
	want := endpoints{Pods: tr.pods}
	for _, port := range tr.workload.NamedPorts() {
		want.Ports = append(want.Ports, fmt.Sprintf("%s %d/%s", port.Name, port.ContainerPort, *port.Protocol))
	}
	if len(tr.pods) == 0 {
		want.Ports = nil // a slice without endpoints names no ports
	}
	slices.Sort(want.Ports)
	eventually(t, "Service", func(ctx context.Context) error {
		got, err := tr.endpoints(ctx)
		if err != nil {
			return err
		}
		if diff := cmp.Diff(want, got); diff != "" {
			return fmt.Errorf("endpoints (-want +got):\n%s", diff)
		}
		return nil
	})
	service, err := clustertest.Get[corev1.Service](t.Context(), cluster, services, tr.workload.Namespace, tr.workload.Name)
	if err != nil {
		t.Fatal(err)
	}
	var wantPorts, gotPorts []string
	for _, port := range service.Spec.Ports {
		gotPorts = append(gotPorts, fmt.Sprintf("%s %d/%s", port.Name, port.Port, port.Protocol))
	}
	for _, port := range tr.workload.NamedPorts() {
		wantPorts = append(wantPorts, fmt.Sprintf("%s %d/%s", port.Name, *port.ServicePort, *port.Protocol))
	}
	slices.Sort(gotPorts)
	slices.Sort(wantPorts)
	if diff := cmp.Diff(wantPorts, gotPorts); diff != "" {
		t.Errorf("the Service's ports (-want +got):\n%s", diff)
	}
	statistics.services.Add(1)
}

// endpoints is where a Service leads.
type endpoints struct{ Pods, Ports []string }

func (tr *trial) endpoints(ctx context.Context) (endpoints, error) {
	slicesOfNamespace, err := clustertest.List[discoveryv1.EndpointSlice](ctx, cluster, endpointSlices, tr.workload.Namespace)
	if err != nil {
		return endpoints{}, err
	}
	var got endpoints
	for _, slice := range slicesOfNamespace {
		if slice.Labels[discoveryv1.LabelServiceName] != tr.workload.Name {
			continue
		}
		for _, endpoint := range slice.Endpoints {
			got.Pods = append(got.Pods, endpoint.TargetRef.Name)
			if !*endpoint.Conditions.Ready {
				return endpoints{}, fmt.Errorf("endpoint %s is not ready", endpoint.TargetRef.Name)
			}
		}
		for _, port := range slice.Ports {
			got.Ports = append(got.Ports, fmt.Sprintf("%s %d/%s", *port.Name, *port.Port, *port.Protocol))
		}
	}
	slices.Sort(got.Pods)
	slices.Sort(got.Ports)
	return got, nil
}

// checkNetworkPolicy asks which pods the policy selects. (No kubelet is there to
// filter packets.)
func (tr *trial) checkNetworkPolicy(t *testing.T) {
	t.Helper()
	if !*tr.workload.NetworkPolicy.Enabled {
		return
	}
	policy, err := clustertest.Get[networkingv1.NetworkPolicy](t.Context(), cluster, networkPolicies, tr.workload.Namespace, tr.workload.Name)
	if err != nil {
		t.Fatal(err)
	}
	selected, err := tr.selected(t.Context(), policy.Spec.PodSelector)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tr.pods, selected); diff != "" {
		t.Errorf("the NetworkPolicy's pods (-want +got):\n%s", diff)
	}
}

// selected returns the names of the pods of the namespace that a selector takes.
func (tr *trial) selected(ctx context.Context, by metav1.LabelSelector) ([]string, error) {
	list, err := clustertest.List[corev1.Pod](ctx, cluster, pods, tr.workload.Namespace)
	if err != nil {
		return nil, err
	}
	selector, err := metav1.LabelSelectorAsMap(&by)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, pod := range list {
		takes := true
		for key, value := range selector {
			takes = takes && pod.Labels[key] == value
		}
		if takes {
			names = append(names, pod.Name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// checkSecondApply applies everything again: no object may change, neither in
// what we say nor in what controllers made of it.
func (tr *trial) checkSecondApply(t *testing.T) {
	t.Helper()
	for _, m := range tr.manifests {
		resource, _ := meta.UnsafeGuessKindToResource(m.Object.GetObjectKind().GroupVersionKind())
		accessor, err := meta.Accessor(m.Object)
		if err != nil {
			t.Fatal(err)
		}
		// A controller may write a status between the look and the apply: then look again.
		eventually(t, "second apply of "+m.Key, func(ctx context.Context) error {
			before, err := clustertest.Get[metav1.PartialObjectMetadata](ctx, cluster, resource, accessor.GetNamespace(), accessor.GetName())
			if err != nil {
				return err
			}
			after, err := cluster.Apply(ctx, m.Text)
			if err != nil {
				return err
			}
			if before.Generation != after.Object.GetGeneration() {
				t.Fatalf("a second apply changes %s: generation %d became %d", m.Key, before.Generation, after.Object.GetGeneration())
			}
			if before.ResourceVersion != after.Object.GetResourceVersion() {
				return fmt.Errorf("it changed from version %s to %s", before.ResourceVersion, after.Object.GetResourceVersion())
			}
			return nil
		})
	}
}
