package render

import (
	"maps"
	"slices"
	"strconv"

	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// longestScaledName is the length up to which KEDA's own name for its
// HorizontalPodAutoscaler, keda-hpa- and the ScaledObject's, is a label value.
// Source: github.com/kedacore/keda/v2@v2.21.0 apis/keda/v1alpha1/scaledobject_webhook.go verifyName.
const longestScaledName = 63 - len(kedaPrefix)

// kedaPrefix begins the names of KEDA's HorizontalPodAutoscalers.
const kedaPrefix = "keda-hpa-"

// scaledObjectValues are the fields of a ScaledObject (keda.sh/v1alpha1).
//
// Source of the types: github.com/kedacore/keda/v2@v2.21.0 apis/keda/v1alpha1.
type scaledObjectValues struct {
	Metadata         metadataValues    `json:"metadata"`
	ScaleTargetRef   scaleTarget       `json:"scaleTargetRef"`
	Scale            scaleLimits       `json:"scale"`
	Advanced         scaledAdvanced    `json:"advanced"`
	ScalingModifiers *scalingModifiers `json:"scalingModifiers"`
	Triggers         []scaledTrigger   `json:"triggers"`
}

type scaleTarget struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
}

// scaleLimits holds the numbers of a ScaledObjectSpec.
type scaleLimits struct {
	MinReplicaCount       int32           `json:"minReplicaCount"`
	MaxReplicaCount       int32           `json:"maxReplicaCount"`
	IdleReplicaCount      *int32          `json:"idleReplicaCount,omitempty"`
	PollingInterval       *int32          `json:"pollingInterval,omitempty"`
	CooldownPeriod        *int32          `json:"cooldownPeriod,omitempty"`
	InitialCooldownPeriod *int32          `json:"initialCooldownPeriod,omitempty"`
	Fallback              *scaledFallback `json:"fallback,omitempty"`
}

type scaledFallback struct {
	FailureThreshold int32   `json:"failureThreshold"`
	Replicas         int32   `json:"replicas"`
	Behavior         *string `json:"behavior,omitempty"`
}

type scaledAdvanced struct {
	RestoreToOriginalReplicaCount *bool                `json:"restoreToOriginalReplicaCount,omitempty"`
	HorizontalPodAutoscalerConfig horizontalAutoscaler `json:"horizontalPodAutoscalerConfig"`
}

type horizontalAutoscaler struct {
	Name     *string                                       `json:"name,omitempty"`
	Behavior autoscalingv2.HorizontalPodAutoscalerBehavior `json:"behavior"`
}

type scalingModifiers struct {
	Formula          string  `json:"formula"`
	Target           string  `json:"target"`
	ActivationTarget *string `json:"activationTarget,omitempty"`
	MetricType       *string `json:"metricType,omitempty"`
}

type scaledTrigger struct {
	Name              string                `json:"name"`
	Type              string                `json:"type"`
	MetricType        *string               `json:"metricType,omitempty"`
	UseCachedMetrics  *bool                 `json:"useCachedMetrics,omitempty"`
	Metadata          map[string]string     `json:"metadata"`
	AuthenticationRef *scaledAuthentication `json:"authenticationRef,omitempty"`
}

type scaledAuthentication struct {
	Name string  `json:"name"`
	Kind *string `json:"kind,omitempty"`
}

func newScaledObject(w workload.Workload) (scaledObjectValues, error) {
	a, k := w.Autoscaling, w.Autoscaling.KEDA
	behavior, err := newBehavior(*a.Behavior)
	if err != nil {
		return scaledObjectValues{}, err
	}
	scaled := scaledObjectValues{
		Metadata:       newMetadata(w),
		ScaleTargetRef: scaleTarget{APIVersion: "apps/v1", Kind: string(w.Kind), Name: w.Name},
		Scale: scaleLimits{
			MinReplicaCount:       a.MinReplicas,
			MaxReplicaCount:       a.MaxReplicas,
			IdleReplicaCount:      k.IdleReplicaCount,
			PollingInterval:       k.PollingIntervalSeconds,
			CooldownPeriod:        k.CooldownPeriodSeconds,
			InitialCooldownPeriod: k.InitialCooldownPeriodSeconds,
		},
		Advanced: scaledAdvanced{
			RestoreToOriginalReplicaCount: k.RestoreToOriginalReplicaCount,
			HorizontalPodAutoscalerConfig: horizontalAutoscaler{Behavior: behavior},
		},
		Triggers: newTriggers(*a),
	}
	if len(w.Name) > longestScaledName {
		scaled.Advanced.HorizontalPodAutoscalerConfig.Name = &w.Name
	}
	if f := k.Fallback; f != nil {
		scaled.Scale.Fallback = &scaledFallback{FailureThreshold: f.FailureThreshold, Replicas: f.Replicas, Behavior: f.Behavior}
	}
	if m := k.ScalingModifiers; m != nil {
		scaled.ScalingModifiers = &scalingModifiers{Formula: m.Formula, Target: m.Target, ActivationTarget: m.ActivationTarget, MetricType: m.MetricType}
	}
	return scaled, nil
}

// newTriggers returns the triggers for CPU and memory, and then those with names, by name.
func newTriggers(a workload.Autoscaling) []scaledTrigger {
	triggers := []scaledTrigger{}
	for _, share := range []struct {
		name        string
		utilization *int32
	}{{"cpu", a.CPUUtilization}, {"memory", a.MemoryUtilization}} {
		if share.utilization != nil {
			triggers = append(triggers, scaledTrigger{
				Name: share.name, Type: share.name, MetricType: new("Utilization"),
				Metadata: map[string]string{"value": strconv.Itoa(int(*share.utilization))},
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.KEDA.Triggers)) {
		t := a.KEDA.Triggers[name]
		trigger := scaledTrigger{Name: name, Type: t.Type, MetricType: t.MetricType, UseCachedMetrics: t.UseCachedMetrics, Metadata: merged(t.Metadata)}
		if ref := t.AuthenticationRef; ref != nil {
			trigger.AuthenticationRef = &scaledAuthentication{Name: ref.Name, Kind: ref.Kind}
		}
		triggers = append(triggers, trigger)
	}
	return triggers
}
