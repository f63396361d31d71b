package manifest

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// FixedFields returns what the API server refuses to change of an object that exists, by
// the path of the field; it is empty for kinds that can be changed throughout.
//
// Source: kubernetes@v1.36.1 pkg/apis/apps/validation ValidateStatefulSetUpdate and
// ValidateDaemonSetUpdate, pkg/registry/apps/deployment/strategy.go ValidateUpdate,
// pkg/apis/batch/validation ValidateJobSpecUpdate and validateCompletions,
// pkg/apis/core/validation ValidateServiceUpdate (a Service with an address can get no
// other, and none can become one without; one that says nothing keeps what it has) and
// ValidateConfigMapUpdate.
func FixedFields(m Manifest) map[string]any {
	switch o := m.Object.(type) {
	case *appsv1.Deployment:
		return map[string]any{"spec.selector": o.Spec.Selector}
	case *appsv1.DaemonSet:
		return map[string]any{"spec.selector": o.Spec.Selector}
	case *appsv1.StatefulSet:
		return map[string]any{
			"spec.selector":             o.Spec.Selector,
			"spec.serviceName":          o.Spec.ServiceName,
			"spec.podManagementPolicy":  o.Spec.PodManagementPolicy,
			"spec.volumeClaimTemplates": o.Spec.VolumeClaimTemplates,
		}
	case *batchv1.Job:
		return fixedOfJob(o)
	case *corev1.Service:
		if o.Spec.ClusterIP != "" {
			return map[string]any{"spec.clusterIP": o.Spec.ClusterIP}
		}
	case *corev1.ConfigMap:
		if o.Immutable != nil && *o.Immutable {
			return map[string]any{"data": o.Data, "binaryData": o.BinaryData}
		}
	}
	return nil
}

func fixedOfJob(job *batchv1.Job) map[string]any {
	return map[string]any{
		"spec.template":             job.Spec.Template,
		"spec.selector":             job.Spec.Selector,
		"spec.completionMode":       job.Spec.CompletionMode,
		"spec.podFailurePolicy":     job.Spec.PodFailurePolicy,
		"spec.backoffLimitPerIndex": job.Spec.BackoffLimitPerIndex,
		"spec.successPolicy":        job.Spec.SuccessPolicy,
		"spec.managedBy":            job.Spec.ManagedBy,
		"spec.completions":          job.Spec.Completions, // of an indexed Job only together with parallelism
	}
}

// RefusedChanges returns the fields in which an object differs from what it was before
// and that the API server refuses to change, sorted. It returns none where the two are
// not one object, because the name is another.
func RefusedChanges(before, after Manifest) []string {
	old, now := FixedFields(before), FixedFields(after)
	if before.Key != after.Key || nameOf(before) != nameOf(after) {
		return nil
	}
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if !sameJSON(old[name], now[name]) {
			changed = append(changed, name)
		}
	}
	return changed
}

// sameJSON compares as the API server gets the values.
func sameJSON(a, b any) bool {
	textA, errA := json.Marshal(a)
	textB, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(textA, textB)
}
