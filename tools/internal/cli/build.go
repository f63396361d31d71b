package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
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
