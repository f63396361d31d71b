package render

import (
	"fmt"
	"maps"
	"slices"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// addAutoscaler adds what changes the number of pods.
func (v *values) addAutoscaler(w workload.Workload) error {
	if w.Autoscaling.KEDA != nil {
		scaled, err := newScaledObject(w)
		if err != nil {
			return err
		}
		v.ScaledObjects = append(v.ScaledObjects, scaled)
		return nil
	}
	scaler, err := newAutoscaler(w)
	if err != nil {
		return err
	}
	v.HorizontalPodAutoscalers = append(v.HorizontalPodAutoscalers, scaler)
	return nil
}

func newAutoscaler(w workload.Workload) (autoscalerValues, error) {
	metrics, err := newMetrics(*w.Autoscaling)
	if err != nil {
		return autoscalerValues{}, err
	}
	behavior, err := newBehavior(*w.Autoscaling.Behavior)
	if err != nil {
		return autoscalerValues{}, err
	}
	return autoscalerValues{
		Metadata:       newMetadata(w),
		ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: string(w.Kind), Name: w.Name},
		MinReplicas:    w.Autoscaling.MinReplicas,
		MaxReplicas:    w.Autoscaling.MaxReplicas,
		Metrics:        metrics,
		Behavior:       behavior,
	}, nil
}

// newMetrics returns the targets for CPU and memory, and then those with names, by name.
func newMetrics(a workload.Autoscaling) ([]autoscalingv2.MetricSpec, error) {
	metrics := []autoscalingv2.MetricSpec{}
	for _, share := range []struct {
		resource    corev1.ResourceName
		utilization *int32
	}{{corev1.ResourceCPU, a.CPUUtilization}, {corev1.ResourceMemory, a.MemoryUtilization}} {
		if share.utilization != nil {
			metrics = append(metrics, autoscalingv2.MetricSpec{
				Type:     autoscalingv2.ResourceMetricSourceType,
				Resource: &autoscalingv2.ResourceMetricSource{Name: share.resource, Target: utilizationTarget(share.utilization)},
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Metrics)) {
		metric, err := newMetric(a.Metrics[name])
		if err != nil {
			return nil, fmt.Errorf("metric %q: %w", name, err)
		}
		metrics = append(metrics, metric)
	}
	return metrics, nil
}

func newMetric(m workload.Metric) (autoscalingv2.MetricSpec, error) {
	switch {
	case m.Resource != nil:
		target, err := resourceTarget(m.Resource.AverageUtilization, m.Resource.AverageValue)
		return autoscalingv2.MetricSpec{Type: autoscalingv2.ResourceMetricSourceType, Resource: &autoscalingv2.ResourceMetricSource{
			Name: corev1.ResourceName(m.Resource.Name), Target: target,
		}}, err
	case m.ContainerResource != nil:
		target, err := resourceTarget(m.ContainerResource.AverageUtilization, m.ContainerResource.AverageValue)
		return autoscalingv2.MetricSpec{Type: autoscalingv2.ContainerResourceMetricSourceType, ContainerResource: &autoscalingv2.ContainerResourceMetricSource{
			Name: corev1.ResourceName(m.ContainerResource.Name), Container: m.ContainerResource.Container, Target: target,
		}}, err
	case m.Pods != nil:
		target, err := valueTarget(nil, &m.Pods.AverageValue)
		return autoscalingv2.MetricSpec{Type: autoscalingv2.PodsMetricSourceType, Pods: &autoscalingv2.PodsMetricSource{
			Metric: newMetricIdentifier(m.Pods.Name, m.Pods.MatchLabels, m.Pods.MatchExpressions), Target: target,
		}}, err
	case m.Object != nil:
		target, err := valueTarget(m.Object.Value, m.Object.AverageValue)
		return autoscalingv2.MetricSpec{Type: autoscalingv2.ObjectMetricSourceType, Object: &autoscalingv2.ObjectMetricSource{
			Metric:          newMetricIdentifier(m.Object.Name, m.Object.MatchLabels, m.Object.MatchExpressions),
			DescribedObject: newDescribedObject(m.Object.DescribedObject),
			Target:          target,
		}}, err
	case m.External != nil:
		target, err := valueTarget(m.External.Value, m.External.AverageValue)
		return autoscalingv2.MetricSpec{Type: autoscalingv2.ExternalMetricSourceType, External: &autoscalingv2.ExternalMetricSource{
			Metric: newMetricIdentifier(m.External.Name, m.External.MatchLabels, m.External.MatchExpressions), Target: target,
		}}, err
	default: // only in a description that is not complete
		return autoscalingv2.MetricSpec{}, nil
	}
}

func newMetricIdentifier(name string, labels map[string]string, expressions []workload.LabelExpression) autoscalingv2.MetricIdentifier {
	return autoscalingv2.MetricIdentifier{Name: name, Selector: labelSelector(labels, expressions)}
}

func newDescribedObject(o workload.DescribedObject) autoscalingv2.CrossVersionObjectReference {
	version := "v1"
	if o.APIVersion != nil {
		version = *o.APIVersion
	}
	return autoscalingv2.CrossVersionObjectReference{APIVersion: version, Kind: o.Kind, Name: o.Name}
}

func utilizationTarget(percent *int32) autoscalingv2.MetricTarget {
	return autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: percent}
}

func resourceTarget(percent *int32, average *string) (autoscalingv2.MetricTarget, error) {
	if percent != nil {
		return utilizationTarget(percent), nil
	}
	return valueTarget(nil, average)
}

func valueTarget(value, average *string) (autoscalingv2.MetricTarget, error) {
	if value != nil {
		quantity, err := newQuantity(value)
		return autoscalingv2.MetricTarget{Type: autoscalingv2.ValueMetricType, Value: quantity}, err
	}
	quantity, err := newQuantity(average)
	return autoscalingv2.MetricTarget{Type: autoscalingv2.AverageValueMetricType, AverageValue: quantity}, err
}

// newQuantity parses an optional quantity.
func newQuantity(text *string) (*resource.Quantity, error) {
	if text == nil {
		return nil, nil
	}
	quantity, err := resource.ParseQuantity(*text)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", *text, err)
	}
	return &quantity, nil
}

func newBehavior(b workload.Behavior) (autoscalingv2.HorizontalPodAutoscalerBehavior, error) {
	up, err := newScalingRules(b.ScaleUp)
	if err != nil {
		return autoscalingv2.HorizontalPodAutoscalerBehavior{}, err
	}
	down, err := newScalingRules(b.ScaleDown)
	return autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleUp: up, ScaleDown: down}, err
}

func newScalingRules(r *workload.ScalingRules) (*autoscalingv2.HPAScalingRules, error) {
	tolerance, err := newQuantity(r.Tolerance)
	rules := &autoscalingv2.HPAScalingRules{
		StabilizationWindowSeconds: r.StabilizationWindowSeconds,
		SelectPolicy:               (*autoscalingv2.ScalingPolicySelect)(r.SelectPolicy),
		Tolerance:                  tolerance,
	}
	for _, policy := range r.Policies {
		rules.Policies = append(rules.Policies, autoscalingv2.HPAScalingPolicy{
			Type: autoscalingv2.HPAScalingPolicyType(policy.Type), Value: policy.Value, PeriodSeconds: policy.PeriodSeconds,
		})
	}
	return rules, err
}
