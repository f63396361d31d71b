// Command demo shows seaworthy at work, end to end and with real parts: it
// builds the provider, starts a container registry on loopback, pushes images of
// a small HTTP server to it, and runs terraform or tofu on examples/quickstart
// as a user would. Every step shows the CLI's own output and is then checked: the
// demo fails if a plan changes anything but what the step is about, or if an
// error does not name the attribute to blame.
//
// Nothing stays behind but Go's build cache, also after an interrupt.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/tools/internal/cli"
)

func main() {
	root := flag.String("root", "..", "folder of the provider's module")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *root)
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case interrupted:
		fmt.Fprintln(os.Stderr, "\nInterrupted. The registry is stopped and the working folder removed.")
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, "\nThe demo failed:", err)
		os.Exit(1)
	}
}

// run prepares the demo, tells its story and cleans up.
func run(ctx context.Context, root string) (err error) {
	started := time.Now()
	root, err = filepath.Abs(root)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "seaworthy-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()

	registry, err := startRegistry(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, registry.Close()) }()

	d := &demo{out: os.Stdout, root: root, registry: registry}
	if err := d.prepare(ctx, temp); err != nil {
		return err
	}
	if err := d.tell(ctx); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "\nAll %d steps did what they say, in %s.\n%s", len(d.story()), time.Since(started).Round(time.Second), whereNext)
	return nil
}

// whereNext is the demo's last word.
const whereNext = `
Where to look next
  examples/quickstart/main.tf   the configuration that you saw
  docs/                         every argument, output, function and rule
  DESIGN.md                     how a workload becomes manifests
  make test                     all tests, with the real CLI
`

// prepare finds a CLI, builds what the story needs and pushes the images.
func (d *demo) prepare(ctx context.Context, temp string) error {
	tools := filepath.Join(d.root, "tools")
	d.heading("Preparing")
	program, err := cli.Find(ctx, tools, d.out)
	if err != nil {
		return err
	}
	d.done("%s %s", program.Name, program.Version)

	d.busy("building the provider and the images: seconds, or two minutes the first time")
	mirror, err := cli.BuildProvider(ctx, d.root, filepath.Join(temp, "mirror"))
	if err != nil {
		return err
	}
	d.done("provider built from this work tree")

	for _, version := range []string{"1.4.1", "1.4.2"} {
		if err := d.push(ctx, version, version); err != nil {
			return err
		}
	}
	if d.work, err = cli.NewWorkspace(program, mirror, filepath.Join(temp, "quickstart")); err != nil {
		return err
	}
	d.work.Color = isTerminal(os.Stdout)
	advisories := filepath.Join(temp, "advisories")
	if err := writeAdvisories(advisories); err != nil {
		return err
	}
	d.work.Env = append(d.work.Env,
		"SEAWORTHY_VULNERABILITY_DATABASE_PATH="+advisories,
		"TF_VAR_registry="+d.registry.Host,
		"SEAWORTHY_CACHE_DIR="+filepath.Join(temp, "cache"))
	return d.useQuickstart()
}

// push builds an image of the server that calls itself version and pushes it
// under tag.
func (d *demo) push(ctx context.Context, tag, version string) error {
	index, err := buildIndex(ctx, filepath.Join(d.root, "tools", "demo", "server"), version)
	if err != nil {
		return err
	}
	digest, err := d.registry.Push(ctx, "shop/api", tag, index)
	if err != nil {
		return err
	}
	d.digest = digest.String()
	d.done("pushed %s/shop/api:%s for %s and %s, %s", d.registry.Host, tag, platforms[0], platforms[1], d.digest)
	return nil
}

// isTerminal tells whether somebody is watching.
func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// heading begins a scene.
func (d *demo) heading(text string) { fmt.Fprintf(d.out, "\n=== %s\n", text) }

// busy says what takes a while.
func (d *demo) busy(text string) { fmt.Fprintf(d.out, "  ..  %s\n", text) }

// done says what was found to be so.
func (d *demo) done(format string, args ...any) {
	fmt.Fprintf(d.out, "  ok  "+format+"\n", args...)
}

// command shows a command and what it prints.
func (d *demo) command(ctx context.Context, args ...string) (cli.Output, error) {
	fmt.Fprintf(d.out, "\n$ %s\n", d.work.Line(args...))
	return d.work.Run(ctx, d.out, args...)
}

// silent runs a command whose output only the demo reads.
func (d *demo) silent(ctx context.Context, args ...string) (cli.Output, error) {
	return d.work.Run(ctx, io.Discard, args...)
}
