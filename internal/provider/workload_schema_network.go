package provider

import "github.com/hashicorp/terraform-plugin-framework/resource/schema"

func workloadNetworkAttributes() attributes {
	return attributes{
		"service": object("Service in front of the pods. Its ports are the containers'.", attributes{
			"enabled":     flag("Whether a Service is made. Default is `true` where a container declares a port."),
			"type":        text("Type of the Service: `ClusterIP`, `NodePort` or `LoadBalancer`. Default is `ClusterIP`; the others need an exception."),
			"labels":      textMap("Labels of the Service, in addition to `labels`."),
			"annotations": textMap("Annotations of the Service, in addition to `annotations`."),
		}),
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
			"port":     requiredInteger("Number of the port, 1 to 65535."),
			"protocol": text("Protocol of the port: `TCP`, `UDP` or `SCTP`. Default is `TCP`."),
		}),
	}
}

func peerAttributes() attributes {
	return attributes{
		"namespace_labels": textMap("Labels of the peers' namespaces; an empty map is every namespace. Default is the workload's own namespace, when `pod_labels` is set."),
		"pod_labels":       textMap("Labels of the peers. Default is all pods of the namespaces."),
		"cidr":             text("Address range, such as `10.0.0.0/8`, in place of labels."),
		"except":           texts("Ranges within `cidr` that are left out. Default is none."),
	}
}
