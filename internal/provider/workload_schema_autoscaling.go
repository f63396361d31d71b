package provider

import "github.com/hashicorp/terraform-plugin-framework/resource/schema"

func autoscalingAttribute() schema.SingleNestedAttribute {
	return object("HorizontalPodAutoscaler (autoscaling/v2) of a Deployment or StatefulSet, or a ScaledObject of KEDA. Default is none. At least one target is set.", attributes{
		"min_replicas":       requiredInteger("Smallest number of pods. 0 needs `keda`, or Kubernetes 1.37 and an object or external metric."),
		"max_replicas":       requiredInteger("Largest number of pods."),
		"cpu_utilization":    integer("Target in percent of the CPU request, averaged over the pods. Every container needs a CPU request. Default is none."),
		"memory_utilization": integer("Target in percent of the memory request, averaged over the pods. Every container needs a memory request. Default is none."),
		"metrics": objectMap("Further targets, each under a name of your choice. The target that asks for the most pods counts. Exactly one kind is set in each. Default is none.", attributes{
			"resource":           object("Resource of the pods, over all containers.", resourceMetricAttributes()),
			"container_resource": object("Resource of one container of each pod.", containerResourceMetricAttributes()),
			"pods":               object("Metric that every pod has, from the custom metrics API.", podsMetricAttributes()),
			"object":             object("Metric of another object in the namespace, from the custom metrics API.", objectMetricAttributes()),
			"external":           object("Metric from outside of the cluster, from the external metrics API.", externalMetricAttributes()),
		}),
		"keda": kedaAttribute(),
		"behavior": object("Limits on the speed of scaling.", attributes{
			"scale_up":   scalingRulesAttribute("Rules for scaling up.", "`0`", "100 percent or 4 pods in 15 seconds"),
			"scale_down": scalingRulesAttribute("Rules for scaling down.", "`300`", "100 percent in 15 seconds"),
		}),
	})
}

func resourceMetricAttributes() attributes {
	return attributes{
		"name":                requiredText("Name of the resource, such as `cpu`."),
		"average_utilization": integer("Target in percent of the request, averaged over the pods. Exactly one of the targets is set."),
		"average_value":       text("Target as a quantity, averaged over the pods, such as `\"500m\"`. Exactly one of the targets is set."),
	}
}

func containerResourceMetricAttributes() attributes {
	a := resourceMetricAttributes()
	a["container"] = requiredText("Name of the container.")
	return a
}

// metricAttributes identify a metric.
func metricAttributes() attributes {
	return attributes{
		"name":              requiredText("Name of the metric."),
		"match_labels":      textMap("Labels of the metric's series. Default is all series."),
		"match_expressions": expressionsAttribute("Requirements on the labels of the metric's series that equality cannot say. Default is none."),
	}
}

func podsMetricAttributes() attributes {
	a := metricAttributes()
	a["average_value"] = requiredText("Target as a quantity, averaged over the pods.")
	return a
}

func externalMetricAttributes() attributes {
	a := metricAttributes()
	a["value"] = text("Target of the metric as a quantity. Exactly one of the targets is set.")
	a["average_value"] = text("Target of the metric divided by the number of pods, as a quantity. Exactly one of the targets is set.")
	return a
}

func objectMetricAttributes() attributes {
	a := externalMetricAttributes()
	a["described_object"] = schema.SingleNestedAttribute{
		Required:            true,
		MarkdownDescription: "Object that has the metric.",
		Attributes: attributes{
			"api_version": text("API version of the object, such as `networking.k8s.io/v1`. Default is `v1`."),
			"kind":        requiredText("Kind of the object, such as `Ingress`."),
			"name":        requiredText("Name of the object."),
		},
	}
	return a
}

func scalingRulesAttribute(description, window, policies string) schema.SingleNestedAttribute {
	return object(description, attributes{
		"stabilization_window_seconds": integer("Seconds of past recommendations that count, 0 to 3600. Default is " + window + "."),
		"select_policy":                text("Which policy decides: `Max`, `Min`, or `Disabled` to forbid this direction. Default is `Max`."),
		"tolerance":                    text("Deviation from the target that changes nothing, as a share, such as `\"0.05\"`. Needs Kubernetes 1.35. Default is the cluster's, `\"0.1\"`."),
		"policies": objectList("Largest changes. Default is "+policies+".", attributes{
			"type":           requiredText("Unit of `value`: `Pods` or `Percent`."),
			"value":          requiredInteger("Largest change in `period_seconds`, 1 or more."),
			"period_seconds": requiredInteger("Seconds that the change is counted over, 1 to 1800."),
		}),
	})
}
