//go:build cluster

package clustertest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// exampleFiles are what the workloads of all examples render to; a test of package provider keeps
// them so.
const exampleFiles = "../provider/testdata/examples/*/manifests.yaml"

// unrestrictedExamples names the examples that the restricted Pod Security
// standard refuses, and why they do not keep to it.
var unrestrictedExamples = map[string]string{
	"from-the-book-busybox": "it shows the book's manifest as it is, as root",
	"from-the-book-nginx":   "it shows the book's manifest as it is, as root",
}

func TestExamples(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(exampleFiles)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no manifests at %s: %v", exampleFiles, err)
	}
	createNamespace(t, "restricted-for-examples", true)
	for _, path := range paths {
		name := strings.ReplaceAll(filepath.Base(filepath.Dir(path)), "_", "-")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			why, exempt := unrestrictedExamples[name]
			manifests := exampleManifests(t, path, "example-"+name)
			if needsController(manifests) {
				tryAcceptance(t, "example-"+name, manifests)
				return
			}
			if hasTracks(manifests) {
				tryTracks(t, "example-"+name, manifests)
				return
			}
			if refusal := restrictedRefusal(t, "restricted-for-examples", runnerOf(t, manifests).pod()); exempt != (refusal != "") {
				t.Errorf("the restricted standard says %q, but the table of exemptions %q", refusal, why)
			}
			tryManifests(t, "example-"+name, manifests, !exempt)
		})
	}
}

// exampleManifests reads an example's manifests for a namespace of their own.
func exampleManifests(t *testing.T, path, namespace string) []manifest.Manifest {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	written, err := manifest.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	object, err := meta.Accessor(written[0].Object)
	if err != nil {
		t.Fatal(err)
	}
	theirs := object.GetNamespace()
	manifests, err := manifest.Parse(strings.ReplaceAll(string(text), `namespace: "`+theirs+`"`, `namespace: "`+namespace+`"`))
	if err != nil {
		t.Fatal(err)
	}
	return manifests
}
