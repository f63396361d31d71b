package workload_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

func TestValidate_MonitoringAndAlertsThatFit(t *testing.T) {
	t.Parallel()
	for name, addition := range map[string]string{
		"the port called metrics": "monitoring: {prometheus: {}, datadog: {metrics: {}}, splunk: {metrics: {}}}",
		"a port by its number":    "monitoring: {prometheus: {port: '8080', kind: ServiceMonitor}}",
		"annotations":             "monitoring: {prometheus: {kind: annotations}, splunk: {logs: false}}",
		"same label again":        "pod_labels: {tags.datadoghq.com/service: api}\nmonitoring: {datadog: {}}",
		"all alerts":              "alerts: {}",
		"own alert alone":         "alerts: {not_ready: {enabled: false}, rules: {Any: {expr: up == 0}}}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := describe(t, api+addition).Validate(kubeversion.Oldest); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestValidate_BlamesMonitoring(t *testing.T) {
	t.Parallel()
	const prometheus, datadog = "monitoring.prometheus.", "monitoring.datadog."
	checkBlamed(t, map[string]blamed{
		"no system":             {"", "monitoring: {}", "monitoring: names no system"},
		"undeclared port":       {"", "monitoring: {prometheus: {port: admin}}", prometheus + "port: is not a declared port"},
		"path":                  {"", "monitoring: {prometheus: {path: metrics}}", prometheus + "path: not an absolute path"},
		"kind and scheme":       {"", "monitoring: {prometheus: {kind: Probe, scheme: ftp}}", prometheus + "scheme: none of\n" + prometheus + "kind: none of"},
		"timeout":               {"", "monitoring: {prometheus: {interval_seconds: 5, scrape_timeout_seconds: 10}}", prometheus + "scrape_timeout_seconds: longer than interval_seconds"},
		"monitor of no Service": {"", "service: {enabled: false}\nmonitoring: {prometheus: {kind: ServiceMonitor}}", prometheus + "kind: needs a Service"},
		"annotations are few":   {"", "monitoring: {prometheus: {kind: annotations, interval_seconds: 5, labels: {a: b}}}", prometheus + "interval_seconds: no such thing\n" + prometheus + "labels: no such thing"},
		"annotations twice":     {"", "monitoring: {prometheus: {kind: annotations}, splunk: {metrics: {}}}", "monitoring.splunk.metrics: writes already"},
		"scrapers' namespace":   {"", "monitoring: {prometheus: {namespace: A}}", prometheus + "namespace: is not valid"},
		"tag":                   {"", "monitoring: {datadog: {env: 'a b'}}", datadog + "env: is not valid"},
		"tag of pods":           {"", "pod_labels: {tags.datadoghq.com/env: test}\nmonitoring: {datadog: {env: prod}}", `pod_labels["tags.datadoghq.com/env"]: is set by monitoring`},
		"annotation of pods":    {"", "annotations: {splunk.com/index: a}\nmonitoring: {splunk: {index: b}}", `annotations["splunk.com/index"]: is set by monitoring`},
		"library":               {"", "monitoring: {datadog: {admission: true, libraries: {cobol: v1}}}", datadog + `libraries["cobol"]: none of dotnet`},
		"library for nobody":    {"", "monitoring: {datadog: {libraries: {java: v1}}}", datadog + "libraries: set admission = true"},
		"names too long": {
			"containers:\n  api:", "monitoring: {datadog: {metrics: {}, logs: {" + strings.Repeat("c", 59) + ": {source: go}}}}\ncontainers:\n  " + strings.Repeat("c", 59) + ":",
			datadog + "metrics: at most 56 characters\n" + datadog + `logs["` + strings.Repeat("c", 59) + `"]: at most 58 characters`,
		},
		"logs of nobody":   {"", "monitoring: {datadog: {logs: {web: {source: go}}}}", datadog + `logs["web"]: those are api`},
		"index of no logs": {"", "monitoring: {splunk: {logs: false, index: a}}", "monitoring.splunk.logs: no effect"},
	})
}

func TestValidate_BlamesAlerts(t *testing.T) {
	t.Parallel()
	checkBlamed(t, map[string]blamed{
		"of another kind":       {"", "alerts: {schedule_missed: {}}", "alerts.schedule_missed: is about a schedule"},
		"without autoscaling":   {"", "alerts: {at_max_replicas: {}}", "alerts.at_max_replicas: is about autoscaling"},
		"without a budget":      {"", "disruption_budget: {enabled: false}\nalerts: {budget_exhausted: {}}", "alerts.budget_exhausted: is about a disruption budget"},
		"off and tuned":         {"", "alerts: {not_ready: {enabled: false, threshold: 3}}", "alerts.not_ready.enabled: no effect"},
		"negative":              {"", "alerts: {not_ready: {threshold: -1, for_seconds: -1}}", "alerts.not_ready.threshold: use 0 or more\nalerts.not_ready.for_seconds: use 0 or more"},
		"runbook":               {"", "alerts: {runbook_url: wiki}", "alerts.runbook_url: is no URL"},
		"labels":                {"", "alerts: {alert_labels: {a-b: c, severity: d, workload: e}}", `alerts.alert_labels["a-b"]: no label of Prometheus` + "\n" + `alerts.alert_labels["severity"]: attribute severity` + "\n" + `alerts.alert_labels["workload"]: by the alert itself`},
		"own alert of nothing":  {"", "alerts: {rules: {A: {expr: '', keep_firing_for_seconds: 0}}}", `alerts.rules["A"].expr: is empty` + "\n" + `alerts.rules["A"].keep_firing_for_seconds: use 1 or more`},
		"nothing to be told of": {"", "disruption_budget: {enabled: false}\nalerts: {not_ready: {enabled: false}, crash_loop: {enabled: false}, rollout_stuck: {enabled: false}}", "alerts: holds no alert"},
	})
}

func TestValidate_MetricsPortIsNotGuessed(t *testing.T) {
	t.Parallel()
	w := describe(t, strings.Replace(api, "metrics: {", "admin: {", 1)+"monitoring: {prometheus: {}}")
	fields, _ := field.All(w.Validate(kubeversion.Oldest))
	if len(fields) != 1 || fields[0].Path.String() != "monitoring.prometheus.port" {
		t.Errorf("got %v", fields)
	}
}
