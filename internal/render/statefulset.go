package render

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newStatefulSet(w workload.Workload) (statefulSetValues, error) {
	strategy, err := newStatefulSetStrategy(*w.Strategy)
	if err != nil {
		return statefulSetValues{}, err
	}
	pod, err := newPod(w)
	if err != nil {
		return statefulSetValues{}, err
	}
	return statefulSetValues{
		Metadata: newOwnerMetadata(w),
		Selector: w.Selector(),
		Rollout: statefulSetRollout{
			Replicas:             w.Replicas,
			ServiceName:          w.HeadlessServiceName(),
			MinReadySeconds:      *w.MinReadySeconds,
			RevisionHistoryLimit: *w.RevisionHistoryLimit,
			UpdateStrategy:       strategy,
		},
		Pod: pod,
	}, nil
}

func newStatefulSetStrategy(s rollout.Strategy) (appsv1.StatefulSetUpdateStrategy, error) {
	if s.Rolling == nil {
		return appsv1.StatefulSetUpdateStrategy{Type: appsv1.OnDeleteStatefulSetStrategyType}, nil
	}
	unavailable, err := intOrString(s.Rolling.MaxUnavailable)
	if err != nil {
		return appsv1.StatefulSetUpdateStrategy{}, err
	}
	return appsv1.StatefulSetUpdateStrategy{
		Type: appsv1.RollingUpdateStatefulSetStrategyType,
		RollingUpdate: &appsv1.RollingUpdateStatefulSetStrategy{
			Partition: s.Rolling.Partition, MaxUnavailable: unavailable,
		},
	}, nil
}

// newHeadlessService returns the Service that gives the pods of a StatefulSet their host
// names. It lists pods that are not ready too: the members of a cluster must find each
// other before they can be. Clients use the Service of the workload's own name.
func newHeadlessService(w workload.Workload) serviceValues {
	metadata := newMetadata(w)
	metadata.Name = w.HeadlessServiceName()
	ports := newServicePorts(w)
	for i := range ports {
		ports[i].NodePort = 0 // there is none without an address
	}
	return serviceValues{
		Metadata: metadata,
		Selector: w.Selector(),
		Type:     string(corev1.ServiceTypeClusterIP),
		Ports:    ports,
		Options:  serviceOptions{ClusterIP: new(corev1.ClusterIPNone), PublishNotReadyAddresses: new(true)},
	}
}
