package elfcheck_test

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/elfcheck"
)

// goProgram builds a Go program with the given linker flags and returns its bytes.
func goProgram(t *testing.T, flags ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "main.go"), "package main\n\nfunc main() { println(\"hello\") }\n")
	write(t, filepath.Join(dir, "go.mod"), "module example.com/hello\n\ngo 1.26\n")
	args := append([]string{"build", "-o", "hello"}, append(flags, ".")...)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "hello"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestInspect_GoBinariesCanNotTellOfACanary(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		flags []string
		pie   elfcheck.State
	}{
		"static":   {nil, elfcheck.No},
		"PIE":      {[]string{"-buildmode=pie"}, elfcheck.Yes},
		"stripped": {[]string{"-ldflags=-s -w"}, elfcheck.No},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := elfcheck.Inspect(bytes.NewReader(goProgram(t, tc.flags...)))
			if err != nil {
				t.Fatal(err)
			}
			if !b.Go || b.PIE != tc.pie || b.NX != elfcheck.Yes || b.Canary != elfcheck.Unknown || b.Fortify != elfcheck.Unknown || b.Library {
				t.Errorf("got %+v", b)
			}
		})
	}
}

func TestWindow_KeepsWhatALargeBinaryIsAskedFor(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	var window elfcheck.Window
	for part := range slices.Chunk(raw, 12_345) {
		if _, err := window.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := elfcheck.Inspect(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := elfcheck.Inspect(&window)
	if err != nil {
		t.Fatal(err)
	}
	if whole.PIE != kept.PIE || whole.NX != kept.NX || whole.Relro != kept.Relro || window.Size() != int64(len(raw)) {
		t.Errorf("whole: %+v, kept: %+v", whole, kept)
	}
	if info, err := buildinfo.Read(&window); err != nil || info.GoVersion == "" {
		t.Errorf("build information: %v, %v", info, err)
	}
}

func TestWindow_SaysWhatItDidNotKeep(t *testing.T) {
	t.Parallel()
	var window elfcheck.Window
	block := bytes.Repeat([]byte{7}, 1<<20)
	for range 20 {
		_, _ = window.Write(block)
	}
	buffer := make([]byte, 16)
	if _, err := window.ReadAt(buffer, 12<<20); !errors.Is(err, elfcheck.ErrNotKept) {
		t.Errorf("the middle: %v", err)
	}
	if n, err := window.ReadAt(buffer, 20<<20-16); n != 16 || err != nil {
		t.Errorf("the end: %d, %v", n, err)
	}
	window.Reset()
	if _, err := window.ReadAt(buffer, 0); err == nil {
		t.Error("a reset window still has the file")
	}
}

func TestBinary_UnsafePath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"$ORIGIN/../lib:/usr/lib": "", "/usr/lib:/tmp/build/lib": "/tmp/build/lib", "lib": "lib", "/usr/lib:": ".", "": "",
	} {
		if got := (elfcheck.Binary{RunPath: path}).UnsafePath(); got != want {
			t.Errorf("RUNPATH %q: got %q, want %q", path, got, want)
		}
	}
}

func FuzzInspect(f *testing.F) {
	head := make([]byte, 64)
	copy(head, "\x7fELF\x02\x01\x01")
	head[16], head[18], head[52], head[54], head[58] = 3, 62, 64, 56, 64
	f.Add(head)
	f.Fuzz(func(t *testing.T, in []byte) {
		var window elfcheck.Window
		_, _ = window.Write(in)
		if b, err := elfcheck.Inspect(&window); err == nil && (b.NX == "" || b.PIE == "" || b.Relro == "") {
			t.Errorf("an answer is missing: %+v", b)
		}
	})
}
