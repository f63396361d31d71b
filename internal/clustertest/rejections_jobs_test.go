//go:build cluster

package clustertest_test

import (
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// withClaim makes the workload a StatefulSet whose container mounts a claim.
func withClaim(v workload.VolumeClaim, changes ...func(*workload.Workload)) func(*workload.Workload) {
	return of(workload.StatefulSet, append(changes, func(w *workload.Workload) {
		w.VolumeClaims = map[string]workload.VolumeClaim{"data": v}
		web(func(c *workload.Container) {
			c.VolumeMounts = map[string]workload.VolumeMount{"/data": {Volume: "data"}}
		})(w)
	})...)
}

// asJob makes the workload a Job.
func asJob(j workload.JobSpec) func(*workload.Workload) {
	return of(workload.Job, func(w *workload.Workload) { w.Job = &j })
}

func asCronJob(c workload.CronSpec) func(*workload.Workload) {
	return of(workload.CronJob, func(w *workload.Workload) { w.Cron = &c })
}

func indexed(j workload.JobSpec) func(*workload.Workload) {
	j.CompletionMode = new("Indexed")
	if j.Completions == nil {
		j.Completions = new(int32(5))
	}
	return asJob(j)
}

func failing(rules ...workload.PodFailureRule) func(*workload.Workload) {
	return asJob(workload.JobSpec{PodFailurePolicy: &workload.PodFailurePolicy{Rules: rules}})
}

func exits(on workload.OnExitCodes) func(*workload.Workload) {
	return failing(workload.PodFailureRule{Action: "FailJob", OnExitCodes: &on})
}

func succeeding(rules ...workload.SuccessRule) func(*workload.Workload) {
	return indexed(workload.JobSpec{SuccessPolicy: &workload.SuccessPolicy{Rules: rules}})
}

// jobRejections are about jobs and what makes them.
var jobRejections = map[string]rejection{
	"completions":            {change: asJob(workload.JobSpec{Completions: new(int32(-1))}), api: "spec.completions"},
	"parallelism":            {change: asJob(workload.JobSpec{Parallelism: new(int32(-1))}), api: "spec.parallelism"},
	"completion mode":        {change: asJob(workload.JobSpec{CompletionMode: new("Sorted")}), api: "spec.completionMode"},
	"backoff limit":          {change: asJob(workload.JobSpec{BackoffLimit: new(int32(-1))}), api: "spec.backoffLimit"},
	"job's deadline":         {change: asJob(workload.JobSpec{ActiveDeadlineSeconds: new(int64(-1))}), api: "spec.activeDeadlineSeconds"},
	"time to live":           {change: asJob(workload.JobSpec{TTLSecondsAfterFinished: new(int32(-1))}), api: "spec.ttlSecondsAfterFinished"},
	"restart policy":         {change: asJob(workload.JobSpec{RestartPolicy: new("Always")}), api: "spec.template.spec.restartPolicy"},
	"replacement policy":     {change: asJob(workload.JobSpec{PodReplacementPolicy: new("Never")}), api: "spec.podReplacementPolicy"},
	"limit without indexes":  {change: asJob(workload.JobSpec{BackoffLimitPerIndex: new(int32(1))}), api: "spec.backoffLimitPerIndex"},
	"failures without limit": {change: indexed(workload.JobSpec{MaxFailedIndexes: new(int32(1))}), api: "spec.backoffLimitPerIndex"},
	"too many failures":      {change: indexed(workload.JobSpec{BackoffLimitPerIndex: new(int32(1)), MaxFailedIndexes: new(int32(6))}), api: "spec.maxFailedIndexes"},
	"too parallel":           {change: indexed(workload.JobSpec{Parallelism: new(int32(100_001))}), api: "spec.parallelism"},
	"many without failures":  {change: indexed(workload.JobSpec{Completions: new(int32(100_001)), BackoffLimitPerIndex: new(int32(1))}), api: "spec.maxFailedIndexes"},
	"index too long for the name": {change: func(w *workload.Workload) {
		indexed(workload.JobSpec{Completions: new(int32(100))})(w)
		w.Name = strings.Repeat("w", 50)
	}, api: "metadata.name"},

	"success without indexes":   {change: asJob(workload.JobSpec{SuccessPolicy: &workload.SuccessPolicy{Rules: []workload.SuccessRule{{SucceededCount: new(int32(1))}}}}), api: "spec.successPolicy"},
	"success without rules":     {change: succeeding(), api: "spec.successPolicy.rules"},
	"success of nothing":        {change: succeeding(workload.SuccessRule{}), api: "spec.successPolicy.rules[0]"},
	"success of too many":       {change: succeeding(workload.SuccessRule{SucceededCount: new(int32(6))}), api: "spec.successPolicy.rules[0].succeededCount"},
	"success of too high ones":  {change: succeeding(workload.SuccessRule{SucceededIndexes: new("0,5")}), api: "spec.successPolicy.rules[0].succeededIndexes"},
	"success in disorder":       {change: succeeding(workload.SuccessRule{SucceededIndexes: new("2,1")}), api: "spec.successPolicy.rules[0].succeededIndexes"},
	"success of more than said": {change: succeeding(workload.SuccessRule{SucceededIndexes: new("0-1"), SucceededCount: new(int32(3))}), api: "spec.successPolicy.rules[0].succeededCount"},

	"failure without rules":      {change: failing(), stricter: "a policy without rules has no effect"},
	"failure's action":           {change: failing(workload.PodFailureRule{Action: "Stop", OnPodConditions: []workload.PodConditionPattern{{Type: "a"}}}), api: "spec.podFailurePolicy.rules[0].action"},
	"failure of no index":        {change: failing(workload.PodFailureRule{Action: "FailIndex", OnPodConditions: []workload.PodConditionPattern{{Type: "a"}}}), api: "spec.podFailurePolicy.rules[0].action"},
	"failure by nothing":         {change: failing(workload.PodFailureRule{Action: "Ignore"}), api: "spec.podFailurePolicy.rules[0]"},
	"failure by a condition":     {change: failing(workload.PodFailureRule{Action: "Ignore", OnPodConditions: []workload.PodConditionPattern{{Type: "a b", Status: new("True")}}}), api: "spec.podFailurePolicy.rules[0].onPodConditions[0].type"},
	"failure by its status":      {change: failing(workload.PodFailureRule{Action: "Ignore", OnPodConditions: []workload.PodConditionPattern{{Type: "a", Status: new("Maybe")}}}), api: "spec.podFailurePolicy.rules[0].onPodConditions[0].status"},
	"exit codes' operator":       {change: exits(workload.OnExitCodes{Operator: "Is", Values: []int32{1}}), api: "spec.podFailurePolicy.rules[0].onExitCodes.operator"},
	"no exit codes":              {change: exits(workload.OnExitCodes{Operator: "In", Values: []int32{}}), api: "spec.podFailurePolicy.rules[0].onExitCodes.values"},
	"exit code of success":       {change: exits(workload.OnExitCodes{Operator: "In", Values: []int32{0}}), api: "spec.podFailurePolicy.rules[0].onExitCodes.values[0]"},
	"exit code twice":            {change: exits(workload.OnExitCodes{Operator: "In", Values: []int32{1, 1}}), api: "onExitCodes.values: duplicate entries"},
	"exit codes in disorder":     {change: exits(workload.OnExitCodes{Operator: "In", Values: []int32{2, 1}}), api: "spec.podFailurePolicy.rules[0].onExitCodes.values"},
	"exit code of another":       {change: exits(workload.OnExitCodes{ContainerName: new("other"), Operator: "In", Values: []int32{1}}), api: "spec.podFailurePolicy.rules[0].onExitCodes.containerName"},
	"failure with other restart": {change: asJob(workload.JobSpec{RestartPolicy: new("OnFailure"), PodFailurePolicy: &workload.PodFailurePolicy{Rules: []workload.PodFailureRule{{Action: "Count", OnPodConditions: []workload.PodConditionPattern{{Type: "a"}}}}}}), api: "spec.template.spec.restartPolicy"},
	"failure with other replacement": {change: asJob(workload.JobSpec{PodReplacementPolicy: new("TerminatingOrFailed"), PodFailurePolicy: &workload.PodFailurePolicy{
		Rules: []workload.PodFailureRule{{Action: "Count", OnPodConditions: []workload.PodConditionPattern{{Type: "a"}}}},
	}}), api: "spec.podReplacementPolicy"},

	"schedule of four fields": {change: asCronJob(workload.CronSpec{Schedule: "0 3 * *"}), api: "spec.schedule"},
	"no schedule":             {change: asCronJob(workload.CronSpec{}), api: "spec.schedule"},
	"schedule with a zone":    {change: asCronJob(workload.CronSpec{Schedule: "TZ=UTC 0 3 * * *"}), api: "spec.schedule"},
	"schedule that panics":    {change: asCronJob(workload.CronSpec{Schedule: "TZ=0"}), api: "spec.schedule"},
	"schedule without a date": {change: asCronJob(workload.CronSpec{Schedule: "0 0 31 2 *"}), stricter: "it would never run"},
	"unknown time zone":       {change: asCronJob(workload.CronSpec{Schedule: "@daily", TimeZone: new("Mars/Olympus")}), api: "spec.timeZone"},
	"local time zone":         {change: asCronJob(workload.CronSpec{Schedule: "@daily", TimeZone: new("Local")}), api: "spec.timeZone"},
	"no time zone":            {change: asCronJob(workload.CronSpec{Schedule: "@daily", TimeZone: new("")}), api: "spec.timeZone"},
	"concurrency":             {change: asCronJob(workload.CronSpec{Schedule: "@daily", ConcurrencyPolicy: new("Sometimes")}), api: "spec.concurrencyPolicy"},
	"successful history":      {change: asCronJob(workload.CronSpec{Schedule: "@daily", SuccessfulJobsHistoryLimit: new(int32(-1))}), api: "spec.successfulJobsHistoryLimit"},
	"failed history":          {change: asCronJob(workload.CronSpec{Schedule: "@daily", FailedJobsHistoryLimit: new(int32(-1))}), api: "spec.failedJobsHistoryLimit"},
	"starting deadline":       {change: asCronJob(workload.CronSpec{Schedule: "@daily", StartingDeadlineSeconds: new(int64(-1))}), api: "spec.startingDeadlineSeconds"},
	"CronJob with a long name": {change: func(w *workload.Workload) {
		asCronJob(workload.CronSpec{Schedule: "@daily"})(w)
		w.Name = strings.Repeat("w", 53)
	}, api: "metadata.name"},
	"Job with a readiness probe": {change: of(workload.Job, web(func(c *workload.Container) { c.ReadinessProbe = c.LivenessProbe })), stricter: "nothing sends traffic to a job"},
}
