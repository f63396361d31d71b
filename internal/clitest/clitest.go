// Package clitest runs the real Terraform or OpenTofu CLI with this module's
// provider, for tests of what only a person at a terminal sees: the text of
// plans and logs, for_each over computed maps, several commands in a row.
// (terraform-plugin-testing, which the other acceptance tests use, cannot read
// states that hold for_each.)
//
// The provider is built once for each test binary and given to the CLI as a
// filesystem mirror, so that init works as users know it, without a network.
package clitest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// version is what the mirror calls the provider.
const version = "0.0.1"

// Workspace is a directory with a configuration and a CLI for it.
type Workspace struct {
	Dir string
	env []string
	cli string
}

// FindCLI returns the CLI that tests use: $TF_ACC_TERRAFORM_PATH, else terraform
// or tofu on PATH.
func FindCLI() (string, error) {
	if cli := os.Getenv("TF_ACC_TERRAFORM_PATH"); cli != "" {
		return cli, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		if cli, err := exec.LookPath(name); err == nil {
			return cli, nil
		}
	}
	return "", fmt.Errorf("neither terraform nor tofu is on PATH: install one, set TF_ACC_TERRAFORM_PATH, or run the tests by 'make test', which builds OpenTofu")
}

// New makes a workspace in a temporary directory and writes the files into it.
func New(t *testing.T, files map[string]string) *Workspace {
	t.Helper()
	cli, err := FindCLI()
	if err != nil {
		t.Fatal(err)
	}
	mirror, err := buildMirror()
	if err != nil {
		t.Fatal(err)
	}
	w := &Workspace{Dir: t.TempDir(), cli: cli}
	config := filepath.Join(t.TempDir(), "cli.tfrc")
	w.write(t, config, fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror))
	w.env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"SEAWORTHY_CACHE_DIR="+filepath.Join(t.TempDir(), "cache"))
	for name, text := range files {
		w.Write(t, name, text)
	}
	return w
}

// Setenv sets an environment variable for the commands that follow.
func (w *Workspace) Setenv(name, value string) { w.env = append(w.env, name+"="+value) }

// Write writes a file of the workspace.
func (w *Workspace) Write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(w.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	w.write(t, path, text)
}

// Read returns a file of the workspace.
func (w *Workspace) Read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.Dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (w *Workspace) write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Try runs a command of the CLI and returns what it printed on both streams.
func (w *Workspace) Try(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, w.cli, args...) //nolint:gosec // the CLI that the developer chose
	cmd.Dir, cmd.Env = w.Dir, w.env
	output, err := cmd.CombinedOutput()
	return string(output), err
}

// Run is Try for a command that must succeed.
func (w *Workspace) Run(t *testing.T, args ...string) string {
	t.Helper()
	output, err := w.Try(t.Context(), args...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(w.cli), strings.Join(args, " "), err, output)
	}
	return output
}

// built is the mirror's directory, once there is one.
var built string

// buildMirror builds the provider into a filesystem mirror, once.
var buildMirror = sync.OnceValues(func() (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "seaworthy-clitest-")
	if err != nil {
		return "", err
	}
	built = dir
	binary := filepath.Join(dir, "terraform-provider-seaworthy_v"+version)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	build := exec.Command("go", "build", "-o", binary, ".") //nolint:gosec,noctx // fixed arguments; as long as the build takes
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		target := filepath.Join(dir, host, "seaworthy-dev", "seaworthy", version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(target, 0o700); err != nil {
			return "", err
		}
		if err := os.Link(binary, filepath.Join(target, filepath.Base(binary))); err != nil {
			return "", err
		}
	}
	return dir, os.Remove(binary)
})

// Main runs the tests of a package and then removes what New built.
func Main(m *testing.M) int {
	code := m.Run()
	if built != "" {
		if err := os.RemoveAll(built); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "main.go")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no main.go above the test's directory")
		}
	}
}
