package workload

// KEDA is what a ScaledObject (keda.sh/v1alpha1) says beyond an autoscaler: events from
// outside of the cluster, and no pods at all while there are none.
//
// Names, limits and meanings follow github.com/kedacore/keda/v2@v2.21.0
// apis/keda/v1alpha1. CPUUtilization and MemoryUtilization become triggers.
type KEDA struct {
	// Triggers holds the sources of events by a name of the user's.
	Triggers map[string]Trigger `json:"triggers,omitempty"`

	// PollingIntervalSeconds is how often sources are asked while KEDA itself decides; nil is 30.
	PollingIntervalSeconds *int32 `json:"polling_interval_seconds,omitempty"`
	// CooldownPeriodSeconds is how long sources must be quiet before the pods go; nil is 300.
	CooldownPeriodSeconds *int32 `json:"cooldown_period_seconds,omitempty"`
	// InitialCooldownPeriodSeconds is how long a new ScaledObject waits before that; nil is 0.
	InitialCooldownPeriodSeconds *int32 `json:"initial_cooldown_period_seconds,omitempty"`
	// IdleReplicaCount is the number of pods while sources are quiet, below min_replicas; it
	// can only be 0. Nil is min_replicas.
	IdleReplicaCount *int32 `json:"idle_replica_count,omitempty"`
	// RestoreToOriginalReplicaCount sets the number of pods back when the ScaledObject goes; nil is false.
	RestoreToOriginalReplicaCount *bool `json:"restore_to_original_replica_count,omitempty"`

	// Fallback is what holds while sources cannot be asked; nil is the number of pods there is.
	Fallback *Fallback `json:"fallback,omitempty"`
	// ScalingModifiers makes one metric of several; nil takes the one that asks for most pods.
	ScalingModifiers *ScalingModifiers `json:"scaling_modifiers,omitempty"`
}

// Trigger is one source of events.
type Trigger struct {
	// Type is the name of KEDA's scaler, such as kafka; Metadata is what that asks for. It
	// holds no secrets: those come through AuthenticationRef.
	Type     string            `json:"type"`
	Metadata map[string]string `json:"metadata"`
	// MetricType is AverageValue, Value or (cpu and memory alone) Utilization; nil is the scaler's own.
	MetricType *string `json:"metric_type,omitempty"`
	// UseCachedMetrics answers the autoscaler from the last poll; nil is false.
	UseCachedMetrics  *bool              `json:"use_cached_metrics,omitempty"`
	AuthenticationRef *AuthenticationRef `json:"authentication_ref,omitempty"`
}

// AuthenticationRef names the object that leads KEDA to credentials.
type AuthenticationRef struct {
	Name string `json:"name"`
	// Kind is TriggerAuthentication or ClusterTriggerAuthentication; nil is TriggerAuthentication.
	Kind *string `json:"kind,omitempty"`
}

// Fallback is the number of pods while sources cannot be asked.
type Fallback struct {
	// FailureThreshold is how many failures in a row count.
	FailureThreshold int32 `json:"failure_threshold"`
	Replicas         int32 `json:"replicas"`
	// Behavior is static, currentReplicas, currentReplicasIfHigher, currentReplicasIfLower or
	// scalingModifiers; nil is static.
	Behavior *string `json:"behavior,omitempty"`
}

// ScalingModifiers computes one metric from the triggers, which the formula knows by name.
type ScalingModifiers struct {
	Formula string `json:"formula"`
	// Target is what the result is held to, as a number.
	Target string `json:"target"`
	// ActivationTarget is above what there is work at all; nil is 0.
	ActivationTarget *string `json:"activation_target,omitempty"`
	// MetricType is AverageValue or Value; nil is AverageValue.
	MetricType *string `json:"metric_type,omitempty"`
}
