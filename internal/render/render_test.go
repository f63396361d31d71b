package render_test

import (
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/golden"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// kubernetesVersion is the version of the real control plane that the golden cases are tried on
// (package clustertest).
const kubernetesVersion = "1.36"

// cases returns the names of the golden cases: the folders of testdata.
func cases(t testing.TB) []string {
	t.Helper()
	inputs, err := filepath.Glob("testdata/*/input.yaml")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	var names []string
	for _, input := range inputs {
		names = append(names, filepath.Base(filepath.Dir(input)))
	}
	return names
}

// input reads the workload of a golden case.
func input(t testing.TB, name string) workload.Workload {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name, "input.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var w workload.Workload
	if err := yaml.UnmarshalStrict(data, &w); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return w
}

func mustRender(t testing.TB, w workload.Workload) render.Result {
	t.Helper()
	result, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// stream joins manifests in the order that they have.
func stream(result render.Result) string {
	var text string
	for _, m := range result.Manifests {
		text += "---\n" + m.Text
	}
	return text
}

func TestRender_Golden(t *testing.T) {
	t.Parallel()
	var outputs []string
	for _, name := range cases(t) {
		path := filepath.Join("testdata", name, "output.yaml")
		outputs = append(outputs, path)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden.Check(t, path, stream(mustRender(t, input(t, name))))
		})
	}
	golden.CheckNoOrphans(t, "testdata/*/output.yaml", outputs)
}
