package provider_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/golden"
)

// Every configuration below examples/ is applied by the real CLI with the built
// provider, and every module's own tests are run. A new example takes part by
// being there.
func TestExamples(t *testing.T) {
	t.Parallel()
	e := prepareExamples(t)

	t.Run("format", func(t *testing.T) {
		t.Parallel()
		e.run(t, ".", "fmt", "-check", "-diff", "-recursive")
	})
	t.Cleanup(func() {
		if !strings.Contains(flag.Lookup("test.run").Value.String(), "/") { // all examples were run
			golden.CheckNoOrphans(t, filepath.Join(keptManifests, "*", "manifests.yaml"), e.kept)
		}
	})
	for _, dir := range e.configurations(t) {
		t.Run("apply/"+dir, func(t *testing.T) {
			t.Parallel()
			e.run(t, dir, "init", "-plugin-dir="+e.plugins)
			e.run(t, dir, "apply", "-auto-approve")
			e.run(t, dir, "plan", "-detailed-exitcode") // fails unless nothing is left to do
			e.checkManifests(t, dir)
			e.keepManifests(t, dir)
			e.checkImport(t, dir)
		})
	}
	for _, dir := range e.testedModules(t) {
		t.Run("test/"+dir, func(t *testing.T) {
			t.Parallel()
			e.run(t, dir, "init", "-plugin-dir="+e.plugins)
			if out := e.run(t, dir, "test"); strings.Contains(out, " 0 passed") {
				t.Errorf("no test was run:\n%s", out)
			}
		})
	}
}

// checkManifests compares an example's output called manifests with what is
// shown beside it in manifests.yaml, for readers who do not run it.
func (e *examples) checkManifests(t *testing.T, dir string) {
	t.Helper()
	shown := filepath.Join(examplesDir, dir, "manifests.yaml")
	if _, err := os.Stat(shown); err == nil {
		golden.Check(t, shown, e.original(e.run(t, dir, "output", "-raw", "manifests")))
	}
}

// keptManifests is where the manifests of the examples are, for the judges and the control
// plane, which do not run Terraform: a folder for each workload.
const keptManifests = "testdata/examples"

// keepManifests compares the manifests of each workload of an example with those that are kept.
func (e *examples) keepManifests(t *testing.T, dir string) {
	t.Helper()
	var state tfjson.State
	if err := json.Unmarshal([]byte(e.run(t, dir, "show", "-json")), &state); err != nil {
		t.Fatal(err)
	}
	var workloads []*tfjson.StateResource
	if state.Values != nil {
		workloads = workloadsOf(state.Values.RootModule)
	}
	for _, w := range workloads {
		name := strings.ReplaceAll(dir, "/", "-")
		if len(workloads) > 1 {
			name += fmt.Sprintf("-%s-%s", w.AttributeValues["namespace"], w.AttributeValues["name"])
		}
		manifests, _ := w.AttributeValues["manifests"].(map[string]any)
		var text strings.Builder
		for _, key := range slices.Sorted(maps.Keys(manifests)) {
			fmt.Fprintf(&text, "---\n%s", manifests[key])
		}
		path := filepath.Join(keptManifests, name, "manifests.yaml")
		e.note(path)
		golden.Check(t, path, jobHash.ReplaceAllString(e.original(text.String()), "${1}0000000000\""))
	}
}

// jobHash is the hash in the name of a Job, which depends on the port of the registry.
var jobHash = regexp.MustCompile(`(kind: Job\nmetadata:\n  name: "[a-z0-9-]+-)[0-9a-f]{10}"`)

// workloadsOf returns the workloads of a module and those below it.
func workloadsOf(module *tfjson.StateModule) []*tfjson.StateResource {
	if module == nil {
		return nil
	}
	var found []*tfjson.StateResource
	for _, r := range module.Resources {
		if r.Type == "seaworthy_workload" {
			found = append(found, r)
		}
	}
	for _, child := range module.ChildModules {
		found = append(found, workloadsOf(child)...)
	}
	return found
}

// checkImport runs the last line of an example's import.sh and expects the next
// plan to keep what was imported.
func (e *examples) checkImport(t *testing.T, dir string) {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(e.dir, dir, "import.sh"))
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(script)), "\n")
	words := strings.Fields(lines[len(lines)-1])
	if len(words) != 4 || words[0] != "terraform" || words[1] != "import" {
		t.Fatalf("import.sh ends with %q, want terraform import ADDRESS ID", words)
	}
	e.run(t, dir, "state", "rm", words[2])
	e.run(t, dir, words[1:]...)
	if out := e.run(t, dir, "apply", "-auto-approve"); !strings.Contains(out, " 0 added, 1 changed, 0 destroyed") {
		t.Errorf("the imported object was not kept:\n%s", out)
	}
	e.run(t, dir, "plan", "-detailed-exitcode")
}
