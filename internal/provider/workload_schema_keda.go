package provider

import "github.com/hashicorp/terraform-plugin-framework/resource/schema"

func kedaAttribute() schema.SingleNestedAttribute {
	return object("Makes a ScaledObject (keda.sh/v1alpha1) in place of a HorizontalPodAutoscaler, for the events that KEDA knows and for no pods at all while there are none. "+
		"`cpu_utilization` and `memory_utilization` become triggers; `metrics` must not be set. Default is none.", attributes{
		"triggers": objectMap("Sources of events, each under a name of your choice. Default is `cpu_utilization` and `memory_utilization` alone.", triggerAttributes()),
		"polling_interval_seconds": integer("Seconds between two looks at the sources while KEDA itself decides, 1 or more: with `min_replicas = 0`, `idle_replica_count`, or cached metrics. " +
			"Default is KEDA's, `30`."),
		"cooldown_period_seconds":           integer("Seconds without events before the last pods go. Needs `min_replicas = 0` or `idle_replica_count`. Default is KEDA's, `300`."),
		"initial_cooldown_period_seconds":   integer("Seconds that a new ScaledObject waits before the last pods may go. Needs `min_replicas = 0` or `idle_replica_count`. Default is KEDA's, `0`."),
		"idle_replica_count":                integer("Number of pods while there are no events, below `min_replicas`; KEDA knows `0` alone. Default is `min_replicas`."),
		"restore_to_original_replica_count": flag("Whether the number of pods is set back to what it was when the ScaledObject is deleted. Default is `false`."),
		"fallback": object("What holds while sources cannot be asked. Default is the number of pods that there is.", attributes{
			"failure_threshold": requiredInteger("Failures in a row that count, 0 or more."),
			"replicas":          requiredInteger("Number of pods, 0 or more."),
			"behavior": text("How the number is used: `static`, `currentReplicas`, `currentReplicasIfHigher`, `currentReplicasIfLower` or `scalingModifiers`. " +
				"Default is KEDA's, `static`."),
		}),
		"scaling_modifiers": object("Computes one metric from several triggers. Default is none: the trigger that asks for the most pods counts.", attributes{
			"formula":           requiredText("Expression over the names of the triggers, such as `(queue + backlog) / 2`."),
			"target":            requiredText("Number that the result is held to."),
			"activation_target": text("Number above which there is work at all. Default is KEDA's, `\"0\"`."),
			"metric_type":       text("Kind of target: `AverageValue` or `Value`. Default is KEDA's, `AverageValue`."),
		}),
	})
}

func triggerAttributes() attributes {
	return attributes{
		"type": requiredText("Name of KEDA's scaler, such as `kafka` or `prometheus`."),
		"metadata": schema.MapAttribute{
			Required: true, ElementType: textElement,
			MarkdownDescription: "What the scaler asks for, by its own names. Credentials do not belong here: use `authentication_ref`.",
		},
		"metric_type":        text("Kind of target: `AverageValue`, `Value`, or `Utilization` for the types `cpu` and `memory`. Default is the scaler's own."),
		"use_cached_metrics": flag("Whether the autoscaler is answered from the last poll, which spares the source. Default is `false`."),
		"authentication_ref": object("Object that leads KEDA to credentials. Default is none.", attributes{
			"name": requiredText("Name of the object."),
			"kind": text("Kind of the object: `TriggerAuthentication` or `ClusterTriggerAuthentication`. Default is `TriggerAuthentication`."),
		}),
	}
}

func verticalAutoscalingAttribute() schema.SingleNestedAttribute {
	return object("VerticalPodAutoscaler (autoscaling.k8s.io/v1) that recommends requests and changes nothing (`updateMode: Off`): read its status and write the numbers into `resources`. "+
		"`{}` recommends for every container. Default is none.", attributes{
		"containers": objectMap("Bounds by the name of a container; `*` is every other one. Default is no bounds.", attributes{
			"mode":                 text("Whether there is a recommendation: `Auto` or `Off`. Default is `Auto`."),
			"min_allowed":          textMap("Lower bounds as quantities, for `cpu` and `memory`. Default is none."),
			"max_allowed":          textMap("Upper bounds as quantities, for `cpu` and `memory`. Default is none."),
			"controlled_resources": texts("Resources that are recommended: `cpu`, `memory`. Default is both."),
		}),
	})
}
