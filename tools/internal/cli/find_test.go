package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// toolsDir is the tools module as seen from this package.
const toolsDir = "../.."

func TestFind_PrefersTerraform(t *testing.T) {
	path := onlyPath(t)
	fakeCLI(t, path, "terraform", "1.11.4")
	fakeCLI(t, path, "tofu", "1.12.6")

	found := find(t)
	want := CLI{Name: "terraform", Path: filepath.Join(path, "terraform"), Version: "v1.11.4"}
	if found != want {
		t.Errorf("Find() = %+v, want %+v", found, want)
	}
}

func TestFind_PassesOverACLIThatIsTooOld(t *testing.T) {
	path := onlyPath(t)
	fakeCLI(t, path, "terraform", "1.5.7")
	fakeCLI(t, path, "tofu", "1.12.6")

	var log bytes.Buffer
	found, err := Find(t.Context(), toolsDir, &log)
	if err != nil || found.Name != "tofu" {
		t.Fatalf("Find() = %+v, %v, want tofu", found, err)
	}
	if !strings.Contains(log.String(), "is v1.5.7: the provider's functions need v1.8.0 or newer") {
		t.Errorf("the log does not say why terraform was passed over: %q", log.String())
	}
}

func TestFind_TakesTheOpenTofuOfAnEarlierBuild(t *testing.T) {
	onlyPath(t)
	built, err := builtPath(t.Context(), toolsDir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := FindOpenTofu(t.Context(), toolsDir); err == nil {
		t.Fatal("FindOpenTofu() found a program in an empty cache folder")
	}
	if err := os.MkdirAll(filepath.Dir(built), 0o755); err != nil {
		t.Fatal(err)
	}
	fakeCLI(t, filepath.Dir(built), "tofu", "1.12.6")

	if found := find(t); found.Path != built {
		t.Errorf("Find() = %s, want %s", found.Path, built)
	}
	if found, err := FindOpenTofu(t.Context(), toolsDir); err != nil || found.Path != built {
		t.Errorf("FindOpenTofu() = %s, %v, want %s", found.Path, err, built)
	}
}

func TestTestEnvironment_NamesTheHostThatOpenTofuAsks(t *testing.T) {
	const host = "TF_ACC_PROVIDER_HOST=registry.opentofu.org"
	if env := (CLI{Name: "tofu"}).TestEnvironment(); !slices.Contains(env, host) {
		t.Errorf("OpenTofu's environment lacks %s: %v", host, env)
	}
	if env := (CLI{Name: "terraform"}).TestEnvironment(); slices.Contains(env, host) {
		t.Errorf("Terraform's environment holds %s: %v", host, env)
	}
}

func find(t *testing.T) CLI {
	t.Helper()
	found, err := Find(t.Context(), toolsDir, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// onlyPath gives the test a PATH with nothing but go on it, and an empty cache
// folder. It returns the folder that is on PATH.
func onlyPath(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Fatal("the fake programs of this test are shell scripts: run it on a Unix system")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	env := goEnv(t)
	dir := t.TempDir()
	if err := os.Symlink(goTool, filepath.Join(dir, "go")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOROOT", env[0])
	t.Setenv("GOCACHE", env[1])
	t.Setenv("PATH", dir)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	return dir
}

// goEnv reads what go derives from its own path and from the cache folder.
func goEnv(t *testing.T) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

// fakeCLI writes a program that answers `version -json`.
func fakeCLI(t *testing.T, dir, name, version string) {
	t.Helper()
	script := "#!/bin/sh\necho '{\"terraform_version\": \"" + version + "\"}'\n"
	if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
}
