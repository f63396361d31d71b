package render

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// monitorValues are the fields of a PodMonitor or a ServiceMonitor (monitoring.coreos.com/v1).
//
// Source of the types: github.com/prometheus-operator/prometheus-operator@v0.91.0
// pkg/apis/monitoring/v1.
type monitorValues struct {
	Metadata    metadataValues    `json:"metadata"`
	Selector    map[string]string `json:"selector"`
	JobLabel    string            `json:"jobLabel"`
	Endpoints   []monitorEndpoint `json:"endpoints"`
	SampleLimit *int64            `json:"sampleLimit"`
}

// monitorEndpoint is what an Endpoint and a PodMetricsEndpoint have in common.
type monitorEndpoint struct {
	Port          string  `json:"port"`
	Path          string  `json:"path"`
	Scheme        *string `json:"scheme,omitempty"`
	Interval      *string `json:"interval,omitempty"`
	ScrapeTimeout *string `json:"scrapeTimeout,omitempty"`
}

// addMonitors adds what Prometheus finds the pods by.
func (v *values) addMonitors(w workload.Workload) {
	if w.Monitoring == nil || w.Monitoring.Prometheus == nil {
		return
	}
	p := w.Monitoring.Prometheus
	switch kind := p.Kind; {
	case kind != nil && *kind == workload.ScrapeAnnotations:
	case kind != nil && *kind == workload.ServiceMonitor:
		v.ServiceMonitors = append(v.ServiceMonitors, newMonitor(w, *p))
	default:
		v.PodMonitors = append(v.PodMonitors, newMonitor(w, *p))
	}
}

func newMonitor(w workload.Workload, p workload.Prometheus) monitorValues {
	metadata := newMetadata(w)
	metadata.Labels = merged(w.Labels, p.Labels, w.IdentityLabels())
	port, _ := w.MetricsPort(p.Port)
	path := "/metrics"
	if p.Path != nil {
		path = *p.Path
	}
	return monitorValues{
		Metadata: metadata,
		Selector: w.Selector(),
		JobLabel: workload.LabelName,
		Endpoints: []monitorEndpoint{{
			Port: port.Name, Path: path, Scheme: p.Scheme, Interval: seconds(p.IntervalSeconds), ScrapeTimeout: seconds(p.ScrapeTimeoutSeconds),
		}},
		SampleLimit: p.SampleLimit,
	}
}

// seconds writes a duration as prometheus-operator reads it.
func seconds(n *int32) *string {
	if n == nil {
		return nil
	}
	return new(strconv.Itoa(int(*n)) + "s")
}

// scraperRules admit the scrapers to their ports. Without rules of the user's the declared
// ports are open already.
func scraperRules(w workload.Workload) []networkingv1.NetworkPolicyIngressRule {
	var rules []networkingv1.NetworkPolicyIngressRule
	for _, scraper := range w.Scrapers() {
		peer := networkingv1.NetworkPolicyPeer{NamespaceSelector: &metav1.LabelSelector{}}
		if scraper.Namespace != nil {
			peer.NamespaceSelector = namespaceSelector(workload.Peer{Namespace: scraper.Namespace})
		}
		port := intstr.Parse(scraper.Port.Number())
		rules = append(rules, networkingv1.NetworkPolicyIngressRule{
			From:  []networkingv1.NetworkPolicyPeer{peer},
			Ports: []networkingv1.NetworkPolicyPort{{Port: &port, Protocol: (*corev1.Protocol)(scraper.Port.Protocol)}},
		})
	}
	return rules
}
