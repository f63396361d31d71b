package packages_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

func TestReadPython(t *testing.T) {
	t.Parallel()
	got, err := packages.ReadPython(strings.NewReader("Metadata-Version: 2.1\nName: Flask_SQL.Alchemy\nVersion: 3.1.1\nAuthor: x\n\nName: not this\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []packages.Package{{Ecosystem: "pypi", Name: "flask-sql-alchemy", Version: "3.1.1", SourceName: "flask-sql-alchemy", SourceVersion: "3.1.1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := packages.ReadPython(strings.NewReader("Name: a\n\nVersion: 1\n")); err == nil {
		t.Error("metadata without a version is read")
	}
}

func TestReadNode(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		`{"name":"@scope/left-pad","version":"1.3.0","dependencies":{}}`: 1,
		`{"type":"module"}`:           0,
		`{"name":"a","version":1}`:    0,
		`{"name":"","version":"1.0"}`: 0,
	} {
		if got, err := packages.ReadNode(strings.NewReader(in)); err != nil || len(got) != want {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{`{`, `[]`, `{"name":"a\u001b","version":"1"}`} {
		if got, err := packages.ReadNode(strings.NewReader(in)); err == nil {
			t.Errorf("%s: %v and no error", in, got)
		}
	}
}

func TestReadGoBinary_ListsModulesAndTheStandardLibrary(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"go.mod":      "module example.com/program\n\ngo 1.26\n\nrequire example.com/dep v1.2.3\n\nreplace example.com/dep v1.2.3 => ./dep\n",
		"main.go":     "package main\n\nimport \"example.com/dep\"\n\nfunc main() { dep.Do() }\n",
		"dep/go.mod":  "module example.com/dep\n\ngo 1.26\n",
		"dep/code.go": "package dep\n\nfunc Do() {}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", "program", ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "program"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := packages.ReadGoBinary(bytes.NewReader(raw))
	if err != nil || len(got) != 3 {
		t.Fatalf("got %v, %v", got, err)
	}
	if got[0].Name != "stdlib" || !strings.HasPrefix(got[0].Version, "1.") || got[1].Name != "example.com/program" || got[1].Version != "" || got[2].Name != "example.com/dep" || got[2].Version != "" {
		t.Errorf("got %v", got)
	}
	if got, err := packages.ReadGoBinary(strings.NewReader("\x7fELF no program")); got != nil || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestFromNixPath(t *testing.T) {
	t.Parallel()
	hash := "nix/store/" + strings.Repeat("0", 32) + "-"
	for path, want := range map[string]string{
		hash + "bash-5.2p37": "nix/bash 5.2p37", hash + "openssl-3.3.2-bin": "nix/openssl 3.3.2", hash + "gcc-13.2.0-lib": "nix/gcc 13.2.0",
		hash + "python3-3.12.7": "nix/python3 3.12.7", hash + "source": "", hash + "bash-5.2p37/bin": "", "nix/store/short-a-1": "",
	} {
		p, ok := packages.FromNixPath(path)
		if ok != (want != "") || (ok && p.String() != want) {
			t.Errorf("%s: got %v, %v", path, p, ok)
		}
	}
}

func TestReaderFor_KnowsManifestsOfLanguages(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA": true,
		"usr/lib/python3/dist-packages/six-1.16.0.egg-info":           true,
		"usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO":  true,
		"usr/lib/python3.9/site-packages/a.egg/EGG-INFO/PKG-INFO":     true,
		"usr/lib/python3/dist-packages/six-1.16.0.dist-info/RECORD":   false,
		"home/METADATA":                                  false,
		"app/node_modules/left-pad/package.json":         true,
		"app/node_modules/@babel/core/package.json":      true,
		"node_modules/a/node_modules/b/package.json":     true,
		"app/node_modules/resolve/test/bad/package.json": false,
		"app/node_modules/@babel/package.json":           false,
		"app/node_modules/.bin/package.json":             false,
		"app/package.json":                               false,
		"var/lib/rpm/Packages":                           true,
		"usr/lib/sysimage/rpm/rpmdb.sqlite":              true,
		"var/lib/rpm/rpmdb.sqlite-wal":                   false,
	} {
		if got := packages.ReaderFor(path) != nil; got != want {
			t.Errorf("ReaderFor(%q) found: %v, want %v", path, got, want)
		}
	}
}
