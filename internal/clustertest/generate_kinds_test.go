//go:build cluster

package clustertest_test

import (
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// kindParts are what only some kinds have: storage and numbers of a StatefulSet, and
// how jobs run. Jobs must come to an end within a trial, and CronJobs run by hand alone.
var kindParts = []part{
	func(g generator, w *workload.Workload) { w.PodManagementPolicy = maybe(g, "OrderedReady", "Parallel") },
	func(g generator, w *workload.Workload) {
		w.Ordinals = pick(g, nil, &workload.Ordinals{Start: maybe[int32](g, 0, 1, 100)})
	},
	claimed(func(g generator) workload.VolumeClaim {
		return workload.VolumeClaim{
			Storage: pick(g, "1Ki", "10Gi"), StorageClassName: maybe(g, "", "fast"), VolumeAttributesClassName: pick(g, nil, nil, new("gold")),
			AccessModes: pick(g, nil, []string{"ReadWriteOncePod"}, []string{"ReadWriteOnce", "ReadOnlyMany"}),
			Labels:      some(g, 2, g.label), Annotations: some(g, 2, g.annotation),
		}
	}),
	func(g generator, w *workload.Workload) {
		w.PersistentVolumeClaimRetentionPolicy = pick(g, nil, &workload.ClaimRetention{
			WhenDeleted: maybe(g, "Retain", "Delete"), WhenScaled: maybe(g, "Retain", "Delete"),
		})
	},
	func(g generator, w *workload.Workload) {
		w.Job = pick(g, nil, &workload.JobSpec{
			Completions: maybe[int32](g, 1, 2, 3), Parallelism: maybe[int32](g, 1, 2), BackoffLimit: maybe[int32](g, 0, 6, 1<<31-1),
			ActiveDeadlineSeconds: maybe[int64](g, 600, 1<<33), TTLSecondsAfterFinished: maybe[int32](g, 86400),
			PodReplacementPolicy: maybe(g, "Failed", "TerminatingOrFailed"), Suspend: pick(g, nil, nil, new(true), new(false)),
			RestartPolicy: maybe(g, "Never", "OnFailure"),
		})
	},
	job(func(g generator, j *workload.JobSpec, w *workload.Workload) {
		j.CompletionMode, j.Completions = maybe(g, "Indexed", "NonIndexed"), new(pick[int32](g, 1, 3))
		j.BackoffLimitPerIndex, j.MaxFailedIndexes = maybe[int32](g, 0, 2), maybe[int32](g, 0, 1)
	}),
	job(func(g generator, j *workload.JobSpec, w *workload.Workload) {
		j.CompletionMode, j.Completions = new("Indexed"), new(int32(3))
		j.SuccessPolicy = &workload.SuccessPolicy{Rules: pick(g,
			[]workload.SuccessRule{{SucceededIndexes: new("0,2")}},
			[]workload.SuccessRule{{SucceededIndexes: new("0-2"), SucceededCount: new(int32(2))}, {SucceededCount: new(int32(3))}},
		)}
	}),
	job(func(g generator, j *workload.JobSpec, w *workload.Workload) {
		j.RestartPolicy, j.PodReplacementPolicy = maybe(g, "Never"), maybe(g, "Failed")
		j.PodFailurePolicy = &workload.PodFailurePolicy{Rules: pick(g,
			[]workload.PodFailureRule{{Action: "FailJob", OnExitCodes: &workload.OnExitCodes{
				ContainerName: maybe(g, sortedKeys(w.Containers)...), Operator: "In", Values: []int32{-1, 3, 255},
			}}},
			[]workload.PodFailureRule{
				{Action: "Ignore", OnPodConditions: []workload.PodConditionPattern{{Type: "DisruptionTarget", Status: maybe(g, "True", "False", "Unknown")}}},
				{Action: "Count", OnExitCodes: &workload.OnExitCodes{Operator: "NotIn", Values: []int32{0}}},
			},
		)}
	}),
	func(g generator, w *workload.Workload) {
		w.Cron = &workload.CronSpec{
			Schedule: pick(g, "0 3 1 1 *", "@yearly", "5,7-9 */6 29 feb ?"), TimeZone: maybe(g, "Europe/Berlin", "Etc/GMT+12", "UTC"),
			ConcurrencyPolicy:          maybe(g, "Forbid", "Replace", "Allow"),
			SuccessfulJobsHistoryLimit: maybe[int32](g, 1, 5), FailedJobsHistoryLimit: maybe[int32](g, 0, 5),
			StartingDeadlineSeconds: maybe[int64](g, 10, 3600), Suspend: maybe(g, true, false),
		}
	},
}

// claimed makes a part of one that draws a claim: some container mounts it.
func claimed(draw func(generator) workload.VolumeClaim) part {
	return func(g generator, w *workload.Workload) {
		name := pick(g, "data", "0")
		w.VolumeClaims = map[string]workload.VolumeClaim{name: draw(g)}
		inContainer(func(g generator, c *workload.Container) {
			if c.VolumeMounts == nil {
				c.VolumeMounts = make(map[string]workload.VolumeMount)
			}
			c.VolumeMounts[pick(g, "/data", "/var/lib/a b")] = workload.VolumeMount{Volume: name, ReadOnly: maybe(g, true, false)}
		})(g, w)
	}
}

// job makes a part of one that changes how a job runs.
func job(change func(g generator, j *workload.JobSpec, w *workload.Workload)) part {
	return func(g generator, w *workload.Workload) {
		if w.Job == nil {
			w.Job = &workload.JobSpec{}
		}
		change(g, w.Job, w)
	}
}

// finite takes from a workload what a kind that runs to completion does not have, and
// gives it what it needs.
func finite(w *workload.Workload) {
	if w.Kind.Runs() {
		return
	}
	if w.Kind == workload.CronJob {
		w.Cron = &workload.CronSpec{Schedule: "@yearly"}
	}
	for name, c := range w.Containers {
		c.ReadinessProbe = nil
		for portName, p := range c.Ports {
			p.ServicePort, p.NodePort = nil, nil
			c.Ports[portName] = p
		}
		w.Containers[name] = c
	}
}
