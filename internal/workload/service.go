package workload

// Service is the Service in front of the pods; its ports are the containers'.
//
// Which options fit which type follows kubernetes@v1.36.1 pkg/apis/core/validation
// validateService. An option that is left out is not written, so that Kubernetes' default holds.
type Service struct {
	// Enabled false asks for none; nil is true where a container has a port.
	Enabled *bool `json:"enabled,omitempty"`
	// Type is ClusterIP, NodePort or LoadBalancer; nil is ClusterIP.
	Type        *string           `json:"type,omitempty"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`

	// ClusterIP is the Service's own address, or None for a headless Service, whose name
	// resolves to the addresses of the pods; nil is an address of the cluster's choice.
	ClusterIP *string `json:"cluster_ip,omitempty"`
	// PublishNotReadyAddresses true makes pods known before they are ready; nil is false.
	PublishNotReadyAddresses *bool `json:"publish_not_ready_addresses,omitempty"`

	// InternalTrafficPolicy is Cluster or Local (pods of the caller's node alone); nil is Cluster.
	InternalTrafficPolicy *string `json:"internal_traffic_policy,omitempty"`
	// TrafficDistribution is PreferClose, PreferSameZone or PreferSameNode; nil is no preference.
	TrafficDistribution *string `json:"traffic_distribution,omitempty"`
	// SessionAffinity is None or ClientIP; nil is None. The time-out, in seconds, is 1 to
	// 86400; nil is 10800.
	SessionAffinity               *string `json:"session_affinity,omitempty"`
	SessionAffinityTimeoutSeconds *int32  `json:"session_affinity_timeout_seconds,omitempty"`

	// IPFamilyPolicy is SingleStack, PreferDualStack or RequireDualStack; nil is SingleStack.
	IPFamilyPolicy *string `json:"ip_family_policy,omitempty"`
	// IPFamilies are IPv4 and IPv6 in the wanted order; nil is the cluster's order.
	IPFamilies []string `json:"ip_families,omitempty"`

	// ExternalTrafficPolicy is Cluster or Local (keeps the client's address), for NodePort
	// and LoadBalancer; nil is Cluster.
	ExternalTrafficPolicy *string `json:"external_traffic_policy,omitempty"`

	// The options of a LoadBalancer. LoadBalancerClass picks an implementation that is not the
	// cluster's default, LoadBalancerSourceRanges the clients that it admits (nil is any).
	LoadBalancerClass        *string  `json:"load_balancer_class,omitempty"`
	LoadBalancerSourceRanges []string `json:"load_balancer_source_ranges,omitempty"`
	// AllocateLoadBalancerNodePorts false spares the node ports where the load balancer
	// reaches pods directly; nil is true.
	AllocateLoadBalancerNodePorts *bool `json:"allocate_load_balancer_node_ports,omitempty"`
	// HealthCheckNodePort is where nodes say whether they run a pod, with the external
	// traffic policy Local; nil is a port of the cluster's choice.
	HealthCheckNodePort *int32 `json:"health_check_node_port,omitempty"`
}
