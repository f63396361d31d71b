// Command bench measures what a plan with the provider costs beside Terraform's
// own floor, and prints each figure beside its aim:
//
//	start-up   time from starting the provider to having its schema
//	memory     peak resident memory of the provider's process in a plan of
//	           1,000 workloads
//	ratio      wall time of that plan over that of a plan of 1,000
//	           terraform_data resources that carry the same manifests
//
// There are two floors. Over text that comes by for_each, as in the plan of the
// workloads, Terraform's work grows with the square of the number; as literal
// blocks it is the least that Terraform can do. The aim is about the first.
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
	fmt.Printf("start-up to schema       %8s   aim <= %s   %s\n", startup.Round(time.Millisecond), maxStartup, verdict(startup <= maxStartup))

	bench := &plans{program: program, mirror: mirror, temp: temp, count: count}
	workloads, err := bench.workloads(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%5d workloads         %8s   %d manifests, %.1f KiB of text each\n",
		count, seconds(workloads.took), workloads.manifests, workloads.kibibytes(count))
	fmt.Printf("                           %s\n", workloads.process(count))
	forEach, err := bench.forEach(ctx, workloads.texts)
	if err != nil {
		return err
	}
	blocks, err := bench.blocks(ctx, workloads.texts)
	if err != nil {
		return err
	}
	fmt.Printf("terraform_data, for_each %8s   the same text, by %s %s alone\n", seconds(forEach), program.Name, program.Version)
	fmt.Printf("terraform_data, blocks   %8s   the same text as literals\n", seconds(blocks))
	ratio := workloads.took.Seconds() / forEach.Seconds()
	fmt.Printf("ratio to for_each        %8.2f   aim <= %.1f   %s\n", ratio, maxRatio, verdict(ratio <= maxRatio))
	fmt.Printf("ratio to blocks          %8.2f   what planning with a provider costs at all is in it\n", workloads.took.Seconds()/blocks.Seconds())
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
