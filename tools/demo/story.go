package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/tools/internal/cli"
)

// What the demo changes in the quickstart: a probe's period, the tag, and a
// whole line.
const (
	oldPeriod = "period_seconds = 10 }"
	pinnedTag = "shop/api:1.4.2"
)

var readinessProbe = regexp.MustCompile(`(?m)^ *readiness_probe .*\n`)

// demo is one run: what was prepared, and what the last push left.
type demo struct {
	out      io.Writer
	root     string
	registry *loopbackRegistry
	work     *cli.Workspace
	// digest is what the tag that was pushed last leads to.
	digest string
}

// step is one scene: a sentence for the reader and a check of what happened.
type step struct {
	title string
	play  func(context.Context) error
}

// story lists the scenes in order.
func (d *demo) story() []step {
	return []step{
		{"init installs the provider and writes the lock file", d.initialise},
		{"plan resolves the tag to a digest and shows every manifest", d.firstPlan},
		{"apply keeps the manifests in the state", d.apply},
		{"One changed field, a probe's period, is one changed line", d.changeProbe},
		{"The tag moves in the registry: the plan shows the new digest", d.moveTag},
		{"A floating tag is refused", d.refuseFloatingTag},
		{"A container without a readiness probe is refused", d.refuseMissingProbe},
		{"Base images are compared by what is inside them", d.compareBases},
		{"A known vulnerability fails the plan", d.scanBase},
		{"Nothing is left to do: the last plan is empty", d.emptyPlan},
	}
}

// tell plays the story.
func (d *demo) tell(ctx context.Context) error {
	steps := d.story()
	for i, step := range steps {
		d.heading(fmt.Sprintf("%d/%d %s", i+1, len(steps), step.title))
		if err := step.play(ctx); err != nil {
			return fmt.Errorf("step %d (%s): %w", i+1, step.title, err)
		}
	}
	return nil
}

func (d *demo) initialise(ctx context.Context) error {
	if err := d.succeed(ctx, "init"); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(d.work.Dir, ".terraform.lock.hcl")); err != nil {
		return err
	}
	d.done("the lock file pins the provider")
	return nil
}

func (d *demo) firstPlan(ctx context.Context) error {
	change, err := d.plan(ctx, "create")
	if err != nil {
		return err
	}
	manifests := change.Change.After.Manifests
	for _, key := range []string{
		"Deployment.apps/shop/api",
		"HorizontalPodAutoscaler.autoscaling/shop/api",
		"PodDisruptionBudget.policy/shop/api",
		"Service/shop/api",
	} {
		if manifests[key] == "" {
			return fmt.Errorf("the plan holds no manifest %s", key)
		}
	}
	deployment := manifests["Deployment.apps/shop/api"]
	for _, want := range []string{d.digest, "rollingUpdate:", "startupProbe:", "readinessProbe:", "livenessProbe:", "runAsNonRoot: true"} {
		if !strings.Contains(deployment, want) {
			return fmt.Errorf("the Deployment's manifest lacks %s:\n%s", want, deployment)
		}
	}
	d.done("%d manifests are known before anything is applied; the Deployment runs %s", len(manifests), d.digest)
	return nil
}

func (d *demo) apply(ctx context.Context) error {
	return d.succeed(ctx, "apply", "tfplan")
}

func (d *demo) changeProbe(ctx context.Context) error {
	if err := d.edit(oldPeriod, "period_seconds = 5 }"); err != nil {
		return err
	}
	change, err := d.plan(ctx, "update")
	if err != nil {
		return err
	}
	diffs := change.manifestDiffs()
	if len(diffs) != 1 || !slices.Equal(diffs[0].Removed, []string{"periodSeconds: 10"}) || !slices.Equal(diffs[0].Added, []string{"periodSeconds: 5"}) {
		return fmt.Errorf("want one changed line of one manifest, got %+v", diffs)
	}
	d.done("1 of %d manifests changes: %s, one line", len(change.Change.After.Manifests), diffs[0].Key)
	return d.apply(ctx)
}

func (d *demo) moveTag(ctx context.Context) error {
	old := d.digest
	if err := d.push(ctx, "1.4.2", "1.4.2+rebuilt"); err != nil {
		return err
	}
	change, err := d.plan(ctx, "update")
	if err != nil {
		return err
	}
	diffs := change.manifestDiffs()
	if len(diffs) != 1 || diffs[0].Key != "Deployment.apps/shop/api" || diffs[0].lines() != 2 ||
		!strings.Contains(diffs[0].Removed[0], old) || !strings.Contains(diffs[0].Added[0], d.digest) {
		return fmt.Errorf("want the image line of the Deployment to go from %s to %s, got %+v", old, d.digest, diffs)
	}
	d.done("the same tag now means %s; only the Deployment's image line changes", d.digest)
	return d.apply(ctx)
}

func (d *demo) refuseFloatingTag(ctx context.Context) error {
	return d.refuse(ctx, pinnedTag, "shop/api:latest", "data.seaworthy_image.api", "ref", "allow_floating_tag")
}

func (d *demo) refuseMissingProbe(ctx context.Context) error {
	config, err := os.ReadFile(d.mainFile())
	if err != nil {
		return err
	}
	line := readinessProbe.FindString(string(config))
	return d.refuse(ctx, line, "", workloadAddress, "readiness_probe")
}

func (d *demo) emptyPlan(ctx context.Context) error {
	out, err := d.command(ctx, "plan", "-detailed-exitcode")
	if err != nil {
		return err
	}
	if out.ExitCode != 0 {
		return fmt.Errorf("want exit code 0 for a plan without changes, got %d", out.ExitCode)
	}
	d.done("what is planned, applied and configured is the same")
	return nil
}

// succeed runs a command that must exit 0.
func (d *demo) succeed(ctx context.Context, args ...string) error {
	out, err := d.command(ctx, args...)
	if err != nil {
		return err
	}
	if out.ExitCode != 0 {
		return fmt.Errorf("%s: exit code %d", d.work.Line(args...), out.ExitCode)
	}
	return nil
}

// plan saves a plan, which must do nothing but action to the workload.
func (d *demo) plan(ctx context.Context, action string) (resourceChange, error) {
	if err := d.succeed(ctx, "plan", "-out=tfplan"); err != nil {
		return resourceChange{}, err
	}
	out, err := d.silent(ctx, "show", "-json", "tfplan")
	if err != nil {
		return resourceChange{}, err
	}
	plan, err := readPlan(out.Stdout)
	if err != nil {
		return resourceChange{}, err
	}
	return plan.only(action)
}

// refuse replaces old in the configuration, plans, wants an error that says
// all of words, and puts the configuration back.
func (d *demo) refuse(ctx context.Context, old, changed string, words ...string) error {
	before, err := os.ReadFile(d.mainFile())
	if err != nil {
		return err
	}
	if err := d.edit(old, changed); err != nil {
		return err
	}
	out, err := d.command(ctx, "plan")
	if err != nil {
		return err
	}
	if out.ExitCode != 1 {
		return fmt.Errorf("want exit code 1 for a refused plan, got %d", out.ExitCode)
	}
	for _, word := range words {
		if !strings.Contains(out.Stderr, word) {
			return fmt.Errorf("the error does not name %s", word)
		}
	}
	d.done("refused before anything happened; the error names %s", strings.Join(words, ", "))
	return os.WriteFile(d.mainFile(), before, 0o644)
}

// mainFile is the configuration in the working folder.
func (d *demo) mainFile() string { return filepath.Join(d.work.Dir, "main.tf") }

// useQuickstart copies the quickstart into the working folder.
func (d *demo) useQuickstart() error {
	config, err := os.ReadFile(filepath.Join(d.root, "examples", "quickstart", "main.tf"))
	if err != nil {
		return err
	}
	return os.WriteFile(d.mainFile(), config, 0o644)
}

// edit replaces the only occurrence of old in the configuration, and shows the
// edit as a reader would make it.
func (d *demo) edit(old, changed string) error {
	config, err := os.ReadFile(d.mainFile())
	if err != nil {
		return err
	}
	if old == "" || strings.Count(string(config), old) != 1 {
		return fmt.Errorf("want %q exactly once in %s", old, d.mainFile())
	}
	after := strings.Replace(string(config), old, changed, 1)
	fmt.Fprintln(d.out, "\nmain.tf:")
	for _, line := range linesOnlyIn(string(config), after) {
		fmt.Fprintln(d.out, "  -", line)
	}
	for _, line := range linesOnlyIn(after, string(config)) {
		fmt.Fprintln(d.out, "  +", line)
	}
	return os.WriteFile(d.mainFile(), []byte(after), 0o644)
}
