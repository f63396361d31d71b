//go:build cluster

package clustertest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

var deployments = appsv1.SchemeGroupVersion.WithResource("deployments")

// trial is one workload on the cluster, in a namespace of its own.
type trial struct {
	// workload has every decision made.
	workload  workload.Workload
	manifests []manifest.Manifest
	// pods are the workload's pods after the rollout, sorted.
	pods []string
}

// try renders a workload for its own namespace, applies it, waits for the
// rollout, and looks at everything that must be true then.
func try(t *testing.T, namespace string, w workload.Workload, version string, restricted bool) {
	t.Helper()
	w.Namespace = namespace
	result, err := render.Render(w, render.Options{KubernetesVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	tr := &trial{workload: w.WithDefaults(), manifests: result.Manifests}
	createNamespace(t, namespace, restricted)
	createPrerequisites(t, namespace, deploymentOf(t, result.Manifests).Spec.Template.Spec)
	create(t, pods, namespace, stranger())

	tr.apply(t)
	tr.awaitRollout(t)
	tr.checkPodsMine(t)
	tr.checkAutoscaler(t)
	tr.checkBudget(t)
	tr.checkService(t)
	tr.checkNetworkPolicy(t)
	tr.checkSecondApply(t)
	tr.checkEviction(t)

	tr.count(restricted)
}

// count adds a trial that went well to the statistics.
func (tr *trial) count(restricted bool) {
	statistics.workloads.Add(1)
	statistics.objects.Add(int64(len(tr.manifests)))
	statistics.pods.Add(int64(len(tr.pods)))
	if restricted {
		statistics.restricted.Add(1)
	}
}

// stranger is a pod of the same namespace that belongs to another workload.
func stranger() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "stranger", Labels: map[string]string{workload.LabelName: "stranger", workload.LabelManagedBy: "seaworthy"}},
		Spec: corev1.PodSpec{
			Containers: []corev1.Container{{
				Name:  "stranger",
				Image: "registry.example.com/stranger",
				SecurityContext: &corev1.SecurityContext{
					AllowPrivilegeEscalation: new(false),
					Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
				},
			}},
			SecurityContext: &corev1.PodSecurityContext{
				RunAsNonRoot:   new(true),
				SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			},
		},
	}
}

func deploymentOf(t *testing.T, manifests []manifest.Manifest) *appsv1.Deployment {
	t.Helper()
	for _, m := range manifests {
		if deployment, ok := m.Object.(*appsv1.Deployment); ok {
			return deployment
		}
	}
	t.Fatal("there is no Deployment among the manifests")
	return nil
}

// apply applies every manifest, without a word of the API server against one.
func (tr *trial) apply(t *testing.T) {
	t.Helper()
	for _, m := range tr.manifests {
		applied, err := cluster.Apply(t.Context(), m.Text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", m.Key, err, m.Text)
		}
		for _, warning := range applied.Warnings {
			t.Errorf("%s: the API server warns: %s", m.Key, warning)
		}
	}
}

// awaitRollout waits until the Deployment has all its pods, in the new version
// and available.
func (tr *trial) awaitRollout(t *testing.T) {
	t.Helper()
	namespace, name := tr.workload.Namespace, tr.workload.Name
	eventually(t, "rollout", func(ctx context.Context) error {
		deployment, err := clustertest.Get[appsv1.Deployment](ctx, cluster, deployments, namespace, name)
		if err != nil {
			return err
		}
		wanted, status := *deployment.Spec.Replicas, deployment.Status
		done := status.ObservedGeneration == deployment.Generation && wanted >= tr.workload.LowestReplicas() &&
			status.Replicas == wanted && status.UpdatedReplicas == wanted && status.AvailableReplicas == wanted
		if done {
			return nil
		}
		return fmt.Errorf("of %d replicas (at least %d are wanted), %d exist, %d are of the new version, %d are available%s",
			wanted, tr.workload.LowestReplicas(), status.Replicas, status.UpdatedReplicas, status.AvailableReplicas, why(ctx, deployment))
	})
}

// why collects what the controllers say of a Deployment that is not complete.
func why(ctx context.Context, deployment appsv1.Deployment) string {
	var said []string
	for _, condition := range deployment.Status.Conditions {
		said = append(said, fmt.Sprintf("%s=%s: %s", condition.Type, condition.Status, condition.Message))
	}
	events, err := clustertest.List[corev1.Event](ctx, cluster, corev1.SchemeGroupVersion.WithResource("events"), deployment.Namespace)
	if err != nil {
		said = append(said, err.Error())
	}
	for _, event := range events {
		if event.Type == corev1.EventTypeWarning {
			said = append(said, event.InvolvedObject.Kind+": "+event.Message)
		}
	}
	slices.Sort(said)
	return "\n  " + strings.Join(slices.Compact(said), "\n  ")
}

// checkPodsMine notes the workload's pods: all of the namespace but the stranger.
func (tr *trial) checkPodsMine(t *testing.T) {
	t.Helper()
	eventually(t, "pods", func(ctx context.Context) error {
		list, err := clustertest.List[corev1.Pod](ctx, cluster, pods, tr.workload.Namespace)
		if err != nil {
			return err
		}
		tr.pods = nil
		for _, pod := range list {
			if pod.DeletionTimestamp != nil {
				return errors.New(pod.Name + " is still being deleted")
			}
			if pod.Name != "stranger" {
				tr.pods = append(tr.pods, pod.Name)
			}
		}
		slices.Sort(tr.pods)
		return nil
	})
	if len(tr.pods) < int(tr.workload.LowestReplicas()) {
		t.Errorf("there are %d pods, want at least %d", len(tr.pods), tr.workload.LowestReplicas())
	}
}
