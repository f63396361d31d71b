package workload

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// Limits of the API.
// Source: kubernetes@v1.36.1 pkg/apis/batch/validation/validation.go.
const (
	maxIndexedParallelism  = 100_000
	maxFailedIndexes       = 100_000
	manyCompletions        = 100_000 // above it, retries per index are bounded more tightly
	maxParallelismOfMany   = 10_000
	maxFailedIndexesOfMany = 10_000
	maxPolicyRules         = 20
	maxExitCodes           = 255
	maxPodConditions       = 20
	maxIndexesText         = 64 << 10
)

// longestDeadline is the longest time, in seconds, that the Job controller and the kubelet can
// reckon with: beyond it the nanoseconds overflow, and the job has failed before it starts, a
// sleep is over at once, and so is a grace period.
// Sources: kubernetes@v1.36.1 pkg/controller/job/job_controller.go pastActiveDeadline,
// pkg/kubelet/lifecycle/handlers.go runSleepHandler and pkg/kubelet/kuberuntime/kuberuntime_container.go executePreStopHook.
const longestDeadline = math.MaxInt64 / int64(time.Second)

// validateJob holds the rules of kubernetes@v1.36.1 pkg/apis/batch/validation validateJobSpec.
func (w Workload) validateJob(c *checks) {
	if w.Job == nil {
		return
	}
	p, j := field.Root("job"), *w.Job
	atLeast(c, p.Attr("completions"), j.Completions, 0)
	atLeast(c, p.Attr("parallelism"), j.Parallelism, 0)
	c.oneOf(p.Attr("completion_mode"), j.CompletionMode, "NonIndexed", "Indexed")
	atLeast(c, p.Attr("backoff_limit"), j.BackoffLimit, 0)
	atLeast(c, p.Attr("backoff_limit_per_index"), j.BackoffLimitPerIndex, 0)
	atLeast(c, p.Attr("max_failed_indexes"), j.MaxFailedIndexes, 0)
	between(c, p.Attr("active_deadline_seconds"), j.ActiveDeadlineSeconds, 0, longestDeadline)
	atLeast(c, p.Attr("ttl_seconds_after_finished"), j.TTLSecondsAfterFinished, 0)
	c.oneOf(p.Attr("restart_policy"), j.RestartPolicy, "Never", "OnFailure")
	c.oneOf(p.Attr("pod_replacement_policy"), j.PodReplacementPolicy, "Failed", "TerminatingOrFailed")
	if j.MaxFailedIndexes != nil && j.BackoffLimitPerIndex == nil {
		c.failResting(p.Attr("max_failed_indexes"), []field.Path{p.Attr("backoff_limit_per_index")}, "needs backoff_limit_per_index, after which an index has failed: set it or remove max_failed_indexes")
	}
	if j.indexed() {
		w.validateIndexed(c, p, j)
	} else {
		j.validateNotIndexed(c, p)
	}
	w.validatePodFailurePolicy(c, p, j)
}

// validateIndexed holds the limits of jobs whose pods have numbers.
func (w Workload) validateIndexed(c *checks, p field.Path, j JobSpec) {
	d := j.withDefaults()
	if j.Completions == nil && j.Parallelism != nil {
		c.failResting(p.Attr("completions"), []field.Path{p.Attr("parallelism")}, "is not set, but an Indexed job needs the number of its indexes: set it")
		return
	}
	completions := *d.Completions
	w.validateIndexedName(c, p, completions)
	j.SuccessPolicy.validate(c, p.Attr("success_policy"), completions)
	between(c, p.Attr("parallelism"), j.Parallelism, 0, maxIndexedParallelism)
	between(c, p.Attr("max_failed_indexes"), j.MaxFailedIndexes, 0, min(completions, maxFailedIndexes))
	if completions <= manyCompletions || j.BackoffLimitPerIndex == nil {
		return
	}
	if j.MaxFailedIndexes == nil {
		c.fail(p.Attr("max_failed_indexes"), "is not set, but with more than %d completions and a limit per index it must be: set it to at most %d", manyCompletions, maxFailedIndexesOfMany)
	}
	between(c, p.Attr("max_failed_indexes"), j.MaxFailedIndexes, 0, maxFailedIndexesOfMany)
	between(c, p.Attr("parallelism"), j.Parallelism, 0, maxParallelismOfMany)
}

// validateIndexedName leaves room for the index in the host name of a pod: the name, what
// the Job's own name adds to it, and a dash and the index.
// Source: kubernetes@v1.36.1 pkg/apis/batch/validation ValidateJob.
func (w Workload) validateIndexedName(c *checks, p field.Path, completions int32) {
	index := "-" + strconv.Itoa(int(max(0, completions-1)))
	if longest := longestName - len(index); len(w.Name) > longest && len(w.Name) <= longestName {
		c.failResting(field.Root("name"), []field.Path{field.Root("kind"), p}, "has %d characters: with %d indexes a %s takes at most %d, or the host names of its pods are too long", len(w.Name), completions, w.Kind, longest)
	}
}

func (j JobSpec) validateNotIndexed(c *checks, p field.Path) {
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"backoff_limit_per_index", j.BackoffLimitPerIndex != nil},
		{"max_failed_indexes", j.MaxFailedIndexes != nil},
		{"success_policy", j.SuccessPolicy != nil},
	} {
		if f.set {
			c.failResting(p.Attr(f.name), []field.Path{p.Attr("completion_mode")}, "is about indexes, and the job has none: set completion_mode = \"Indexed\" or remove it")
		}
	}
}

func (s *SuccessPolicy) validate(c *checks, p field.Path, completions int32) {
	if s == nil {
		return
	}
	p = p.Attr("rules")
	if len(s.Rules) == 0 || len(s.Rules) > maxPolicyRules {
		c.fail(p, "holds %d rules: write 1 to %d", len(s.Rules), maxPolicyRules)
	}
	rests := []field.Path{field.Root("job").Attr("completions")}
	for i, rule := range s.Rules {
		at, count := p.Index(i), completions
		if rule.SucceededCount == nil && rule.SucceededIndexes == nil {
			c.fail(at, "says nothing: set succeeded_indexes, succeeded_count or both")
		}
		if rule.SucceededIndexes != nil {
			var err error
			if count, err = countIndexes(*rule.SucceededIndexes, completions); err != nil {
				c.failResting(at.Attr("succeeded_indexes"), rests, "%q is no list of indexes below %d (%s): write it like \"0,2-4\"", *rule.SucceededIndexes, completions, err)
				continue
			}
		}
		if n := rule.SucceededCount; n != nil && (*n < 0 || *n > count) {
			c.failResting(at.Attr("succeeded_count"), append(rests, at.Attr("succeeded_indexes")), "is %d, but there are %d such indexes: use 0 to %d", *n, count, count)
		}
	}
}

// countIndexes returns how many indexes a text such as "0,2-4" names; they ascend.
// Source: kubernetes@v1.36.1 pkg/apis/batch/validation validateIndexesFormat.
func countIndexes(text string, completions int32) (count int32, err error) {
	if len(text) > maxIndexesText {
		return 0, fmt.Errorf("it is longer than %d bytes", maxIndexesText)
	}
	if text == "" {
		return 0, nil
	}
	last := int64(-1)
	for interval := range strings.SplitSeq(text, ",") {
		low, high, isRange := strings.Cut(interval, "-")
		first, err := strconv.ParseInt(low, 10, 32)
		end := first
		if isRange {
			var endErr error
			end, endErr = strconv.ParseInt(high, 10, 32)
			err = errors.Join(err, endErr)
		}
		switch {
		case err != nil:
			return 0, fmt.Errorf("%q is no index and no range", interval)
		case first <= last || isRange && end <= first:
			return 0, fmt.Errorf("%q does not ascend", interval)
		case end >= int64(completions):
			return 0, fmt.Errorf("%q is too large", interval)
		}
		count += int32(end - first + 1) //nolint:gosec // both are below completions, an int32
		last = end
	}
	return count, nil
}
