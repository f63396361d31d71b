package workload

// Alerts are the rules of a PrometheusRule (monitoring.coreos.com/v1): ready-made ones over
// the metrics of kube-state-metrics, and the user's own.
type Alerts struct {
	// Labels are the PrometheusRule's own, by which a Prometheus picks it (release: prometheus).
	Labels map[string]string `json:"labels,omitempty"`
	// Severity is the label severity of every alert that has none of its own; nil is warning.
	Severity *string `json:"severity,omitempty"`
	// AlertLabels go on every alert, for the routes of Alertmanager; RunbookURL is the
	// annotation runbook_url of those that have none of their own.
	AlertLabels map[string]string `json:"alert_labels,omitempty"`
	RunbookURL  *string           `json:"runbook_url,omitempty"`

	// The ready-made alerts; nil is on, as far as the workload has what they are about.
	NotReady        *ReadyAlert `json:"not_ready,omitempty"`
	CrashLoop       *ReadyAlert `json:"crash_loop,omitempty"`
	RolloutStuck    *ReadyAlert `json:"rollout_stuck,omitempty"`
	AtMaxReplicas   *ReadyAlert `json:"at_max_replicas,omitempty"`
	BudgetExhausted *ReadyAlert `json:"budget_exhausted,omitempty"`
	JobFailed       *ReadyAlert `json:"job_failed,omitempty"`
	ScheduleMissed  *ReadyAlert `json:"schedule_missed,omitempty"`

	// Rules holds the user's own alerts by name.
	Rules map[string]AlertRule `json:"rules,omitempty"`
}

// ReadyAlert tunes a ready-made alert; what is nil is the alert's own.
type ReadyAlert struct {
	// Enabled false turns the alert off; nil is true.
	Enabled *bool `json:"enabled,omitempty"`
	// Threshold is how much counts, in the unit of the alert.
	Threshold *int32 `json:"threshold,omitempty"`
	// ForSeconds is how long it must last.
	ForSeconds *int32            `json:"for_seconds,omitempty"`
	Severity   *string           `json:"severity,omitempty"`
	Labels     map[string]string `json:"labels,omitempty"`
	RunbookURL *string           `json:"runbook_url,omitempty"`
}

// AlertRule is an alert of the user's.
type AlertRule struct {
	// Expr is PromQL; every series that it gives is an alert.
	Expr string `json:"expr"`
	// ForSeconds is how long it must last, KeepFiringForSeconds how long the alert stays after; nil is 0.
	ForSeconds           *int32 `json:"for_seconds,omitempty"`
	KeepFiringForSeconds *int32 `json:"keep_firing_for_seconds,omitempty"`
	// Severity nil is that of all alerts.
	Severity *string           `json:"severity,omitempty"`
	Labels   map[string]string `json:"labels,omitempty"`
	// Summary and Description are annotations, which may be templates of Prometheus.
	Summary     *string `json:"summary,omitempty"`
	Description *string `json:"description,omitempty"`
	RunbookURL  *string `json:"runbook_url,omitempty"`
}

// ReadyMade is a ready-made alert of a workload that has what the alert is about.
type ReadyMade struct {
	// Attribute is the alert's attribute, Name the name of the alert in Prometheus.
	Attribute, Name string
	Alert           ReadyAlert
}

// readyMade returns every ready-made alert, and what the workload lacks for it: "" is nothing.
//
// That pods are not ready, or scaling is at its limit, is tolerated as long as in
// kubernetes-monitoring/kubernetes-mixin (alerts/apps_alerts.libsonnet, KubePodNotReady and
// KubeHpaMaxedOut: 15 minutes). The other times are ours: a crash loop is told sooner than
// there, a rollout that is stuck later than its own deadline.
func (w Workload) readyMade() []struct {
	ReadyMade
	set   *ReadyAlert
	lacks string
} {
	type row = struct {
		ReadyMade
		set   *ReadyAlert
		lacks string
	}
	a := valueOf(w.Alerts)
	without := func(has bool, what string) string {
		if has {
			return ""
		}
		return what
	}
	running := w.Kind.Runs()
	defaults := func(threshold, seconds int32) ReadyAlert {
		return ReadyAlert{Threshold: &threshold, ForSeconds: &seconds}
	}
	return []row{
		{ReadyMade{"not_ready", "WorkloadNotReady", defaults(1, 900)}, a.NotReady, without(running, "pods that run all the time")},
		{ReadyMade{"crash_loop", "WorkloadCrashLooping", defaults(1, 300)}, a.CrashLoop, ""},
		{ReadyMade{"rollout_stuck", "WorkloadRolloutStuck", defaults(1, 1800)}, a.RolloutStuck, without(running && w.replacesAll(), "a rollout that replaces every pod by itself")},
		{ReadyMade{"at_max_replicas", "WorkloadAtMaxReplicas", defaults(0, 900)}, a.AtMaxReplicas, without(w.Autoscaling != nil, "autoscaling")},
		{ReadyMade{"budget_exhausted", "WorkloadDisruptionBudgetExhausted", defaults(0, 900)}, a.BudgetExhausted, without(w.HasDisruptionBudget(), "a disruption budget")},
		{ReadyMade{"job_failed", "WorkloadJobFailed", defaults(1, 0)}, a.JobFailed, without(w.Kind.Has("job"), "jobs")},
		{ReadyMade{"schedule_missed", "WorkloadScheduleMissed", defaults(600, 0)}, a.ScheduleMissed, without(w.Kind.Has("cron"), "a schedule")},
	}
}

// replacesAll reports whether the strategy goes through to the last pod without anybody's help.
func (w Workload) replacesAll() bool {
	s := valueOf(w.Strategy)
	partition := valueOf(s.Rolling).Partition
	return s.OnDelete == nil && (partition == nil || *partition == 0)
}

// ReadyMadeAlerts returns the ready-made alerts that are on, with what the user and the
// defaults say of them.
func (w Workload) ReadyMadeAlerts() []ReadyMade {
	var on []ReadyMade
	for _, row := range w.readyMade() {
		set := valueOf(row.set)
		if row.lacks != "" || set.Enabled != nil && !*set.Enabled {
			continue
		}
		orElse(&set.Threshold, *row.Alert.Threshold)
		orElse(&set.ForSeconds, *row.Alert.ForSeconds)
		on = append(on, ReadyMade{row.Attribute, row.Name, set})
	}
	return on
}
