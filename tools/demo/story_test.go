package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root is the provider's module as seen from this package.
const root = "../.."

func TestReadme_ShowsTheQuickstart(t *testing.T) {
	quickstart := read(t, "examples/quickstart/main.tf")
	if !strings.Contains(read(t, "README.md"), "```hcl\n"+quickstart+"```\n") {
		t.Error("README.md does not show examples/quickstart/main.tf as it is; copy the file into its hcl block")
	}
}

func TestEdits_FitTheQuickstart(t *testing.T) {
	quickstart := read(t, "examples/quickstart/main.tf")
	for _, edited := range []string{oldPeriod, pinnedTag, readinessProbe.FindString(quickstart)} {
		if edited == "" || strings.Count(quickstart, edited) != 1 {
			t.Errorf("the demo edits %q, which stands %d times in the quickstart, want once", edited, strings.Count(quickstart, edited))
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
