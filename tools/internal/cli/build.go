package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Build is one run of `go build`: a static program whose bytes depend on its
// sources only, not on paths or the state of revision control.
type Build struct {
	// Dir is the folder of the module, or of the package if Package is ".".
	Dir string
	// Package is the import path to build.
	Package string
	// LinkerFlags are passed to the linker.
	LinkerFlags string
	// Env holds settings such as "GOARCH=arm64".
	Env []string
	// Output is the program's file.
	Output string
}

// Run builds. What the go command says goes to log and, if it fails, into the
// error. An interrupted build removes its temporary files.
func (b Build) Run(ctx context.Context, log io.Writer) error {
	var said strings.Builder
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags="+b.LinkerFlags, "-o", b.Output, b.Package)
	cmd.Dir = b.Dir
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), b.Env...)
	both := io.MultiWriter(&said, log)
	cmd.Stdout, cmd.Stderr = both, both
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopGrace
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go build %s in %s: %w\n%s", b.Package, b.Dir, err, said.String())
	}
	return nil
}

// Once builds unless an earlier build left Output. The program gets its name
// when it is whole: an interrupted build leaves nothing that a later run would
// take for the program.
func (b Build) Once(ctx context.Context, log io.Writer) error {
	if _, err := os.Stat(b.Output); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(b.Output), 0o755); err != nil {
		return err
	}
	whole := b.Output
	b.Output = fmt.Sprintf("%s.%d", whole, os.Getpid())
	if err := b.Run(ctx, log); err != nil {
		return errors.Join(err, os.RemoveAll(b.Output))
	}
	return os.Rename(b.Output, whole)
}

// CachePath returns where a built program is kept: below this project's part of
// the user's cache folder.
func CachePath(elements ...string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(append([]string{cache, "seaworthy"}, elements...)...) + exeSuffix(), nil
}
