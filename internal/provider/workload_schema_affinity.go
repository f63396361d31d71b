package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

func affinityAttribute() schema.SingleNestedAttribute {
	return object("Nodes that the pods run on, and other pods that they are near to or far from. Default is a preference for nodes without a pod of the workload.", attributes{
		"node_affinity": object("Nodes by their labels. Default is all nodes.", attributes{
			"required":  objectList("Alternatives, of which a node must fulfil one. Default is none.", nodeTermAttributes()),
			"preferred": objectList("Preferences, whose weights add up for each node. Default is none.", weighted(nodeTermAttributes())),
		}),
		"pod_affinity":      object("Pods to be near to. Default is none.", podAffinityAttributes()),
		"pod_anti_affinity": object("Pods to be far from. It replaces the default, a preference for nodes without a pod of the workload.", podAffinityAttributes()),
	})
}

func weighted(term attributes) attributes {
	maps.Copy(term, attributes{"weight": requiredInteger("Weight of the preference, 1 to 100.")})
	return term
}

func nodeTermAttributes() attributes {
	requirement := func(key, operators string) attributes {
		return attributes{
			"key":      requiredText(key),
			"operator": requiredText("Comparison: " + operators + "."),
			"values":   texts("Values to compare with; none for `Exists` and `DoesNotExist`. Default is none."),
		}
	}
	return attributes{
		"match_expressions": objectList("Requirements on the node's labels, which must all hold. Default is none.",
			requirement("Label of the node.", "`In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`")),
		"match_fields": objectList("Requirements on the node's name, which must all hold. Default is none.",
			requirement("Field of the node: `metadata.name`.", "`In` or `NotIn`")),
	}
}

func podAffinityAttributes() attributes {
	return attributes{
		"required":  objectList("Places must fulfil all of these. Default is none.", podTermAttributes()),
		"preferred": objectList("Preferences, whose weights add up for each place. Default is none.", weighted(podTermAttributes())),
	}
}

func podTermAttributes() attributes {
	return attributes{
		"topology_key":        requiredText("Node label whose values are the places, such as `kubernetes.io/hostname`."),
		"pod_labels":          textMap("Labels of the other pods. Default, without `pod_expressions` as well, is the workload's own pods."),
		"pod_expressions":     expressionsAttribute("Requirements on the other pods' labels that equality cannot say. Default is none."),
		"namespaces":          texts("Names of the other pods' namespaces. Default, without `namespace_labels` as well, is the workload's own."),
		"namespace_labels":    textMap("Labels of the other pods' namespaces; `{}` is every namespace. Default is none."),
		"match_label_keys":    texts("Labels of which the other pods must have the same value as the pod that is placed, such as `pod-template-hash`. Default is none."),
		"mismatch_label_keys": texts("Labels of which the other pods must have another value. Default is none."),
	}
}
