//go:build cluster

package clustertest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// exampleManifests are what the examples render to; a test of package provider
// keeps them so.
const exampleManifests = "../../examples/*/*/manifests.yaml ../../examples/*/manifests.yaml"

// unrestrictedExamples names the examples that the restricted Pod Security
// standard refuses, and why they do not keep to it.
var unrestrictedExamples = map[string]string{
	"busybox": "it shows the book's manifest as it is, as root",
	"nginx":   "it shows the book's manifest as it is, as root",
}

func TestExamples(t *testing.T) {
	t.Parallel()
	var paths []string
	for pattern := range strings.FieldsSeq(exampleManifests) {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no manifests at %s: %v", pattern, err)
		}
		paths = append(paths, found...)
	}
	createNamespace(t, "restricted-for-examples", true)
	for _, path := range paths {
		name := filepath.Base(filepath.Dir(path))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			why, exempt := unrestrictedExamples[name]
			tr := exampleTrial(t, path, "example-"+name)
			template := deploymentOf(t, tr.manifests).Spec.Template
			if refusal := restrictedRefusal(t, "restricted-for-examples", template); exempt != (refusal != "") {
				t.Errorf("the restricted standard says %q, but the table of exemptions %q", refusal, why)
			}
			createNamespace(t, tr.workload.Namespace, !exempt)
			createPrerequisites(t, tr.workload.Namespace, template.Spec)
			tr.apply(t)
			tr.awaitRollout(t)
			tr.checkPodsMine(t)
			tr.checkSecondApply(t)
			tr.count(!exempt)
		})
	}
}

// exampleTrial reads an example's manifests for a namespace of their own.
func exampleTrial(t *testing.T, path, namespace string) *trial {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	written, err := manifest.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	theirs := deploymentOf(t, written).Namespace
	manifests, err := manifest.Parse(strings.ReplaceAll(string(text), `namespace: "`+theirs+`"`, `namespace: "`+namespace+`"`))
	if err != nil {
		t.Fatal(err)
	}
	deployment := deploymentOf(t, manifests)
	tr := &trial{manifests: manifests, workload: workload.Workload{Name: deployment.Name, Namespace: namespace, Replicas: deployment.Spec.Replicas}}
	for _, m := range manifests {
		if hpa, ok := m.Object.(*autoscalingv2.HorizontalPodAutoscaler); ok {
			tr.workload.Replicas = hpa.Spec.MinReplicas
		}
	}
	return tr
}
