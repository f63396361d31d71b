package provider

import "github.com/hashicorp/terraform-plugin-framework/resource/schema"

func workloadNetworkAttributes() attributes {
	return attributes{
		"service": object("Service in front of the pods. Its ports are the containers'.", serviceAttributes()),
		"service_account": object("Identity of the pods towards the API server.", attributes{
			"create":          flag("Whether an account is made for the workload. Default is `true`; `false` uses the account called `name`."),
			"name":            text("Name of the account. Default is the workload's name."),
			"annotations":     textMap("Annotations of the account, in addition to `annotations`, such as the IAM role of a cloud."),
			"automount_token": flag("Whether pods get a token for the API server. Default is `false`."),
		}),
		"network_policy": object("NetworkPolicy for both directions. By default anyone may reach the declared ports, and the pods may reach DNS and the cluster's own pods, nothing else.", attributes{
			"enabled":              flag("Whether a policy is made. Default is `true`."),
			"ingress":              objectList("Who may connect. Default is anyone, to the declared ports; an empty list admits nobody.", ingressAttributes()),
			"egress":               objectList("What the pods may reach in addition to DNS and the cluster's own pods. Default is nothing.", egressAttributes()),
			"allow_cluster_egress": flag("Whether the pods may reach every pod of the cluster. Default is `true`."),
		}),
	}
}

func ingressAttributes() attributes {
	return attributes{
		"from":  objectList("Peers that may connect. Default is anyone.", peerAttributes()),
		"ports": texts("Names or numbers of declared ports. Default is all of them."),
	}
}

func egressAttributes() attributes {
	return attributes{
		"to": schema.ListNestedAttribute{
			Required:            true,
			MarkdownDescription: "Peers that may be reached.",
			NestedObject:        schema.NestedAttributeObject{Attributes: peerAttributes()},
		},
		"ports": objectList("Ports of the peers. Default is all of them.", attributes{
			"port":     integer("Number of the port, 1 to 65535, or of the first port of a range. Exactly one of `port` and `name` is set, or `protocol` alone for all of its ports."),
			"end_port": integer("Number of the last port of a range that `port` begins. Default is no range."),
			"name":     text("Name of the port in the pods that are called, in place of a number. Default is none."),
			"protocol": text("Protocol of the port: `TCP`, `UDP` or `SCTP`. Default is `TCP`."),
		}),
	}
}

func peerAttributes() attributes {
	return attributes{
		"namespace":             text("Name of one namespace, in place of labels (it selects the label `kubernetes.io/metadata.name`). Default is the workload's own namespace, when pods are selected."),
		"namespace_labels":      textMap("Labels of the peers' namespaces; an empty map is every namespace. Default is the workload's own namespace, when pods are selected."),
		"namespace_expressions": expressionsAttribute("Requirements on the namespaces' labels that equality cannot say. They hold together with `namespace_labels`. Default is none."),
		"pod_labels":            textMap("Labels of the peers. Default is all pods of the namespaces."),
		"pod_expressions":       expressionsAttribute("Requirements on the pods' labels that equality cannot say. They hold together with `pod_labels`. Default is none."),
		"cidr":                  text("Address range, such as `10.0.0.0/8`, in place of labels."),
		"except":                texts("Ranges within `cidr` that are left out. Default is none."),
	}
}

func expressionsAttribute(description string) schema.ListNestedAttribute {
	return objectList(description, attributes{
		"key":      requiredText("Key of the label."),
		"operator": requiredText("How the label is compared: `In`, `NotIn`, `Exists` or `DoesNotExist`."),
		"values":   texts("Values of the label, for `In` and `NotIn` alone."),
	})
}
