package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/semver"
)

// minVersion is the first version that calls provider-defined functions.
// Source: Terraform v1.8.0 and OpenTofu v1.7.0 changelogs; one bound is kept
// for both, because older OpenTofu releases get no fixes any more.
const minVersion = "v1.8.0"

// quiet keeps a CLI to itself: it asks no server for newer versions, and reads
// no configuration of the user's, whose development overrides would replace the
// provider under test.
var quiet = []string{"CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE=" + os.DevNull}

// CLI is a Terraform-compatible command line program.
type CLI struct {
	// Name is "terraform" or "tofu".
	Name string
	// Path is the absolute path of the program.
	Path string
	// Version is the program's version, such as "v1.11.4".
	Version string
}

// IsOpenTofu tells whether the program is OpenTofu, which reads short provider
// addresses as registry.opentofu.org/….
func (c CLI) IsOpenTofu() bool { return c.Name == "tofu" }

// Find returns terraform or tofu from PATH, or else an OpenTofu built from the
// module in toolsDir/opentofu. Progress of the build goes to log.
func Find(ctx context.Context, toolsDir string, log io.Writer) (CLI, error) {
	for _, name := range []string{"terraform", "tofu"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		found, err := inspect(ctx, name, path)
		if err == nil {
			return found, nil
		}
		fmt.Fprintf(log, "Passing over %v\n", err)
	}
	return buildOpenTofu(ctx, toolsDir, log)
}

// FindOpenTofu returns tofu from PATH or from an earlier build. It never
// builds: without either it returns an error that wraps [os.ErrNotExist].
func FindOpenTofu(ctx context.Context, toolsDir string) (CLI, error) {
	path, err := exec.LookPath("tofu")
	if err == nil {
		return inspect(ctx, "tofu", path)
	}
	if path, err = builtPath(ctx, toolsDir); err != nil {
		return CLI{}, err
	}
	if _, err := os.Stat(path); err != nil {
		return CLI{}, fmt.Errorf("no tofu on PATH and none was built: %w", err)
	}
	return inspect(ctx, "tofu", path)
}

// inspect asks the program at path for its version and refuses one that is too
// old for the provider.
func inspect(ctx context.Context, name, path string) (CLI, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return CLI{}, err
	}
	cmd := exec.CommandContext(ctx, path, "version", "-json")
	cmd.Env = append(os.Environ(), quiet...)
	out, err := cmd.Output()
	if err != nil {
		return CLI{}, fmt.Errorf("%s version -json: %w", path, err)
	}
	// OpenTofu prints its own version under Terraform's key too.
	var answer struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		return CLI{}, fmt.Errorf("%s version -json: %w", path, err)
	}
	found := CLI{Name: name, Path: path, Version: "v" + answer.Version}
	if semver.Compare(found.Version, minVersion) < 0 {
		return CLI{}, fmt.Errorf("%s is %s: the provider's functions need %s or newer", path, found.Version, minVersion)
	}
	return found, nil
}

// buildOpenTofu returns the OpenTofu that an earlier call built, or builds it.
func buildOpenTofu(ctx context.Context, toolsDir string, log io.Writer) (CLI, error) {
	path, err := builtPath(ctx, toolsDir)
	if err != nil {
		return CLI{}, err
	}
	if _, err := os.Stat(path); err == nil {
		return inspect(ctx, "tofu", path)
	}
	fmt.Fprintf(log, "No usable terraform or tofu on PATH: building OpenTofu into %s (minutes of CPU time, once).\n", path)
	build := Build{
		Dir:         filepath.Join(toolsDir, "opentofu"),
		Package:     "github.com/opentofu/opentofu/cmd/tofu",
		LinkerFlags: "-s -w -X github.com/opentofu/opentofu/version.dev=no",
		Output:      path,
	}
	if err := build.Once(ctx, log); err != nil {
		return CLI{}, fmt.Errorf("build OpenTofu, or else put terraform or tofu on PATH: %w", err)
	}
	return inspect(ctx, "tofu", path)
}

// builtPath is where a built OpenTofu is kept: in the user's cache folder,
// under the version that tools/opentofu/go.mod requires.
func builtPath(ctx context.Context, toolsDir string) (string, error) {
	list := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Version}}", "github.com/opentofu/opentofu")
	list.Dir = filepath.Join(toolsDir, "opentofu")
	out, err := list.Output()
	if err != nil {
		return "", fmt.Errorf("read OpenTofu's version from %s: %w", filepath.Join(list.Dir, "go.mod"), err)
	}
	return CachePath("opentofu", strings.TrimSpace(string(out)), "tofu")
}

// TestEnvironment is what tells terraform-plugin-testing to run this program,
// and under which address the program will look for the provider.
// Source: terraform-plugin-testing v1.16.0, package helper/resource,
// environment_variables.go.
func (c CLI) TestEnvironment() []string {
	env := append([]string{"TF_ACC_TERRAFORM_PATH=" + c.Path}, quiet...)
	if c.IsOpenTofu() {
		env = append(env, "TF_ACC_PROVIDER_HOST=registry.opentofu.org", "TF_ACC_PROVIDER_NAMESPACE=seaworthy-dev")
	}
	return env
}
