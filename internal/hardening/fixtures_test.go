package hardening_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// readBase returns the objects that follow every rule.
func readBase(t testing.TB) []manifest.Manifest {
	t.Helper()
	objects, err := manifest.Parse(read(t, filepath.Join("testdata", "base.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// readFixture returns the base with a fixture's documents applied to it: a
// document for an object of the base is a strategic merge patch ("$patch: delete"
// removes the object), any other is an object of its own.
func readFixture(t testing.TB, path string) []manifest.Manifest {
	t.Helper()
	return patchBase(t, path, read(t, path))
}

// patchBase applies the documents of a fixture to the base.
func patchBase(t testing.TB, name, patches string) []manifest.Manifest {
	t.Helper()
	base := readBase(t)
	documents := map[string]string{}
	for _, m := range base {
		documents[m.Key] = m.Text
	}
	for document := range strings.SplitSeq(patches, "\n---\n") {
		patch := toJSON(t, document)
		var head struct {
			metadata
			Patch string `json:"$patch"`
		}
		if err := json.Unmarshal(patch, &head); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		i := slices.IndexFunc(base, func(m manifest.Manifest) bool {
			var other struct{ metadata }
			return json.Unmarshal(toJSON(t, m.Text), &other) == nil && other.metadata == head.metadata
		})
		switch {
		case i < 0:
			documents[name+document] = document
		case head.Patch == "delete":
			delete(documents, base[i].Key)
		default:
			merged, err := strategicpatch.StrategicMergePatch(toJSON(t, base[i].Text), patch, base[i].Object)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			documents[base[i].Key] = string(merged)
		}
	}
	objects, err := manifest.Parse(strings.Join(slices.Sorted(maps.Values(documents)), "\n---\n"))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return objects
}

// metadata tells objects apart.
type metadata struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
}

func toJSON(t testing.TB, document string) []byte {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(document))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, document)
	}
	return data
}

func read(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// fixtures returns a rule's files of the given pattern.
func fixtures(t testing.TB, rule, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", rule, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return paths
}
