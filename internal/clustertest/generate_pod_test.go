//go:build cluster

package clustertest_test

import (
	"cmp"
	"maps"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// scalingParts are how many pods there are, and how many may be missing.
var scalingParts = []part{
	func(g generator, w *workload.Workload) { w.Replicas = maybe[int32](g, 0, 1, 2, 5, 7) },
	func(g generator, w *workload.Workload) {
		low := int32(1 + g.IntN(4))
		w.Autoscaling = maybe(g, workload.Autoscaling{
			MinReplicas: low, MaxReplicas: low + int32(g.IntN(20)),
			CPUUtilization: new(pick[int32](g, 1, 50, 100, 250)), MemoryUtilization: maybe[int32](g, 80),
			Behavior: g.behavior(),
		})
	},
	func(g generator, w *workload.Workload) {
		if !g.chance(2) {
			return
		}
		w.DisruptionBudget = &workload.DisruptionBudget{Enabled: maybe(g, true, false), UnhealthyPodEvictionPolicy: maybe(g, "AlwaysAllow", "IfHealthyBudget")}
		switch g.IntN(3) {
		case 0:
			w.DisruptionBudget.MaxUnavailable = new(pick[rollout.Quantity](g, "1", "2", "34%", "100%", "0"))
		case 1:
			w.DisruptionBudget.MinAvailable = new(pick[rollout.Quantity](g, "1", "50%", "67%", "0"))
		default:
		}
	},
}

func (g generator) behavior() *workload.Behavior {
	if !g.chance(2) {
		return nil
	}
	rules := func() *workload.ScalingRules {
		if g.chance(3) {
			return nil
		}
		r := &workload.ScalingRules{StabilizationWindowSeconds: maybe[int32](g, 0, 60, 3600), SelectPolicy: maybe(g, "Max", "Min", "Disabled")}
		for range g.IntN(3) {
			r.Policies = append(r.Policies, workload.ScalingPolicy{
				Type: pick(g, "Pods", "Percent"), Value: pick[int32](g, 1, 100, 1000), PeriodSeconds: pick[int32](g, 1, 60, 1800),
			})
		}
		return r
	}
	return &workload.Behavior{ScaleUp: rules(), ScaleDown: rules()}
}

// placementParts are where pods may run, and as whom.
var placementParts = []part{
	func(g generator, w *workload.Workload) {
		w.PriorityClassName = maybe(g, "important", "a.b.c", "system-cluster-critical")
	},
	func(g generator, w *workload.Workload) { w.RuntimeClassName = maybe(g, "gvisor", "kata.v2") },
	func(g generator, w *workload.Workload) {
		w.NodeSelector = pick(g, nil, nil, nil, map[string]string{"kubernetes.io/arch": "arm64"}, map[string]string{"disk": "ssd", "example.com/pool": ""})
	},
	func(g generator, w *workload.Workload) {
		w.ImagePullSecrets = pick(g, nil, nil, []string{"registry"}, []string{"registry", "another.registry"})
	},
	func(g generator, w *workload.Workload) {
		w.Tolerations = append(w.Tolerations, pick(g,
			workload.Toleration{Operator: new("Exists")},
			workload.Toleration{Key: new("dedicated"), Value: maybe(g, "", "shop"), Effect: maybe(g, "NoSchedule", "PreferNoSchedule", "NoExecute")},
			workload.Toleration{Key: new("example.com/taint"), Operator: new("Exists"), Effect: new("NoExecute"), TolerationSeconds: maybe[int64](g, -1, 0, 300)},
			workload.Toleration{Key: new("dedicated"), Operator: new("Equal"), Value: new("1")},
		))
	},
	func(g generator, w *workload.Workload) {
		w.TopologySpread = pick(g, nil, []workload.TopologySpread{},
			[]workload.TopologySpread{{TopologyKey: "kubernetes.io/hostname", MaxSkew: maybe[int32](g, 1, 2, 100)}},
			[]workload.TopologySpread{
				{TopologyKey: "topology.kubernetes.io/zone", WhenUnsatisfiable: new("DoNotSchedule"), MinDomains: maybe[int32](g, 1, 3)},
				{TopologyKey: "topology.kubernetes.io/zone", WhenUnsatisfiable: maybe(g, "ScheduleAnyway")},
				{TopologyKey: "topology.kubernetes.io/region", MaxSkew: maybe[int32](g, 5)},
			})
	},
	func(g generator, w *workload.Workload) {
		w.SecurityContext = maybe(g, workload.PodSecurityContext{
			RunAsUser: maybe[int64](g, 1, 1000680000), RunAsGroup: maybe[int64](g, 0, 1000680000), RunAsNonRoot: maybe(g, true),
			FSGroup: maybe[int64](g, 0, 20, 1<<31-1), SupplementalGroups: pick(g, nil, []int64{0, 20}),
			SeccompProfile: maybe(g, "RuntimeDefault", "localhost/profiles/audit.json", "Unconfined"),
		})
	},
}
