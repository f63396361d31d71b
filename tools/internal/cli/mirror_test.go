package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestBuildProvider_OffersItUnderBothHosts(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module example.com/provider\n\ngo 1.26.0\n")
	write(t, filepath.Join(root, "main.go"), "package main\n\nvar version string\n\nfunc main() { print(version) }\n")

	dir := t.TempDir()
	if _, err := BuildProvider(t.Context(), root, dir); err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		binary := filepath.Join(dir, host, "seaworthy-dev", "seaworthy", ProviderVersion,
			runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-seaworthy_v"+ProviderVersion)
		out, err := exec.CommandContext(t.Context(), binary).CombinedOutput()
		if err != nil || string(out) != ProviderVersion {
			t.Errorf("%s: printed %q, %v, want the version that it was built with", host, out, err)
		}
	}
}

func TestBuildProvider_ShowsTheCompilersWords(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module example.com/provider\n\ngo 1.26.0\n")
	write(t, filepath.Join(root, "main.go"), "package main\n\nfunc main() { missing() }\n")

	_, err := BuildProvider(t.Context(), root, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "undefined: missing") {
		t.Errorf("BuildProvider() error = %v, want the compiler's message", err)
	}
}

func TestProviderVersion_IsTheOneThatIsWrittenElsewhere(t *testing.T) {
	for name, want := range map[string]string{
		"CHANGELOG.md":                    "]: " + ProviderVersion + "\n",
		"GNUmakefile":                     "\nVERSION   ?= " + ProviderVersion + "\n",
		"internal/chart/files/Chart.yaml": "\nversion: " + ProviderVersion + "\n",
	} {
		content, err := os.ReadFile(filepath.Join(toolsDir, "..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(content), want) {
			t.Errorf("%s does not say %q", name, strings.TrimSpace(want))
		}
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
