package workload

import "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"

// Kind is the kind of the object that runs the pods.
type Kind string

// The kinds that can be described.
const (
	// Deployment keeps a number of equal pods running.
	Deployment Kind = "Deployment"
	// StatefulSet keeps a number of pods running that have an identity and, with
	// volume claims, storage of their own.
	StatefulSet Kind = "StatefulSet"
	// DaemonSet keeps one pod running on every node that fits.
	DaemonSet Kind = "DaemonSet"
	// Job runs pods until enough of them have succeeded.
	Job Kind = "Job"
	// CronJob makes a Job by the clock.
	CronJob Kind = "CronJob"
)

// Kinds returns every kind, in the order of the documentation.
func Kinds() []Kind { return []Kind{Deployment, StatefulSet, DaemonSet, Job, CronJob} }

// ScalesByReplicas reports whether the kind runs a number of equal pods that is written
// in it: it has a scale subresource, which autoscalers and budgets count by.
// Source: kubernetes@v1.36.1 pkg/registry/apps/rest/storage_apps.go (deployments/scale,
// replicasets/scale, statefulsets/scale).
func (k Kind) ScalesByReplicas() bool { return k == Deployment || k == StatefulSet }

// Runs reports whether the kind's pods run until they are stopped, as opposed to
// running to completion.
func (k Kind) Runs() bool { return k == Deployment || k == StatefulSet || k == DaemonSet }

// controller returns the kind as package rollout names it.
func (k Kind) controller() rollout.Controller { return rollout.Controller(k) }
