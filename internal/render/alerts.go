package render

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// ruleValues are the fields of a PrometheusRule (monitoring.coreos.com/v1).
//
// Source of the types: github.com/prometheus-operator/prometheus-operator@v0.91.0
// pkg/apis/monitoring/v1.
type ruleValues struct {
	Metadata metadataValues `json:"metadata"`
	Groups   []ruleGroup    `json:"groups"`
}

type ruleGroup struct {
	Name  string      `json:"name"`
	Rules []alertRule `json:"rules"`
}

type alertRule struct {
	Alert         string            `json:"alert"`
	Expr          string            `json:"expr"`
	For           *string           `json:"for,omitempty"`
	KeepFiringFor *string           `json:"keep_firing_for,omitempty"`
	Labels        map[string]string `json:"labels"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

const defaultSeverity = "warning"

func newRules(w workload.Workload) ruleValues {
	metadata := newMetadata(w)
	metadata.Labels = merged(w.Labels, w.Alerts.Labels, w.IdentityLabels())
	group := ruleGroup{Name: w.Name, Rules: []alertRule{}}
	for _, ready := range w.ReadyMadeAlerts() {
		query := newAlertQuery(w, ready)
		group.Rules = append(group.Rules, alertRule{
			Alert:       ready.Name,
			Expr:        query.expr,
			For:         seconds(ready.Alert.ForSeconds),
			Labels:      alertLabels(w, ready.Alert.Severity, ready.Alert.Labels),
			Annotations: alertAnnotations(w, &query.summary, &query.description, ready.Alert.RunbookURL),
		})
	}
	for _, name := range slices.Sorted(maps.Keys(w.Alerts.Rules)) {
		r := w.Alerts.Rules[name]
		group.Rules = append(group.Rules, alertRule{
			Alert:         name,
			Expr:          r.Expr,
			For:           seconds(r.ForSeconds),
			KeepFiringFor: seconds(r.KeepFiringForSeconds),
			Labels:        alertLabels(w, r.Severity, r.Labels),
			Annotations:   alertAnnotations(w, r.Summary, r.Description, r.RunbookURL),
		})
	}
	return ruleValues{Metadata: metadata, Groups: []ruleGroup{group}}
}

func alertLabels(w workload.Workload, severity *string, own map[string]string) map[string]string {
	labels := merged(w.Alerts.AlertLabels, own)
	labels["workload"], labels["severity"] = w.Name, defaultSeverity
	for _, set := range []*string{w.Alerts.Severity, severity} {
		if set != nil {
			labels["severity"] = *set
		}
	}
	return labels
}

func alertAnnotations(w workload.Workload, summary, description, runbook *string) map[string]string {
	if runbook == nil {
		runbook = w.Alerts.RunbookURL
	}
	annotations := map[string]string{}
	for name, text := range map[string]*string{"summary": summary, "description": description, "runbook_url": runbook} {
		if text != nil {
			annotations[name] = *text
		}
	}
	return annotations
}

// alertQuery is what a ready-made alert asks and says.
type alertQuery struct{ expr, summary, description string }

// counters are the metrics of kube-state-metrics that count the pods of a kind.
// Source: kubernetes/kube-state-metrics docs/metrics/workload (deployment-metrics.md,
// statefulset-metrics.md, daemonset-metrics.md); the label is the name of the kind.
type counters struct{ label, wanted, ready, updated string }

var counted = map[workload.Kind]counters{
	workload.Deployment:  {"deployment", "kube_deployment_spec_replicas", "kube_deployment_status_replicas_available", "kube_deployment_status_replicas_updated"},
	workload.StatefulSet: {"statefulset", "kube_statefulset_replicas", "kube_statefulset_status_replicas_ready", "kube_statefulset_status_replicas_updated"},
	workload.DaemonSet: {
		"daemonset", "kube_daemonset_status_desired_number_scheduled", "kube_daemonset_status_number_ready", "kube_daemonset_status_updated_number_scheduled",
	},
}

// countersOf returns the metrics that count the pods of a workload. Of a Rollout they are those of Argo
// Rollouts' controller, whose own label namespace a scraper must keep (honorLabels), as with kube-state-metrics.
// Source: argoproj/argo-rollouts@v1.10.1 controller/metrics/prommetrics.go.
func countersOf(w workload.Workload) counters {
	if w.Controller() == rollout.ArgoRollouts {
		return counters{"name", "rollout_info_replicas_desired", "rollout_info_replicas_available", "rollout_info_replicas_updated"}
	}
	return counted[w.Kind]
}

// podNames matches the rest of a pod's name after the workload's and a hyphen.
// Source: kubernetes@v1.36.1 apiserver pkg/storage/names/generate.go (five characters of
// an alphabet) and the controllers of the kinds.
var podNames = map[workload.Kind]string{
	workload.Deployment:  "[0-9a-z]{1,10}-[0-9a-z]{5}",
	workload.StatefulSet: "[0-9]+",
	workload.DaemonSet:   "[0-9a-z]{5}",
	workload.Job:         "[0-9a-f]{10}-([0-9]+-)?[0-9a-z]{5}",
	workload.CronJob:     "[0-9]+-([0-9]+-)?[0-9a-z]{5}",
}

// newAlertQuery writes the PromQL of a ready-made alert. Names are DNS labels, which need no
// quoting in PromQL.
func newAlertQuery(w workload.Workload, ready workload.ReadyMade) alertQuery {
	threshold, id := *ready.Alert.Threshold, w.Namespace+"/"+w.Name
	series := func(metric, label, name string) string {
		return fmt.Sprintf("%s{namespace=%q,%s=%q}", metric, w.Namespace, label, name)
	}
	c := countersOf(w)
	pods := func(metric string) string { return series(metric, c.label, w.Name) }
	switch ready.Attribute {
	case "not_ready":
		return alertQuery{
			fmt.Sprintf("%s - %s >= %d", pods(c.wanted), pods(c.ready), threshold),
			id + " has pods that are not ready", "{{ $value }} pods of " + id + " are not ready.",
		}
	case "crash_loop":
		return alertQuery{
			fmt.Sprintf("count(max_over_time(kube_pod_container_status_waiting_reason{namespace=%q,pod=~%q,reason=\"CrashLoopBackOff\"}[5m]) >= 1) >= %d",
				w.Namespace, w.Name+"-"+podNames[w.Kind], threshold),
			id + " is crash looping", "{{ $value }} containers of " + id + " end again and again.",
		}
	case "rollout_stuck":
		return alertQuery{
			fmt.Sprintf("%s - %s >= %d", pods(c.wanted), pods(c.updated), threshold),
			id + " does not get its new version", "{{ $value }} pods of " + id + " still run an old version.",
		}
	default:
		return newStateQuery(w, ready, series)
	}
}

// newStateQuery writes the PromQL of an alert that counts no pods; series writes a metric of
// an object in the namespace.
func newStateQuery(w workload.Workload, ready workload.ReadyMade, series func(metric, label, name string) string) alertQuery {
	threshold, id := *ready.Alert.Threshold, w.Namespace+"/"+w.Name
	switch ready.Attribute {
	case "at_max_replicas":
		const label = "horizontalpodautoscaler"
		return alertQuery{
			fmt.Sprintf("%s - %s <= %d", series("kube_horizontalpodautoscaler_spec_max_replicas", label, autoscalerName(w)),
				series("kube_horizontalpodautoscaler_status_desired_replicas", label, autoscalerName(w)), threshold),
			id + " cannot scale further", "The autoscaler of " + id + " is at its largest number of pods.",
		}
	case "budget_exhausted":
		const label = "poddisruptionbudget"
		return alertQuery{
			fmt.Sprintf("%s <= %d and %s > 0", series("kube_poddisruptionbudget_status_pod_disruptions_allowed", label, w.Name), threshold,
				series("kube_poddisruptionbudget_status_expected_pods", label, w.Name)),
			id + " allows no eviction", "No pod of " + id + " may be evicted, so drains of its nodes wait.",
		}
	case "job_failed":
		suffix := fmt.Sprintf("-[0-9a-f]{%d}", manifest.JobHashLength)
		if w.Kind == workload.CronJob {
			suffix = "-[0-9]+"
		}
		match := fmt.Sprintf("job_name=~%q", w.Name+suffix)
		return alertQuery{
			fmt.Sprintf("sum(kube_job_failed{namespace=%q,%s,condition=\"true\"}) >= %d", w.Namespace, match, threshold),
			id + " has failed", "{{ $value }} jobs of " + id + " have failed.",
		}
	default: // schedule_missed
		return alertQuery{
			fmt.Sprintf("time() - %s > %d", series("kube_cronjob_next_schedule_time", "cronjob", w.Name), threshold),
			id + " did not start on time", id + " is {{ $value }} seconds late.",
		}
	}
}

// autoscalerName returns the name of the HorizontalPodAutoscaler, which KEDA makes where asked.
func autoscalerName(w workload.Workload) string {
	if w.Autoscaling.KEDA != nil && len(w.Name) <= longestScaledName {
		return kedaPrefix + w.Name
	}
	return w.Name
}
