package workload

import "strconv"

// Monitoring tells monitoring systems what to collect from the pods.
type Monitoring struct {
	Prometheus *Prometheus `json:"prometheus,omitempty"`
	Datadog    *Datadog    `json:"datadog,omitempty"`
	Splunk     *Splunk     `json:"splunk,omitempty"`
}

// How Prometheus learns of the pods.
const (
	// PodMonitor and ServiceMonitor are objects of prometheus-operator (monitoring.coreos.com/v1).
	PodMonitor     = "PodMonitor"
	ServiceMonitor = "ServiceMonitor"
	// ScrapeAnnotations are prometheus.io/scrape and its like, which Prometheus' own example
	// configuration and chart follow.
	ScrapeAnnotations = "annotations"
)

// Prometheus scrapes a declared port.
type Prometheus struct {
	// Port is the name or number of a declared port; nil is the one called metrics.
	Port *string `json:"port,omitempty"`
	// Path is where the metrics are; nil is /metrics. Scheme is http or https; nil is http.
	Path   *string `json:"path,omitempty"`
	Scheme *string `json:"scheme,omitempty"`
	// Kind is PodMonitor, ServiceMonitor or annotations; nil is PodMonitor, which sees each
	// pod once, with and without a Service.
	Kind *string `json:"kind,omitempty"`
	// IntervalSeconds and ScrapeTimeoutSeconds are for the two monitors; nil is Prometheus' own.
	IntervalSeconds      *int32 `json:"interval_seconds,omitempty"`
	ScrapeTimeoutSeconds *int32 `json:"scrape_timeout_seconds,omitempty"`
	// SampleLimit is the most samples that one scrape may give; nil is no limit of the monitor's.
	SampleLimit *int64 `json:"sample_limit,omitempty"`
	// Labels are the monitor's own, by which a Prometheus picks it (release: prometheus).
	Labels map[string]string `json:"labels,omitempty"`
	// Namespace is where the scrapers run, for the network policy; nil is any.
	Namespace *string `json:"namespace,omitempty"`
}

// Datadog is unified service tagging and autodiscovery.
//
// Names follow Datadog's documentation: getting_started/tagging/unified_service_tagging,
// containers/kubernetes/integrations (annotations version 2, Agent 7.36 and newer),
// containers/kubernetes/log, containers/cluster_agent/admission_controller.
type Datadog struct {
	// Env, Service and Version are the labels tags.datadoghq.com/env, service and version;
	// Service nil is the workload's name, the others nil are no label.
	Env     *string `json:"env,omitempty"`
	Service *string `json:"service,omitempty"`
	Version *string `json:"version,omitempty"`
	// Admission true lets the admission controller configure tracers; nil is false.
	Admission *bool `json:"admission,omitempty"`
	// Libraries are tracers to inject, by language, with their versions.
	Libraries map[string]string `json:"libraries,omitempty"`
	// Metrics has the agent collect the metrics of a port; Logs describes the logs of containers.
	Metrics *DatadogMetrics       `json:"metrics,omitempty"`
	Logs    map[string]DatadogLog `json:"logs,omitempty"`
	// Namespace is where the agents run, for the network policy; nil is any.
	Namespace *string `json:"namespace,omitempty"`
}

// DatadogMetrics is a check of the integration openmetrics.
type DatadogMetrics struct {
	// Port is the name or number of a declared port; nil is the one called metrics.
	Port *string `json:"port,omitempty"`
	// Path is where the metrics are; nil is /metrics.
	Path *string `json:"path,omitempty"`
	// Namespace begins the names of the metrics; nil is the workload's name.
	Namespace *string `json:"namespace,omitempty"`
	// Metrics are regular expressions over names; nil is all.
	Metrics []string `json:"metrics,omitempty"`
}

// DatadogLog describes the logs of one container.
type DatadogLog struct {
	// Source names the integration that reads them.
	Source string `json:"source"`
	// Service is the service that they belong to; nil is that of the tags.
	Service *string `json:"service,omitempty"`
}

// Splunk steers the Splunk distribution of the OpenTelemetry collector.
//
// Names follow signalfx/splunk-otel-collector-chart docs/advanced-configuration.md ("Manage
// log ingestion by using annotations", "Prometheus auto-detection").
type Splunk struct {
	// Index and MetricsIndex are where logs and metrics go, SourceType is what the logs are;
	// nil is the collector's own.
	Index        *string `json:"index,omitempty"`
	MetricsIndex *string `json:"metrics_index,omitempty"`
	SourceType   *string `json:"sourcetype,omitempty"`
	// Logs false leaves the logs out, true takes them where the collector takes marked ones
	// alone; nil is the collector's own.
	Logs *bool `json:"logs,omitempty"`
	// Metrics has the collector scrape a port.
	Metrics *SplunkMetrics `json:"metrics,omitempty"`
	// Namespace is where the collectors run, for the network policy; nil is any.
	Namespace *string `json:"namespace,omitempty"`
}

// SplunkMetrics is a port that the collector scrapes.
type SplunkMetrics struct {
	// Port is the name or number of a declared port; nil is the one called metrics.
	Port *string `json:"port,omitempty"`
	// Path is where the metrics are; nil is /metrics.
	Path *string `json:"path,omitempty"`
}

// metricsPort is the port that is meant where none is named.
const metricsPort = "metrics"

// MetricsPort returns the declared port that a reference means; nil is the one called
// metrics. Where there is none it is false, and a port whose name is the reference, so
// that what is written of a description that is not complete follows the reference.
func (w Workload) MetricsPort(reference *string) (NamedPort, bool) {
	name := metricsPort
	if reference != nil {
		name = *reference
	}
	for _, port := range w.NamedPorts() {
		if (name == port.Name || name == strconv.Itoa(int(port.ContainerPort))) && (port.Protocol == nil || *port.Protocol == "TCP") {
			return port, true
		}
	}
	return NamedPort{Name: name, Port: Port{Protocol: new("TCP")}}, false
}

// Number returns the port's number as text, or its name while the number is not known.
func (p NamedPort) Number() string {
	if p.ContainerPort == 0 {
		return p.Name
	}
	return strconv.Itoa(int(p.ContainerPort))
}
