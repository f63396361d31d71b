//go:build cluster

package clustertest_test

import "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"

// inMonitoring makes a part of one that is about what is collected.
func inMonitoring(change func(g generator, w workload.Workload, m *workload.Monitoring)) part {
	return func(g generator, w *workload.Workload) {
		if !g.chance(2) {
			return
		}
		if w.Monitoring == nil {
			w.Monitoring = &workload.Monitoring{}
		}
		change(g, *w, w.Monitoring)
	}
}

// monitoringParts are what is collected of the pods, and what is told of them.
var monitoringParts = []part{
	inMonitoring(func(g generator, w workload.Workload, m *workload.Monitoring) {
		m.Prometheus = &workload.Prometheus{
			Port: g.declaredPort(w), Path: maybe(g, "/", "/metrics?all=1"), Scheme: maybe(g, "http", "https"), Kind: maybe(g, "PodMonitor", "ServiceMonitor", "annotations"),
			Namespace: maybe(g, "monitoring"),
		}
		if p := m.Prometheus; p.Kind == nil || *p.Kind != "annotations" {
			p.IntervalSeconds, p.ScrapeTimeoutSeconds, p.SampleLimit = maybe[int32](g, 30, 3600), maybe[int32](g, 1, 10), maybe[int64](g, 1, 100000)
			p.Labels = some(g, 2, g.label)
		}
	}),
	inMonitoring(func(g generator, w workload.Workload, m *workload.Monitoring) {
		m.Datadog = &workload.Datadog{
			Env: maybe(g, "prod"), Service: maybe(g, "shop"), Version: maybe(g, "1.4.2"), Admission: maybe(g, true, false),
			Libraries: some(g, 1, func() (string, string) { return "java", "v1" }), Namespace: maybe(g, "datadog"),
			Metrics: maybe(g, workload.DatadogMetrics{
				Port: g.declaredPort(w), Path: maybe(g, "/metrics"), Namespace: maybe(g, "shop"), Metrics: pick(g, nil, []string{"^http_.*", "up"}),
			}),
			Logs: some(g, 1, func() (string, workload.DatadogLog) {
				return pick(g, sortedKeys(w.Containers)...), workload.DatadogLog{Source: "go", Service: maybe(g, "shop")}
			}),
		}
	}),
	inMonitoring(func(g generator, w workload.Workload, m *workload.Monitoring) {
		m.Splunk = &workload.Splunk{
			Index: maybe(g, "main"), MetricsIndex: maybe(g, "metrics"), SourceType: maybe(g, "_json"), Logs: maybe(g, true, false), Namespace: maybe(g, "splunk"),
			Metrics: maybe(g, workload.SplunkMetrics{Port: g.declaredPort(w), Path: maybe(g, "/metrics")}),
		}
	}),
	func(g generator, w *workload.Workload) {
		if g.chance(2) {
			return
		}
		if w.Alerts == nil {
			w.Alerts = &workload.Alerts{}
		}
		a := w.Alerts
		a.Labels, a.Severity = some(g, 2, g.label), maybe(g, "critical")
		a.AlertLabels = some(g, 2, func() (string, string) { return pick(g, "team", "_x1"), g.text() })
		a.RunbookURL = maybe(g, "https://example.com/runbook")
		a.Rules = some(g, 2, func() (string, workload.AlertRule) {
			return pick(g, "Slow", "with blank", "Käse"), workload.AlertRule{
				Expr: pick(g, `up == 0`, `sum(rate(http_requests_total{code=~"5.."}[5m])) > 1`), ForSeconds: maybe[int32](g, 0, 300), KeepFiringForSeconds: maybe[int32](g, 60),
				Severity: maybe(g, "page"), Labels: some(g, 1, func() (string, string) { return "tier", g.text() }), Summary: maybe(g, g.text()),
				Description: maybe(g, "{{ $labels.pod }} is slow"), RunbookURL: maybe(g, "https://example.com/slow"),
			}
		})
	},
	readyAlert(func(a *workload.Alerts) **workload.ReadyAlert { return &a.NotReady }),
	readyAlert(func(a *workload.Alerts) **workload.ReadyAlert { return &a.CrashLoop }),
	readyAlert(func(a *workload.Alerts) **workload.ReadyAlert { return &a.RolloutStuck }),
	readyAlert(func(a *workload.Alerts) **workload.ReadyAlert { return &a.AtMaxReplicas }),
	readyAlert(func(a *workload.Alerts) **workload.ReadyAlert { return &a.BudgetExhausted }),
	readyAlert(func(a *workload.Alerts) **workload.ReadyAlert { return &a.JobFailed }),
	readyAlert(func(a *workload.Alerts) **workload.ReadyAlert { return &a.ScheduleMissed }),
}

// readyAlert makes a part that tunes a ready-made alert.
func readyAlert(of func(*workload.Alerts) **workload.ReadyAlert) part {
	return func(g generator, w *workload.Workload) {
		if w.Alerts == nil {
			if g.chance(2) {
				return
			}
			w.Alerts = &workload.Alerts{}
		}
		*of(w.Alerts) = pick(g,
			&workload.ReadyAlert{Enabled: new(false)},
			&workload.ReadyAlert{
				Enabled: maybe(g, true), ForSeconds: maybe[int32](g, 0, 600), Severity: maybe(g, "info"),
				Labels: some(g, 1, func() (string, string) { return "tier", g.text() }), RunbookURL: maybe(g, "https://example.com/ready"),
			},
			&workload.ReadyAlert{Threshold: new(int32(2))},
		)
	}
}

// declaredPort draws a reference to a port of the containers.
func (g generator) declaredPort(w workload.Workload) *string {
	var names []string
	for _, port := range w.NamedPorts() {
		names = append(names, port.Name)
	}
	if len(names) == 0 {
		return nil
	}
	return new(pick(g, names...))
}
