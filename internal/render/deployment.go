package render

import (
	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newDeployment(w workload.Workload) (deploymentValues, error) {
	strategy, err := newDeploymentStrategy(w.Strategy.DeploymentStrategy())
	if err != nil {
		return deploymentValues{}, err
	}
	pod, err := newPod(w)
	if err != nil {
		return deploymentValues{}, err
	}
	return deploymentValues{
		Metadata: newOwnerMetadata(w),
		Selector: w.Selector(),
		Rollout: deploymentRollout{
			Replicas:                w.Replicas,
			MinReadySeconds:         *w.MinReadySeconds,
			ProgressDeadlineSeconds: *w.ProgressDeadlineSeconds,
			RevisionHistoryLimit:    *w.RevisionHistoryLimit,
			Strategy:                strategy,
		},
		Pod: pod,
	}, nil
}

func newDeploymentStrategy(s rollout.Strategy) (appsv1.DeploymentStrategy, error) {
	if s.Rolling == nil {
		return appsv1.DeploymentStrategy{Type: appsv1.RecreateDeploymentStrategyType}, nil
	}
	surge, err := intOrString(s.Rolling.MaxSurge)
	if err != nil {
		return appsv1.DeploymentStrategy{}, err
	}
	unavailable, err := intOrString(s.Rolling.MaxUnavailable)
	if err != nil {
		return appsv1.DeploymentStrategy{}, err
	}
	return appsv1.DeploymentStrategy{
		Type:          appsv1.RollingUpdateDeploymentStrategyType,
		RollingUpdate: &appsv1.RollingUpdateDeployment{MaxSurge: surge, MaxUnavailable: unavailable},
	}, nil
}
