package render

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

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
	claims, err := newClaims(w)
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
			PodManagementPolicy:  *w.PodManagementPolicy,
			Ordinals:             newOrdinals(w.Ordinals),
			PersistentVolumeClaimRetentionPolicy: appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy{
				WhenDeleted: appsv1.PersistentVolumeClaimRetentionPolicyType(*w.PersistentVolumeClaimRetentionPolicy.WhenDeleted),
				WhenScaled:  appsv1.PersistentVolumeClaimRetentionPolicyType(*w.PersistentVolumeClaimRetentionPolicy.WhenScaled),
			},
		},
		Pod:    pod,
		Claims: claims,
	}, nil
}

func newOrdinals(o *workload.Ordinals) *appsv1.StatefulSetOrdinals {
	if o == nil || o.Start == nil || *o.Start == 0 {
		return nil // the API's type would not write it
	}
	return &appsv1.StatefulSetOrdinals{Start: *o.Start}
}

// newClaims returns the claims by name, with the labels of the workload that never change:
// the API server refuses every change of a claim template.
func newClaims(w workload.Workload) ([]claimValues, error) {
	claims := []claimValues{}
	for _, name := range sortedKeys(w.VolumeClaims) {
		v := w.VolumeClaims[name]
		size, err := newQuantity(&v.Storage)
		if err != nil {
			return nil, fmt.Errorf("claim %q: %w", name, err)
		}
		var modes []corev1.PersistentVolumeAccessMode
		for _, mode := range v.AccessModes {
			modes = append(modes, corev1.PersistentVolumeAccessMode(mode))
		}
		claims = append(claims, claimValues{
			Metadata: metav1.ObjectMeta{Name: name, Labels: merged(v.Labels, w.IdentityLabels()), Annotations: v.Annotations},
			Spec: corev1.PersistentVolumeClaimSpec{
				AccessModes:               modes,
				StorageClassName:          v.StorageClassName,
				VolumeAttributesClassName: v.VolumeAttributesClassName,
				VolumeMode:                new(corev1.PersistentVolumeFilesystem),
				Resources:                 corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: *size}},
			},
		})
	}
	return claims, nil
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
