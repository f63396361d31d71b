//go:build cluster

package clustertest_test

import (
	"context"
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// checkEviction drains the workload's pods one by one: the eviction API must
// take as many as the budget allows, and refuse the next.
func (tr *trial) checkEviction(t *testing.T) {
	t.Helper()
	for budget := range objectsOf[*policyv1.PodDisruptionBudget](tr) {
		tr.drain(t, tr.allowedDisruptions(t, budget.Spec))
	}
}

func (tr *trial) drain(t *testing.T, allowed int) {
	t.Helper()
	// Without room for replacements the budget is not filled up again meanwhile.
	create(t, quotas, tr.namespace, &corev1.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{Name: "no-new-pods"},
		Spec:       corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{corev1.ResourcePods: resource.MustParse("0")}},
	})
	// The API server learns of the quota a moment after it is stored.
	eventually(t, "quota", func(ctx context.Context) error {
		further := stranger()
		further.Name = "further"
		err := cluster.Create(ctx, pods, tr.namespace, further, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		if !apierrors.IsForbidden(err) {
			return fmt.Errorf("there is room for another pod: %v", err)
		}
		return nil
	})
	for i, pod := range tr.pods {
		err := evict(t.Context(), tr.namespace, pod)
		switch {
		case i < allowed && err != nil:
			t.Errorf("eviction %d of %d, of which the budget allows %d, is refused: %v", i+1, len(tr.pods), allowed, err)
			return
		case i < allowed:
			statistics.evicted.Add(1)
		case !apierrors.IsTooManyRequests(err):
			t.Errorf("eviction %d of %d, of which the budget allows %d: got %v, want a refusal by the budget", i+1, len(tr.pods), allowed, err)
			return
		default:
			statistics.refusedEvictions.Add(1)
			return
		}
	}
}

func evict(ctx context.Context, namespace, pod string) error {
	return cluster.Create(ctx, pods, namespace, &policyv1.Eviction{
		TypeMeta:   metav1.TypeMeta{APIVersion: "policy/v1", Kind: "Eviction"},
		ObjectMeta: metav1.ObjectMeta{Name: pod, Namespace: namespace},
	}, metav1.CreateOptions{}, "eviction")
}
