//go:build cluster

package clustertest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// goldens are the golden cases of package render.
const goldens = "../render/testdata/*/input.yaml"

// unrestricted names the golden cases that the restricted Pod Security standard
// refuses, and why they do not keep to it.
var unrestricted = map[string]string{
	"security-context-overrides": "it runs a privileged container as root, to show every argument",
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	inputs, err := filepath.Glob(goldens)
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	createNamespace(t, "restricted-for-goldens", true)
	for _, path := range inputs {
		name := filepath.Base(filepath.Dir(path))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := goldenWorkload(t, name)
			result, err := render.Render(w, render.Options{KubernetesVersion: version.String()})
			if needsNewer(t, err) {
				return
			}
			if needsController(result.Manifests) {
				w.Namespace = "golden-" + name
				if result, err = render.Render(w, render.Options{KubernetesVersion: version.String()}); err != nil {
					t.Fatal(err)
				}
				tryAcceptance(t, w.Namespace, result.Manifests)
				return
			}
			if w.HasCandidate() {
				w.Namespace = "golden-" + name
				if result, err = render.Render(w, render.Options{KubernetesVersion: version.String()}); err != nil {
					t.Fatal(err)
				}
				tryTracks(t, w.Namespace, result.Manifests)
				return
			}
			why, exempt := unrestricted[name]
			if refusal := restrictedRefusal(t, "restricted-for-goldens", podOf(t, w, version.String())); exempt != (refusal != "") {
				t.Errorf("the restricted standard says %q, but the table of exemptions %q", refusal, why)
			}
			try(t, "golden-"+name, w, version.String(), !exempt)
		})
	}
}

// needsController tells that Flagger or Argo Rollouts acts on the objects of a workload.
func needsController(manifests []manifest.Manifest) bool {
	return slices.ContainsFunc(manifests, func(m manifest.Manifest) bool {
		kind := m.Object.GetObjectKind().GroupVersionKind().Kind
		return kind == "Canary" || kind == "Rollout"
	})
}

// tryAcceptance asks the API server whether it would take the objects of a workload, and stores none. What
// the controllers make of them is asked by TestFlagger and TestArgoRollouts.
func tryAcceptance(t *testing.T, namespace string, manifests []manifest.Manifest) {
	t.Helper()
	createNamespace(t, namespace, true)
	for _, m := range manifests {
		taken, err := cluster.DryRun(t.Context(), m.Text)
		if err != nil || len(taken.Warnings) > 0 {
			t.Errorf("%s: %v %v\n%s", m.Key, err, taken.Warnings, m.Text)
		}
	}
	statistics.taken.Add(1)
}

// goldenWorkload reads the input of a golden case.
func goldenWorkload(t *testing.T, name string) workload.Workload {
	t.Helper()
	data, err := os.ReadFile(strings.Replace(goldens, "*", name, 1))
	if err != nil {
		t.Fatal(err)
	}
	var w workload.Workload
	if err := yaml.UnmarshalStrict(data, &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// podOf returns a pod that a workload asks for.
func podOf(t *testing.T, w workload.Workload, version string) *corev1.Pod {
	t.Helper()
	result, err := render.Render(w, render.Options{KubernetesVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	return runnerOf(t, result.Manifests).pod()
}

// needsNewer tells whether a golden case is refused for nothing but the age of the
// cluster.
func needsNewer(t *testing.T, err error) bool {
	t.Helper()
	refusals, others := field.All(err)
	if len(others) > 0 {
		t.Fatal(others)
	}
	for _, refusal := range refusals {
		if *kubernetes == "" || !strings.Contains(refusal.Error(), "needs Kubernetes 1.") {
			t.Fatal(refusal)
		}
	}
	return len(refusals) > 0
}

// restrictedRefusal asks the API server whether it would admit a pod to a
// namespace that enforces the restricted standard. It returns the reason why not,
// or nothing.
func restrictedRefusal(t *testing.T, namespace string, pod *corev1.Pod) string {
	t.Helper()
	createPrerequisites(t, namespace, pod.Spec)
	err := cluster.Create(t.Context(), pods, namespace, pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	if err == nil {
		return ""
	}
	if !strings.Contains(err.Error(), "violates PodSecurity") {
		t.Fatalf("a pod of the workload is refused for another reason: %v", err)
	}
	return err.Error()
}
