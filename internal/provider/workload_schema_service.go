package provider

func serviceAttributes() attributes {
	return attributes{
		"enabled":     flag("Whether a Service is made. Default is `true` where a container declares a port."),
		"type":        text("Type of the Service: `ClusterIP`, `NodePort` or `LoadBalancer`. Default is `ClusterIP`; the others need an exception."),
		"labels":      textMap("Labels of the Service, in addition to `labels`."),
		"annotations": textMap("Annotations of the Service, in addition to `annotations`."),

		"cluster_ip": text("Address of the Service within the cluster's range, or `None` for a headless Service, whose name resolves to the addresses of the pods. " +
			"It cannot be changed later. Default is an address of the cluster's choice."),
		"publish_not_ready_addresses": flag("Whether pods can be found before they are ready, as members of a store that form a cluster need. Default is `false`."),
		"internal_traffic_policy":     text("Which pods callers inside of the cluster reach: `Cluster`, or `Local` for those on the caller's node alone. Default is `Cluster`."),
		"traffic_distribution": text("Which pods are preferred: `PreferClose` and `PreferSameZone` those in the caller's zone, `PreferSameNode` those on its node. " +
			"The latter two need Kubernetes 1.34. Default is no preference."),
		"session_affinity":                 text("Whether a client comes back to the same pod: `None`, or `ClientIP`. Default is `None`."),
		"session_affinity_timeout_seconds": integer("Seconds without a connection after which a client may be given another pod, 1 to 86400. Default is `10800` with `session_affinity = \"ClientIP\"`."),
		"ip_family_policy":                 text("Number of address families: `SingleStack`, `PreferDualStack` or `RequireDualStack`. Default is `SingleStack`."),
		"ip_families":                      texts("Address families, `IPv4` and `IPv6`, in the wanted order: one for `SingleStack`, both otherwise. Default is the cluster's."),

		"external_traffic_policy": text("Which pods traffic from outside goes to: `Cluster`, or `Local` for those on the node where it arrives, which keeps the client's address. " +
			"For `NodePort` and `LoadBalancer`. Default is `Cluster`."),
		"load_balancer_class":               text("Implementation of the load balancer, such as `service.k8s.aws/nlb`; it cannot be changed later. For `LoadBalancer`. Default is the cluster's own."),
		"load_balancer_source_ranges":       texts("Address ranges of the clients that the load balancer admits. For `LoadBalancer`. Default is any address."),
		"allocate_load_balancer_node_ports": flag("Whether the load balancer gets a port on every node; `false` suits those that reach pods directly. For `LoadBalancer`. Default is `true`."),
		"health_check_node_port": integer("Port on which each node tells whether it runs a pod, 1 to 65535; it cannot be changed later. For `LoadBalancer` with `external_traffic_policy = \"Local\"`. " +
			"Default is a port of the cluster's choice."),
	}
}
