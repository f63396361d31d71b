package workload

// JobSpec says how the pods of a Job, or of each Job of a CronJob, run to completion.
type JobSpec struct {
	// Completions is how many pods must succeed; nil is one, or with Parallelism set,
	// that the pods decide by themselves when the work is done.
	Completions *int32 `json:"completions,omitempty"`
	// Parallelism is how many pods may run at the same time; nil is one.
	Parallelism *int32 `json:"parallelism,omitempty"`
	// CompletionMode is NonIndexed or Indexed, where each pod has a number; nil is NonIndexed.
	CompletionMode *string `json:"completion_mode,omitempty"`

	// BackoffLimit is how many failed pods are replaced before the job has failed; nil is
	// 3, and without an end where BackoffLimitPerIndex bounds the retries.
	BackoffLimit *int32 `json:"backoff_limit,omitempty"`
	// BackoffLimitPerIndex is the same for each index of an Indexed job; nil is none.
	BackoffLimitPerIndex *int32 `json:"backoff_limit_per_index,omitempty"`
	// MaxFailedIndexes is how many indexes may fail before the job has; nil is all.
	MaxFailedIndexes *int32 `json:"max_failed_indexes,omitempty"`
	// ActiveDeadlineSeconds is how long the job may take, retries included; nil is an hour.
	ActiveDeadlineSeconds *int64 `json:"active_deadline_seconds,omitempty"`
	// TTLSecondsAfterFinished is after how long the finished job is deleted; nil is never.
	TTLSecondsAfterFinished *int32 `json:"ttl_seconds_after_finished,omitempty"`

	PodFailurePolicy *PodFailurePolicy `json:"pod_failure_policy,omitempty"`
	SuccessPolicy    *SuccessPolicy    `json:"success_policy,omitempty"`
	// PodReplacementPolicy is Failed, or TerminatingOrFailed to replace a pod as soon as it
	// is told to stop; nil is Failed: no two pods do the same work.
	PodReplacementPolicy *string `json:"pod_replacement_policy,omitempty"`

	// Suspend makes the job without starting it; nil is false.
	Suspend *bool `json:"suspend,omitempty"`
	// RestartPolicy is Never, where a failed pod is replaced by a new one, or OnFailure,
	// where its containers are started again; nil is Never: the logs of failures stay.
	RestartPolicy *string `json:"restart_policy,omitempty"`
}

// PodFailurePolicy says what the failure of a pod means. The first rule that fits counts.
type PodFailurePolicy struct {
	Rules []PodFailureRule `json:"rules"`
}

// PodFailureRule is what to do with a failed pod that it fits, by the exit code of a
// container or by a condition of the pod: one of the two.
type PodFailureRule struct {
	// Action is FailJob, FailIndex, Ignore (which does not count against the limit) or Count.
	Action          string                `json:"action"`
	OnExitCodes     *OnExitCodes          `json:"on_exit_codes,omitempty"`
	OnPodConditions []PodConditionPattern `json:"on_pod_conditions,omitempty"`
}

// OnExitCodes fits a failed container by its exit code.
type OnExitCodes struct {
	// ContainerName is the container that is meant; nil is any.
	ContainerName *string `json:"container_name,omitempty"`
	// Operator is In or NotIn.
	Operator string `json:"operator"`
	// Values are the exit codes in ascending order; 0 is none with In.
	Values []int32 `json:"values"`
}

// PodConditionPattern fits a pod by a condition such as DisruptionTarget.
type PodConditionPattern struct {
	Type string `json:"type"`
	// Status is True, False or Unknown; nil is True.
	Status *string `json:"status,omitempty"`
}

// SuccessPolicy says when an Indexed job has succeeded before all indexes have.
type SuccessPolicy struct {
	Rules []SuccessRule `json:"rules"`
}

// SuccessRule is met when the given indexes have succeeded, or that many of them.
type SuccessRule struct {
	// SucceededIndexes are indexes such as "0,2-4"; nil is every index.
	SucceededIndexes *string `json:"succeeded_indexes,omitempty"`
	SucceededCount   *int32  `json:"succeeded_count,omitempty"`
}

// CronSpec says when a CronJob makes a Job.
type CronSpec struct {
	// Schedule has five fields (minute, hour, day of the month, month, day of the week), or
	// is one of @hourly, @daily, @weekly, @monthly, @yearly, and "@every 90m".
	Schedule string `json:"schedule"`
	// TimeZone is the name of a time zone such as "Europe/Berlin"; nil is "Etc/UTC".
	TimeZone *string `json:"time_zone,omitempty"`
	// ConcurrencyPolicy is Forbid, which leaves a run out while the last one is not over,
	// Replace, which stops that one, or Allow; nil is Forbid.
	ConcurrencyPolicy *string `json:"concurrency_policy,omitempty"`
	// SuccessfulJobsHistoryLimit and FailedJobsHistoryLimit are how many finished jobs are
	// kept; nil is 3 and 1.
	SuccessfulJobsHistoryLimit *int32 `json:"successful_jobs_history_limit,omitempty"`
	FailedJobsHistoryLimit     *int32 `json:"failed_jobs_history_limit,omitempty"`
	// StartingDeadlineSeconds is how late a run may start; nil is an hour.
	StartingDeadlineSeconds *int64 `json:"starting_deadline_seconds,omitempty"`
	// Suspend makes no further runs; nil is false.
	Suspend *bool `json:"suspend,omitempty"`
}

// indexed reports whether each pod of the job has a number.
func (j JobSpec) indexed() bool { return valueOf(j.CompletionMode) == "Indexed" }

// RunsInParallel reports whether more than one of the workload's pods may run at a
// time, so that it matters where they run.
func (w Workload) RunsInParallel() bool {
	switch {
	case w.Kind == DaemonSet:
		return false // one on each node
	case w.Kind.Runs():
		return true
	default:
		return valueOf(valueOf(w.Job).Parallelism) > 1
	}
}
