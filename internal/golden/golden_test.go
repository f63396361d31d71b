package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorder stands in for the test that uses the package.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Helper()           {}
func (r *recorder) Error(args ...any) { r.failures = append(r.failures, fmt.Sprint(args...)) }

func (r *recorder) Errorf(f string, a ...any) { r.failures = append(r.failures, fmt.Sprintf(f, a...)) }

func setUpdate(t *testing.T, value bool) {
	t.Helper()
	before := *update
	*update = value
	t.Cleanup(func() { *update = before })
}

func TestCheck_TakesTheSameText(t *testing.T) {
	setUpdate(t, false)
	path := filepath.Join(t.TempDir(), "want.txt")
	if err := os.WriteFile(path, []byte("a\r\nb\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	if Check(r, path, "a\nb\n"); len(r.failures) > 0 {
		t.Errorf("a checkout with CRLF fails: %q", r.failures)
	}
}

func TestCheck_PrintsAUnifiedDiff(t *testing.T) {
	setUpdate(t, false)
	path := filepath.Join(t.TempDir(), "want.txt")
	if err := os.WriteFile(path, []byte("a\nb\nc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	Check(r, path, "a\nB\nc\n")
	if len(r.failures) != 1 || !strings.Contains(r.failures[0], " a\n-b\n+B\n c\n") {
		t.Errorf("failures: %q", r.failures)
	}
	if data, _ := os.ReadFile(path); string(data) != "a\nb\nc\n" {
		t.Errorf("the file was changed: %q", data)
	}
}

func TestCheck_RefusesAMissingFile(t *testing.T) {
	setUpdate(t, false)
	path := filepath.Join(t.TempDir(), "new", "want.txt")
	r := &recorder{}
	Check(r, path, "a\n")
	if len(r.failures) != 1 || !strings.Contains(r.failures[0], "-update") {
		t.Errorf("failures: %q", r.failures)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the file was created")
	}
}

func TestCheck_UpdateWritesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "want.txt")
	r := &recorder{}
	setUpdate(t, true)
	Check(r, path, "a\r\n")
	setUpdate(t, false)
	Check(r, path, "a\n")
	if data, _ := os.ReadFile(path); string(data) != "a\n" || len(r.failures) > 0 {
		t.Errorf("file %q, failures %q", data, r.failures)
	}
}

func TestCheckNoOrphans(t *testing.T) {
	dir := t.TempDir()
	used, orphan := filepath.Join(dir, "used.yaml"), filepath.Join(dir, "orphan.yaml")
	for _, path := range []string{used, orphan} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := &recorder{}
	CheckNoOrphans(r, filepath.Join(dir, "*.yaml"), []string{used})
	if len(r.failures) != 1 || !strings.Contains(r.failures[0], "orphan.yaml") {
		t.Errorf("failures: %q", r.failures)
	}
}
