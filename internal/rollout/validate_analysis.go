package rollout

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

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
	if m.Address != nil {
		if u, err := url.Parse(*m.Address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			c.fail(p.Attr("address"), "is no http or https URL without credentials: those belong into the Secret")
		}
	}
	if m.Provider == CloudWatch && m.Query != nil && json.Unmarshal([]byte(*m.Query), new([]map[string]any)) != nil {
		c.failResting(p.Attr("query"), p.Attr("provider"), "is no JSON list of metric data queries, as the AWS command line takes them")
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

// part says whether an engine takes something of a metric.
type part int

const (
	unused part = iota
	optional
	needed
)

// metricParts are the parts of a metric that name where it is asked.
type metricParts struct{ address, secret, region part }

// metricEngines are the providers that an engine asks by itself, with what it takes for that.
//
// Sources: fluxcd/flagger@v1.44.0 artifacts/flagger/crd.yaml MetricTemplate and pkg/metrics/providers;
// argoproj/argo-rollouts@v1.10.1 pkg/apis/rollouts/v1alpha1/analysis_types.go MetricProvider and metricproviders.
var metricEngines = map[Engine]map[MetricProvider]metricParts{
	Flagger: {
		Prometheus: {address: needed, secret: optional},
		Datadog:    {address: optional, secret: needed},
		Splunk:     {address: needed, secret: needed},
		CloudWatch: {region: needed},
		NewRelic:   {address: optional, secret: needed},
		Dynatrace:  {address: needed, secret: needed},
		Graphite:   {address: needed, secret: optional},
		InfluxDB:   {address: needed, secret: optional},
	},
	ArgoRollouts: {
		Prometheus: {address: needed, secret: optional},
		Datadog:    {secret: needed},
		CloudWatch: {},
		NewRelic:   {secret: needed},
		Graphite:   {address: needed},
		InfluxDB:   {secret: needed},
		HTTP:       {address: needed, secret: optional},
	},
}

// elsewhere is where an engine takes a part from that it does not take from the metric.
var elsewhere = map[string]string{
	"address": "it stands in the Secret, or is always the same",
	"secret":  "it has no credentials, or those of the controller itself",
	"region":  "it is the controller's own",
}

// validateFor looks at the metrics as an engine asks for them.
func (a Analysis) validateFor(c *problems, p field.Path, s Strategy, provider Provider) {
	engine, strategy := s.EngineOrDefault(), field.Root("strategy")
	for _, name := range sortedNames(a.Metrics) {
		m, at := a.Metrics[name], p.Attr("metrics").Key(name)
		parts, asks := metricEngines[engine][m.Provider]
		if !asks {
			c.failResting(at.Attr("provider"), strategy, "engine %s cannot ask %s: %s", engine, m.Provider, otherEngine(m.Provider))
			continue
		}
		for _, f := range []struct {
			name string
			part part
			set  bool
		}{{"address", parts.address, m.Address != nil}, {"secret", parts.secret, m.Secret != nil}, {"region", parts.region, m.Region != nil}} {
			switch {
			case f.part == needed && !f.set:
				c.failResting(at.Attr(f.name), field.Path{}, "is needed: engine %s asks %s with it", engine, m.Provider)
			case f.part == unused && f.set:
				c.failResting(at.Attr(f.name), field.Path{}, "has no effect, because engine %s does not take it for %s (%s): remove it", engine, m.Provider, elsewhere[f.name])
			}
		}
		if m.Builtin != nil {
			m.validateBuiltin(c, at.Attr("builtin"), s, provider)
		}
		if engine == ArgoRollouts && m.Query != nil {
			m.validateArgoQuery(c, at.Attr("query"))
		}
	}
	if engine == ArgoRollouts {
		a.validateReach(c, p, s)
	}
}

// otherEngine names what can ask a metric provider.
func otherEngine(p MetricProvider) string {
	switch p {
	case Splunk:
		return "use engine flagger, or provider http with Splunk's REST API"
	case HTTP:
		return "use engine argo_rollouts, or a webhook of type rollout whose answer says whether to go on"
	default:
		return "use engine flagger, or provider http"
	}
}

// validateBuiltin looks for the series of a ready-made query.
func (m AnalysisMetric) validateBuiltin(c *problems, p field.Path, s Strategy, provider Provider) {
	strategy := field.Root("strategy")
	_, known := BuiltinQuery(provider, *m.Builtin, "", "")
	switch {
	case !known:
		c.failResting(p, field.Root("traffic"), "there is no ready-made query for provider %s, whose metrics depend on what implements it: write query", provider)
	case s.EngineOrDefault() == ArgoRollouts && provider == Linkerd:
		c.errs = append(c.errs, field.Errorf(p, "Linkerd names the Deployment in its metrics, and Argo Rollouts has none: write query").RestsOn(strategy, field.Root("traffic")))
	case s.EngineOrDefault() == ArgoRollouts && s.BlueGreen != nil:
		c.failResting(p, strategy, "nobody sends requests to the next version before the switch, so there would be no values and never a promotion: write a query over what a test of it reports, or use canary")
	}
}

// named finds the name that a query of New Relic gives to its number.
var named = regexp.MustCompile(`(?i)\bas\s+[` + "`" + `'"]?value\b`)

// validateArgoQuery looks at a query as Argo Rollouts reads it.
func (m AnalysisMetric) validateArgoQuery(c *problems, p field.Path) {
	if strings.Contains(*m.Query, "{{") {
		c.failResting(p, field.Root("strategy"), "holds {{, by which Argo Rollouts finds its own arguments: write namespace and names out")
	}
	if m.Provider == NewRelic && !named.MatchString(*m.Query) {
		c.failResting(p, field.Root("strategy"), "does not name its number: write SELECT … AS value, which is what Argo Rollouts compares")
	}
}

// validateReach refuses a tolerance that no rollout of Argo Rollouts could exceed: Flagger waits on a
// step while looks fail, and Argo Rollouts goes on.
func (a Analysis) validateReach(c *problems, p field.Path, s Strategy) {
	looks := s.looks(int64(a.Interval()))
	if len(a.Metrics) == 0 || looks < 0 || int64(a.Failures()) < looks {
		return
	}
	c.errs = append(c.errs, field.Errorf(p.Attr("max_failures"), "is %d, and a rollout looks at a metric %d times, so that nothing could stop it: lower it, or take more steps, longer ones or more checks", a.Failures(), looks).
		RestsOn(p, field.Root("strategy")))
}

// looks returns how often Argo Rollouts looks at a metric with a good version; -1 is as often as a person
// lets it.
func (s Strategy) looks(interval int64) int64 {
	d := s.progressiveDefaults()
	switch {
	case d.BlueGreen != nil:
		return int64(*d.BlueGreen.Checks)
	case d.ABTest != nil:
		return int64(*d.ABTest.Checks)
	case valueOf(d.Canary.Manual):
		return -1
	}
	pause := interval
	if d.Canary.PauseSeconds != nil {
		pause = int64(*d.Canary.PauseSeconds)
	}
	duration := int64(len(d.Canary.Steps)) * pause
	if d.Canary.MirrorPercent != nil {
		duration += interval
	}
	return (duration + interval/2) / interval // the first one after half an interval
}
