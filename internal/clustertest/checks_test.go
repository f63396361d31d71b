//go:build cluster

package clustertest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
)

var (
	autoscalers     = autoscalingv2.SchemeGroupVersion.WithResource("horizontalpodautoscalers")
	budgets         = policyv1.SchemeGroupVersion.WithResource("poddisruptionbudgets")
	networkPolicies = networkingv1.SchemeGroupVersion.WithResource("networkpolicies")
)

// checkAutoscaler waits until the autoscaler has found what it scales and counts
// the replicas that it raised it to.
func (tr *trial) checkAutoscaler(t *testing.T) {
	t.Helper()
	for declared := range objectsOf[*autoscalingv2.HorizontalPodAutoscaler](tr) {
		eventually(t, "autoscaler", func(ctx context.Context) error {
			hpa, err := clustertest.Get[autoscalingv2.HorizontalPodAutoscaler](ctx, cluster, autoscalers, tr.namespace, declared.Name)
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
}

// checkBudget waits until the budget counts the pods and allows what it says.
func (tr *trial) checkBudget(t *testing.T) {
	t.Helper()
	for declared := range objectsOf[*policyv1.PodDisruptionBudget](tr) {
		count, allowed := len(tr.pods), tr.allowedDisruptions(t, declared.Spec)
		eventually(t, "disruption budget", func(ctx context.Context) error {
			budget, err := clustertest.Get[policyv1.PodDisruptionBudget](ctx, cluster, budgets, tr.namespace, declared.Name)
			if err != nil {
				return err
			}
			status := budget.Status
			if status.ObservedGeneration != budget.Generation {
				return errors.New("the controller has not seen the budget")
			}
			if int(status.ExpectedPods) != count || int(status.CurrentHealthy) != count || int(status.DisruptionsAllowed) != allowed {
				return fmt.Errorf("it expects %d pods, sees %d healthy ones and allows %d disruptions; want %d, %d and %d: %v",
					status.ExpectedPods, status.CurrentHealthy, status.DisruptionsAllowed, count, count, allowed, status.Conditions)
			}
			return nil
		})
		statistics.budgets.Add(1)
	}
}

// allowedDisruptions is how many pods a budget lets go at once.
func (tr *trial) allowedDisruptions(t *testing.T, budget policyv1.PodDisruptionBudgetSpec) int {
	t.Helper()
	quantity := budget.MaxUnavailable
	if quantity == nil {
		quantity = budget.MinAvailable
	}
	// The disruption controller rounds both up.
	// Source: kubernetes@v1.36.1 pkg/controller/disruption getExpectedPodCount.
	n, err := intstr.GetScaledValueFromIntOrPercent(quantity, len(tr.pods), true)
	if err != nil {
		t.Fatal(err)
	}
	if budget.MaxUnavailable == nil {
		n = len(tr.pods) - n
	}
	return max(0, min(n, len(tr.pods)))
}

// checkNetworkPolicy asks which pods the policy selects. (No kubelet is there to
// filter packets.)
func (tr *trial) checkNetworkPolicy(t *testing.T) {
	t.Helper()
	for declared := range objectsOf[*networkingv1.NetworkPolicy](tr) {
		policy, err := clustertest.Get[networkingv1.NetworkPolicy](t.Context(), cluster, networkPolicies, tr.namespace, declared.Name)
		if err != nil {
			t.Fatal(err)
		}
		selected, err := tr.selected(t.Context(), &policy.Spec.PodSelector)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tr.pods, selected); diff != "" {
			t.Errorf("the NetworkPolicy's pods (-want +got):\n%s", diff)
		}
		statistics.policies.Add(1)
	}
}

// selected returns the names of the pods of the namespace that a selector takes.
func (tr *trial) selected(ctx context.Context, by *metav1.LabelSelector) ([]string, error) {
	list, err := clustertest.List[corev1.Pod](ctx, cluster, pods, tr.namespace)
	if err != nil {
		return nil, err
	}
	selector, err := metav1.LabelSelectorAsSelector(by)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, pod := range list {
		if selector.Matches(labels.Set(pod.Labels)) {
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
		resource, err := cluster.Resource(m.Object.GetObjectKind().GroupVersionKind())
		if err != nil {
			t.Fatal(err)
		}
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
