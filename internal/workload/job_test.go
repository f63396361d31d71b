package workload_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// blamedOf returns the paths of the errors of a description, in order.
func blamedOf(w workload.Workload) (paths []string, err error) {
	err = w.Validate(kubeversion.Newest)
	fields, _ := field.All(err)
	for _, f := range fields {
		paths = append(paths, f.Path.String())
	}
	return paths, err
}

func TestValidate_Job(t *testing.T) {
	t.Parallel()
	const indexed = "completion_mode: Indexed, completions: 5, "
	for document, want := range map[string][]string{
		"{}": nil,
		"{completions: 0, parallelism: 0, backoff_limit: 0, active_deadline_seconds: 0, ttl_seconds_after_finished: 0}": nil,
		"{parallelism: 4}":                      nil,
		"{active_deadline_seconds: 9223372036}": nil,
		"{active_deadline_seconds: 9223372037}": {"job.active_deadline_seconds"},
		"{completions: -1, parallelism: -1, backoff_limit: -1, active_deadline_seconds: -1, ttl_seconds_after_finished: -1}": {
			"job.completions", "job.parallelism", "job.backoff_limit", "job.active_deadline_seconds", "job.ttl_seconds_after_finished",
		},
		"{completion_mode: Sorted, restart_policy: Always, pod_replacement_policy: Never}": {"job.completion_mode", "job.restart_policy", "job.pod_replacement_policy"},
		"{completion_mode: Indexed}":                                                                                                 nil,
		"{completion_mode: Indexed, parallelism: 2}":                                                                                 {"job.completions"},
		"{" + indexed + "parallelism: 100001}":                                                                                       {"job.parallelism"},
		"{" + indexed + "backoff_limit_per_index: 1, max_failed_indexes: 5}":                                                         nil,
		"{" + indexed + "backoff_limit_per_index: 1, max_failed_indexes: 6}":                                                         {"job.max_failed_indexes"},
		"{" + indexed + "max_failed_indexes: 2}":                                                                                     {"job.max_failed_indexes"},
		"{backoff_limit_per_index: 1, success_policy: {rules: []}}":                                                                  {"job.backoff_limit_per_index", "job.success_policy"},
		"{completion_mode: Indexed, completions: 100001, backoff_limit_per_index: 1}":                                                {"job.max_failed_indexes"},
		"{completion_mode: Indexed, completions: 100001, parallelism: 10001, backoff_limit_per_index: 1, max_failed_indexes: 10001}": {"job.max_failed_indexes", "job.parallelism"},

		"{" + indexed + "success_policy: {rules: []}}":                                                 {"job.success_policy.rules"},
		"{" + indexed + "success_policy: {rules: [{}]}}":                                               {"job.success_policy.rules[0]"},
		"{" + indexed + "success_policy: {rules: [{succeeded_indexes: '0,2-4', succeeded_count: 4}]}}": nil,
		"{" + indexed + "success_policy: {rules: [{succeeded_indexes: '0,2-4', succeeded_count: 5}]}}": {"job.success_policy.rules[0].succeeded_count"},
		"{" + indexed + "success_policy: {rules: [{succeeded_count: 6}]}}":                             {"job.success_policy.rules[0].succeeded_count"},
		"{" + indexed + "success_policy: {rules: [{succeeded_indexes: '5'}]}}":                         {"job.success_policy.rules[0].succeeded_indexes"},
		"{" + indexed + "success_policy: {rules: [{succeeded_indexes: '2,1'}]}}":                       {"job.success_policy.rules[0].succeeded_indexes"},
		"{" + indexed + "success_policy: {rules: [{succeeded_indexes: '3-3'}]}}":                       {"job.success_policy.rules[0].succeeded_indexes"},
		"{" + indexed + "success_policy: {rules: [{succeeded_indexes: 'all'}]}}":                       {"job.success_policy.rules[0].succeeded_indexes"},

		"{pod_failure_policy: {rules: []}}": {"job.pod_failure_policy.rules"},
		"{pod_failure_policy: {rules: [{action: FailJob, on_exit_codes: {operator: In, values: [1, 2]}}]}}":                                                        nil,
		"{pod_failure_policy: {rules: [{action: FailJob, on_exit_codes: {operator: NotIn, values: [0]}}]}}":                                                        nil,
		"{pod_failure_policy: {rules: [{action: FailJob, on_exit_codes: {operator: In, values: [0, 2, 2]}}]}}":                                                     {"job.pod_failure_policy.rules[0].on_exit_codes.values[0]", "job.pod_failure_policy.rules[0].on_exit_codes.values[2]"},
		"{pod_failure_policy: {rules: [{action: FailJob, on_exit_codes: {operator: In, values: []}}]}}":                                                            {"job.pod_failure_policy.rules[0].on_exit_codes.values"},
		"{pod_failure_policy: {rules: [{action: FailJob, on_exit_codes: {container_name: other, operator: Is, values: [1]}}]}}":                                    {"job.pod_failure_policy.rules[0].on_exit_codes.operator", "job.pod_failure_policy.rules[0].on_exit_codes.container_name"},
		"{pod_failure_policy: {rules: [{action: FailIndex, on_pod_conditions: [{type: a b, status: Maybe}]}]}}":                                                    {"job.pod_failure_policy.rules[0].action", "job.pod_failure_policy.rules[0].on_pod_conditions[0].type", "job.pod_failure_policy.rules[0].on_pod_conditions[0].status"},
		"{pod_failure_policy: {rules: [{action: Stop}]}}":                                                                                                          {"job.pod_failure_policy.rules[0].action", "job.pod_failure_policy.rules[0]"},
		"{restart_policy: OnFailure, pod_replacement_policy: TerminatingOrFailed, pod_failure_policy: {rules: [{action: Count, on_pod_conditions: [{type: a}]}]}}": {"job.pod_replacement_policy", "job.restart_policy"},
	} {
		got, err := blamedOf(ofKind(t, workload.Job, "job: "+document))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s%v", document, diff, err)
		}
	}
}

func TestValidate_IndexedNameLeavesRoomForTheIndex(t *testing.T) {
	t.Parallel()
	for length, valid := range map[int]bool{49: true, 50: false} {
		w := ofKind(t, workload.Job, "job: {completion_mode: Indexed, completions: 100}")
		w.Name = strings.Repeat("a", length)
		if err := w.Validate(kubeversion.Newest); (err == nil) != valid {
			t.Errorf("%d characters: %v", length, err)
		}
	}
}

func TestValidate_Cron(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		"schedule: '0 3 * * *'":                                 "",
		"schedule: '*/15 6-20 1,15 jan-mar mon-fri'":            "",
		"schedule: '@every 90m'":                                "",
		"schedule: '@hourly', time_zone: Europe/Berlin":         "",
		"schedule: '0 0 29 2 *'":                                "",
		"schedule: '@daily', starting_deadline_seconds: 0":      "",
		"schedule: ''":                                          "cron.schedule",
		"schedule: '0 3 * *'":                                   "cron.schedule",
		"schedule: '0 0 3 * * *'":                               "cron.schedule",
		"schedule: '60 3 * * *'":                                "cron.schedule",
		"schedule: '@reboot'":                                   "cron.schedule",
		"schedule: '0 0 31 2 *'":                                "cron.schedule",
		"schedule: 'TZ=UTC 0 3 * * *'":                          "cron.schedule",
		"schedule: 'TZ=0'":                                      "cron.schedule",
		"schedule: '@daily', time_zone: europe/berlin":          "cron.time_zone",
		"schedule: '@daily', time_zone: Local":                  "cron.time_zone",
		"schedule: '@daily', time_zone: ''":                     "cron.time_zone",
		"schedule: '@daily', time_zone: ../etc/passwd":          "cron.time_zone",
		"schedule: '@daily', concurrency_policy: Sometimes":     "cron.concurrency_policy",
		"schedule: '@daily', failed_jobs_history_limit: -1":     "cron.failed_jobs_history_limit",
		"schedule: '@daily', starting_deadline_seconds: -1":     "cron.starting_deadline_seconds",
		"schedule: '@daily', successful_jobs_history_limit: -1": "cron.successful_jobs_history_limit",
	} {
		got, err := blamedOf(ofKind(t, workload.CronJob, "cron: {"+document+"}"))
		if strings.Join(got, " ") != want {
			t.Errorf("%s: blamed %v, want %q: %v", document, got, want, err)
		}
	}
}

func TestValidate_CronJobNeedsASchedule(t *testing.T) {
	t.Parallel()
	w := ofKind(t, workload.CronJob, "")
	w.Cron = nil
	if got, err := blamedOf(w); strings.Join(got, " ") != "cron" {
		t.Errorf("got %v", err)
	}
}

// Nothing sends traffic to a job, so what is about traffic has no meaning.
func TestValidate_JobServesNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range finite {
		w := ofKind(t, kind, "")
		c := w.Containers["main"]
		c.Ports = map[string]workload.Port{"http": {ContainerPort: 8080, ServicePort: new(int32(80))}}
		c.ReadinessProbe = &workload.Probe{Exec: &workload.Exec{Command: []string{"true"}}}
		w.Containers["main"] = c
		want := []string{`containers["main"].readiness_probe`, `containers["main"].ports["http"].service_port`}
		got, err := blamedOf(w)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s%v", kind, diff, err)
		}
	}
}

func TestWithDefaults_JobIsBounded(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]workload.JobSpec{
		"{}":                                  {Completions: new(int32(1)), Parallelism: new(int32(1)), BackoffLimit: new(int32(3)), ActiveDeadlineSeconds: new(int64(3600))},
		"{parallelism: 4}":                    {Parallelism: new(int32(4)), BackoffLimit: new(int32(3)), ActiveDeadlineSeconds: new(int64(3600))},
		"{backoff_limit_per_index: 1}":        {Completions: new(int32(1)), Parallelism: new(int32(1)), BackoffLimit: new(int32(1<<31 - 1)), ActiveDeadlineSeconds: new(int64(3600))},
		"{backoff_limit: 0, completions: 2}":  {Completions: new(int32(2)), Parallelism: new(int32(1)), BackoffLimit: new(int32(0)), ActiveDeadlineSeconds: new(int64(3600))},
		"{active_deadline_seconds: 5}":        {Completions: new(int32(1)), Parallelism: new(int32(1)), BackoffLimit: new(int32(3)), ActiveDeadlineSeconds: new(int64(5))},
		"{ttl_seconds_after_finished: 86400}": {Completions: new(int32(1)), Parallelism: new(int32(1)), BackoffLimit: new(int32(3)), ActiveDeadlineSeconds: new(int64(3600)), TTLSecondsAfterFinished: new(int32(86400))},
		"{restart_policy: OnFailure}":         {Completions: new(int32(1)), Parallelism: new(int32(1)), BackoffLimit: new(int32(3)), ActiveDeadlineSeconds: new(int64(3600)), RestartPolicy: new("OnFailure")},
	} {
		for _, kind := range finite {
			got := *ofKind(t, kind, "job: "+document).WithDefaults().Job
			got.CompletionMode, got.PodReplacementPolicy, got.Suspend, got.BackoffLimitPerIndex = nil, nil, nil, nil
			if want.RestartPolicy == nil {
				got.RestartPolicy = nil
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s of a %s (-want +got):\n%s", document, kind, diff)
			}
		}
	}
}

// One pod has nothing to be spread from.
func TestWithDefaults_JobsThatRunInParallelAreSpread(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]int{"{}": 0, "{completions: 5}": 0, "{parallelism: 2}": 1} {
		if got := len(ofKind(t, workload.Job, "job: "+document).WithDefaults().TopologySpread); got != want {
			t.Errorf("%s: %d constraints, want %d", document, got, want)
		}
	}
}
