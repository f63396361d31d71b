//go:build cluster

package clustertest_test

import (
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// of makes the workload one of another kind and changes it further.
func of(kind workload.Kind, changes ...func(*workload.Workload)) func(*workload.Workload) {
	return func(w *workload.Workload) {
		w.Kind = kind
		for _, change := range changes {
			change(w)
		}
	}
}

func strategy(s rollout.Strategy) func(*workload.Workload) {
	return func(w *workload.Workload) { w.Strategy = &s }
}

func partition(from int32) func(*workload.Workload) {
	return strategy(rollout.Strategy{Rolling: &rollout.Rolling{Partition: &from}})
}

// noEffect is why we refuse what a kind does not have and nothing would be made of.
const noEffect = "the kind has nothing like it, so it could have no effect"

// otherStrategy is why we refuse a strategy that the kind does not have.
const otherStrategy = "only strategies that the kind has can be rendered; the API server refuses the others"

// kindRejections are about what a kind has, and what it has not.
var kindRejections = map[string]rejection{
	"DaemonSet of some replicas":     {change: of(workload.DaemonSet, func(w *workload.Workload) { w.Replicas = new(int32(3)) }), stricter: noEffect},
	"DaemonSet's deadline":           {change: of(workload.DaemonSet, func(w *workload.Workload) { w.ProgressDeadlineSeconds = new(int32(60)) }), stricter: noEffect},
	"StatefulSet's deadline":         {change: of(workload.StatefulSet, func(w *workload.Workload) { w.ProgressDeadlineSeconds = new(int32(60)) }), stricter: noEffect},
	"DaemonSet's spread":             {change: of(workload.DaemonSet, spread(workload.TopologySpread{TopologyKey: zone})), stricter: "the pods are spread by themselves"},
	"DaemonSet's share for a budget": {change: of(workload.DaemonSet, budget(workload.DisruptionBudget{MinAvailable: new(rollout.Quantity("50%"))})), stricter: "the disruption controller cannot count it, so no pod could ever be evicted"},
	"DaemonSet's unavailable pods":   {change: of(workload.DaemonSet, budget(workload.DisruptionBudget{MaxUnavailable: new(rollout.Quantity("1"))})), stricter: "the disruption controller cannot count it, so no pod could ever be evicted"},
	"DaemonSet's autoscaler":         {change: of(workload.DaemonSet, scaling(func(*workload.Autoscaling) {})), stricter: "a DaemonSet cannot be scaled: the autoscaler would only report an error"},
	"DaemonSet surges and drops":     {change: of(workload.DaemonSet, rolling("1", "1")), api: "spec.updateStrategy.rollingUpdate.maxSurge"},
	"DaemonSet neither":              {change: of(workload.DaemonSet, rolling("0", "0")), api: "spec.updateStrategy.rollingUpdate"},
	"DaemonSet surges over 100%":     {change: of(workload.DaemonSet, rolling("101%", "0")), api: "spec.updateStrategy.rollingUpdate.maxSurge"},
	"DaemonSet recreated":            {change: of(workload.DaemonSet, strategy(rollout.Strategy{Recreate: &rollout.Recreate{}})), stricter: otherStrategy},
	"StatefulSet recreated":          {change: of(workload.StatefulSet, strategy(rollout.Strategy{Recreate: &rollout.Recreate{}})), stricter: otherStrategy},
	"StatefulSet surging":            {change: of(workload.StatefulSet, rolling("1", "1")), stricter: noEffect},
	"StatefulSet's partition":        {change: of(workload.StatefulSet, partition(-1)), api: "spec.updateStrategy.rollingUpdate.partition"},
	"StatefulSet with a long name":   {change: of(workload.StatefulSet, func(w *workload.Workload) { w.Name = strings.Repeat("w", 53) }), stricter: "its pods could not be created: a label of theirs would be too long"},
	"Deployment on delete":           {change: strategy(rollout.Strategy{OnDelete: &rollout.OnDelete{}}), stricter: otherStrategy},
	"Deployment in parts":            {change: partition(1), stricter: noEffect},
	"DaemonSet's history":            {change: of(workload.DaemonSet, func(w *workload.Workload) { w.RevisionHistoryLimit = new(int32(-1)) }), api: "spec.revisionHistoryLimit"},
	"claim without storage":          {change: withClaim(workload.VolumeClaim{Storage: "0"}), api: "spec.volumeClaimTemplates[0].spec.resources[storage]"},
	"claim's access mode":            {change: withClaim(workload.VolumeClaim{Storage: "1Gi", AccessModes: []string{"Sometimes"}}), api: "spec.volumeClaimTemplates[0].spec.accessModes"},
	"claim's access modes together":  {change: withClaim(workload.VolumeClaim{Storage: "1Gi", AccessModes: []string{"ReadWriteOncePod", "ReadWriteMany"}}), api: "spec.volumeClaimTemplates[0].spec.accessModes"},
	"claim's class":                  {change: withClaim(workload.VolumeClaim{Storage: "1Gi", StorageClassName: new("Fast")}), api: "spec.volumeClaimTemplates[0].spec.storageClassName"},
	"claim's attributes":             {change: withClaim(workload.VolumeClaim{Storage: "1Gi", VolumeAttributesClassName: new("Gold")}), api: "spec.volumeClaimTemplates[0].spec.volumeAttributesClassName"},
	"StatefulSet's order":            {change: of(workload.StatefulSet, func(w *workload.Workload) { w.PodManagementPolicy = new("Random") }), api: "spec.podManagementPolicy"},
	"StatefulSet's numbers":          {change: of(workload.StatefulSet, func(w *workload.Workload) { w.Ordinals = &workload.Ordinals{Start: new(int32(-1))} }), api: "spec.ordinals.start"},
	"StatefulSet's retention": {change: withClaim(workload.VolumeClaim{Storage: "1Gi"}, func(w *workload.Workload) {
		w.PersistentVolumeClaimRetentionPolicy = &workload.ClaimRetention{WhenDeleted: new("Keep")}
	}), api: "spec.persistentVolumeClaimRetentionPolicy.whenDeleted"},
	"StatefulSet's history": {change: of(workload.StatefulSet, func(w *workload.Workload) { w.RevisionHistoryLimit = new(int32(-1)) }), stricter: "no number of revisions is negative; of a Deployment the API server refuses it"},
}
