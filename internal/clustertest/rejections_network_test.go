//go:build cluster

package clustertest_test

import "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"

func service(s workload.Service) func(*workload.Workload) {
	return func(w *workload.Workload) { w.Service = &s }
}

func loadBalancer(s workload.Service) func(*workload.Workload) {
	s.Type = new("LoadBalancer")
	return service(s)
}

func peerPort(p workload.PeerPort) func(*workload.Workload) {
	return func(w *workload.Workload) {
		w.NetworkPolicy = &workload.NetworkPolicy{Egress: []workload.EgressRule{{To: []workload.Peer{{CIDR: new("::/0")}}, Ports: []workload.PeerPort{p}}}}
	}
}

func expression(e workload.LabelExpression) func(*workload.Workload) {
	return peer(workload.Peer{PodExpressions: []workload.LabelExpression{e}})
}

// networkRejections are about Services and network policies.
var networkRejections = map[string]rejection{
	// Addresses of a Service.
	"headless node port":       {change: service(workload.Service{Type: new("NodePort"), ClusterIP: new("None")}), api: "spec.clusterIPs[0]"},
	"address of a Service":     {change: service(workload.Service{ClusterIP: new("nowhere")}), api: "spec.clusterIPs[0]"},
	"address of other family":  {change: service(workload.Service{ClusterIP: new("10.0.0.9"), IPFamilies: []string{"IPv6"}}), api: "spec.clusterIPs[0]"},
	"family policy":            {change: service(workload.Service{IPFamilyPolicy: new("Dual")}), api: "spec.ipFamilyPolicy"},
	"family":                   {change: service(workload.Service{IPFamilies: []string{"IPv5"}}), api: "spec.ipFamilies[0]"},
	"family twice":             {change: service(workload.Service{IPFamilyPolicy: new("RequireDualStack"), IPFamilies: []string{"IPv4", "IPv4"}}), api: "spec.ipFamilies[1]"},
	"families without policy":  {change: service(workload.Service{IPFamilies: []string{"IPv4", "IPv6"}}), api: "spec.ipFamilyPolicy"},
	"families of single stack": {change: service(workload.Service{IPFamilyPolicy: new("SingleStack"), IPFamilies: []string{"IPv4", "IPv6"}}), api: "spec.ipFamilyPolicy"},
	"families empty":           {change: service(workload.Service{IPFamilies: []string{}}), stricter: "it says neither which families nor that there are none"},

	// Routing.
	"session affinity":            {change: service(workload.Service{SessionAffinity: new("Cookie")}), api: "spec.sessionAffinity"},
	"time-out without affinity":   {change: service(workload.Service{SessionAffinityTimeoutSeconds: new(int32(1))}), stricter: "without the affinity it has no effect"},
	"time-out zero":               {change: service(workload.Service{SessionAffinity: new("ClientIP"), SessionAffinityTimeoutSeconds: new(int32(0))}), api: "spec.sessionAffinityConfig.clientIP.timeoutSeconds"},
	"time-out too long":           {change: service(workload.Service{SessionAffinity: new("ClientIP"), SessionAffinityTimeoutSeconds: new(int32(86401))}), api: "spec.sessionAffinityConfig.clientIP.timeoutSeconds"},
	"internal policy":             {change: service(workload.Service{InternalTrafficPolicy: new("Node")}), api: "spec.internalTrafficPolicy"},
	"traffic distribution":        {change: service(workload.Service{TrafficDistribution: new("PreferFar")}), api: "spec.trafficDistribution"},
	"external policy":             {change: loadBalancer(workload.Service{ExternalTrafficPolicy: new("Node")}), api: "spec.externalTrafficPolicy"},
	"external policy inside":      {change: service(workload.Service{ExternalTrafficPolicy: new("Local")}), api: "spec.externalTrafficPolicy"},
	"distribution when headless":  {change: service(workload.Service{ClusterIP: new("None"), TrafficDistribution: new("PreferClose")}), stricter: "clients choose a pod themselves, so it has no effect"},
	"Service off, with an option": {change: service(workload.Service{Enabled: new(false), Type: new("NodePort")}), stricter: "an attribute without an effect is an error"},

	// Load balancers and node ports.
	"class":                {change: loadBalancer(workload.Service{LoadBalancerClass: new("a b")}), api: "spec.loadBalancerClass"},
	"class inside":         {change: service(workload.Service{LoadBalancerClass: new("a")}), api: "spec.loadBalancerClass"},
	"source range":         {change: loadBalancer(workload.Service{LoadBalancerSourceRanges: []string{"10.0.0.0"}}), api: "spec.LoadBalancerSourceRanges"},
	"source range inside":  {change: service(workload.Service{LoadBalancerSourceRanges: []string{"10.0.0.0/8"}}), api: "spec.LoadBalancerSourceRanges"},
	"source ranges empty":  {change: loadBalancer(workload.Service{LoadBalancerSourceRanges: []string{}}), stricter: "it reads as nobody and admits everybody"},
	"allocation inside":    {change: service(workload.Service{AllocateLoadBalancerNodePorts: new(false)}), api: "spec.allocateLoadBalancerNodePorts"},
	"health port":          {change: loadBalancer(workload.Service{ExternalTrafficPolicy: new("Local"), HealthCheckNodePort: new(int32(65536))}), api: "spec.healthCheckNodePort"},
	"health port, Cluster": {change: loadBalancer(workload.Service{HealthCheckNodePort: new(int32(1100))}), api: "spec.healthCheckNodePort"},
	"node port inside":     {change: port(func(p *workload.Port) { p.NodePort = new(int32(1100)) }), api: "spec.ports[0].nodePort"},
	"node port too high": {change: func(w *workload.Workload) {
		w.Service = &workload.Service{Type: new("NodePort")}
		port(func(p *workload.Port) { p.NodePort = new(int32(65536)) })(w)
	}, stricter: "no machine has that port; the API server finds out when it takes the port, which a dry run does not"},
	"node port twice": {change: web(func(c *workload.Container) {
		c.Ports["http"] = workload.Port{ContainerPort: 8080, NodePort: new(int32(1100))}
		c.Ports["two"] = workload.Port{ContainerPort: 8081, NodePort: new(int32(1100))}
	}), api: "spec.ports[1].nodePort"},

	// Peers.
	"peer's namespace":        {change: peer(workload.Peer{Namespace: new("A_b")}), stricter: "no namespace can have that name"},
	"peer's expression key":   {change: expression(workload.LabelExpression{Key: "a b", Operator: "Exists"}), api: "podSelector.matchExpressions[0].key"},
	"peer's operator":         {change: expression(workload.LabelExpression{Key: "a", Operator: "Like"}), api: "podSelector.matchExpressions[0].operator"},
	"peer's operator alone":   {change: expression(workload.LabelExpression{Key: "a", Operator: "In"}), api: "podSelector.matchExpressions[0].values"},
	"peer's values too many":  {change: expression(workload.LabelExpression{Key: "a", Operator: "Exists", Values: []string{"b"}}), api: "podSelector.matchExpressions[0].values"},
	"peer's expression value": {change: expression(workload.LabelExpression{Key: "a", Operator: "In", Values: []string{"b c"}}), api: "podSelector.matchExpressions[0].values[0]"},
	"peer's range backwards":  {change: peerPort(workload.PeerPort{Port: new(int32(2)), EndPort: new(int32(1))}), api: "spec.egress[2].ports[0].endPort"},
	"peer's range of no port": {change: peerPort(workload.PeerPort{EndPort: new(int32(1))}), api: "spec.egress[2].ports[0].endPort"},
	"peer's port name":        {change: peerPort(workload.PeerPort{Name: new("a b")}), api: "spec.egress[2].ports[0].port"},
	"peer's port of nothing":  {change: peerPort(workload.PeerPort{}), stricter: "it reads as no port and means every one"},
}
