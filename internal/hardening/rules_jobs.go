package hardening

import (
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

var jobRules = []Rule{
	{
		ID:          "job-restart-policy",
		Severity:    Error,
		Title:       "The pods of a job may come to an end.",
		Attribute:   "job",
		Remediation: "remove what `patches` change in `restartPolicy`",
		InYAML:      "set `restartPolicy` of the pod template to Never or OnFailure",
		Rationale:   "A pod that is always started again never completes.",
		Source:      "kubernetes@v1.36.1 pkg/apis/batch/validation validateJobSpec; kube-score@v1.20.0 cronjob-restartpolicy",
		NoException: "the API server refuses the object",
		check:       eachJob(checkJobRestart),
	},
	{
		ID:          "job-deadline",
		Severity:    Error,
		Title:       "A job has a time by which it is over.",
		Attribute:   "job",
		Remediation: "set `job.active_deadline_seconds`, or leave it out to get the default",
		InYAML:      "set `activeDeadlineSeconds` of the job to more than it ever takes",
		Rationale:   "A job that hangs holds its memory, its locks and, in a CronJob that forbids overlap, every later run, until somebody notices.",
		Source:      "Kubernetes documentation, concepts/workloads/controllers/job, \"Job termination and cleanup\"",
		check:       eachJob(checkJobDeadline),
	},
	{
		ID:          "job-backoff-limit",
		Severity:    Error,
		Title:       "A job says how often it is tried again.",
		Attribute:   "job",
		Remediation: "set `job.backoff_limit`, or leave it out to get the default",
		InYAML:      "set `backoffLimit` of the job, or `backoffLimitPerIndex` of an indexed one",
		Rationale:   "What is not written is six retries: too many for a step that must not run twice, and a decision that nobody reviewed.",
		Source:      "kubernetes@v1.36.1 pkg/apis/batch/v1/defaults.go SetDefaults_Job",
		check:       eachJob(checkJobBackoff),
	},
	{
		ID:          "job-cleanup",
		Severity:    Warning,
		Title:       "A finished job is removed, once.",
		Attribute:   "job",
		Remediation: "leave `job.ttl_seconds_after_finished` out: a CronJob keeps as many as its history limits say, and a Job is replaced by the next one",
		InYAML:      "set `ttlSecondsAfterFinished` on a Job, and not in a CronJob's `jobTemplate`, whose history limits say how many are kept",
		Rationale:   "Finished jobs and their pods stay in the cluster's database for ever, and thousands of them slow down everybody. In a CronJob a time to live takes away the record of failures that its history is kept for.",
		Source:      "Kubernetes documentation, concepts/workloads/controllers/ttlafterfinished and cron-jobs, \"Jobs history limits\"",
		check:       eachJob(checkJobCleanup),
	},
	{
		ID:          "cron-deadline",
		Severity:    Error,
		Title:       "A run that was missed is made up for within a set time, or not at all.",
		Attribute:   "cron",
		Remediation: "set `cron.starting_deadline_seconds` to 10 or more, or leave it out to get the default",
		InYAML:      "set `startingDeadlineSeconds` to 10 or more",
		Rationale:   "Without a deadline, a CronJob that missed more than 100 runs, through an outage of the control plane or a pause, is never started again. Below 10 s, the controller's own pace, it may miss every run.",
		Source:      "Kubernetes documentation, concepts/workloads/controllers/cron-jobs, \"Deadline for delayed Job start\"; kube-score@v1.20.0 cronjob-has-deadline",
		check:       eachCron(checkCronDeadline),
	},
	{
		ID:          "cron-concurrency",
		Severity:    Error,
		Title:       "The runs of a CronJob do not pile up.",
		Attribute:   "cron",
		Remediation: "set `cron.concurrency_policy` to Forbid or Replace, or leave it out to get the default; runs that may overlap need an exception that says why",
		InYAML:      "set `concurrencyPolicy` to Forbid or Replace",
		Rationale:   "With Allow, which is what Kubernetes takes by default, a run that is slower than the schedule meets the next one, and each further one makes all of them slower.",
		Source:      "Kubernetes documentation, concepts/workloads/controllers/cron-jobs, \"Concurrency policy\"",
		check:       eachCron(checkCronConcurrency),
	},
}

// shortestDeadline is the pace of the CronJob controller, in seconds.
// Source: Kubernetes documentation, concepts/workloads/controllers/cron-jobs, "Deadline for delayed Job start".
const shortestDeadline = 10

// eachJob makes a check of one that judges Jobs, and the template of CronJobs.
func eachJob(judge func(p *pod, report report)) check {
	return eachPod(func(p *pod, report report) {
		if p.job != nil {
			judge(p, report)
		}
	})
}

// eachCron makes a check of one that judges CronJobs.
func eachCron(judge func(at place, spec batchv1.CronJobSpec, report report)) check {
	return eachPod(func(p *pod, report report) {
		if p.cron != nil {
			judge(p.whole().at("spec"), p.cron.Spec, report)
		}
	})
}

func checkJobRestart(p *pod, report report) {
	switch policy := p.spec.RestartPolicy; policy {
	case corev1.RestartPolicyNever, corev1.RestartPolicyOnFailure:
	case "":
		report(p.at("restartPolicy"), "restartPolicy is not set, which is Always")
	default:
		report(p.at("restartPolicy"), "restartPolicy is %s, so the pod never completes", policy)
	}
}

func checkJobDeadline(p *pod, report report) {
	if p.job.ActiveDeadlineSeconds == nil {
		report(p.jobAt.at("activeDeadlineSeconds"), "activeDeadlineSeconds is not set, so a job that hangs runs for ever")
	}
}

func checkJobBackoff(p *pod, report report) {
	if p.job.BackoffLimit == nil && p.job.BackoffLimitPerIndex == nil {
		report(p.jobAt.at("backoffLimit"), "backoffLimit is not set, so failed pods are replaced six times")
	}
}

// checkJobCleanup leaves the Jobs of workloads alone, which the key of a manifest tells
// from others: their names follow their content, the next one replaces the one before,
// and one that deleted itself would be made, and run, again.
func checkJobCleanup(p *pod, report report) {
	switch ttl := p.job.TTLSecondsAfterFinished; {
	case p.cron == nil && ttl == nil && strings.HasSuffix(p.object, "/"+p.owner.GetName()):
		report(p.jobAt.at("ttlSecondsAfterFinished"), "ttlSecondsAfterFinished is not set, so the finished job stays for ever")
	case p.cron != nil && ttl != nil:
		report(p.jobAt.at("ttlSecondsAfterFinished"), "finished jobs are removed after %d s, whatever the history limits of the CronJob say", *ttl)
	}
}

func checkCronDeadline(at place, spec batchv1.CronJobSpec, report report) {
	switch deadline := spec.StartingDeadlineSeconds; {
	case deadline == nil:
		report(at.at("startingDeadlineSeconds"), "startingDeadlineSeconds is not set, so after more than 100 missed runs there is never another one")
	case *deadline < shortestDeadline:
		report(at.at("startingDeadlineSeconds"), "startingDeadlineSeconds is %d, and the controller looks every %d s only: runs are missed", *deadline, shortestDeadline)
	}
}

func checkCronConcurrency(at place, spec batchv1.CronJobSpec, report report) {
	switch spec.ConcurrencyPolicy {
	case batchv1.ForbidConcurrent, batchv1.ReplaceConcurrent:
	case "":
		report(at.at("concurrencyPolicy"), "concurrencyPolicy is not set, so runs that are late overlap")
	default:
		report(at.at("concurrencyPolicy"), "concurrencyPolicy is %s, so runs that are late overlap", spec.ConcurrencyPolicy)
	}
}
