package archtest_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/archtest"
)

// root is the module's root as seen from this package.
const root = "../.."

func TestModule_KeepsToTheImportTable(t *testing.T) {
	graph := load(t, root)
	for _, violation := range archtest.Check(graph, archtest.Rows) {
		t.Error(violation)
	}
}

func TestDesign_ShowsTheImportTable(t *testing.T) {
	design, err := os.ReadFile(filepath.Join(root, "DESIGN.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := archtest.Markdown(archtest.Rows); !strings.Contains(string(design), want) {
		t.Errorf("DESIGN.md does not show the import table; replace it there by:\n%s", want)
	}
}

func TestCheck_NamesTheImportThatBreaksTheTable(t *testing.T) {
	const module = "example.com/m"
	for name, tc := range map[string]struct {
		imports map[string][]string
		want    []string
	}{
		"a dependency that the row does not allow": {
			imports: map[string][]string{"internal/workload": {"k8s.io/api/core/v1", "github.com/pkg/errors"}},
			want:    []string{"internal/workload imports github.com/pkg/errors, which its row of the import table does not allow"},
		},
		"Terraform below the provider": {
			imports: map[string][]string{"internal/render": {"github.com/hashicorp/terraform-plugin-framework/types"}},
			want: []string{
				"internal/render imports github.com/hashicorp/terraform-plugin-framework/types, which its row of the import table does not allow",
				"internal/render must never reach github.com/hashicorp: internal/render imports github.com/hashicorp/terraform-plugin-framework/types",
			},
		},
		"Helm in the provider": {
			imports: map[string][]string{"internal/provider": {"helm.sh/helm/v3/pkg/engine"}},
			want:    []string{"internal/provider imports helm.sh/helm/v3/pkg/engine, which its row of the import table does not allow"},
		},
		"the network, through others": {
			imports: map[string][]string{
				"internal/imagefacts":                           {"github.com/google/go-containerregistry/pkg/v1"},
				"github.com/google/go-containerregistry/pkg/v1": {"example.com/other"},
				"example.com/other":                             {"net/http"},
			},
			want: []string{"internal/imagefacts must never reach net/http: internal/imagefacts imports github.com/google/go-containerregistry/pkg/v1 imports example.com/other imports net/http"},
		},
		"I/O in a pure package": {
			imports: map[string][]string{"internal/render": {"os"}},
			want:    []string{"internal/render imports os, but the package does no I/O; let its caller hand in the data"},
		},
		"a package that serves tests": {
			imports: map[string][]string{"internal/registry": {module + "/internal/registrytest"}},
			want:    []string{"internal/registry imports internal/registrytest, which its row of the import table does not allow"},
		},
		"a package without a row": {
			imports: map[string][]string{"internal/surprise": nil},
			want:    []string{"internal/surprise has no row in the import table; add one to internal/archtest/table.go and to DESIGN.md"},
		},
		"a name that says nothing": {
			imports: map[string][]string{"internal/registry/util": nil},
			want: []string{
				"internal/registry/util has no row in the import table; add one to internal/archtest/table.go and to DESIGN.md",
				"internal/registry/util: the name says nothing of what the package is about; name it for its subject",
			},
		},
		"nothing": {
			imports: map[string][]string{
				"internal/imageref":   {"net/netip"},
				"internal/imagefacts": {module + "/internal/imageref", "github.com/google/go-containerregistry/pkg/v1/types"},
				"internal/registry":   {"net/http", "github.com/google/go-containerregistry/pkg/v1/remote"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			graph := archtest.Graph{
				Module:   module,
				Imports:  make(map[string][]string),
				Standard: map[string]bool{"net/http": true, "net/netip": true, "os": true},
			}
			for importer, imported := range tc.imports {
				if strings.HasPrefix(importer, "internal/") {
					importer = module + "/" + importer
				}
				graph.Imports[importer] = imported
			}
			if diff := cmp.Diff(tc.want, archtest.Check(graph, archtest.Rows)); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheck_ImportsGoDown(t *testing.T) {
	rows := []archtest.Row{
		{Package: "internal/low", Level: 0, Allowed: []string{"internal/high"}},
		{Package: "internal/high", Level: 1, Allowed: []string{"internal/fixture"}},
		{Package: "internal/fixture", Level: archtest.TestsOnly, Allowed: []string{"internal/low"}},
	}
	graph := archtest.Graph{Module: "m", Imports: map[string][]string{
		"m/internal/low":     {"m/internal/high"},
		"m/internal/high":    {"m/internal/fixture"},
		"m/internal/fixture": {"m/internal/low"},
	}}
	want := []string{
		"internal/high (level 1) imports internal/fixture (level -1): imports go down",
		"internal/low (level 0) imports internal/high (level 1): imports go down",
	}
	if diff := cmp.Diff(want, archtest.Check(graph, rows)); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}

// TestLoad_SeesARealModule breaks the table in a module on disk: the whole way
// from source files through the go command to the sentence.
func TestLoad_SeesARealModule(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"go.mod":                        "module example.com/broken\n\ngo 1.26.0\n",
		"internal/field/field.go":       "package field\n\nimport _ \"example.com/broken/internal/helpers\"\n",
		"internal/field/field_test.go":  "package field\n\nimport _ \"os/exec\"\n",
		"internal/helpers/helpers.go":   "package helpers\n\nimport _ \"net/http\"\n",
		"internal/registry/registry.go": "package registry\n\nimport _ \"net/http\"\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"internal/field imports internal/helpers, which its row of the import table does not allow",
		"internal/field must never reach net/http: internal/field imports internal/helpers imports net/http",
		"internal/helpers has no row in the import table; add one to internal/archtest/table.go and to DESIGN.md",
		"internal/helpers: the name says nothing of what the package is about; name it for its subject",
	}
	if diff := cmp.Diff(want, archtest.Check(load(t, dir), archtest.Rows)); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}

// TestCheck_GuardsEveryRowOfThisModule breaks each row in turn, in the graph of
// the real module.
func TestCheck_GuardsEveryRowOfThisModule(t *testing.T) {
	graph := load(t, root)
	const intruder = "example.com/intruder"
	for importPath := range graph.Imports {
		own, ok := strings.CutPrefix(importPath, graph.Module+"/")
		if !ok {
			continue
		}
		broken := graph
		broken.Imports = maps.Clone(graph.Imports)
		broken.Imports[importPath] = append(slices.Clone(graph.Imports[importPath]), intruder)
		want := own + " imports " + intruder + ", which its row of the import table does not allow"
		if !slices.Contains(archtest.Check(broken, archtest.Rows), want) {
			t.Errorf("an import of %s by %s goes unnoticed", intruder, own)
		}
	}
}

func load(t *testing.T, dir string) archtest.Graph {
	t.Helper()
	graph, err := archtest.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return graph
}
