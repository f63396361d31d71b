package render

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

const (
	flaggerVersion = "flagger.app/v1beta1"
	// primarySuffix ends the names of what Flagger makes for production.
	// Source: fluxcd/flagger@v1.44.0 pkg/canary/deployment_controller.go.
	primarySuffix = "-primary"
	// canarySuffix ends the name of the Service of the next version, which Flagger makes; that for Argo Rollouts is
	// called alike.
	canarySuffix = "-canary"
	// settingsAnnotation holds a hash of what Flagger hands on only together with a changed pod.
	settingsAnnotation = "seaworthy.dev/settings"
)

// flaggerProviders are the words of a Canary's field provider.
// Source: fluxcd/flagger@v1.44.0 artifacts/flagger/crd.yaml.
var flaggerProviders = map[rollout.Provider]string{
	rollout.NoProvider: "kubernetes", rollout.GatewayAPI: "gatewayapi:v1", rollout.Istio: "istio", rollout.Linkerd: "gatewayapi:v1",
	rollout.Nginx: "nginx", rollout.Traefik: "traefik", rollout.Contour: "contour", rollout.Skipper: "skipper", rollout.Gloo: "gloo",
	rollout.AppMesh: "appmesh:v1beta2",
}

// toFlagger turns the objects of a workload into those that Flagger works on. Flagger makes the
// Services, the route and a Deployment <name>-primary for production, whose pods have another
// app.kubernetes.io/name, and keeps ours, scaled to zero, for the next version. So what is about the
// pods of production selects them by the label that both have, app.kubernetes.io/instance.
func (v *values) toFlagger(w workload.Workload) {
	both := map[string]string{workload.LabelInstance: w.InstanceName()}
	v.Services = slices.DeleteFunc(v.Services, func(s serviceValues) bool { return s.Metadata.Name == w.Name })
	for i := range v.PodDisruptionBudgets {
		v.PodDisruptionBudgets[i].Selector = both
	}
	for i := range v.NetworkPolicies {
		v.NetworkPolicies[i].Selector = both
	}
	for i := range v.PodMonitors {
		v.PodMonitors[i].Selector = both
	}
	for i := range v.ServiceMonitors {
		v.ServiceMonitors[i].Selector = both // of the Services for all and for the next version
	}
	for i := range v.VerticalPodAutoscalers {
		v.VerticalPodAutoscalers[i].TargetRef.Name += primarySuffix
	}
	for i := range v.Deployments {
		v.Deployments[i].Pod.Annotations[settingsAnnotation] = v.settings()
	}
	if w.Autoscaling != nil {
		for i := range v.HorizontalPodAutoscalers {
			v.HorizontalPodAutoscalers[i].MinReplicas = nextPods(w)
		}
		for i := range v.ScaledObjects {
			v.ScaledObjects[i].Scale.MinReplicaCount = nextPods(w)
		}
	}
	if w.Alerts != nil {
		v.PrometheusRules = []ruleValues{primaryRules(w)}
	}
	v.CustomObjects = append(v.CustomObjects, flaggerRoutes(w)...)
	v.CustomObjects = append(v.CustomObjects, newCanary(w))
	v.CustomObjects = append(v.CustomObjects, flaggerTemplates(w)...)
}

// nextPods is how many pods the next version has at least. Production keeps the numbers of the description; a
// canary never gets more than the last step's share of the requests, but two pods all the same, as far as
// production has as many.
func nextPods(w workload.Workload) int32 {
	least, c := w.Autoscaling.MinReplicas, w.Strategy.Canary
	if c == nil || len(c.Steps) == 0 {
		return least
	}
	share := (int64(least)*int64(c.Steps[len(c.Steps)-1]) + 99) / 100
	return max(int32(min(share, int64(least))), min(least, 2))
}

// settings hashes what Flagger copies to production only when it promotes: the autoscaler's numbers,
// the strategy of the Deployment and how long a pod must be ready. A change of it alone would never get there.
// Source: fluxcd/flagger@v1.44.0 pkg/canary/deployment_controller.go Promote; flagger#591, #693, #1308.
func (v *values) settings() string {
	var rollouts []deploymentRollout
	for _, d := range v.Deployments {
		rollouts = append(rollouts, d.Rollout)
	}
	scalers, scaled := slices.Clone(v.HorizontalPodAutoscalers), slices.Clone(v.ScaledObjects)
	for i := range scalers {
		scalers[i].Metadata = metadataValues{}
	}
	for i := range scaled {
		scaled[i].Metadata = metadataValues{}
	}
	data, err := json.Marshal([]any{scalers, scaled, rollouts})
	if err != nil {
		panic(err) // plain data, which the chart takes next
	}
	const length = 10
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:length]
}

// primaryRules are the alerts about production.
func primaryRules(w workload.Workload) ruleValues {
	primary := w
	primary.Name += primarySuffix
	rules := newRules(primary)
	ours := newRules(w)
	for g := range rules.Groups {
		for r := range rules.Groups[g].Rules {
			rule := &ours.Groups[g].Rules[r]
			rule.Expr = strings.ReplaceAll(rules.Groups[g].Rules[r].Expr, `poddisruptionbudget="`+primary.Name+`"`, `poddisruptionbudget="`+w.Name+`"`)
		}
	}
	return ours
}

// flaggerRoutes are the objects that Flagger takes for granted: an Ingress or a route that leads to
// what it makes.
func flaggerRoutes(w workload.Workload) []customValues {
	if w.Traffic == nil {
		return nil
	}
	r := newRouting(w)
	switch r.Provider {
	case rollout.Nginx:
		return nginxRoutes(r)
	case rollout.Skipper:
		class := "skipper"
		if r.IngressClass != nil {
			class = *r.IngressClass
		}
		main := ingress(r, r.name, r.stable, class)
		// Flagger writes into the annotations of a copy, and dies where there are none.
		// Source: fluxcd/flagger@v1.44.0 pkg/router/skipper.go makeAnnotations; seen with the real one.
		main.Metadata.Annotations["seaworthy.dev/canary"] = w.Name
		return []customValues{main}
	case rollout.Traefik:
		r.made = true
		return traefikRoutes(r)
	case rollout.Contour:
		// Flagger's HTTPProxy has no host of its own.
		// Source: fluxcd/flagger@v1.44.0 pkg/router/contour.go Reconcile.
		return contourHosts(r, r.name+"-host", "includes", list{fields{"name": r.name, "namespace": r.namespace}})
	case rollout.Gloo:
		fallback := ""
		if w.Strategy.ABTest != nil {
			// Flagger's RouteTable has a route for the requests that match, and none for all others.
			// Source of it and of the name: fluxcd/flagger@v1.44.0 pkg/router/gloo.go Reconcile.
			fallback = fmt.Sprintf("%s-%s%supstream-%d", r.namespace, r.name, primarySuffix, r.number())
		}
		return []customValues{glooHost(r, fallback)}
	}
	return nil
}

// newCanary writes down what Flagger is to do. Shares are always listed (stepWeights): a step and a
// maximum overshoot. Source: fluxcd/flagger@v1.44.0 pkg/apis/flagger/v1beta1/canary.go.
func newCanary(w workload.Workload) customValues {
	bare := w
	if w.Traffic == nil {
		bare.Traffic = &rollout.Traffic{Provider: rollout.NoProvider}
	}
	r := newRouting(bare)
	spec := fields{
		"provider":                flaggerProviders[w.TrafficProvider()],
		"targetRef":               fields{"apiVersion": "apps/v1", "kind": "Deployment", "name": w.Name},
		"progressDeadlineSeconds": int64(*w.ProgressDeadlineSeconds),
		"service":                 flaggerService(r, w),
		"analysis":                flaggerAnalysis(w),
	}
	if a := w.Autoscaling; a != nil {
		ref := fields{"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "name": w.Name}
		if a.KEDA != nil {
			ref = fields{"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "name": w.Name}
		}
		if nextPods(w) < a.MinReplicas {
			ref["primaryScalerReplicas"] = fields{"minReplicas": int64(a.MinReplicas), "maxReplicas": int64(a.MaxReplicas)}
		}
		spec["autoscalerRef"] = ref
	}
	if w.TrafficProvider() == rollout.Nginx || w.TrafficProvider() == rollout.Skipper {
		spec["ingressRef"] = fields{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "name": w.Name}
	}
	return r.object(flaggerVersion, "Canary", w.Name, spec)
}

// flaggerService says which Services and which route Flagger makes.
func flaggerService(r routing, w workload.Workload) fields {
	both := fields{"labels": fields{workload.LabelInstance: w.InstanceName()}}
	service := fields{
		"port": r.number(), "portName": r.port.Name, "targetPort": r.port.Name, "portDiscovery": len(w.NamedPorts()) > 1,
		"apex": both, "canary": both,
	}
	if r.port.AppProtocol != nil {
		service["appProtocol"] = *r.port.AppProtocol
	}
	if len(r.Hosts) > 0 {
		service["hosts"] = anyList(r.Hosts)
	}
	switch r.Provider {
	case rollout.GatewayAPI, rollout.Linkerd:
		service["gatewayRefs"] = list{gatewayParent(r)}
	case rollout.Istio:
		if r.Gateway != nil {
			service["gateways"] = list{*r.Gateway}
		}
	default:
	}
	if r.prefix() != "/" {
		service["match"] = list{fields{"uri": fields{"prefix": r.prefix()}}}
	}
	if r.TimeoutSeconds != nil {
		service["timeout"] = duration(*r.TimeoutSeconds)
	}
	if r.Retries != nil {
		service["retries"] = fields{"attempts": int64(*r.Retries)}
	}
	return service
}

// flaggerAnalysis says how Flagger goes on. It goes back when as many looks have failed as threshold says,
// so a number of failures that are tolerated is one less.
// Source: fluxcd/flagger@v1.44.0 pkg/controller/scheduler.go, "FailedChecks >= canary.GetAnalysisThreshold()".
func flaggerAnalysis(w workload.Workload) fields {
	s, a := *w.Strategy, rollout.Analysis{}
	if w.Analysis != nil {
		a = *w.Analysis
	}
	interval := duration(a.Interval())
	analysis := fields{"interval": interval, "threshold": int64(a.Failures()) + 1}
	switch {
	case s.Canary != nil:
		analysis["stepWeights"] = numbers(s.Canary.Steps)
		addMirror(analysis, s.Canary.MirrorPercent, w.TrafficProvider())
		if c := s.Canary.SessionAffinity; c != nil {
			affinity := fields{"cookieName": c.CookieName, "maxAge": int64(86400)}
			if c.MaxAgeSeconds != nil {
				affinity["maxAge"] = int64(*c.MaxAgeSeconds)
			}
			analysis["sessionAffinity"] = affinity
		}
	case s.BlueGreen != nil:
		analysis["iterations"] = int64(*s.BlueGreen.Checks)
		addMirror(analysis, s.BlueGreen.MirrorPercent, w.TrafficProvider())
	case s.ABTest != nil:
		analysis["iterations"] = int64(*s.ABTest.Checks)
		analysis["match"] = flaggerMatches(s.ABTest.Match, w.TrafficProvider())
	}
	var metrics list
	for _, name := range slices.Sorted(maps.Keys(a.Metrics)) {
		metrics = append(metrics, fields{
			"name": name, "interval": interval, "thresholdRange": bounds(a.Metrics[name]),
			"templateRef": fields{"name": w.Name + "-" + name, "namespace": w.Namespace},
		})
	}
	var hooks, alerts list
	for _, name := range slices.Sorted(maps.Keys(s.Webhooks)) {
		h := s.Webhooks[name]
		hook := fields{"name": name, "type": h.Type, "url": h.URL, "timeout": "10s"}
		if h.TimeoutSeconds != nil {
			hook["timeout"] = duration(*h.TimeoutSeconds)
		}
		if len(h.Metadata) > 0 {
			metadata := fields{}
			for key, value := range h.Metadata {
				metadata[key] = value
			}
			hook["metadata"] = metadata
		}
		hooks = append(hooks, hook)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Alerts)) {
		severity := "error"
		if s.Alerts[name].Severity != nil {
			severity = *s.Alerts[name].Severity
		}
		alerts = append(alerts, fields{"name": name, "severity": severity, "providerRef": fields{"name": w.Name + "-" + name, "namespace": w.Namespace}})
	}
	for key, entries := range map[string]list{"metrics": metrics, "webhooks": hooks, "alerts": alerts} {
		if entries != nil {
			analysis[key] = entries
		}
	}
	return analysis
}

func addMirror(analysis fields, percent *int32, p rollout.Provider) {
	if percent == nil {
		return
	}
	analysis["mirror"] = true
	if p == rollout.Istio { // the others copy every request
		analysis["mirrorWeight"] = int64(*percent)
	}
}

// flaggerMatches writes conditions as Istio does, in the names of headers in lower case. To
// ingress-nginx Flagger hands the value for the header cookie as the cookie's name.
// Source: fluxcd/flagger@v1.44.0 pkg/router/ingress.go makeHeaderAnnotations.
func flaggerMatches(matches []rollout.Match, p rollout.Provider) list {
	var all list
	for _, m := range matches {
		header, exact, expression := condition(m)
		value := fields{"exact": exact}
		switch {
		case p == rollout.Nginx && m.Cookie != nil:
			value = fields{"exact": *m.Cookie}
		case expression != "":
			value = fields{"regex": expression}
		}
		all = append(all, fields{"headers": fields{strings.ToLower(header): value}})
	}
	return all
}

// bounds writes the range of a metric.
func bounds(m rollout.AnalysisMetric) fields {
	limits := fields{}
	for name, n := range map[string]*rollout.Number{"min": m.Min, "max": m.Max} {
		if n == nil {
			continue
		}
		if f, err := n.Float(); err == nil {
			limits[name] = f
		}
	}
	return limits
}

func numbers(ns []int32) list {
	all := list{}
	for _, n := range ns {
		all = append(all, int64(n))
	}
	return all
}

// flaggerTypes are the words of a MetricTemplate's field type.
var flaggerTypes = map[rollout.MetricProvider]string{
	rollout.Prometheus: "prometheus", rollout.Datadog: "datadog", rollout.Splunk: "splunk", rollout.CloudWatch: "cloudwatch",
	rollout.NewRelic: "newrelic", rollout.Dynatrace: "dynatrace", rollout.Graphite: "graphite", rollout.InfluxDB: "influxdb",
}

// flaggerTemplates are the queries and the places for alerts.
func flaggerTemplates(w workload.Workload) []customValues {
	var objects []customValues
	object := func(kind, name string, spec fields) {
		m := newMetadata(w)
		m.Name = w.Name + "-" + name
		objects = append(objects, customValues{APIVersion: flaggerVersion, Kind: kind, Metadata: m, Spec: spec})
	}
	if w.Analysis != nil {
		for _, name := range slices.Sorted(maps.Keys(w.Analysis.Metrics)) {
			m := w.Analysis.Metrics[name]
			provider := fields{"type": flaggerTypes[m.Provider]}
			for field, value := range map[string]*string{"address": m.Address, "region": m.Region} {
				if value != nil {
					provider[field] = *value
				}
			}
			if m.Secret != nil {
				provider["secretRef"] = fields{"name": *m.Secret}
			}
			object("MetricTemplate", name, fields{"provider": provider, "query": queryOf(m, w, w.Name+canarySuffix)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.Strategy.Alerts)) {
		a := w.Strategy.Alerts[name]
		spec := fields{"type": a.Provider, "secretRef": fields{"name": a.Secret}}
		if a.Channel != nil {
			spec["channel"] = *a.Channel
		}
		object("AlertProvider", name, spec)
	}
	return objects
}

// queryOf returns the query about the next version, which the given Service leads to.
func queryOf(m rollout.AnalysisMetric, w workload.Workload, service string) string {
	if m.Builtin == nil {
		return textOrNone(m.Query)
	}
	if w.TrafficProvider() == rollout.Linkerd {
		service = w.Name // its metrics name the Deployment
	}
	query, known := rollout.BuiltinQuery(w.TrafficProvider(), *m.Builtin, w.Namespace, service)
	if !known {
		return fmt.Sprintf("no ready-made query %s", *m.Builtin) // an incomplete description
	}
	return query
}
