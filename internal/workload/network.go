package workload

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
	// Namespace is the name of one namespace, in place of its labels.
	Namespace *string `json:"namespace,omitempty"`
	// NamespaceLabels selects namespaces; an empty map is every namespace, nil is the workload's own.
	NamespaceLabels map[string]string `json:"namespace_labels,omitempty"`
	// NamespaceExpressions selects namespaces further; all must hold, together with the labels.
	NamespaceExpressions []LabelExpression `json:"namespace_expressions,omitempty"`
	// PodLabels selects pods in those namespaces; nil is all.
	PodLabels map[string]string `json:"pod_labels,omitempty"`
	// PodExpressions selects pods further; all must hold, together with the labels.
	PodExpressions []LabelExpression `json:"pod_expressions,omitempty"`
	// CIDR is an address range; Except lists ranges within it that are left out.
	CIDR   *string  `json:"cidr,omitempty"`
	Except []string `json:"except,omitempty"`
}

// LabelExpression is one requirement on a label, for what equality cannot say.
type LabelExpression struct {
	Key string `json:"key"`
	// Operator is In, NotIn, Exists or DoesNotExist.
	Operator string `json:"operator"`
	// Values belong to In and NotIn alone.
	Values []string `json:"values,omitempty"`
}

// PeerPort names ports of a destination: one, a range, one by its name, or all of a protocol.
type PeerPort struct {
	// Port is a number; EndPort makes it the first of a range.
	Port    *int32 `json:"port,omitempty"`
	EndPort *int32 `json:"end_port,omitempty"`
	// Name is the name of the port in the destination's pods, in place of a number.
	Name *string `json:"name,omitempty"`
	// Protocol is TCP, UDP or SCTP; nil is TCP.
	Protocol *string `json:"protocol,omitempty"`
}
