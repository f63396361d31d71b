package provider

import "github.com/hashicorp/terraform-plugin-framework/resource/schema"

func workloadMonitoringAttributes() attributes {
	return attributes{
		"monitoring": object("Tells monitoring systems what to collect from the pods. Where `network_policy.ingress` names who may connect, the scrapers are admitted to the port with the metrics. Default is nothing.", attributes{
			"prometheus": prometheusAttribute(),
			"datadog":    datadogAttribute(),
			"splunk":     splunkAttribute(),
		}),
		"alerts": alertsAttribute(),
	}
}

// scrapedAttributes say where metrics are.
func scrapedAttributes() attributes {
	return attributes{
		"port": text("Name or number of the declared port that has the metrics. Default is the one called `metrics`."),
		"path": text("Path of the metrics. Default is `/metrics`."),
	}
}

func scraperNamespace(who string) schema.StringAttribute {
	return text("Namespace of " + who + ", for the network policy. Default is any namespace.")
}

func prometheusAttribute() schema.SingleNestedAttribute {
	a := scrapedAttributes()
	a["scheme"] = text("How the metrics are asked for: `http` or `https`. Default is `http`.")
	a["kind"] = text("How Prometheus learns of the pods: `PodMonitor` or `ServiceMonitor` of prometheus-operator, or `annotations` (`prometheus.io/scrape` and its like). " +
		"Default is `PodMonitor`, which sees each pod once, with and without a Service.")
	a["interval_seconds"] = integer("Seconds between two scrapes, for the two monitors. Default is Prometheus' own.")
	a["scrape_timeout_seconds"] = integer("Longest duration of a scrape in seconds, at most `interval_seconds`, for the two monitors. Default is Prometheus' own.")
	a["sample_limit"] = longInteger("Most samples that one scrape may give, for the two monitors. Default is no limit.")
	a["labels"] = textMap("Labels of the monitor, by which a Prometheus picks it, such as `release`. Default is none beside those of every object.")
	a["namespace"] = scraperNamespace("Prometheus")
	return object("Has Prometheus scrape the pods. Default is not at all.", a)
}

func datadogAttribute() schema.SingleNestedAttribute {
	metrics := scrapedAttributes()
	metrics["namespace"] = text("Prefix of the names of the metrics. Default is the workload's name.")
	metrics["metrics"] = texts("Regular expressions over the names of metrics. Default is all.")
	return object("Labels and annotations for Datadog. Default is none.", attributes{
		"env":       text("Environment, as the label `tags.datadoghq.com/env`. Default is none."),
		"service":   text("Service, as the label `tags.datadoghq.com/service`. Default is the workload's name."),
		"version":   text("Version, as the label `tags.datadoghq.com/version`. Default is none."),
		"admission": flag("Whether Datadog's admission controller configures the pods' tracers. Default is `false`."),
		"libraries": textMap("Tracers to inject, by language (`dotnet`, `java`, `js`, `php`, `python`, `ruby`), with their versions, such as `v1.50.0`. Needs `admission`. Default is none."),
		"metrics":   object("Has the agent collect metrics in the format of Prometheus or OpenMetrics. Needs Agent 7.36. Default is not at all.", metrics),
		"logs": objectMap("Logs of containers, by the container's name. Default is the agent's own configuration.", attributes{
			"source":  requiredText("Integration that reads the logs, such as `go`."),
			"service": text("Service that the logs belong to. Default is `service` above."),
		}),
		"namespace": scraperNamespace("the agents"),
	})
}

func splunkAttribute() schema.SingleNestedAttribute {
	return object("Annotations for the Splunk distribution of the OpenTelemetry collector. Default is none.", attributes{
		"index":         text("Index of the logs, as the annotation `splunk.com/index`. Default is the collector's own."),
		"metrics_index": text("Index of the metrics, as the annotation `splunk.com/metricsIndex`. Default is the collector's own."),
		"sourcetype":    text("Source type of the logs, as the annotation `splunk.com/sourcetype`. Default is the collector's own."),
		"logs":          flag("Whether logs are taken: `false` is the annotation `splunk.com/exclude`, `true` is `splunk.com/include`. Default is the collector's own."),
		"metrics":       object("Has the collector scrape the pods (with its `autodetect.prometheus`). Default is not at all.", scrapedAttributes()),
		"namespace":     scraperNamespace("the collectors"),
	})
}

func alertsAttribute() schema.SingleNestedAttribute {
	return object("PrometheusRule (monitoring.coreos.com/v1) with ready-made alerts over the metrics of kube-state-metrics, and your own. `{}` turns on all that fit the workload. Default is none.", attributes{
		"labels":       textMap("Labels of the PrometheusRule, by which a Prometheus picks it, such as `release`. Default is none beside those of every object."),
		"severity":     text("Label `severity` of every alert that has none of its own. Default is `warning`."),
		"alert_labels": textMap("Labels of every alert, for the routes of Alertmanager. Default is none beside `workload` and `severity`."),
		"runbook_url":  text("Annotation `runbook_url` of every alert that has none of its own. Default is none."),

		"not_ready":        readyAlert("Pods that are wanted and not ready, in a Deployment, StatefulSet or DaemonSet.", "number of pods, `1`", "900"),
		"crash_loop":       readyAlert("Containers that end again and again.", "number of containers, `1`", "300"),
		"rollout_stuck":    readyAlert("Pods that still run an old version, where the strategy replaces all of them.", "number of pods, `1`", "1800"),
		"at_max_replicas":  readyAlert("The autoscaler is at its largest number of pods.", "number of pods below that, `0`", "900"),
		"budget_exhausted": readyAlert("The disruption budget allows no eviction, so drains wait.", "number of evictions that are still allowed, `0`", "900"),
		"job_failed":       readyAlert("Jobs that have failed, of a Job or CronJob.", "number of jobs, `1`", "0"),
		"schedule_missed":  readyAlert("A CronJob that did not start on time.", "seconds, `600`", "0"),

		"rules": objectMap("Alerts of your own, by name. Default is none.", attributes{
			"expr":                    requiredText("PromQL; every series that it gives is an alert."),
			"for_seconds":             integer("Seconds that it must last. Default is `0`."),
			"keep_firing_for_seconds": integer("Seconds that the alert stays after. Default is `0`."),
			"severity":                text("Label `severity`. Default is that of all alerts."),
			"labels":                  textMap("Labels of the alert. Default is `alert_labels`."),
			"summary":                 text("Annotation `summary`, which may be a template of Prometheus. Default is none."),
			"description":             text("Annotation `description`, which may be a template of Prometheus. Default is none."),
			"runbook_url":             text("Annotation `runbook_url`. Default is that of all alerts."),
		}),
	})
}

func readyAlert(description, threshold, seconds string) schema.SingleNestedAttribute {
	return object(description+" Default is on where the workload has what it is about.", attributes{
		"enabled":     flag("Whether the alert is made. Default is `true`."),
		"threshold":   integer("How much counts. Default is a " + threshold + "."),
		"for_seconds": integer("Seconds that it must last. Default is `" + seconds + "`."),
		"severity":    text("Label `severity`. Default is that of all alerts."),
		"labels":      textMap("Labels of the alert, in addition to `alert_labels`."),
		"runbook_url": text("Annotation `runbook_url`. Default is that of all alerts."),
	})
}
