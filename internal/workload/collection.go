package workload

import (
	"encoding/json"
	"strconv"
)

// defaultMetricsPath is where Prometheus' client libraries serve metrics.
const defaultMetricsPath = "/metrics"

// CollectionLabels returns the labels that monitoring asks of the pods and of the object
// that runs them.
func (w Workload) CollectionLabels() map[string]string {
	labels := map[string]string{}
	d := valueOf(w.Monitoring).Datadog
	if d == nil {
		return labels
	}
	labels["tags.datadoghq.com/service"] = w.Name
	for name, value := range map[string]*string{"env": d.Env, "service": d.Service, "version": d.Version} {
		if value != nil {
			labels["tags.datadoghq.com/"+name] = *value
		}
	}
	if d.Admission != nil {
		labels["admission.datadoghq.com/enabled"] = strconv.FormatBool(*d.Admission)
	}
	return labels
}

// CollectionAnnotations returns the annotations that monitoring asks of the pods.
func (w Workload) CollectionAnnotations() map[string]string {
	annotations := map[string]string{}
	m := valueOf(w.Monitoring)
	if p := m.Prometheus; p != nil && is(p.Kind, ScrapeAnnotations) {
		w.addScrape(annotations, p.Port, p.Path)
		if p.Scheme != nil {
			annotations["prometheus.io/scheme"] = *p.Scheme
		}
	}
	if m.Splunk != nil {
		m.Splunk.annotate(annotations)
		if scraped := m.Splunk.Metrics; scraped != nil {
			w.addScrape(annotations, scraped.Port, scraped.Path)
		}
	}
	if m.Datadog != nil {
		w.addDatadog(annotations, *m.Datadog)
	}
	return annotations
}

// addScrape adds the annotations of Prometheus' own example configuration
// (github.com/prometheus/prometheus@v0.316.0 documentation/examples/prometheus-kubernetes.yml).
func (w Workload) addScrape(annotations map[string]string, port, path *string) {
	annotations["prometheus.io/scrape"] = "true"
	metrics, _ := w.MetricsPort(port)
	annotations["prometheus.io/port"] = metrics.Number()
	annotations["prometheus.io/path"] = defaultMetricsPath
	if path != nil {
		annotations["prometheus.io/path"] = *path
	}
}

func (s Splunk) annotate(annotations map[string]string) {
	for name, value := range map[string]*string{"index": s.Index, "metricsIndex": s.MetricsIndex, "sourcetype": s.SourceType} {
		if value != nil {
			annotations["splunk.com/"+name] = *value
		}
	}
	switch {
	case s.Logs == nil:
	case *s.Logs:
		annotations["splunk.com/include"] = "true"
	default:
		annotations["splunk.com/exclude"] = "true"
	}
}

// openMetrics is an autodiscovery annotation of version 2.
type openMetrics struct {
	OpenMetrics struct {
		Instances []openMetricsInstance `json:"instances"`
	} `json:"openmetrics"`
}

type openMetricsInstance struct {
	Endpoint  string   `json:"openmetrics_endpoint"`
	Namespace string   `json:"namespace"`
	Metrics   []string `json:"metrics"`
}

func (w Workload) addDatadog(annotations map[string]string, d Datadog) {
	const prefix = "ad.datadoghq.com/"
	for language, version := range d.Libraries {
		annotations["admission.datadoghq.com/"+language+"-lib.version"] = version
	}
	for container, log := range d.Logs {
		service := w.Name
		for _, named := range []*string{d.Service, log.Service} {
			if named != nil {
				service = *named
			}
		}
		annotations[prefix+container+".logs"] = toJSON([]map[string]string{{"source": log.Source, "service": service}})
	}
	if d.Metrics == nil {
		return
	}
	port, _ := w.MetricsPort(d.Metrics.Port)
	wanted := *d.Metrics
	orElse(&wanted.Path, defaultMetricsPath)
	orElse(&wanted.Namespace, w.Name)
	if wanted.Metrics == nil {
		wanted.Metrics = []string{".*"}
	}
	var check openMetrics
	check.OpenMetrics.Instances = []openMetricsInstance{{
		// %%host%% is the pod's address: Datadog documentation, containers/guide/template_variables.
		Endpoint:  "http://%%host%%:" + port.Number() + *wanted.Path,
		Namespace: *wanted.Namespace,
		Metrics:   wanted.Metrics,
	}}
	annotations[prefix+port.Container+".checks"] = toJSON(check)
}

// toJSON writes texts, which always have a JSON form.
func toJSON(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(data)
}

// Scraper is who reads metrics, and where.
type Scraper struct {
	// Namespace is where the scraper runs; nil is any.
	Namespace *string
	Port      NamedPort
}

// Scrapers returns those who must reach a port of the pods.
func (w Workload) Scrapers() []Scraper {
	m := valueOf(w.Monitoring)
	var scrapers []Scraper
	add := func(namespace, reference *string) {
		port, _ := w.MetricsPort(reference)
		scrapers = append(scrapers, Scraper{namespace, port})
	}
	if m.Prometheus != nil {
		add(m.Prometheus.Namespace, m.Prometheus.Port)
	}
	if m.Datadog != nil && m.Datadog.Metrics != nil {
		add(m.Datadog.Namespace, m.Datadog.Metrics.Port)
	}
	if m.Splunk != nil && m.Splunk.Metrics != nil {
		add(m.Splunk.Namespace, m.Splunk.Metrics.Port)
	}
	return scrapers
}
