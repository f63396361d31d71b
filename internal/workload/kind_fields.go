package workload

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// kindField is an attribute that not every kind has.
type kindField struct {
	attribute string // written with dots
	kinds     []Kind
	set       func(w Workload) bool
}

// kindFields is the whole of what depends on the kind: an attribute that is not
// listed is one of every kind. What a kind does not have is an error where it is
// written, since it could have no effect.
//
// Source: the fields of kubernetes@v1.36.1 staging/src/k8s.io/api/{apps,batch}/v1/types.go, and
// for strategies pkg/apis/apps/validation ValidateDeploymentStrategy,
// ValidateDaemonSetUpdateStrategy and ValidateStatefulSetSpec.
func kindFields() []kindField {
	running := []Kind{Deployment, StatefulSet, DaemonSet}
	scaled := []Kind{Deployment, StatefulSet}
	finite := []Kind{Job, CronJob}
	return []kindField{
		{"replicas", scaled, func(w Workload) bool { return w.Replicas != nil }},
		{"autoscaling", scaled, func(w Workload) bool { return w.Autoscaling != nil }},
		// A Job runs once under a name that no recommendation would follow.
		{"vertical_autoscaling", slices.Concat(running, []Kind{CronJob}), func(w Workload) bool { return w.VerticalAutoscaling != nil }},
		{"disruption_budget", running, func(w Workload) bool { return w.DisruptionBudget != nil }},
		{"topology_spread", slices.Concat(scaled, finite), func(w Workload) bool { return w.TopologySpread != nil }},
		{"service", running, func(w Workload) bool { return w.Service != nil }},
		{"min_ready_seconds", running, func(w Workload) bool { return w.MinReadySeconds != nil }},
		{"progress_deadline_seconds", []Kind{Deployment}, func(w Workload) bool { return w.ProgressDeadlineSeconds != nil }},
		{"revision_history_limit", running, func(w Workload) bool { return w.RevisionHistoryLimit != nil }},
		{"volume_claims", []Kind{StatefulSet}, func(w Workload) bool { return w.VolumeClaims != nil }},
		{"pod_management_policy", []Kind{StatefulSet}, func(w Workload) bool { return w.PodManagementPolicy != nil }},
		{"ordinals", []Kind{StatefulSet}, func(w Workload) bool { return w.Ordinals != nil }},
		{"persistent_volume_claim_retention_policy", []Kind{StatefulSet}, func(w Workload) bool { return w.PersistentVolumeClaimRetentionPolicy != nil }},
		{"job", finite, func(w Workload) bool { return w.Job != nil }},
		{"cron", []Kind{CronJob}, func(w Workload) bool { return w.Cron != nil }},

		{"strategy", running, func(w Workload) bool { return w.Strategy != nil }},
		{"traffic", running, func(w Workload) bool { return w.Traffic != nil }},
		{"analysis", []Kind{Deployment}, func(w Workload) bool { return w.Analysis != nil }},
		{"strategy.engine", []Kind{Deployment}, func(w Workload) bool { return valueOf(w.Strategy).Engine != nil }},
		{"strategy.blue_green", []Kind{Deployment}, func(w Workload) bool { return valueOf(w.Strategy).BlueGreen != nil }},
		{"strategy.canary", []Kind{Deployment}, func(w Workload) bool { return valueOf(w.Strategy).Canary != nil }},
		{"strategy.ab_test", []Kind{Deployment}, func(w Workload) bool { return valueOf(w.Strategy).ABTest != nil }},
		{"strategy.webhooks", []Kind{Deployment}, func(w Workload) bool { return valueOf(w.Strategy).Webhooks != nil }},
		{"strategy.alerts", []Kind{Deployment}, func(w Workload) bool { return valueOf(w.Strategy).Alerts != nil }},
		{"strategy.recreate", []Kind{Deployment}, func(w Workload) bool { return valueOf(w.Strategy).Recreate != nil }},
		{"strategy.on_delete", []Kind{StatefulSet, DaemonSet}, func(w Workload) bool { return valueOf(w.Strategy).OnDelete != nil }},
		{"strategy.rolling.max_surge", []Kind{Deployment, DaemonSet}, func(w Workload) bool {
			return valueOf(valueOf(w.Strategy).Rolling).MaxSurge != nil
		}},
		{"strategy.rolling.partition", []Kind{StatefulSet}, func(w Workload) bool {
			return valueOf(valueOf(w.Strategy).Rolling).Partition != nil
		}},
	}
}

// Has reports whether workloads of the kind have an attribute, which is written with
// dots ("strategy.on_delete"). It is true for an attribute that depends on no kind.
func (k Kind) Has(attribute string) bool {
	for _, f := range kindFields() {
		within := f.attribute == attribute || strings.HasPrefix(attribute, f.attribute+".")
		if within && !slices.Contains(f.kinds, k) {
			return false
		}
	}
	return true
}

// validateKindFields refuses what the kind does not have.
func (w Workload) validateKindFields(c *checks) {
	if !slices.Contains(Kinds(), w.Kind) {
		return // said by validateIdentity
	}
	var refused []string
	for _, f := range kindFields() {
		inner := slices.ContainsFunc(refused, func(outer string) bool { return strings.HasPrefix(f.attribute, outer+".") })
		if inner || !f.set(w) || slices.Contains(f.kinds, w.Kind) {
			continue
		}
		refused = append(refused, f.attribute)
		var at field.Path
		for name := range strings.SplitSeq(f.attribute, ".") {
			at = at.Attr(name)
		}
		c.failResting(at, []field.Path{field.Root("kind")}, "is not something that a %s has, but %s: remove it", w.Kind, listKinds(f.kinds))
	}
	if !w.Kind.Runs() {
		w.validateFinite(c)
	}
}

// validateFinite refuses what containers that run to completion do not have: nothing
// sends them traffic, so there is no Service and nobody who waits until they are ready.
func (w Workload) validateFinite(c *checks) {
	kind := []field.Path{field.Root("kind")}
	for _, name := range w.ContainerNames() {
		at, container := field.Root("containers").Key(name), w.Containers[name]
		if container.ReadinessProbe != nil {
			c.failResting(at.Attr("readiness_probe"), kind, "has no meaning for a %s, to which nothing sends traffic: remove it", w.Kind)
		}
		for _, port := range sorted(container.Ports) {
			if container.Ports[port].ServicePort != nil {
				c.failResting(at.Attr("ports").Key(port).Attr("service_port"), kind, "is the port of a Service, which a %s does not have: remove it", w.Kind)
			}
		}
	}
}

// listKinds writes kinds as "a Deployment, StatefulSet or DaemonSet".
func listKinds(kinds []Kind) string {
	var names []string
	for _, kind := range kinds {
		names = append(names, string(kind))
	}
	last := len(names) - 1
	if last == 0 {
		return "a " + names[0]
	}
	return "a " + strings.Join(names[:last], ", ") + " or " + names[last]
}
