package chart_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/chart"
)

func walk(t *testing.T, files fs.FS) []string {
	t.Helper()
	var paths []string
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func TestFiles_HoldsEveryFileOfTheChart(t *testing.T) {
	t.Parallel()
	want, got := walk(t, os.DirFS("files")), walk(t, chart.Files())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-on disk +embedded):\n%s", diff)
	}
	if !slices.Contains(got, "templates/_labels.tpl") {
		t.Error("files that begin with an underscore are not embedded")
	}
}

func TestLoad_ReadsEveryTemplate(t *testing.T) {
	t.Parallel()
	loaded, err := chart.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := loaded.Validate(); err != nil {
		t.Error(err)
	}
	var names []string
	for _, template := range loaded.Templates {
		names = append(names, template.Name)
	}
	var want []string
	for _, path := range walk(t, chart.Files()) {
		if filepath.Dir(path) == "templates" {
			want = append(want, path)
		}
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("templates (-want +got):\n%s", diff)
	}
}

// A chart that a user takes out must satisfy Helm's own linter, without so much as a warning.
func TestFiles_Lint(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "seaworthy-workload")
	if err := os.CopyFS(dir, chart.Files()); err != nil {
		t.Fatal(err)
	}
	version := &chartutil.KubeVersion{Version: "v1.31.0", Major: "1", Minor: "31"}
	for _, message := range lint.AllWithKubeVersion(dir, nil, "example", version).Messages {
		if message.Severity > support.InfoSev { // an icon is recommended
			t.Error(message.Error())
		}
	}
}

func TestValidate_ExampleFollowsTheSchema(t *testing.T) {
	t.Parallel()
	loaded, err := chart.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := chart.Validate(loaded.Values); err != nil {
		t.Error(err)
	}
}

// The compiled schema must refuse what Helm's own check refuses.
func TestValidate_AgreesWithHelm(t *testing.T) {
	t.Parallel()
	loaded, err := chart.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(values map[string]any){
		"a list is missing":    func(v map[string]any) { delete(v, "services") },
		"an unknown list":      func(v map[string]any) { v["ingresses"] = []any{} },
		"an unknown field":     func(v map[string]any) { v["services"] = []any{map[string]any{"nam": "x"}} },
		"text where a list is": func(v map[string]any) { v["deployments"] = "none" },
		"nothing":              func(map[string]any) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values := maps.Clone(loaded.Values)
			change(values)
			helm := chartutil.ValidateAgainstSchema(loaded, values)
			ours := chart.Validate(values)
			if (helm == nil) != (ours == nil) {
				t.Errorf("Helm says %v, Validate says %v", helm, ours)
			}
			if (ours == nil) != (name == "nothing") {
				t.Errorf("Validate says %v", ours)
			}
		})
	}
}
