//go:build cluster

package clustertest_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// inService makes a part of one that is about the Service.
func inService(change func(g generator, s *workload.Service)) part {
	return func(g generator, w *workload.Workload) {
		if w.Service == nil {
			w.Service = &workload.Service{}
		}
		change(g, w.Service)
	}
}

// serviceParts are the options of the Service, of which each fits some others.
var serviceParts = []part{
	inService(func(g generator, s *workload.Service) { s.Enabled = maybe(g, true, false) }),
	inService(func(g generator, s *workload.Service) { s.Type = maybe(g, "ClusterIP", "NodePort", "LoadBalancer") }),
	inService(func(g generator, s *workload.Service) { s.Labels = some(g, 2, g.label) }),
	inService(func(g generator, s *workload.Service) { s.Annotations = some(g, 2, g.annotation) }),
	inService(func(g generator, s *workload.Service) {
		s.ClusterIP = maybe(g, "None")
		if g.slot < slots && g.chance(3) {
			s.ClusterIP = new(fmt.Sprintf("10.0.0.%d", 100+g.slot))
		}
	}),
	inService(func(g generator, s *workload.Service) { s.PublishNotReadyAddresses = maybe(g, true, false) }),
	inService(func(g generator, s *workload.Service) { s.InternalTrafficPolicy = maybe(g, "Cluster", "Local") }),
	inService(func(g generator, s *workload.Service) {
		s.TrafficDistribution = maybe(g, "PreferClose", "PreferSameZone", "PreferSameNode")
	}),
	inService(func(g generator, s *workload.Service) { s.SessionAffinity = maybe(g, "None", "ClientIP") }),
	inService(func(g generator, s *workload.Service) {
		s.SessionAffinity, s.SessionAffinityTimeoutSeconds = new("ClientIP"), maybe[int32](g, 1, 86400)
	}),
	inService(func(g generator, s *workload.Service) {
		s.IPFamilyPolicy = maybe(g, "SingleStack", "PreferDualStack", "RequireDualStack")
	}),
	inService(func(g generator, s *workload.Service) {
		s.IPFamilies = pick(g, nil, []string{"IPv4"}, []string{"IPv4", "IPv6"}, []string{"IPv6", "IPv4"})
	}),
	inService(func(g generator, s *workload.Service) { s.ExternalTrafficPolicy = maybe(g, "Cluster", "Local") }),
	inService(func(g generator, s *workload.Service) { s.LoadBalancerClass = maybe(g, "example.com/internal") }),
	inService(func(g generator, s *workload.Service) {
		s.LoadBalancerSourceRanges = pick(g, nil, []string{"10.0.0.0/8"}, []string{"192.0.2.0/24", "2001:db8::/32"})
	}),
	inService(func(g generator, s *workload.Service) { s.AllocateLoadBalancerNodePorts = maybe(g, true, false) }),
	func(g generator, w *workload.Workload) {
		if g.slot < slots && g.chance(2) {
			w.Service = &workload.Service{Type: new("LoadBalancer"), ExternalTrafficPolicy: new("Local"), HealthCheckNodePort: new(int32(1024 + 2*g.slot))}
		}
	},
	func(g generator, w *workload.Workload) {
		c := w.Containers[sortedKeys(w.Containers)[0]]
		if ports := sortedKeys(c.Ports); len(ports) > 0 && g.slot < slots && g.chance(2) {
			port := c.Ports[ports[0]]
			port.NodePort = new(int32(1025 + 2*g.slot))
			c.Ports[ports[0]] = port
			w.Service = &workload.Service{Type: new(pick(g, "NodePort", "LoadBalancer"))}
		}
	},
}

// networkParts are who the workload is to others: Service, account, network policy.
var networkParts = slices.Concat(serviceParts, []part{
	func(g generator, w *workload.Workload) { w.Traffic = g.traffic(*w) },
	func(g generator, w *workload.Workload) {
		w.ServiceAccount = maybe(g, workload.ServiceAccount{Name: maybe(g, "runner", "a.b.c"), AutomountToken: maybe(g, true, false), Annotations: some(g, 2, g.annotation)})
	},
	func(g generator, w *workload.Workload) {
		w.ServiceAccount = maybe(g, workload.ServiceAccount{Name: new("made-elsewhere"), Create: new(g.chance(2))})
	},
	func(g generator, w *workload.Workload) { w.NetworkPolicy = new(g.networkPolicy(*w)) },
	func(g generator, w *workload.Workload) {
		if g.chance(10) {
			w.NetworkPolicy = &workload.NetworkPolicy{Enabled: new(false)}
		}
	},
})

func (g generator) networkPolicy(w workload.Workload) workload.NetworkPolicy {
	policy := workload.NetworkPolicy{Enabled: maybe(g, true), AllowClusterEgress: maybe(g, true, false)}
	var declared []string
	for _, port := range w.NamedPorts() {
		declared = append(declared, port.Name)
	}
	for range g.IntN(3) {
		rule := workload.IngressRule{From: pick(g, nil, g.peers())}
		if len(declared) > 0 && g.chance(2) {
			rule.Ports = []string{pick(g, declared...)}
		}
		policy.Ingress = append(policy.Ingress, rule)
	}
	for range g.IntN(3) {
		rule := workload.EgressRule{To: g.peers()}
		for range g.IntN(3) {
			port := workload.PeerPort{Port: new(pick[int32](g, 1, 443, 65535)), Protocol: maybe(g, "TCP", "UDP", "SCTP")}
			switch g.IntN(4) {
			case 0:
				port.EndPort = new(int32(65535))
			case 1:
				port = workload.PeerPort{Name: new(pick(g, "http", "9p-x")), Protocol: port.Protocol}
			case 2:
				port = workload.PeerPort{Protocol: new(pick(g, "TCP", "UDP"))}
			default:
			}
			rule.Ports = append(rule.Ports, port)
		}
		policy.Egress = append(policy.Egress, rule)
	}
	return policy
}

func (g generator) peers() []workload.Peer {
	var peers []workload.Peer
	for range 1 + g.IntN(2) {
		peers = append(peers, pick(g,
			workload.Peer{NamespaceLabels: map[string]string{}},
			workload.Peer{PodLabels: map[string]string{"app": ""}},
			workload.Peer{NamespaceLabels: map[string]string{"kubernetes.io/metadata.name": "shop"}, PodLabels: map[string]string{"role": "1"}},
			workload.Peer{Namespace: new("monitoring"), PodExpressions: g.expressions()},
			workload.Peer{NamespaceExpressions: g.expressions()},
			workload.Peer{NamespaceExpressions: g.expressions(), PodLabels: map[string]string{"app": "x"}, PodExpressions: g.expressions()},
			workload.Peer{CIDR: new("0.0.0.0/0"), Except: []string{"10.0.0.0/8", "169.254.169.254/32"}},
			workload.Peer{CIDR: new("2001:db8::/32"), Except: []string{"2001:db8:1::/48"}},
			workload.Peer{CIDR: new("::/0")},
			workload.Peer{CIDR: new("192.0.2.1/32")},
		))
	}
	return peers
}

func (g generator) expressions() []workload.LabelExpression {
	return []workload.LabelExpression{pick(g,
		workload.LabelExpression{Key: "example.com/tier", Operator: "In", Values: []string{"", "a.b_c-D"}},
		workload.LabelExpression{Key: "app", Operator: "NotIn", Values: []string{"x"}},
		workload.LabelExpression{Key: "app", Operator: "Exists"},
		workload.LabelExpression{Key: "0", Operator: "DoesNotExist"},
	)}
}

// traffic draws a route to one of the ports.
func (g generator) traffic(w workload.Workload) *rollout.Traffic {
	t := &rollout.Traffic{Provider: pick(g, rollout.Providers()...)}
	ports := slices.DeleteFunc(w.NamedPorts(), func(p workload.NamedPort) bool { return valueOr(p.Protocol, "TCP") != "TCP" })
	if len(ports) == 0 || !w.HasService() {
		return nil
	}
	wants := func(providers ...rollout.Provider) bool { return slices.Contains(providers, t.Provider) && g.chance(2) }
	host := pick(g, "api.example.com", "a", strings.Repeat("h", 63)+".example.com", "yes.example.com")
	if t.Provider == rollout.Contour || wants(rollout.GatewayAPI, rollout.Istio, rollout.Nginx, rollout.Traefik, rollout.Skipper, rollout.Gloo) {
		t.Hosts = []string{host}
	}
	switch {
	case t.Provider == rollout.GatewayAPI:
		t.Gateway, t.Listener = new(pick(g, "infra/public", "public")), maybe(g, "https")
	case t.Provider == rollout.Istio && t.Hosts != nil:
		t.Gateway = maybe(g, "infra/public")
	case wants(rollout.Nginx, rollout.Contour, rollout.Traefik, rollout.Skipper):
		t.IngressClass = new("internal")
	case t.Provider == rollout.Traefik:
		t.EntryPoints = []string{"websecure"}
	}
	if wants(rollout.Nginx, rollout.Traefik, rollout.Contour, rollout.Gloo) {
		t.TLSSecret = new("tls")
	}
	if wants(rollout.GatewayAPI, rollout.Istio, rollout.Linkerd, rollout.Nginx, rollout.Contour, rollout.Gloo, rollout.AppMesh) {
		t.TimeoutSeconds = new(pick[int32](g, 1, 60, 86400))
	}
	if wants(rollout.Istio, rollout.Nginx, rollout.Contour, rollout.Gloo, rollout.AppMesh) {
		t.Retries = new(pick[int32](g, 0, 3))
	}
	if t.Provider != rollout.NoProvider {
		t.PathPrefix, t.Port = maybe(g, "/", "/a/b", "/n"), new(pick(g, ports...).Name)
		t.Annotations = some(g, 1, g.annotation)
	}
	return t
}
