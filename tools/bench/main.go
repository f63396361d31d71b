// Command bench measures what a plan with the provider costs beside Terraform's
// own floor, and prints each figure beside its aim:
//
//	start-up   time from starting the provider to having its schema
//	memory     peak resident memory of the provider's process in a plan of
//	           1,000 workloads
//	ratio      wall time of that plan over that of a plan of 1,000
//	           terraform_data resources that carry the same manifests
//
// The ratio is given for two shapes of configuration, because Terraform's own
// work depends on the shape: for 1,000 instances of terraform_data it took 42 s
// of processor time with for_each over a set and half a second with count
// (Terraform 1.11.4), whatever text they carried.
// All plans are made in the same run, because only then do the times compare.
// Figures are printed and never fail the run: they depend on the machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/tools/internal/cli"
)

// Aims of the project.
const (
	maxRatio   = 1.3
	maxStartup = 100 * time.Millisecond
)

func main() {
	count := flag.Int("workloads", 1000, "number of workloads to plan")
	root := flag.String("root", "..", "folder of the provider's module")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *root, *count)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run builds the provider, measures and prints.
func run(ctx context.Context, root string, count int) (err error) {
	if root, err = filepath.Abs(root); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "seaworthy-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	program, err := cli.Find(ctx, filepath.Join(root, "tools"), os.Stderr)
	if err != nil {
		return err
	}
	mirror, err := cli.BuildProvider(ctx, root, filepath.Join(temp, "mirror"))
	if err != nil {
		return err
	}

	startup, err := medianStartup(ctx, mirror.Binary)
	if err != nil {
		return err
	}
	fmt.Printf("start-up to schema   %8s   aim <= %s   %s\n", startup.Round(time.Millisecond), maxStartup, verdict(startup <= maxStartup))

	bench := &plans{program: program, mirror: mirror, temp: temp, count: count}
	for _, s := range shapes {
		if err := bench.compare(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// compare makes both plans in one shape and prints what they took.
func (p *plans) compare(ctx context.Context, s shape) error {
	fmt.Printf("\n%d instances by %s\n", p.count, s.title)
	workloads, err := p.workloads(ctx, s)
	if err != nil {
		return err
	}
	fmt.Printf("  seaworthy_workload %8s   %d manifests, %.1f KiB of text each\n",
		seconds(workloads.took), workloads.manifests, workloads.kibibytes(p.count))
	fmt.Printf("                                %s\n", workloads.process(p.count))
	floor, err := p.floor(ctx, s, workloads.texts)
	if err != nil {
		return err
	}
	fmt.Printf("  terraform_data     %8s   the same text, by %s %s alone\n", seconds(floor), p.program.Name, p.program.Version)
	ratio := workloads.took.Seconds() / floor.Seconds()
	fmt.Printf("  ratio              %8.2f   aim <= %.1f   %s\n", ratio, maxRatio, verdict(ratio <= maxRatio))
	return nil
}

// seconds rounds a time for a reader.
func seconds(d time.Duration) time.Duration { return d.Round(10 * time.Millisecond) }

// verdict says whether a figure meets its aim.
func verdict(met bool) string {
	if met {
		return "ok"
	}
	return "over"
}
