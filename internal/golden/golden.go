package golden

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pmezard/go-difflib/difflib"
)

var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// Check fails the test if the golden file at path does not hold got. With
// -update it writes the file, and the folders above it, and never fails.
func Check(t testing.TB, path, got string) {
	t.Helper()
	got = normalise(got)
	if *update {
		write(t, path, got)
		return
	}
	data, err := os.ReadFile(path) //nolint:gosec // the test names its own file
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s does not exist: create it with -update and review it. It would hold:\n%s", path, got)
		return
	}
	if err != nil {
		t.Error(err)
		return
	}
	if want := normalise(string(data)); want != got {
		t.Errorf("%s differs; if the change is meant, run the test with -update and review it:\n%s", path, diff(path, want, got))
	}
}

// CheckNoOrphans fails the test for every file that matches pattern (as of
// [filepath.Glob]) and is not in used: a golden file whose case is gone.
func CheckNoOrphans(t testing.TB, pattern string, used []string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Error(err)
		return
	}
	for _, file := range files {
		if !slices.Contains(used, file) {
			t.Errorf("%s belongs to no test: delete it, or restore its test", file)
		}
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // source files are world-readable
		t.Error(err)
		return
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // source files are world-readable
		t.Error(err)
	}
}

func normalise(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func diff(path, want, got string) string {
	text, err := difflib.GetUnifiedDiffString(difflib.UnifiedDiff{
		A: difflib.SplitLines(want), FromFile: path,
		B: difflib.SplitLines(got), ToFile: "got",
		Context: 3,
	})
	if err != nil { // writing to memory
		return err.Error()
	}
	return text
}
