package provider

import "github.com/hashicorp/terraform-plugin-framework/types"

// textElement is the element type of lists of strings.
var textElement = types.StringType

func workloadScalingAttributes() attributes {
	return attributes{
		"replicas":             integer("Number of pods. Default is 3; with `autoscaling` it is left to the autoscaler and must not be set. A DaemonSet has none."),
		"autoscaling":          autoscalingAttribute(),
		"vertical_autoscaling": verticalAutoscalingAttribute(),
		"disruption_budget": object("PodDisruptionBudget (policy/v1): how many pods a drain may evict at a time. At most one of `max_unavailable` and `min_available` is set. "+
			"A DaemonSet has one only if you set `min_available` to a number of pods: nothing else can be counted for it, and a drain leaves its pods alone.", attributes{
			"enabled":         flag("Whether a budget is made. Default is `true` where there is more than one replica, and where this block is written."),
			"max_unavailable": text("Pods, or percent of the pods, that may be missing. Default is `\"1\"`, unless `min_available` is set."),
			"min_available":   text("Pods, or percent of the pods, that must remain. Default is none."),
			"unhealthy_pod_eviction_policy": text("Whether pods that are not ready may always be evicted: `AlwaysAllow`, or `IfHealthyBudget` for quorum stores. " +
				"Default is `AlwaysAllow`."),
		}),
		"strategy":                  strategyAttribute(),
		"min_ready_seconds":         integer("Seconds that a new pod must be ready to count. Default is `0`."),
		"progress_deadline_seconds": integer("Seconds without progress after which the rollout of a Deployment has failed. Default is `600`. Only a Deployment has it."),
		"revision_history_limit":    integer("Number of old revisions kept to roll back to. Default is `10`."),
	}
}
