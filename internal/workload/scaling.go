package workload

import "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"

// Autoscaling is a HorizontalPodAutoscaler (autoscaling/v2), or a ScaledObject of KEDA.
type Autoscaling struct {
	// MinReplicas may be 0 where something other than the pods tells that there is work:
	// with KEDA, or with a metric of an object or from outside in versions that have that.
	MinReplicas int32 `json:"min_replicas"`
	MaxReplicas int32 `json:"max_replicas"`
	// CPUUtilization and MemoryUtilization are targets in percent of the request,
	// averaged over the pods.
	CPUUtilization    *int32 `json:"cpu_utilization,omitempty"`
	MemoryUtilization *int32 `json:"memory_utilization,omitempty"`
	// Metrics holds further targets by a name of the user's; the one that asks for most pods counts.
	Metrics map[string]Metric `json:"metrics,omitempty"`
	// KEDA makes a ScaledObject in place of a HorizontalPodAutoscaler; it excludes Metrics.
	KEDA *KEDA `json:"keda,omitempty"`
	// Behavior limits the speed of scaling; nil scales up at once and down over five minutes.
	Behavior *Behavior `json:"behavior,omitempty"`
}

// Behavior limits how fast the number of pods may change.
type Behavior struct {
	ScaleUp   *ScalingRules `json:"scale_up,omitempty"`
	ScaleDown *ScalingRules `json:"scale_down,omitempty"`
}

// ScalingRules limits one direction.
type ScalingRules struct {
	// StabilizationWindowSeconds is how long past recommendations count, 0 to 3600.
	StabilizationWindowSeconds *int32 `json:"stabilization_window_seconds,omitempty"`
	// SelectPolicy is Max, Min or Disabled; nil is Max.
	SelectPolicy *string         `json:"select_policy,omitempty"`
	Policies     []ScalingPolicy `json:"policies,omitempty"`
	// Tolerance is the deviation from the target that changes nothing, as a share ("0.05");
	// nil is the cluster's, 0.1.
	Tolerance *string `json:"tolerance,omitempty"`
}

// ScalingPolicy allows a change of Value pods, or percent of the pods, in PeriodSeconds (1 to 1800).
type ScalingPolicy struct {
	Type          string `json:"type"`
	Value         int32  `json:"value"`
	PeriodSeconds int32  `json:"period_seconds"`
}

// DisruptionBudget is a PodDisruptionBudget: how many pods voluntary evictions
// (drains) may take away. At most one of MaxUnavailable and MinAvailable is set.
type DisruptionBudget struct {
	// Enabled false asks for none; nil is true where there is more than one replica.
	Enabled        *bool             `json:"enabled,omitempty"`
	MaxUnavailable *rollout.Quantity `json:"max_unavailable,omitempty"`
	MinAvailable   *rollout.Quantity `json:"min_available,omitempty"`
	// UnhealthyPodEvictionPolicy is AlwaysAllow or IfHealthyBudget; nil is AlwaysAllow.
	UnhealthyPodEvictionPolicy *string `json:"unhealthy_pod_eviction_policy,omitempty"`
}
