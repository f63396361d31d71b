package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func workloadJobAttributes() attributes {
	return attributes{
		"cron": object("When a CronJob runs. Only a `CronJob` has it, and it must.", attributes{
			"schedule": requiredText("Minute, hour, day of the month, month and day of the week, such as `0 3 * * *`; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`, `@every 90m`. " +
				"It is read as Kubernetes reads it, and a schedule that no date fits is an error."),
			"time_zone":                     text("Time zone of the schedule by its name in the IANA database, such as `Europe/Berlin`. Default is `Etc/UTC`."),
			"concurrency_policy":            text("What happens when the last run is not over: `Forbid` leaves the new one out, `Replace` stops the old one, `Allow` lets both run. Default is `Forbid`."),
			"successful_jobs_history_limit": integer("Number of jobs that are kept after they succeeded. Default is `3`."),
			"failed_jobs_history_limit":     integer("Number of jobs that are kept after they failed. Default is `1`."),
			"starting_deadline_seconds":     longInteger("Seconds that a run may start late, for example after an outage; later, it is left out. The controller looks every 10 seconds. Default is `3600`."),
			"suspend":                       flag("Whether there are no further runs for now. Default is `false`."),
		}),
		"job": object("How the pods of a Job, or of each Job of a CronJob, run to completion. Default is one pod that succeeds once. Only a `Job` or `CronJob` has it.", attributes{
			"completions":                integer("Number of pods that must succeed. Default is 1; with `parallelism` set it is none: the pods end when one of them finds the work done."),
			"parallelism":                integer("Number of pods that may run at the same time. Default is `1`."),
			"completion_mode":            text("`NonIndexed`, or `Indexed`, where each pod has a number from 0 to `completions` - 1. Default is `NonIndexed`."),
			"backoff_limit":              integer("Number of failed pods that are replaced before the job has failed. Default is `3`; with `backoff_limit_per_index` it is 2147483647."),
			"backoff_limit_per_index":    integer("The same for each index of an `Indexed` job. Default is none."),
			"max_failed_indexes":         integer("Number of indexes that may fail before the job has, with `backoff_limit_per_index`. Default is all of them."),
			"active_deadline_seconds":    longInteger("Seconds that the job may take, retries included; then it is stopped and has failed. Default is `3600`."),
			"ttl_seconds_after_finished": integer("Seconds after which the finished job deletes itself. Default is never: a tool that keeps what it applied in place would make the job again, and so run it again."),
			"pod_failure_policy": object("What the failure of a pod means; the first rule that fits counts. Default is that each failure counts against `backoff_limit`.", attributes{
				"rules": requiredObjects("Rules in order, at most 20.", attributes{
					"action": requiredText("What happens: `FailJob`, `FailIndex`, `Ignore` (the pod is replaced and does not count) or `Count`."),
					"on_exit_codes": object("Fits a container by its exit code. Either this or `on_pod_conditions` is set.", attributes{
						"container_name": text("Container that is meant. Default is any."),
						"operator":       requiredText("`In` or `NotIn`."),
						"values":         schema.ListAttribute{Required: true, ElementType: types.Int32Type, MarkdownDescription: "Exit codes in ascending order; not 0 with `In`."},
					}),
					"on_pod_conditions": objectList("Fits a pod by one of its conditions. Default is none.", attributes{
						"type":   requiredText("Type of the condition, such as `DisruptionTarget`."),
						"status": text("Status of the condition: `True`, `False` or `Unknown`. Default is `True`."),
					}),
				}),
			}),
			"success_policy": object("When an `Indexed` job has succeeded before all of its indexes have. Default is that all must.", attributes{
				"rules": requiredObjects("Rules, of which one must be met, at most 20.", attributes{
					"succeeded_indexes": text("Indexes that must have succeeded, such as `0,2-4`. Default is any."),
					"succeeded_count":   integer("Number of those indexes that must have succeeded. Default is all of them."),
				}),
			}),
			"pod_replacement_policy": text("When a pod is replaced: `Failed`, once it is gone, or `TerminatingOrFailed`, as soon as it is told to stop, so that two do the same work for a while. Default is `Failed`."),
			"suspend":                flag("Whether the job is made without being started. Default is `false`."),
			"restart_policy":         text("`Never`: a failed pod is replaced by another one and its logs stay; `OnFailure`: its containers are started again. Default is `Never`."),
		}),
	}
}
