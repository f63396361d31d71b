package workload

// Service is the Service in front of the pods; its ports are the containers'.
type Service struct {
	// Enabled false asks for none; nil is true where a container has a port.
	Enabled *bool `json:"enabled,omitempty"`
	// Type is ClusterIP, NodePort or LoadBalancer; nil is ClusterIP.
	Type        *string           `json:"type,omitempty"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// ServiceAccount is the identity of the pods towards the API server.
type ServiceAccount struct {
	// Create false uses an account made elsewhere; nil is true.
	Create *bool `json:"create,omitempty"`
	// Name is the account's name; nil is the workload's.
	Name        *string           `json:"name,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	// AutomountToken true mounts a token for the API server; nil is false.
	AutomountToken *bool `json:"automount_token,omitempty"`
}

// NetworkPolicy says who may reach the pods and whom they may reach.
type NetworkPolicy struct {
	// Enabled false asks for none; nil is true.
	Enabled *bool `json:"enabled,omitempty"`
	// Ingress lists who may connect; nil is anyone, to the declared ports. An empty list admits nobody.
	Ingress []IngressRule `json:"ingress,omitempty"`
	// Egress lists what may be reached in addition to DNS and the cluster's own pods.
	Egress []EgressRule `json:"egress,omitempty"`
	// AllowClusterEgress false withdraws the permission to reach every pod of the cluster; nil is true.
	AllowClusterEgress *bool `json:"allow_cluster_egress,omitempty"`
}

// IngressRule admits peers to ports.
type IngressRule struct {
	// From is who may connect; nil is anyone.
	From []Peer `json:"from,omitempty"`
	// Ports are the names or numbers of declared ports; nil is all of them.
	Ports []string `json:"ports,omitempty"`
}

// EgressRule permits connections to peers on ports.
type EgressRule struct {
	// To is whom the pods may reach; it is never empty.
	To []Peer `json:"to"`
	// Ports are the destination's ports; nil is all of them.
	Ports []PeerPort `json:"ports,omitempty"`
}

// Peer is the other side of a connection: pods, by namespace and labels, or a CIDR.
type Peer struct {
	// NamespaceLabels selects namespaces; an empty map is every namespace, nil is the workload's own.
	NamespaceLabels map[string]string `json:"namespace_labels,omitempty"`
	// PodLabels selects pods in those namespaces; nil is all.
	PodLabels map[string]string `json:"pod_labels,omitempty"`
	// CIDR is an address range; Except lists ranges within it that are left out.
	CIDR   *string  `json:"cidr,omitempty"`
	Except []string `json:"except,omitempty"`
}

// PeerPort is a port of a destination.
type PeerPort struct {
	Port int32 `json:"port"`
	// Protocol is TCP, UDP or SCTP; nil is TCP.
	Protocol *string `json:"protocol,omitempty"`
}
