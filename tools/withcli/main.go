// Command withcli runs a command with the settings by which the acceptance
// tests find a Terraform-compatible CLI:
//
//	go run ./withcli -dir .. -- go test ./...
//
// Without a usable terraform or tofu on PATH it builds OpenTofu first. With
// -opentofu it runs the command under OpenTofu, or says that there is none and
// succeeds, so that one target can offer a second run where that is possible.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/tools/internal/cli"
)

func main() {
	dir := flag.String("dir", "..", "folder to run the command in")
	tools := flag.String("tools", ".", "folder of the tools module")
	second := flag.Bool("opentofu", false, "run under OpenTofu if the default CLI is Terraform and OpenTofu is there")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *tools, *dir, *second, flag.Args())
	stop()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "withcli:", err)
		os.Exit(1)
	}
}

// run finds the program and runs command in dir with it.
func run(ctx context.Context, tools, dir string, second bool, command []string) error {
	if len(command) == 0 {
		return errors.New("name the command to run after --")
	}
	program, err := cli.Find(ctx, tools, os.Stderr)
	if err != nil {
		return err
	}
	if second {
		if program.IsOpenTofu() {
			fmt.Println("OpenTofu is the default CLI here: its run is the first one.")
			return nil
		}
		program, err = cli.FindOpenTofu(ctx, tools)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Println("No second run under OpenTofu:", err)
			return nil
		}
		if err != nil {
			return err
		}
	}
	fmt.Printf("Acceptance tests run %s %s (%s).\n", program.Name, program.Version, program.Path)

	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), program.TestEnvironment()...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}
