package workload

// PodSecurityContext is the security context of the pod; what it leaves nil is hardened.
type PodSecurityContext struct {
	// RunAsUser and RunAsGroup are numeric; nil is 65532, the nonroot user of distroless images.
	RunAsUser    *int64 `json:"run_as_user,omitempty"`
	RunAsGroup   *int64 `json:"run_as_group,omitempty"`
	RunAsNonRoot *bool  `json:"run_as_non_root,omitempty"`
	// FSGroup owns the pod's volumes; nil sets none.
	FSGroup            *int64  `json:"fs_group,omitempty"`
	SupplementalGroups []int64 `json:"supplemental_groups,omitempty"`
	// SeccompProfile is RuntimeDefault, Unconfined, or the path of a profile on the node
	// ("localhost/profiles/audit.json"); nil is RuntimeDefault.
	SeccompProfile *string `json:"seccomp_profile,omitempty"`
}

// TopologySpread spreads the workload's pods over the values of a node label.
type TopologySpread struct {
	TopologyKey string `json:"topology_key"`
	// MaxSkew is the largest allowed difference in pods between two domains; nil is 1.
	MaxSkew *int32 `json:"max_skew,omitempty"`
	// WhenUnsatisfiable is ScheduleAnyway or DoNotSchedule; nil is ScheduleAnyway.
	WhenUnsatisfiable *string `json:"when_unsatisfiable,omitempty"`
	// MinDomains is how many domains must exist; only with DoNotSchedule.
	MinDomains *int32 `json:"min_domains,omitempty"`
}

// Toleration lets the pods onto nodes with a matching taint.
type Toleration struct {
	// Key is the taint's key; nil with operator Exists tolerates every taint.
	Key *string `json:"key,omitempty"`
	// Operator is Exists or Equal; nil is Equal.
	Operator *string `json:"operator,omitempty"`
	Value    *string `json:"value,omitempty"`
	// Effect is NoSchedule, PreferNoSchedule or NoExecute; nil is all.
	Effect *string `json:"effect,omitempty"`
	// TolerationSeconds limits how long a NoExecute taint is tolerated; nil is for ever.
	TolerationSeconds *int64 `json:"toleration_seconds,omitempty"`
}
