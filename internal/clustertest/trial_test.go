//go:build cluster

package clustertest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// trial is the objects of one workload on the cluster, in a namespace of its own.
type trial struct {
	namespace string
	manifests []manifest.Manifest
	runner    runner
	// pods are the workload's pods after the rollout, sorted.
	pods []string
}

// try renders a workload for its own namespace and tries the manifests.
func try(t *testing.T, namespace string, w workload.Workload, version string, restricted bool) {
	t.Helper()
	w = inNamespace(w, namespace)
	result, err := render.Render(w, render.Options{KubernetesVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	tryManifests(t, namespace, result.Manifests, restricted)
}

// inNamespace moves a workload, and what its patches are about.
func inNamespace(w workload.Workload, namespace string) workload.Workload {
	w.Patches = slices.Clone(w.Patches)
	for i, patch := range w.Patches {
		w.Patches[i].Target = strings.Replace(patch.Target, "/"+w.Namespace+"/", "/"+namespace+"/", 1)
	}
	w.Namespace = namespace
	return w
}

// tryManifests applies the manifests of one workload, waits for the rollout, and
// looks at everything that must be true then.
func tryManifests(t *testing.T, namespace string, manifests []manifest.Manifest, restricted bool) {
	t.Helper()
	tr := &trial{namespace: namespace, manifests: manifests, runner: runnerOf(t, manifests)}
	createNamespace(t, namespace, restricted)
	createPrerequisites(t, namespace, tr.runner.pod().Spec)
	create(t, pods, namespace, stranger())
	create(t, services, namespace, strangerService())
	defer func() {
		if t.Failed() {
			t.Log(tr.reasons(context.WithoutCancel(t.Context())))
		}
	}()

	tr.apply(t)
	tr.awaitRollout(t)
	tr.notePods(t)
	tr.checkAutoscaler(t)
	tr.checkBudget(t)
	tr.checkServices(t)
	tr.checkNetworkPolicy(t)
	tr.checkReferences(t)
	tr.checkSecondApply(t)
	tr.checkEviction(t)

	if !t.Failed() {
		tr.count(restricted)
	}
}

// count adds a trial that went well to the statistics.
func (tr *trial) count(restricted bool) {
	statistics.rolledOut(tr.runner.resource.Resource)
	statistics.objects.Add(int64(len(tr.manifests)))
	statistics.pods.Add(int64(len(tr.pods)))
	if restricted {
		statistics.restricted.Add(1)
	}
}

// strangerName is the name of what belongs to another workload.
const strangerName = "stranger"

func strangerService() *corev1.Service {
	labels := map[string]string{workload.LabelName: strangerName, workload.LabelManagedBy: "seaworthy"}
	return &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: strangerName, Labels: labels},
		Spec:       corev1.ServiceSpec{Selector: labels, Ports: []corev1.ServicePort{{Name: "http", Port: 80}}},
	}
}

// stranger is a pod of the same namespace that belongs to another workload.
func stranger() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: strangerName, Labels: map[string]string{workload.LabelName: strangerName, workload.LabelManagedBy: "seaworthy"}},
		Spec: corev1.PodSpec{
			Containers: []corev1.Container{{
				Name:  strangerName,
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

// knownWarnings are what the API server may say of a manifest, and why that is no
// reason against it.
var knownWarnings = map[string]string{
	`spec.trafficDistribution: "PreferClose" is deprecated`: "versions before 1.34 know no other word",
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
			if !slices.ContainsFunc(sortedKeys(knownWarnings), func(known string) bool { return strings.HasPrefix(warning, known) }) {
				t.Errorf("%s: the API server warns: %s", m.Key, warning)
			}
		}
	}
}

// awaitRollout waits until the controllers have made everything of the workload.
func (tr *trial) awaitRollout(t *testing.T) {
	t.Helper()
	eventually(t, "rollout", func(ctx context.Context) error {
		return tr.runner.rolledOut(ctx, tr.namespace, tr.runner.metadata.Name)
	})
}

// notePods notes the workload's pods: all of the namespace but the stranger.
func (tr *trial) notePods(t *testing.T) {
	t.Helper()
	eventually(t, "pods", func(ctx context.Context) error {
		list, err := clustertest.List[corev1.Pod](ctx, cluster, pods, tr.namespace)
		if err != nil {
			return err
		}
		tr.pods = nil
		for _, pod := range list {
			if pod.DeletionTimestamp != nil {
				return errors.New(pod.Name + " is still being deleted")
			}
			if pod.Name != strangerName {
				tr.pods = append(tr.pods, pod.Name)
			}
		}
		slices.Sort(tr.pods)
		if least := tr.leastPods(); len(tr.pods) < int(least) {
			return fmt.Errorf("there are %d pods, want at least %d", len(tr.pods), least)
		}
		return nil
	})
}

// leastPods is how many pods the manifests ask for at least.
func (tr *trial) leastPods() int32 {
	for hpa := range objectsOf[*autoscalingv2.HorizontalPodAutoscaler](tr) {
		return valueOr(hpa.Spec.MinReplicas, 1)
	}
	return tr.runner.least
}

// objectsOf goes through the trial's objects of a type.
func objectsOf[T any](tr *trial) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, m := range tr.manifests {
			if object, ok := m.Object.(T); ok && !yield(object) {
				return
			}
		}
	}
}
