package hardening_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// base holds the objects that follow every rule, read once: there are hundreds of
// fixtures, and each is a patch of them.
var base = sync.OnceValues(func() ([]baseObject, error) {
	text, err := os.ReadFile(filepath.Join("testdata", "base.yaml"))
	if err != nil {
		return nil, err
	}
	manifests, err := manifest.Parse(string(text))
	if err != nil {
		return nil, err
	}
	objects := make([]baseObject, len(manifests))
	for i, m := range manifests {
		data, err := manifest.ToJSON(m.Text)
		if err != nil {
			return nil, err
		}
		objects[i] = baseObject{m, data, metadata{}}
		if err := json.Unmarshal(data, &objects[i].head); err != nil {
			return nil, err
		}
	}
	return objects, nil
})

// baseObject is a manifest of the base, its JSON, and what tells it apart.
type baseObject struct {
	manifest.Manifest
	json []byte
	head metadata
}

// readBase returns the objects that follow every rule.
func readBase(t testing.TB) []manifest.Manifest {
	t.Helper()
	return patchBase(t, "base", "")
}

// readFixture returns the base with a fixture's documents applied to it: a
// document for an object of the base is a strategic merge patch ("$patch: delete"
// removes the object), any other is an object of its own.
func readFixture(t testing.TB, path string) []manifest.Manifest {
	t.Helper()
	return patchBase(t, path, read(t, path))
}

// patchBase applies the documents of a fixture to the base. The objects that no
// document is about are those of the base itself.
func patchBase(t testing.TB, name, patches string) []manifest.Manifest {
	t.Helper()
	objects, err := base()
	if err != nil {
		t.Fatal(err)
	}
	patched := map[string]manifest.Manifest{}
	for _, o := range objects {
		patched[o.Key] = o.Manifest
	}
	for document := range strings.SplitSeq(patches, "\n---\n") {
		if strings.TrimSpace(document) == "" {
			continue
		}
		patch := toJSON(t, document)
		var head struct {
			metadata
			Patch string `json:"$patch"`
		}
		if err := json.Unmarshal(patch, &head); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		i := slices.IndexFunc(objects, func(o baseObject) bool { return o.head == head.metadata })
		switch {
		case i < 0:
		case head.Patch == "delete":
			delete(patched, objects[i].Key)
			continue
		default:
			merged, err := strategicpatch.StrategicMergePatch(objects[i].json, patch, objects[i].Object)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			document = string(merged)
		}
		parsed, err := manifest.Parse(document)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, m := range parsed {
			patched[m.Key] = m
		}
	}
	return slices.SortedFunc(maps.Values(patched), func(a, b manifest.Manifest) int { return strings.Compare(a.Key, b.Key) })
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

// givenFor returns what is known beside the objects of a fixture: the images that the
// rule's images.json has under the fixture's name.
func givenFor(t testing.TB, path string) hardening.Given {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(filepath.Dir(path), "images.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return hardening.Given{}
	}
	if err != nil {
		t.Fatal(err)
	}
	var images map[string]map[string]hardening.Image
	if err := json.Unmarshal(data, &images); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return hardening.Given{Images: images[filepath.Base(path)]}
}
