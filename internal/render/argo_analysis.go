package render

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// argoAnalysis refers to the metrics of a rollout; nil is none.
func argoAnalysis(w workload.Workload) fields {
	if w.Analysis == nil || len(w.Analysis.Metrics) == 0 {
		return nil
	}
	return fields{"templates": list{fields{"templateName": w.Name}}}
}

// newAnalysisTemplate says what the controller looks at. A rollout is given up when more looks have
// failed than failureLimit says, which is Flagger's threshold less one, or as many times in a row gave no answer.
// The first look falls into the middle of the first step, and so does each one after it with steps
// of one interval.
//
// Source: argoproj/argo-rollouts@v1.10.1 pkg/apis/rollouts/v1alpha1/analysis_types.go; analysis/analysis.go assessMetricStatus.
func newAnalysisTemplate(w workload.Workload) customValues {
	a := *w.Analysis
	var metrics, args list
	for _, name := range slices.Sorted(maps.Keys(a.Metrics)) {
		m := a.Metrics[name]
		provider, argument := argoProvider(w, name, m)
		metric := fields{
			"name": name, "interval": duration(a.Interval()), "initialDelay": duration(a.Interval() / 2),
			"failureLimit": int64(a.Failures()), "consecutiveErrorLimit": int64(a.Failures()),
			"successCondition": argoCondition(m), "provider": provider,
		}
		if b := w.Strategy.BlueGreen; b != nil {
			metric["count"] = int64(*b.Checks)
		}
		metrics = append(metrics, metric)
		if argument != nil {
			args = append(args, argument)
		}
	}
	m := newMetadata(w)
	spec := fields{"metrics": metrics}
	if args != nil {
		spec["args"] = args
	}
	return customValues{APIVersion: argoVersion, Kind: "AnalysisTemplate", Metadata: m, Spec: spec}
}

// tokenKey is the key of a Secret whose value is sent as a bearer token.
const tokenKey = "token"

// argoProvider returns how the controller asks a metric system, and the argument that holds its
// credentials, if the query needs one.
func argoProvider(w workload.Workload, name string, m rollout.AnalysisMetric) (provider, argument fields) {
	query := queryOf(m, w, cmp.Or(secondService(w), w.Name))
	address := textOrNone(m.Address)
	switch m.Provider {
	case rollout.Prometheus:
		spec := fields{"address": address, "query": query}
		if m.Secret != nil {
			spec["headers"], argument = bearer(name, *m.Secret)
		}
		return fields{"prometheus": spec}, argument
	case rollout.Datadog:
		return fields{"datadog": fields{"query": query, "secretRef": fields{"name": textOrNone(m.Secret), "namespaced": true}}}, nil
	case rollout.NewRelic:
		return fields{"newRelic": fields{"profile": textOrNone(m.Secret), "query": query}}, nil
	case rollout.CloudWatch:
		return fields{"cloudWatch": fields{"metricDataQueries": cloudWatchQueries(query)}}, nil
	case rollout.Graphite:
		return fields{"graphite": fields{"address": address, "query": query}}, nil
	case rollout.InfluxDB:
		return fields{"influxdb": fields{"profile": textOrNone(m.Secret), "query": query}}, nil
	default: // http
		spec := fields{"url": address, "jsonPath": textOrNone(m.JSONPath)}
		if m.Secret != nil {
			spec["headers"], argument = bearer(name, *m.Secret)
		}
		return fields{"web": spec}, argument
	}
}

// bearer returns the header with the token of a Secret, which the controller reads.
func bearer(metric, secret string) (headers list, argument fields) {
	name := metric + "-" + tokenKey
	return list{fields{"key": "Authorization", "value": "Bearer {{args." + name + "}}"}},
		fields{"name": name, "valueFrom": fields{"secretKeyRef": fields{"name": secret, "key": tokenKey}}}
}

// argoValues are the expressions for the number in what each metric system answers, and for there being
// one: no data is a look that failed, as it is for Flagger.
//
// Source: argoproj/argo-rollouts@v1.10.1 metricproviders/*, utils/evaluate.
var argoValues = map[rollout.MetricProvider]struct{ there, value string }{
	rollout.Prometheus: {"len(result) > 0", "result[0]"},
	rollout.Datadog:    {"", `asFloat(result ?? "NaN")`},
	rollout.NewRelic:   {"", `asFloat(result["value"] ?? "NaN")`},
	rollout.CloudWatch: {"len(result) > 0 && len(result[0].Values) > 0", "result[0].Values[0]"},
	rollout.Graphite:   {"len(result) > 0", "result[0]"},
	rollout.InfluxDB:   {"len(result) > 0", "asFloat(result[0])"},
	rollout.HTTP:       {"", `asFloat(result ?? "NaN")`},
}

// argoCondition says when a look has gone well.
func argoCondition(m rollout.AnalysisMetric) string {
	v := argoValues[m.Provider]
	var conditions []string
	if v.there != "" {
		conditions = append(conditions, v.there)
	}
	limits := bounds(m)
	for _, b := range []struct{ name, operator string }{{"min", ">="}, {"max", "<="}} {
		if limit, set := limits[b.name].(float64); set {
			conditions = append(conditions, fmt.Sprintf("%s %s %s", v.value, b.operator, strconv.FormatFloat(limit, 'f', -1, 64)))
		}
	}
	return strings.Join(conditions, " && ")
}

// cloudWatchQueries turns the queries of Amazon's API, which Flagger takes, into those of the
// AnalysisTemplate: the names of the fields begin in lower case there.
func cloudWatchQueries(query string) any {
	var queries any
	if err := json.Unmarshal([]byte(query), &queries); err != nil {
		return list{query} // an incomplete description
	}
	return lowerFields(queries)
}

func lowerFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}

func lowerFields(value any) any {
	switch value := value.(type) {
	case map[string]any:
		lowered := fields{}
		for name, member := range value {
			lowered[lowerFirst(name)] = lowerFields(member)
		}
		return lowered
	case []any:
		for i := range value {
			value[i] = lowerFields(value[i])
		}
		return value
	case float64:
		if value == float64(int64(value)) {
			return int64(value)
		}
		return value
	default:
		return value
	}
}
