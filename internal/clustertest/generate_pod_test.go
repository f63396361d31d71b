//go:build cluster

package clustertest_test

import (
	"cmp"
	"maps"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

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
			},
			[]workload.TopologySpread{{
				TopologyKey: "kubernetes.io/hostname", MatchLabelKeys: pick(g, nil, []string{"pod-template-hash"}, []string{"a.b/c", "d"}),
				NodeAffinityPolicy: maybe(g, "Honor", "Ignore"), NodeTaintsPolicy: maybe(g, "Honor", "Ignore"),
			}})
	},
	func(g generator, w *workload.Workload) {
		w.SecurityContext = maybe(g, workload.PodSecurityContext{
			RunAsUser: maybe[int64](g, 1, 1000680000), RunAsGroup: maybe[int64](g, 0, 1000680000), RunAsNonRoot: maybe(g, true),
			FSGroup: maybe[int64](g, 0, 20, 1<<31-1), SupplementalGroups: pick(g, nil, []int64{0, 20}),
			SeccompProfile: maybe(g, "RuntimeDefault", "localhost/profiles/audit.json", "Unconfined"),

			FSGroupChangePolicy: maybe(g, "OnRootMismatch", "Always"), SupplementalGroupsPolicy: maybe(g, "Merge", "Strict"),
			AppArmorProfile: g.appArmorProfile(), SELinuxOptions: g.seLinuxOptions(), SELinuxChangePolicy: maybe(g, "Recursive"),
			Sysctls: some(g, 2, func() (string, string) {
				return pick(g, "net.ipv4.tcp_syncookies", "kernel.shm_rmid_forced", "net/core/somaxconn"), pick(g, "0", "1")
			}),
		})
	},
}
