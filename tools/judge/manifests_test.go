package judge

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// sources are where rendered manifests are kept, relative to this folder: the goldens,
// and what the workloads of all examples render to. Tests of packages render and provider keep them so.
var sources = []string{
	"../../internal/render/testdata/*/output.yaml",
	"../../internal/provider/testdata/examples/*/manifests.yaml",
}

// stream is one set of manifests that are applied together.
type stream struct {
	name string // of its folder
	text []byte
}

// streams reads every set of manifests.
func streams(t *testing.T) []stream {
	t.Helper()
	var all []stream
	for _, pattern := range sources {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no manifests at %s: %v", pattern, err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, stream{filepath.Base(filepath.Dir(path)), text})
		}
	}
	return all
}

// asDeployment returns the stream with a Deployment in the place of a Rollout, which kube-score does not know.
func (s stream) asDeployment() []byte {
	return []byte(strings.NewReplacer(
		"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n", "apiVersion: apps/v1\nkind: Deployment\n",
		"apiVersion: argoproj.io/v1alpha1\n    kind: Rollout\n", "apiVersion: apps/v1\n    kind: Deployment\n",
	).Replace(string(s.text)))
}

// Name and reader make a stream what kube-score reads.
func (s stream) Name() string { return s.name }

type named struct {
	io.Reader
	stream
}

func (s stream) open() named { return named{bytes.NewReader(s.asDeployment()), s} }

// pods returns the pod templates of a stream.
func (s stream) pods(t *testing.T) []corev1.PodTemplateSpec {
	t.Helper()
	var pods []corev1.PodTemplateSpec
	for document := range strings.SplitSeq("\n"+string(s.text), "\n---\n") {
		var head metav1.TypeMeta
		if err := yaml.Unmarshal([]byte(document), &head); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		switch head.Kind {
		case "Deployment", "StatefulSet", "DaemonSet", "Rollout":
			pods = append(pods, decode[appsv1.Deployment](t, document).Spec.Template) // all of them keep it in the same place
		case "Job":
			pods = append(pods, decode[batchv1.Job](t, document).Spec.Template)
		case "CronJob":
			pods = append(pods, decode[batchv1.CronJob](t, document).Spec.JobTemplate.Spec.Template)
		}
	}
	return pods
}

func decode[T any](t *testing.T, document string) T {
	t.Helper()
	var object T
	if err := yaml.Unmarshal([]byte(document), &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// exempted holds what a judge found against what we expect it to find in the
// manifests that are unsafe on purpose.
func exempted(t *testing.T, table map[string]string, s stream, complaints []string) {
	t.Helper()
	why, exempt := table[s.name]
	switch {
	case exempt && len(complaints) == 0:
		t.Errorf("%s: nothing is wrong, so it needs no exemption (%s)", s.name, why)
	case !exempt && len(complaints) > 0:
		t.Errorf("%s:\n  %s", s.name, strings.Join(complaints, "\n  "))
	}
}
