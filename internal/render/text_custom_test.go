package render_test

import (
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

const (
	scaledKey = "ScaledObject.keda.sh/shop/api"
	rulesKey  = "PrometheusRule.monitoring.coreos.com/shop/api"
)

// trigger changes the one trigger of the base.
func trigger(w *workload.Workload, change func(t *workload.Trigger)) {
	t := w.Autoscaling.KEDA.Triggers["queue"]
	change(&t)
	put(&w.Autoscaling.KEDA.Triggers, "queue", t)
}

// ownAlert changes the one alert of the base.
func ownAlert(w *workload.Workload, change func(r *workload.AlertRule)) {
	r := w.Alerts.Rules["Own"]
	change(&r)
	put(&w.Alerts.Rules, "Own", r)
}

// customFields are texts of objects that are not Kubernetes' own, and of monitoring.
func customFields() []textField {
	keda, rule := field.Root("autoscaling").Attr("keda"), field.Root("alerts").Attr("rules").Key("Own")
	triggerAt, ruleAt := []any{"spec", "triggers", where{"queue"}}, []any{"spec", "groups", 0, "rules", 0}
	queue := keda.Attr("triggers").Key("queue")
	return []textField{
		{
			fixed(queue.Attr("metadata").Key("topic")),
			func(w *workload.Workload, s string) {
				trigger(w, func(t *workload.Trigger) { put(&t.Metadata, "topic", s) })
			},
			scaledKey, below(triggerAt, "metadata", "topic"), same,
		},
		{
			fixed(queue.Attr("type")),
			func(w *workload.Workload, s string) { trigger(w, func(t *workload.Trigger) { t.Type = s }) },
			scaledKey, below(triggerAt, "type"), same,
		},
		{
			fixed(keda.Attr("scaling_modifiers").Attr("formula")),
			func(w *workload.Workload, s string) {
				w.Autoscaling.KEDA.ScalingModifiers = &workload.ScalingModifiers{Formula: s, Target: "1"}
			},
			scaledKey, steps("spec", "advanced", "scalingModifiers", "formula"), same,
		},
		{
			fixed(rule.Attr("expr")),
			func(w *workload.Workload, s string) { ownAlert(w, func(r *workload.AlertRule) { r.Expr = s }) },
			rulesKey, below(ruleAt, "expr"), same,
		},
		{
			fixed(rule.Attr("summary")),
			func(w *workload.Workload, s string) { ownAlert(w, func(r *workload.AlertRule) { r.Summary = &s }) },
			rulesKey, below(ruleAt, "annotations", "summary"), same,
		},
		{
			fixed(rule.Attr("labels").Key("team")),
			func(w *workload.Workload, s string) {
				ownAlert(w, func(r *workload.AlertRule) { put(&r.Labels, "team", s) })
			},
			rulesKey, below(ruleAt, "labels", "team"), same,
		},
		{
			fixed(field.Root("monitoring").Attr("splunk").Attr("index")),
			func(w *workload.Workload, s string) { w.Monitoring.Splunk = &workload.Splunk{Index: &s} },
			deploymentKey, steps("spec", "template", "metadata", "annotations", "splunk.com/index"), same,
		},
		{
			fixed(field.Root("monitoring").Attr("prometheus").Attr("path")),
			func(w *workload.Workload, s string) { w.Monitoring.Prometheus.Path = new("/" + s) },
			"PodMonitor.monitoring.coreos.com/shop/api", steps("spec", "podMetricsEndpoints", 0, "path"), func(s string) string { return "/" + s },
		},
	}
}

// withCustom gives a workload a place for each of the custom fields.
func withCustom(w workload.Workload) workload.Workload {
	off := &workload.ReadyAlert{Enabled: new(false)}
	w.Autoscaling = &workload.Autoscaling{MinReplicas: 2, MaxReplicas: 3, KEDA: &workload.KEDA{
		Triggers: map[string]workload.Trigger{"queue": {Type: "kafka", Metadata: map[string]string{}}},
	}}
	w.Alerts = &workload.Alerts{
		NotReady: off, CrashLoop: off, RolloutStuck: off, AtMaxReplicas: off, BudgetExhausted: off,
		Rules: map[string]workload.AlertRule{"Own": {Expr: "up == 0"}},
	}
	w.Monitoring = &workload.Monitoring{Prometheus: &workload.Prometheus{Port: new("http")}}
	return w
}
