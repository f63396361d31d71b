package render

import (
	"strconv"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

const (
	argoVersion = "argoproj.io/v1alpha1"
	// gatewayPlugin is the name by which the controller knows the plugin for the Gateway API.
	// Source: argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi docs/installation.md.
	gatewayPlugin = "argoproj-labs/gatewayAPI"
)

// toArgo turns the objects of a workload into those that Argo Rollouts works on: a Rollout in place of
// the Deployment, and a second Service, of the version without traffic or with a share of it. The pods of both
// versions have the same labels of ours, so budget, policy and monitors know them all.
//
// The two Services have no selector: the controller writes the hash of a version's pods into it, and an apply
// that wrote one as well would either be refused for the conflict or, forced, take the hash out. The controller
// then takes a blue-green rollout for the first one of all, and switches without any analysis.
// Source: argoproj/argo-rollouts@v1.10.1 rollout/service.go switchServiceSelector, rollout/bluegreen.go
// isBlueGreenFastTracked; seen with the real one.
func (v *values) toArgo(w workload.Workload) {
	for _, d := range v.Deployments {
		v.Rollouts = append(v.Rollouts, rolloutValues{
			Metadata: d.Metadata, Selector: d.Selector, Pod: d.Pod,
			Rollout: rolloutSpec{
				Replicas: d.Rollout.Replicas, MinReadySeconds: d.Rollout.MinReadySeconds, RevisionHistoryLimit: d.Rollout.RevisionHistoryLimit,
				ProgressDeadlineSeconds: d.Rollout.ProgressDeadlineSeconds, ProgressDeadlineAbort: true,
				Strategy: argoStrategy(w, d.Rollout),
			},
		})
	}
	v.Deployments = v.Deployments[:0]
	for i := range v.HorizontalPodAutoscalers {
		v.HorizontalPodAutoscalers[i].ScaleTargetRef.APIVersion, v.HorizontalPodAutoscalers[i].ScaleTargetRef.Kind = argoVersion, "Rollout"
	}
	for i := range v.ScaledObjects {
		v.ScaledObjects[i].ScaleTargetRef.APIVersion, v.ScaledObjects[i].ScaleTargetRef.Kind = argoVersion, "Rollout"
	}
	for i := range v.VerticalPodAutoscalers {
		v.VerticalPodAutoscalers[i].TargetRef.APIVersion, v.VerticalPodAutoscalers[i].TargetRef.Kind = argoVersion, "Rollout"
	}
	if second := secondService(w); second != "" {
		for i := range v.Services {
			v.Services[i].Selector = map[string]string{}
		}
		service := newPreview(w, map[string]string{})
		service.Metadata.Name = second
		v.Services = append(v.Services, service)
	}
	if router := routers[w.TrafficProvider()]; router != nil {
		v.CustomObjects = append(v.CustomObjects, router(argoRouting(w))...)
	}
	if w.Analysis != nil && len(w.Analysis.Metrics) > 0 {
		v.CustomObjects = append(v.CustomObjects, newAnalysisTemplate(w))
	}
}

// secondService is the name of the Service of the next version, or "" where the share of requests is
// that of the pods behind the one Service.
func secondService(w workload.Workload) string {
	switch {
	case w.Strategy.BlueGreen != nil:
		return previewName(w)
	case w.TrafficProvider() == rollout.NoProvider:
		return ""
	default:
		return w.Name + canarySuffix
	}
}

// argoRouting is where requests go while no rollout is under way. The controller changes the shares.
func argoRouting(w workload.Workload) routing {
	r := newRouting(w)
	if w.Strategy.BlueGreen == nil {
		r.candidate, r.candidatePods = secondService(w), w.Name
	}
	return r
}

// argoStrategy says how the controller goes on. All that it has defaults for is written down, because its
// own let a quarter of the pods be missing.
func argoStrategy(w workload.Workload, d deploymentRollout) fields {
	s := *w.Strategy
	if b := s.BlueGreen; b != nil {
		blueGreen := fields{
			"activeService": w.Name, "previewService": secondService(w),
			"autoPromotionEnabled": *b.AutoPromotion, "scaleDownDelaySeconds": int64(*b.ScaleDownDelaySeconds),
		}
		if analysis := argoAnalysis(w); analysis != nil {
			blueGreen["prePromotionAnalysis"] = analysis
		}
		return fields{"blueGreen": blueGreen}
	}
	canary := fields{"maxSurge": d.Strategy.RollingUpdate.MaxSurge, "maxUnavailable": d.Strategy.RollingUpdate.MaxUnavailable}
	steps, routes, start := argoSteps(w)
	canary["steps"] = steps
	if second := secondService(w); second != "" {
		canary["stableService"], canary["canaryService"] = w.Name, second
		traffic := argoTraffic(w)
		if len(routes) > 0 {
			traffic["managedRoutes"] = routes
		}
		canary["trafficRouting"] = traffic
	}
	if analysis := argoAnalysis(w); analysis != nil {
		analysis["startingStep"] = start
		canary["analysis"] = analysis
	}
	return fields{"canary": canary}
}

// argoTraffic says by what the controller splits requests.
//
// Source: argoproj/argo-rollouts@v1.10.1 pkg/apis/rollouts/v1alpha1/types.go RolloutTrafficRouting.
func argoTraffic(w workload.Workload) fields {
	switch w.TrafficProvider() {
	case rollout.Istio:
		return fields{"istio": fields{"virtualService": fields{"name": w.Name, "routes": list{mainRoute}}}}
	case rollout.Nginx:
		return fields{"nginx": fields{"stableIngress": w.Name}}
	case rollout.Traefik:
		return fields{"traefik": fields{"weightedTraefikServiceName": w.Name}}
	case rollout.AppMesh:
		return fields{"appMesh": fields{
			"virtualService":   fields{"name": w.Name, "routes": list{mainRoute}},
			"virtualNodeGroup": fields{"stableVirtualNodeRef": fields{"name": w.Name}, "canaryVirtualNodeRef": fields{"name": w.Name + canarySuffix}},
		}}
	default: // the Gateway API, and Linkerd by it
		route := fields{"name": w.Name}
		if w.Strategy.ABTest != nil {
			route["useHeaderRoutes"] = true
		}
		return fields{"plugins": fields{gatewayPlugin: fields{"namespace": w.Namespace, "httpRoutes": list{route}}}}
	}
}

// argoSteps returns the steps, the routes that they make, and the first step on which the next version
// gets requests.
func argoSteps(w workload.Workload) (steps, routes list, start int64) {
	var a rollout.Analysis
	if w.Analysis != nil {
		a = *w.Analysis
	}
	pause := func(seconds int64) fields {
		return fields{"pause": fields{"duration": strconv.FormatInt(seconds, 10) + "s"}}
	}
	if t := w.Strategy.ABTest; t != nil {
		// As many pods as the stable version has: how many requests match is not known.
		steps = list{fields{"setCanaryScale": fields{"weight": int64(100)}}}
		for i, m := range t.Match {
			name := w.Name + "-match-" + strconv.Itoa(i+1)
			header, exact, expression := condition(m)
			value := fields{"exact": exact}
			if expression != "" {
				value = fields{"regex": expression}
			}
			routes = append(routes, fields{"name": name})
			// Of the conditions in one step the Gateway API's plugin wants all to hold, so each has its own.
			steps = append(steps, fields{"setHeaderRoute": fields{"name": name, "match": list{fields{"headerName": strings.ToLower(header), "headerValue": value}}}})
		}
		return append(steps, pause(int64(*t.Checks)*int64(a.Interval()))), routes, int64(len(steps))
	}
	c := w.Strategy.Canary
	start = 1
	if c.MirrorPercent != nil && w.Traffic != nil {
		name := w.Name + "-mirror"
		prefix := newRouting(w).prefix()
		routes = append(routes, fields{"name": name})
		steps = append(
			steps,
			fields{"setCanaryScale": fields{"weight": int64(*c.MirrorPercent)}},
			fields{"setMirrorRoute": fields{"name": name, "percentage": int64(*c.MirrorPercent), "match": list{fields{"path": fields{"prefix": prefix}}}}},
			pause(int64(a.Interval())),
			fields{"setMirrorRoute": fields{"name": name}},
			fields{"setCanaryScale": fields{"matchTrafficWeight": true}},
		)
		start = 2
	}
	for _, weight := range c.Steps {
		steps = append(steps, fields{"setWeight": int64(weight)})
		switch {
		case c.Manual != nil && *c.Manual:
			steps = append(steps, fields{"pause": fields{}})
		case c.PauseSeconds != nil:
			steps = append(steps, pause(int64(*c.PauseSeconds)))
		default:
			steps = append(steps, pause(int64(a.Interval())))
		}
	}
	return steps, routes, start
}
