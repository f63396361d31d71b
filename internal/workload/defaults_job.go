package workload

import (
	"math"
	"slices"
)

const (
	defaultBackoffLimit     = 3         // Kubernetes' 6 is up to ten minutes of waiting, and more failures to clean up after
	defaultActiveDeadline   = 3600      // a job that hangs must end some time
	defaultTimeZone         = "Etc/UTC" // Kubernetes' default is wherever its controller runs
	defaultSuccessfulJobs   = 3         // Kubernetes' default
	defaultFailedJobs       = 1         // Kubernetes' default
	defaultStartingDeadline = 3600      // below the hundred missed runs of a schedule of every minute
)

// withDefaults bounds the job. It writes out Kubernetes' own defaults, except for a time
// to live: a job that deletes itself is a job that the next apply runs again.
// Source: kubernetes@v1.36.1 pkg/apis/batch/v1/defaults.go SetDefaults_Job.
func (j JobSpec) withDefaults() JobSpec {
	if j.Completions == nil && j.Parallelism == nil {
		j.Completions = new(int32(1))
	}
	orElse(&j.Parallelism, 1)
	orElse(&j.CompletionMode, "NonIndexed")
	limit := int32(defaultBackoffLimit)
	if j.BackoffLimitPerIndex != nil {
		limit = math.MaxInt32
	}
	orElse(&j.BackoffLimit, limit)
	orElse(&j.ActiveDeadlineSeconds, defaultActiveDeadline)
	orElse(&j.PodReplacementPolicy, "Failed")
	orElse(&j.Suspend, false)
	orElse(&j.RestartPolicy, "Never")
	if j.PodFailurePolicy != nil {
		j.PodFailurePolicy = new(j.PodFailurePolicy.withDefaults())
	}
	return j
}

func (p PodFailurePolicy) withDefaults() PodFailurePolicy {
	p.Rules = slices.Clone(p.Rules)
	for i := range p.Rules {
		conditions := slices.Clone(p.Rules[i].OnPodConditions)
		for j := range conditions {
			orElse(&conditions[j].Status, "True")
		}
		p.Rules[i].OnPodConditions = conditions
	}
	return p
}

// withDefaults writes out Kubernetes' own defaults, except that runs do not overlap, that
// the time zone does not depend on the cluster, and that a missed run is made up for
// within an hour: without a deadline, a CronJob that missed more than a hundred runs never
// starts again.
// Source: kubernetes@v1.36.1 pkg/apis/batch/v1/defaults.go SetDefaults_CronJob and
// pkg/controller/cronjob/utils.go mostRecentScheduleTime (tooManyMissed).
func (c CronSpec) withDefaults() CronSpec {
	orElse(&c.TimeZone, defaultTimeZone)
	orElse(&c.ConcurrencyPolicy, "Forbid")
	orElse(&c.SuccessfulJobsHistoryLimit, defaultSuccessfulJobs)
	orElse(&c.FailedJobsHistoryLimit, defaultFailedJobs)
	orElse(&c.StartingDeadlineSeconds, defaultStartingDeadline)
	orElse(&c.Suspend, false)
	return c
}
