package clustertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Controller is a program of others that acts on the objects of a cluster.
type Controller struct {
	command *exec.Cmd
	log     *os.File
}

// StartController builds a program that a module of tools/cluster names as its tool, if it is not
// built yet, and starts it with the given arguments. Its log goes to a file in dir. The program
// ends with [Controller.Stop].
func StartController(ctx context.Context, module, program, dir string, arguments ...string) (*Controller, error) {
	tools, err := toolsFolder()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "go", "tool", "-n", program)
	cmd.Dir, cmd.Stderr = filepath.Join(tools, "cluster", module), os.Stderr
	out, err := cmd.Output() // builds it, and prints where it is
	if err != nil {
		return nil, fmt.Errorf("build %s: %w", program, err)
	}
	log, err := os.Create(filepath.Join(dir, filepath.Base(program)+".log"))
	if err != nil {
		return nil, err
	}
	c := &Controller{command: exec.Command(strings.TrimSpace(string(out)), arguments...), log: log} //nolint:noctx,gosec // it runs until Stop; the program is ours to choose
	c.command.Stdout, c.command.Stderr = log, log
	return c, c.command.Start()
}

// Log returns what the program has written.
func (c *Controller) Log() string {
	text, err := os.ReadFile(c.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Stop ends the program and waits until it is gone.
func (c *Controller) Stop() error {
	if err := c.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := c.command.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil // it was told to
	}
	return errors.Join(err, c.log.Close())
}
