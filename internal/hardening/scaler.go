package hardening

import (
	"strconv"
	"strings"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// scaler is an object that changes the number of pods: a HorizontalPodAutoscaler, or
// what makes one. Its fields have the names of the object that the user wrote.
type scaler struct {
	place
	it *autoscalingv2.HorizontalPodAutoscaler
	// least, most, metrics and behavior are the names of the fields.
	least, most, metrics, behavior string
}

func newScaler(at place, o *autoscalingv2.HorizontalPodAutoscaler) scaler {
	return scaler{at, o, "spec.minReplicas", "spec.maxReplicas", "spec.metrics", "spec.behavior"}
}

// fieldName returns the name of a field of the spec.
func fieldName(at string) string { return strings.TrimPrefix(at, "spec.") }

// upgrade returns an autoscaling/v1 autoscaler as version 2, in what rules look at.
func upgrade(old *autoscalingv1.HorizontalPodAutoscaler) *autoscalingv2.HorizontalPodAutoscaler {
	scaler := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: old.ObjectMeta}
	scaler.Spec.ScaleTargetRef = autoscalingv2.CrossVersionObjectReference(old.Spec.ScaleTargetRef)
	scaler.Spec.MinReplicas, scaler.Spec.MaxReplicas = old.Spec.MinReplicas, old.Spec.MaxReplicas
	if percent := old.Spec.TargetCPUUtilizationPercentage; percent != nil {
		scaler.Spec.Metrics = []autoscalingv2.MetricSpec{{
			Type: autoscalingv2.ResourceMetricSourceType,
			Resource: &autoscalingv2.ResourceMetricSource{
				Name:   corev1.ResourceCPU,
				Target: autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: percent},
			},
		}}
	}
	return scaler
}

// scaledObject is what rules look at in a ScaledObject of KEDA.
// Source: github.com/kedacore/keda/v2@v2.21.0 apis/keda/v1alpha1/scaledobject_types.go.
type scaledObject struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		ScaleTargetRef  autoscalingv2.CrossVersionObjectReference `json:"scaleTargetRef"`
		MinReplicaCount int32                                     `json:"minReplicaCount"` // 0 by default
		MaxReplicaCount *int32                                    `json:"maxReplicaCount"`
		Advanced        struct {
			HorizontalPodAutoscalerConfig struct {
				Behavior *autoscalingv2.HorizontalPodAutoscalerBehavior `json:"behavior"`
			} `json:"horizontalPodAutoscalerConfig"`
		} `json:"advanced"`
		Triggers []struct {
			Type       string                         `json:"type"`
			MetricType autoscalingv2.MetricTargetType `json:"metricType"`
			Metadata   map[string]string              `json:"metadata"`
		} `json:"triggers"`
	} `json:"spec"`
}

const kedaGroup = "keda.sh"

// newKEDAScaler returns a ScaledObject as the autoscaler that KEDA makes of it, in what
// rules look at. It is false for anything else, and for a ScaledObject that KEDA could
// not read either.
func newKEDAScaler(at place, o *unstructured.Unstructured) (scaler, bool) {
	if kind := o.GroupVersionKind(); kind.Group != kedaGroup || kind.Kind != "ScaledObject" {
		return scaler{}, false
	}
	var scaled scaledObject
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, &scaled); err != nil {
		return scaler{}, false
	}
	made := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: scaled.ObjectMeta}
	made.Spec.ScaleTargetRef = scaled.Spec.ScaleTargetRef
	if ref := &made.Spec.ScaleTargetRef; ref.Kind == "" {
		ref.Kind, ref.APIVersion = "Deployment", "apps/v1"
	}
	made.Spec.MinReplicas = &scaled.Spec.MinReplicaCount
	made.Spec.Behavior = scaled.Spec.Advanced.HorizontalPodAutoscalerConfig.Behavior
	made.Spec.MaxReplicas = orDefault(scaled.Spec.MaxReplicaCount, 100)
	for _, trigger := range scaled.Spec.Triggers {
		if metric, is := shareOf(trigger.Type, trigger.MetricType, trigger.Metadata); is {
			made.Spec.Metrics = append(made.Spec.Metrics, metric)
		}
	}
	return scaler{at, made, "spec.minReplicaCount", "spec.maxReplicaCount", "spec.triggers", "spec.advanced.horizontalPodAutoscalerConfig.behavior"}, true
}

// shareOf returns a trigger over a share of the pods' requests as a metric.
// Source: github.com/kedacore/keda/v2@v2.21.0 pkg/scalers/cpu_memory_scaler.go.
func shareOf(kind string, target autoscalingv2.MetricTargetType, metadata map[string]string) (autoscalingv2.MetricSpec, bool) {
	if target == "" {
		target = autoscalingv2.MetricTargetType(metadata["type"]) // its old place
	}
	percent, err := strconv.ParseInt(metadata["value"], 10, 32)
	if kind != "cpu" && kind != "memory" || target != autoscalingv2.UtilizationMetricType || err != nil {
		return autoscalingv2.MetricSpec{}, false
	}
	goal := autoscalingv2.MetricTarget{Type: target, AverageUtilization: new(int32(percent))}
	if only := metadata["containerName"]; only != "" {
		return autoscalingv2.MetricSpec{ContainerResource: &autoscalingv2.ContainerResourceMetricSource{Name: corev1.ResourceName(kind), Container: only, Target: goal}}, true
	}
	return autoscalingv2.MetricSpec{Resource: &autoscalingv2.ResourceMetricSource{Name: corev1.ResourceName(kind), Target: goal}}, true
}
