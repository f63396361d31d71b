package workload

// PodSecurityContext is the security context of the pod; what it leaves nil is hardened.
type PodSecurityContext struct {
	// RunAsUser and RunAsGroup are numeric; nil is 65532, the nonroot user of distroless images.
	RunAsUser    *int64 `json:"run_as_user,omitempty"`
	RunAsGroup   *int64 `json:"run_as_group,omitempty"`
	RunAsNonRoot *bool  `json:"run_as_non_root,omitempty"`
	// FSGroup owns the pod's volumes; nil is RunAsGroup where the pod has claims, and none elsewhere.
	FSGroup *int64 `json:"fs_group,omitempty"`
	// FSGroupChangePolicy is OnRootMismatch or Always; nil is OnRootMismatch where there is an FSGroup.
	FSGroupChangePolicy *string `json:"fs_group_change_policy,omitempty"`
	SupplementalGroups  []int64 `json:"supplemental_groups,omitempty"`
	// SupplementalGroupsPolicy is Merge, which adds the groups of the image's /etc/group, or Strict.
	SupplementalGroupsPolicy *string `json:"supplemental_groups_policy,omitempty"`
	// SeccompProfile is RuntimeDefault, Unconfined, or the path of a profile on the node
	// ("localhost/profiles/audit.json"); nil is RuntimeDefault.
	SeccompProfile *string `json:"seccomp_profile,omitempty"`
	// AppArmorProfile is RuntimeDefault, Unconfined, or "localhost/<name>"; nil is the runtime's choice.
	AppArmorProfile *string         `json:"app_armor_profile,omitempty"`
	SELinuxOptions  *SELinuxOptions `json:"selinux_options,omitempty"`
	// SELinuxChangePolicy is MountOption or Recursive; nil is the cluster's choice.
	SELinuxChangePolicy *string `json:"selinux_change_policy,omitempty"`
	// Sysctls are kernel settings of the pod by name.
	Sysctls map[string]string `json:"sysctls,omitempty"`
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
	// MatchLabelKeys are labels of which only pods with the same value are counted.
	MatchLabelKeys []string `json:"match_label_keys,omitempty"`
	// NodeAffinityPolicy and NodeTaintsPolicy are Honor or Ignore: whether nodes count on which the
	// pods may not run by their affinity, and by their tolerations. Nil is Honor and Ignore.
	NodeAffinityPolicy *string `json:"node_affinity_policy,omitempty"`
	NodeTaintsPolicy   *string `json:"node_taints_policy,omitempty"`
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
