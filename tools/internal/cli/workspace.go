package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// stopGrace is how long an interrupted command may take to release its state
// lock before it is killed.
const stopGrace = 20 * time.Second

// Workspace is a working folder and the program that is run in it.
type Workspace struct {
	// Dir is the working folder.
	Dir string
	// Color tells whether commands may colour what they print.
	Color bool
	// Env holds settings, such as "SEAWORTHY_CACHE_DIR=…", for every command.
	Env []string

	cli    CLI
	config string
}

// NewWorkspace prepares dir for commands of program that install the provider
// from mirror. Files that are not the configuration go to a folder beside dir.
func NewWorkspace(program CLI, mirror Mirror, dir string) (*Workspace, error) {
	home := filepath.Join(filepath.Dir(dir), "home")
	for _, folder := range []string{dir, home} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(home, "cli.tfrc")
	if err := os.WriteFile(config, []byte(mirror.config()), 0o644); err != nil {
		return nil, err
	}
	return &Workspace{Dir: dir, cli: program, config: config, Env: []string{"DOCKER_CONFIG=" + home}}, nil
}

// Output is what a finished command left.
type Output struct {
	// Stdout and Stderr are what the command wrote.
	Stdout, Stderr string
	// ExitCode is 0 for success, 1 for an error and, with
	// `plan -detailed-exitcode`, 2 for a plan with changes.
	ExitCode int
}

// Run runs one command and copies what it writes to echo as it comes. An exit
// code is an answer and not an error; err tells that the command did not run
// to its end.
func (w *Workspace) Run(ctx context.Context, echo io.Writer, args ...string) (Output, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, w.cli.Path, args...)
	cmd.Dir = w.Dir
	cmd.Env = w.environment()
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&stdout, echo), io.MultiWriter(&stderr, echo)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopGrace
	err := cmd.Run()
	if ctx.Err() != nil {
		return Output{}, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return Output{}, fmt.Errorf("%s: %w", w.Line(args...), err)
	}
	return Output{Stdout: stdout.String(), Stderr: stderr.String(), ExitCode: cmd.ProcessState.ExitCode()}, nil
}

// environment is the caller's without what would change a run: settings of
// Terraform and OpenTofu (TF_*), of the provider (SEAWORTHY_*) and the user's
// registry credentials (DOCKER_CONFIG is set to an empty folder in Env).
func (w *Workspace) environment() []string {
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "SEAWORTHY_") || name == "REGISTRY_AUTH_FILE" {
			continue
		}
		env = append(env, entry)
	}
	env = append(env, "TF_CLI_CONFIG_FILE="+w.config, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1")
	if !w.Color {
		env = append(env, "TF_CLI_ARGS=-no-color")
	}
	return append(env, w.Env...)
}

// Line is the command as a reader would type it.
func (w *Workspace) Line(args ...string) string {
	return w.cli.Name + " " + strings.Join(args, " ")
}
