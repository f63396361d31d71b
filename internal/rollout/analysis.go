package rollout

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Analysis says when a rollout goes on, and when back.
type Analysis struct {
	// IntervalSeconds is the time between two looks at the metrics, and the time on each step; nil is 60.
	IntervalSeconds *int32 `json:"interval_seconds,omitempty"`
	// MaxFailures is how many looks at each metric may fail before the rollout goes back; nil is 0.
	MaxFailures *int32 `json:"max_failures,omitempty"`
	// Metrics holds what is looked at, by a name of the user's.
	Metrics map[string]AnalysisMetric `json:"metrics,omitempty"`
}

// Interval returns the seconds between two looks.
func (a Analysis) Interval() int32 {
	if a.IntervalSeconds == nil {
		return defaultInterval
	}
	return *a.IntervalSeconds
}

// Failures returns how many looks may fail.
func (a Analysis) Failures() int32 { return valueOf(a.MaxFailures) }

// AnalysisMetric is a number that must lie in a range.
type AnalysisMetric struct {
	Provider MetricProvider `json:"provider"`
	// Address is the URL of the metric system, where it is not a service with one address.
	Address *string `json:"address,omitempty"`
	// Query is in the system's own language; nil is a ready-made one, see Builtin.
	Query *string `json:"query,omitempty"`
	// Builtin is a ready-made query of Prometheus for the traffic provider: success_rate
	// (percent of requests that are no server error) or latency_p99_seconds.
	Builtin *string `json:"builtin,omitempty"`
	// Secret names the Secret with the credentials; what its keys are called depends on the engine.
	Secret *string `json:"secret,omitempty"`
	// Region is that of CloudWatch.
	Region *string `json:"region,omitempty"`
	// JSONPath finds the number in the answer of an http provider, such as "{$.data.count}".
	JSONPath *string `json:"json_path,omitempty"`
	// Min and Max bound the value, both included; one of them is set, or both.
	Min *Number `json:"min,omitempty"`
	Max *Number `json:"max,omitempty"`
}

// MetricProvider is a system that answers queries about metrics.
type MetricProvider string

// The metric providers.
const (
	Prometheus MetricProvider = "prometheus"
	Datadog    MetricProvider = "datadog"
	Splunk     MetricProvider = "splunk"
	CloudWatch MetricProvider = "cloudwatch"
	NewRelic   MetricProvider = "new_relic"
	Dynatrace  MetricProvider = "dynatrace"
	Graphite   MetricProvider = "graphite"
	InfluxDB   MetricProvider = "influxdb"
	HTTP       MetricProvider = "http"
)

// MetricProviders returns every metric provider, in the order of the documentation.
func MetricProviders() []MetricProvider {
	return []MetricProvider{Prometheus, Datadog, Splunk, CloudWatch, NewRelic, Dynatrace, Graphite, InfluxDB, HTTP}
}

// BuiltinQuery returns a ready-made query in PromQL about the new version of a workload, and
// whether there is one for the traffic provider: the metrics of the Gateway API and of a
// cluster without provider depend on what runs there. The window is a minute.
//
// Sources: Istio standard metrics (istio_requests_total, istio_request_duration_milliseconds);
// Linkerd proxy metrics (response_total, response_latency_ms_bucket); ingress-nginx monitoring
// (nginx_ingress_controller_requests, …_request_duration_seconds_bucket); Traefik metrics
// (traefik_service_requests_total, traefik_service_request_duration_seconds_bucket); Envoy cluster
// statistics (envoy_cluster_upstream_rq) for Contour, Gloo and App Mesh; Skipper metrics
// (skipper_serve_host_duration_seconds_bucket has no service, so it has none here).
func BuiltinQuery(p Provider, builtin, namespace, service string) (string, bool) {
	queries := map[Provider]map[string]string{
		Istio: {
			"success_rate": `100 * sum(rate(istio_requests_total{reporter="destination",destination_workload_namespace="NAMESPACE",destination_service_name="SERVICE",response_code!~"5.*"}[1m]))` +
				` / sum(rate(istio_requests_total{reporter="destination",destination_workload_namespace="NAMESPACE",destination_service_name="SERVICE"}[1m]))`,
			"latency_p99_seconds": `histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{reporter="destination",destination_workload_namespace="NAMESPACE",destination_service_name="SERVICE"}[1m]))) / 1000`,
		},
		Linkerd: {
			"success_rate": `100 * sum(rate(response_total{direction="inbound",namespace="NAMESPACE",deployment="SERVICE",classification="success"}[1m]))` +
				` / sum(rate(response_total{direction="inbound",namespace="NAMESPACE",deployment="SERVICE"}[1m]))`,
			"latency_p99_seconds": `histogram_quantile(0.99, sum by (le) (rate(response_latency_ms_bucket{direction="inbound",namespace="NAMESPACE",deployment="SERVICE"}[1m]))) / 1000`,
		},
		Nginx: {
			"success_rate": `100 * sum(rate(nginx_ingress_controller_requests{exported_namespace="NAMESPACE",exported_service="SERVICE",status!~"5.*"}[1m]))` +
				` / sum(rate(nginx_ingress_controller_requests{exported_namespace="NAMESPACE",exported_service="SERVICE"}[1m]))`,
			"latency_p99_seconds": `histogram_quantile(0.99, sum by (le) (rate(nginx_ingress_controller_request_duration_seconds_bucket{exported_namespace="NAMESPACE",exported_service="SERVICE"}[1m])))`,
		},
		Traefik: {
			"success_rate": `100 * sum(rate(traefik_service_requests_total{service=~"NAMESPACE-SERVICE-[0-9a-z-]+@kubernetescrd",code!~"5.*"}[1m]))` +
				` / sum(rate(traefik_service_requests_total{service=~"NAMESPACE-SERVICE-[0-9a-z-]+@kubernetescrd"}[1m]))`,
			"latency_p99_seconds": `histogram_quantile(0.99, sum by (le) (rate(traefik_service_request_duration_seconds_bucket{service=~"NAMESPACE-SERVICE-[0-9a-z-]+@kubernetescrd"}[1m])))`,
		},
		Contour: envoy("NAMESPACE_SERVICE_[0-9a-z-]+"),
		Gloo:    envoy("NAMESPACE-SERVICE-[0-9a-z-]+_[0-9a-z-]+"),
		AppMesh: envoy("cds_egress_[0-9a-z-]+_SERVICE_NAMESPACE_[0-9a-z_-]+"),
	}
	query, known := queries[p][builtin]
	return strings.NewReplacer("NAMESPACE", namespace, "SERVICE", service).Replace(query), known
}

// envoy returns the queries over Envoy's statistics of an upstream cluster.
func envoy(cluster string) map[string]string {
	return map[string]string{
		"success_rate": `100 * sum(rate(envoy_cluster_upstream_rq{envoy_cluster_name=~"` + cluster + `",envoy_response_code!~"5.*"}[1m]))` +
			` / sum(rate(envoy_cluster_upstream_rq{envoy_cluster_name=~"` + cluster + `"}[1m]))`,
		"latency_p99_seconds": `histogram_quantile(0.99, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name=~"` + cluster + `"}[1m]))) / 1000`,
	}
}

func sortedNames(m map[string]AnalysisMetric) []string { return slices.Sorted(maps.Keys(m)) }

// Number is a decimal number as the user wrote it, such as "99.5".
type Number string

// Float returns the number.
func (n Number) Float() (float64, error) {
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || !decimal.MatchString(string(n)) {
		return 0, fmt.Errorf("%q is no decimal number", n)
	}
	return f, nil
}

var decimal = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,15})?$`)
