package render

import (
	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newDaemonSet(w workload.Workload) (daemonSetValues, error) {
	strategy, err := newDaemonSetStrategy(*w.Strategy)
	if err != nil {
		return daemonSetValues{}, err
	}
	pod, err := newPod(w)
	if err != nil {
		return daemonSetValues{}, err
	}
	return daemonSetValues{
		Metadata: newOwnerMetadata(w),
		Selector: w.Selector(),
		Rollout: daemonSetRollout{
			MinReadySeconds:      *w.MinReadySeconds,
			RevisionHistoryLimit: *w.RevisionHistoryLimit,
			UpdateStrategy:       strategy,
		},
		Pod: pod,
	}, nil
}

func newDaemonSetStrategy(s rollout.Strategy) (appsv1.DaemonSetUpdateStrategy, error) {
	if s.Rolling == nil {
		return appsv1.DaemonSetUpdateStrategy{Type: appsv1.OnDeleteDaemonSetStrategyType}, nil
	}
	surge, err := intOrString(s.Rolling.MaxSurge)
	if err != nil {
		return appsv1.DaemonSetUpdateStrategy{}, err
	}
	unavailable, err := intOrString(s.Rolling.MaxUnavailable)
	if err != nil {
		return appsv1.DaemonSetUpdateStrategy{}, err
	}
	return appsv1.DaemonSetUpdateStrategy{
		Type:          appsv1.RollingUpdateDaemonSetStrategyType,
		RollingUpdate: &appsv1.RollingUpdateDaemonSet{MaxSurge: surge, MaxUnavailable: unavailable},
	}, nil
}
