package rollout

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// hostName is a host of a request, perhaps with a wildcard for its first label.
// Source: sigs.k8s.io/gateway-api@v1.6.3 apis/v1 Hostname.
var hostName = regexp.MustCompile(`^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// Validate returns every violation, each a [field.Error] at or below p.
func (t Traffic) Validate(p field.Path) error {
	c := &problems{}
	if !oneOf(c, p.Attr("provider"), t.Provider, Providers()) {
		return errors.Join(c.errs...)
	}
	for _, f := range []struct {
		name      string
		set       bool
		providers []Provider
	}{
		{"gateway", t.Gateway != nil, []Provider{GatewayAPI, Istio}},
		{"listener", t.Listener != nil, []Provider{GatewayAPI}},
		{"ingress_class", t.IngressClass != nil, []Provider{Nginx, Contour, Traefik, Skipper}},
		{"entry_points", t.EntryPoints != nil, []Provider{Traefik}},
		{"hosts", t.Hosts != nil, []Provider{GatewayAPI, Istio, Nginx, Traefik, Contour, Skipper, Gloo}},
		{"tls_secret", t.TLSSecret != nil, []Provider{Nginx, Traefik, Contour, Gloo}},
		{"timeout_seconds", t.TimeoutSeconds != nil, []Provider{GatewayAPI, Istio, Linkerd, Nginx, Contour, Gloo, AppMesh}},
		{"retries", t.Retries != nil, []Provider{Istio, Nginx, Contour, Gloo, AppMesh}},
		{"annotations", t.Annotations != nil, []Provider{GatewayAPI, Istio, Linkerd, Nginx, Traefik, Contour, Skipper, Gloo, AppMesh}},
		{"path_prefix", t.PathPrefix != nil, []Provider{GatewayAPI, Istio, Linkerd, Nginx, Traefik, Contour, Skipper, Gloo, AppMesh}},
	} {
		if !f.set || slices.Contains(f.providers, t.Provider) {
			continue
		}
		var names []string
		for _, provider := range f.providers {
			names = append(names, string(provider))
		}
		c.failResting(p.Attr(f.name), p.Attr("provider"), "means nothing to provider %s, but to %s: remove it", t.Provider, strings.Join(names, ", "))
	}
	t.validateNeeded(c, p)
	for i, host := range t.Hosts {
		if !hostName.MatchString(host) || len(host) > 253 {
			c.fail(p.Attr("hosts").Index(i), "%q is no host name in lower case", host)
		}
		if slices.Contains(t.Hosts[:i], host) {
			c.fail(p.Attr("hosts").Index(i), "%q is there already", host)
		}
	}
	if t.Hosts != nil && len(t.Hosts) == 0 {
		c.fail(p.Attr("hosts"), "is empty: name a host, or leave it out for any")
	}
	if t.PathPrefix != nil && !pathPrefix.MatchString(*t.PathPrefix) {
		c.fail(p.Attr("path_prefix"), "%q is no absolute path of letters, digits and -._~%%: write \"/shop\"", *t.PathPrefix)
	}
	if t.Gateway != nil && !gatewayName.MatchString(*t.Gateway) {
		c.fail(p.Attr("gateway"), "%q is neither the name of a gateway nor namespace/name", *t.Gateway)
	}
	for _, n := range []struct {
		name  string
		value *string
	}{{"listener", t.Listener}, {"ingress_class", t.IngressClass}, {"tls_secret", t.TLSSecret}} {
		if n.value != nil && (!objectName.MatchString(*n.value) || len(*n.value) > 253) {
			c.fail(p.Attr(n.name), "%q is no name of an object", *n.value)
		}
	}
	for i, name := range t.EntryPoints {
		if !objectName.MatchString(strings.ToLower(name)) {
			c.fail(p.Attr("entry_points").Index(i), "%q is no name of an entry point", name)
		}
	}
	c.between(p.Attr("timeout_seconds"), t.TimeoutSeconds, 1, 86_400)
	c.between(p.Attr("retries"), t.Retries, 0, 100)
	return errors.Join(c.errs...)
}

var (
	pathPrefix  = regexp.MustCompile(`^(/|(/[A-Za-z0-9._~%-]+)+/?)$`)
	gatewayName = regexp.MustCompile(`^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$`)
)

// validateNeeded asks for what a provider cannot do without.
func (t Traffic) validateNeeded(c *problems, p field.Path) {
	provider := p.Attr("provider")
	switch {
	case t.Provider == GatewayAPI && t.Gateway == nil:
		c.failResting(p.Attr("gateway"), provider, `is needed: name the Gateway that requests come in by, as "infra/public"; in a mesh use provider linkerd or istio`)
	case t.Provider == Contour && len(t.Hosts) == 0:
		c.failResting(p.Attr("hosts"), provider, "is needed: an HTTPProxy is for one host name")
	case t.Provider == Istio && t.Gateway != nil && len(t.Hosts) == 0:
		c.failResting(p.Attr("hosts"), provider, `is needed at a gateway: name the hosts that it serves`)
	}
}

// Validate returns every violation, each a [field.Error] at or below p.
func (a Analysis) Validate(p field.Path) error {
	c := &problems{}
	c.between(p.Attr("interval_seconds"), a.IntervalSeconds, 10, 86_400) // Flagger's floor is 10 s
	c.between(p.Attr("max_failures"), a.MaxFailures, 0, 1000)
	for name, m := range a.Metrics {
		at := p.Attr("metrics").Key(name)
		if !objectName.MatchString(name) || len(name) > 40 {
			c.fail(at, "%q is no name in lower case of at most 40 letters, digits and dashes", name)
		}
		m.validate(c, at)
	}
	slices.SortFunc(c.errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(c.errs...)
}

// Builtins are the ready-made queries.
var builtins = []string{"success_rate", "latency_p99_seconds"}

func (m AnalysisMetric) validate(c *problems, p field.Path) {
	if !oneOf(c, p.Attr("provider"), m.Provider, MetricProviders()) {
		return
	}
	switch {
	case m.Query == nil && m.Builtin == nil && m.Provider != HTTP:
		c.fail(p.Attr("query"), "is needed, or builtin for a ready-made query of Prometheus")
	case m.Query != nil && m.Builtin != nil:
		c.failResting(p.Attr("builtin"), p.Attr("query"), "has no effect beside query: remove one of them")
	case m.Builtin != nil && m.Provider != Prometheus:
		c.failResting(p.Attr("builtin"), p.Attr("provider"), "is for prometheus: write a query for %s", m.Provider)
	case m.Builtin != nil:
		oneOf(c, p.Attr("builtin"), *m.Builtin, builtins)
	case m.Query != nil && strings.TrimSpace(*m.Query) == "":
		c.fail(p.Attr("query"), "is empty")
	}
	if m.Min == nil && m.Max == nil {
		c.fail(p, "has no bound, so it could never fail: set min, max or both")
	}
	m.validateBounds(c, p)
	addressed := slices.Contains([]MetricProvider{Prometheus, Graphite, InfluxDB, Dynatrace, Splunk, HTTP}, m.Provider)
	if addressed && m.Address == nil && m.Provider != Splunk {
		c.failResting(p.Attr("address"), p.Attr("provider"), "is needed: the URL of %s", m.Provider)
	}
	if m.Address != nil {
		if u, err := url.Parse(*m.Address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			c.fail(p.Attr("address"), "is no http or https URL without credentials: those belong into the Secret")
		}
	}
	if m.Region != nil && m.Provider != CloudWatch {
		c.failResting(p.Attr("region"), p.Attr("provider"), "means nothing to %s, but to cloudwatch: remove it", m.Provider)
	}
	if m.Provider == CloudWatch && m.Region == nil {
		c.failResting(p.Attr("region"), p.Attr("provider"), "is needed: the region of CloudWatch")
	}
	if m.JSONPath != nil && m.Provider != HTTP {
		c.failResting(p.Attr("json_path"), p.Attr("provider"), "means nothing to %s, but to http: remove it", m.Provider)
	}
	if m.Provider == HTTP && m.JSONPath == nil {
		c.failResting(p.Attr("json_path"), p.Attr("provider"), `is needed: where the number stands in the answer, such as "{$.data.count}"`)
	}
	if m.Secret != nil && !objectName.MatchString(*m.Secret) {
		c.fail(p.Attr("secret"), "%q is no name of a Secret", *m.Secret)
	}
	if m.Secret == nil && slices.Contains([]MetricProvider{Datadog, Splunk, NewRelic, Dynatrace}, m.Provider) {
		c.failResting(p.Attr("secret"), p.Attr("provider"), "is needed: the Secret with the credentials of %s", m.Provider)
	}
}

func (m AnalysisMetric) validateBounds(c *problems, p field.Path) {
	low, errLow := valueOr(m.Min, "0").Float()
	high, errHigh := valueOr(m.Max, "0").Float()
	switch {
	case errLow != nil:
		c.fail(p.Attr("min"), "%s", errLow)
	case errHigh != nil:
		c.fail(p.Attr("max"), "%s", errHigh)
	case m.Min != nil && m.Max != nil && low > high:
		c.failResting(p.Attr("min"), p.Attr("max"), "is more than max: no value could pass")
	}
}

func valueOr[T any](p *T, other T) T {
	if p == nil {
		return other
	}
	return *p
}

// metricEngines are the engines that ask a provider of metrics by themselves.
// Sources: fluxcd/flagger@v1.44.0 artifacts/flagger/crd.yaml MetricTemplate; argoproj/argo-rollouts@v1.10.1
// pkg/apis/rollouts/v1alpha1/analysis_types.go MetricProvider.
var metricEngines = map[MetricProvider][]Engine{
	Prometheus: {Flagger, ArgoRollouts}, Datadog: {Flagger, ArgoRollouts}, CloudWatch: {Flagger, ArgoRollouts},
	NewRelic: {Flagger, ArgoRollouts}, Graphite: {Flagger, ArgoRollouts}, InfluxDB: {Flagger, ArgoRollouts},
	Splunk: {Flagger}, Dynatrace: {Flagger}, HTTP: {ArgoRollouts},
}

// validateFor looks at the metrics as an engine asks for them.
func (a Analysis) validateFor(c *problems, p field.Path, engine Engine, provider Provider) {
	for _, name := range sortedNames(a.Metrics) {
		m, at := a.Metrics[name], p.Attr("metrics").Key(name)
		if !slices.Contains(metricEngines[m.Provider], engine) && len(metricEngines[m.Provider]) > 0 {
			remedy := "use engine " + string(metricEngines[m.Provider][0])
			if m.Provider == Splunk {
				remedy += `, or provider http with Splunk's REST API`
			}
			c.errs = append(c.errs, field.Errorf(at.Attr("provider"), "engine %s cannot ask %s: %s", engine, m.Provider, remedy).RestsOn(field.Root("strategy")))
		}
		if m.Builtin != nil {
			if _, known := BuiltinQuery(provider, *m.Builtin, "", ""); !known {
				c.errs = append(c.errs, field.Errorf(at.Attr("builtin"), "there is no ready-made query for provider %s, whose metrics depend on what implements it: write query", provider).
					RestsOn(field.Root("traffic")))
			}
		}
	}
}
