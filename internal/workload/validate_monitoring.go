package workload

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

func (w Workload) validateMonitoring(c *checks) {
	m := w.Monitoring
	if m == nil {
		return
	}
	p := field.Root("monitoring")
	w.validateCollected(c)
	if m.Prometheus == nil && m.Datadog == nil && m.Splunk == nil {
		c.fail(p, "names no system: set prometheus, datadog or splunk, or remove it")
	}
	if m.Prometheus != nil {
		w.validatePrometheus(c, p.Attr("prometheus"), *m.Prometheus)
	}
	if m.Datadog != nil {
		w.validateDatadog(c, p.Attr("datadog"), *m.Datadog)
	}
	if m.Splunk != nil {
		w.validateSplunk(c, p.Attr("splunk"), *m.Splunk)
	}
	if m.Splunk != nil && m.Splunk.Metrics != nil && m.Prometheus != nil && is(m.Prometheus.Kind, ScrapeAnnotations) {
		c.failResting(p.Attr("splunk").Attr("metrics"), []field.Path{p.Attr("prometheus").Attr("kind")},
			"writes the annotations that prometheus.kind = \"annotations\" writes already, and the collector reads those: remove it")
	}
}

// validateCollected refuses labels and annotations that monitoring sets to something else.
func (w Workload) validateCollected(c *checks) {
	for _, list := range []struct {
		attribute string
		set, ours map[string]string
	}{
		{"labels", w.Labels, w.CollectionLabels()}, {"pod_labels", w.PodLabels, w.CollectionLabels()},
		{"annotations", w.Annotations, w.CollectionAnnotations()}, {"pod_annotations", w.PodAnnotations, w.CollectionAnnotations()},
	} {
		for _, key := range sorted(list.ours) {
			if value, set := list.set[key]; set && value != list.ours[key] {
				c.failResting(field.Root(list.attribute).Key(key), []field.Path{field.Root("monitoring"), field.Root("containers")}, "is set by monitoring: remove it here or there")
			}
		}
	}
}

// scraped checks what a scraper asks for.
func (w Workload) scraped(c *checks, p field.Path, port, path *string) {
	declared := w.ports()
	if port != nil {
		c.tcpPort(p.Attr("port"), *port, declared)
	} else if _, found := w.MetricsPort(nil); !found {
		c.failResting(p.Attr("port"), declared.at, "is not set, and no container declares a TCP port called metrics: name the port that has the metrics")
	}
	if path != nil {
		c.absolutePath(p.Attr("path"), *path)
	}
}

func (c *checks) optionalNamespace(p field.Path, name *string) {
	if name != nil {
		c.kubernetes(p, *name, validation.IsDNS1123Label(*name))
	}
}

func (w Workload) validatePrometheus(c *checks, p field.Path, m Prometheus) {
	w.scraped(c, p, m.Port, m.Path)
	c.oneOf(p.Attr("scheme"), m.Scheme, "http", "https")
	c.oneOf(p.Attr("kind"), m.Kind, PodMonitor, ServiceMonitor, ScrapeAnnotations)
	atLeast(c, p.Attr("interval_seconds"), m.IntervalSeconds, 1)
	atLeast(c, p.Attr("scrape_timeout_seconds"), m.ScrapeTimeoutSeconds, 1)
	atLeast(c, p.Attr("sample_limit"), m.SampleLimit, 1)
	c.labels(p.Attr("labels"), m.Labels, w.IdentityLabels())
	c.optionalNamespace(p.Attr("namespace"), m.Namespace)
	// Source: github.com/prometheus/prometheus@v0.316.0 config/config.go (ScrapeConfig).
	if m.IntervalSeconds != nil && m.ScrapeTimeoutSeconds != nil && *m.ScrapeTimeoutSeconds > *m.IntervalSeconds {
		c.failResting(p.Attr("scrape_timeout_seconds"), []field.Path{p.Attr("interval_seconds")}, "is %d, longer than interval_seconds = %d: shorten it", *m.ScrapeTimeoutSeconds, *m.IntervalSeconds)
	}
	kind := []field.Path{p.Attr("kind")}
	if is(m.Kind, ServiceMonitor) && !w.HasService() {
		c.failResting(p.Attr("kind"), []field.Path{field.Root("service"), field.Root("containers")}, "needs a Service, and there is none: use PodMonitor")
	}
	if is(m.Kind, ServiceMonitor) && w.Kind == StatefulSet {
		c.failResting(p.Attr("kind"), []field.Path{field.Root("kind")}, "would see each pod twice, because a StatefulSet has two Services: use PodMonitor")
	}
	if !is(m.Kind, ScrapeAnnotations) {
		return
	}
	for _, option := range []struct {
		name string
		set  bool
	}{
		{"interval_seconds", m.IntervalSeconds != nil}, {"scrape_timeout_seconds", m.ScrapeTimeoutSeconds != nil},
		{"sample_limit", m.SampleLimit != nil}, {"labels", m.Labels != nil},
	} {
		if option.set {
			c.failResting(p.Attr(option.name), kind, "is for PodMonitor and ServiceMonitor, and annotations have no such thing: remove it")
		}
	}
}

// datadogLanguages are the languages whose tracers the admission controller injects.
// Source: Datadog documentation, containers/cluster_agent/admission_controller.
var datadogLanguages = []string{"dotnet", "java", "js", "php", "python", "ruby"}

func (w Workload) validateDatadog(c *checks, p field.Path, d Datadog) {
	for _, tag := range []struct {
		name  string
		value *string
	}{{"env", d.Env}, {"service", d.Service}, {"version", d.Version}} {
		if tag.value == nil {
			continue
		}
		if *tag.value == "" {
			c.fail(p.Attr(tag.name), "is empty: name it or leave the attribute out")
		}
		c.kubernetes(p.Attr(tag.name), *tag.value, validation.IsValidLabelValue(*tag.value))
	}
	for _, language := range sorted(d.Libraries) {
		at := p.Attr("libraries").Key(language)
		c.oneOf(at, &language, datadogLanguages...)
		if d.Libraries[language] == "" {
			c.fail(at, "is empty: name the version of the tracer")
		}
		c.text(at, d.Libraries[language])
	}
	if len(d.Libraries) > 0 && (d.Admission == nil || !*d.Admission) {
		c.failResting(p.Attr("libraries"), []field.Path{p.Attr("admission")}, "are injected by the admission controller: set admission = true")
	}
	if m := d.Metrics; m != nil {
		at := p.Attr("metrics")
		w.scraped(c, at, m.Port, m.Path)
		if port, found := w.MetricsPort(m.Port); found {
			c.datadogKey(at, port.Container, ".checks")
		}
		if m.Namespace != nil {
			c.text(at.Attr("namespace"), *m.Namespace)
		}
		if m.Metrics != nil && len(m.Metrics) == 0 {
			c.fail(at.Attr("metrics"), "is empty: leave it out for all metrics, or name some")
		}
		c.texts(at.Attr("metrics"), m.Metrics)
	}
	w.validateDatadogLogs(c, p, d)
	c.optionalNamespace(p.Attr("namespace"), d.Namespace)
}

// datadogKey fails for a container whose name has no room in the key of its annotation,
// ad.datadoghq.com/<container><ending>.
// Source: kubernetes@v1.36.1 apimachinery pkg/util/validation IsQualifiedName.
func (c *checks) datadogKey(p field.Path, container, ending string) {
	const longest = 63
	if len(container)+len(ending) > longest {
		c.failResting(p, []field.Path{field.Root("containers")}, "is about the container %q, whose name is too long to be the key of an annotation: use at most %d characters", container, longest-len(ending))
	}
}

func (w Workload) validateDatadogLogs(c *checks, p field.Path, d Datadog) {
	for _, name := range sorted(d.Logs) {
		at := p.Attr("logs").Key(name)
		if _, exists := w.Containers[name]; !exists {
			c.failResting(at, []field.Path{field.Root("containers")}, "is no container of the workload, those are %s", strings.Join(w.ContainerNames(), ", "))
		}
		c.datadogKey(at, name, ".logs")
		if d.Logs[name].Source == "" {
			c.fail(at.Attr("source"), "is empty: name the integration that reads the logs")
		}
		c.text(at.Attr("source"), d.Logs[name].Source)
		if service := d.Logs[name].Service; service != nil {
			c.text(at.Attr("service"), *service)
		}
	}
}

func (w Workload) validateSplunk(c *checks, p field.Path, s Splunk) {
	for _, annotation := range []struct {
		name  string
		value *string
	}{{"index", s.Index}, {"metrics_index", s.MetricsIndex}, {"sourcetype", s.SourceType}} {
		if annotation.value == nil {
			continue
		}
		if *annotation.value == "" {
			c.fail(p.Attr(annotation.name), "is empty: name it or leave the attribute out")
		}
		c.text(p.Attr(annotation.name), *annotation.value)
	}
	if s.Logs != nil && !*s.Logs && (s.Index != nil || s.SourceType != nil) {
		c.fail(p.Attr("logs"), "is false, so index and sourcetype would have no effect: remove them")
	}
	if s.Metrics != nil {
		w.scraped(c, p.Attr("metrics"), s.Metrics.Port, s.Metrics.Path)
	}
	c.optionalNamespace(p.Attr("namespace"), s.Namespace)
}
