package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRun_ReportsExitCodeAndOutput(t *testing.T) {
	w := scriptWorkspace(t, `echo "ran $1 $2"; echo "went wrong" >&2; exit 2`)

	var echo strings.Builder
	out, err := w.Run(t.Context(), &echo, "plan", "-detailed-exitcode")
	if err != nil {
		t.Fatal(err)
	}
	want := Output{Stdout: "ran plan -detailed-exitcode\n", Stderr: "went wrong\n", ExitCode: 2}
	if out != want {
		t.Errorf("Run() = %+v, want %+v", out, want)
	}
	if !strings.Contains(echo.String(), want.Stdout) || !strings.Contains(echo.String(), want.Stderr) {
		t.Errorf("the echo lacks what the command wrote: %q", echo.String())
	}
}

func TestRun_KeepsTheCallersSettingsOut(t *testing.T) {
	t.Setenv("TF_CLI_ARGS_plan", "-refresh=false")
	t.Setenv("TF_CLI_CONFIG_FILE", "/nowhere")
	t.Setenv("SEAWORTHY_LOCK_MODE", "readonly")
	t.Setenv("DOCKER_CONFIG", "/nowhere")
	t.Setenv("KEPT", "yes")
	w := scriptWorkspace(t, "env")

	out, err := w.Run(t.Context(), io.Discard, "plan")
	if err != nil {
		t.Fatal(err)
	}
	for _, unwanted := range []string{"TF_CLI_ARGS_plan", "SEAWORTHY_LOCK_MODE", "/nowhere"} {
		if strings.Contains(out.Stdout, unwanted) {
			t.Errorf("the command saw %s:\n%s", unwanted, out.Stdout)
		}
	}
	for _, wanted := range []string{"KEPT=yes", "CHECKPOINT_DISABLE=1", "TF_CLI_ARGS=-no-color"} {
		if !strings.Contains(out.Stdout, wanted+"\n") {
			t.Errorf("the command did not see %s:\n%s", wanted, out.Stdout)
		}
	}
}

func TestRun_InterruptsOnCancel(t *testing.T) {
	w := scriptWorkspace(t, `trap 'echo cleaned > cleaned; exit 1' INT; echo ready; while :; do sleep 0.05; done`)
	ctx, cancel := context.WithCancel(t.Context())
	started := time.Now()

	_, err := w.Run(ctx, writerFunc(cancel), "apply")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Run() error = %v, want context.Canceled", err)
	}
	if _, err := os.Stat(filepath.Join(w.Dir, "cleaned")); err != nil {
		t.Errorf("the command was not given the time to clean up: %v", err)
	}
	if took := time.Since(started); took > stopGrace {
		t.Errorf("the command was killed after %s, not interrupted", took)
	}
}

// writerFunc is a writer that calls itself for every write.
type writerFunc func()

func (f writerFunc) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}

// scriptWorkspace is a workspace whose program is a shell script.
func scriptWorkspace(t *testing.T, script string) *Workspace {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "terraform")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	w, err := NewWorkspace(CLI{Name: "terraform", Path: program}, Mirror{Dir: dir}, filepath.Join(dir, "work"))
	if err != nil {
		t.Fatal(err)
	}
	return w
}
