package render

import (
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// newNetworkPolicy always names both directions: what is not permitted is denied.
func newNetworkPolicy(w workload.Workload) networkPolicyValues {
	rules := networkRules{
		PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress},
		Egress:      []networkingv1.NetworkPolicyEgressRule{dnsRule()},
	}
	for _, rule := range w.NetworkPolicy.Ingress {
		rules.Ingress = append(rules.Ingress, networkingv1.NetworkPolicyIngressRule{
			From: newPeers(rule.From), Ports: declaredPorts(w, rule.Ports),
		})
	}
	if !admitsAll(w.NetworkPolicy.Ingress) {
		rules.Ingress = append(rules.Ingress, scraperRules(w)...)
	}
	if *w.NetworkPolicy.AllowClusterEgress {
		rules.Egress = append(rules.Egress, networkingv1.NetworkPolicyEgressRule{
			To: []networkingv1.NetworkPolicyPeer{{NamespaceSelector: &metav1.LabelSelector{}}},
		})
	}
	for _, rule := range w.NetworkPolicy.Egress {
		rules.Egress = append(rules.Egress, networkingv1.NetworkPolicyEgressRule{
			To: newPeers(rule.To), Ports: peerPorts(rule.Ports),
		})
	}
	return networkPolicyValues{Metadata: newMetadata(w), Selector: w.Selector(), Rules: rules}
}

// admitsAll reports whether a rule opens every declared port to anyone.
func admitsAll(ingress []workload.IngressRule) bool {
	return slices.ContainsFunc(ingress, func(rule workload.IngressRule) bool { return rule.From == nil && rule.Ports == nil })
}

// dnsRule permits name resolution, without which nothing else that is permitted
// can be found: at the cluster's DNS pods and at the node's cache.
//
// Source: the label and the address are those of kubernetes@v1.36.1
// cluster/addons/dns/coredns/coredns.yaml.base and
// cluster/addons/dns/nodelocaldns/nodelocaldns.yaml.
func dnsRule() networkingv1.NetworkPolicyEgressRule {
	return networkingv1.NetworkPolicyEgressRule{
		To: []networkingv1.NetworkPolicyPeer{
			{
				NamespaceSelector: &metav1.LabelSelector{},
				PodSelector:       &metav1.LabelSelector{MatchLabels: map[string]string{"k8s-app": "kube-dns"}},
			},
			{IPBlock: &networkingv1.IPBlock{CIDR: "169.254.20.10/32"}},
		},
		Ports: []networkingv1.NetworkPolicyPort{policyPort(53, "UDP"), policyPort(53, "TCP")},
	}
}

// declaredPorts returns the container ports that the references name or number,
// or all of them if there are no references. A reference that fits no port, as
// a description that is incomplete may have, stands for itself.
func declaredPorts(w workload.Workload, references []string) []networkingv1.NetworkPolicyPort {
	var ports []networkingv1.NetworkPolicyPort
	declared := w.NamedPorts()
	for _, port := range declared {
		if references == nil || slices.ContainsFunc(references, func(r string) bool { return names(r, port) }) {
			ports = append(ports, policyPort(port.ContainerPort, *port.Protocol))
		}
	}
	for _, r := range references {
		if !slices.ContainsFunc(declared, func(port workload.NamedPort) bool { return names(r, port) }) {
			reference := intstr.Parse(r)
			ports = append(ports, networkingv1.NetworkPolicyPort{Port: &reference})
		}
	}
	return ports
}

func names(reference string, port workload.NamedPort) bool {
	return reference == port.Name || reference == strconv.Itoa(int(port.ContainerPort))
}

func peerPorts(ports []workload.PeerPort) []networkingv1.NetworkPolicyPort {
	var converted []networkingv1.NetworkPolicyPort
	for _, port := range ports {
		protocol := corev1.ProtocolTCP
		if port.Protocol != nil {
			protocol = corev1.Protocol(*port.Protocol)
		}
		c := networkingv1.NetworkPolicyPort{Protocol: &protocol, EndPort: port.EndPort}
		switch {
		case port.Port != nil:
			c.Port = new(intstr.FromInt32(*port.Port))
		case port.Name != nil:
			c.Port = new(intstr.FromString(*port.Name))
		}
		converted = append(converted, c)
	}
	return converted
}

func policyPort(number int32, protocol string) networkingv1.NetworkPolicyPort {
	port := intstr.FromInt32(number)
	return networkingv1.NetworkPolicyPort{Port: &port, Protocol: (*corev1.Protocol)(&protocol)}
}

func newPeers(peers []workload.Peer) []networkingv1.NetworkPolicyPeer {
	var converted []networkingv1.NetworkPolicyPeer
	for _, peer := range peers {
		if peer.CIDR != nil {
			converted = append(converted, networkingv1.NetworkPolicyPeer{
				IPBlock: &networkingv1.IPBlock{CIDR: *peer.CIDR, Except: peer.Except},
			})
			continue
		}
		converted = append(converted, networkingv1.NetworkPolicyPeer{
			NamespaceSelector: namespaceSelector(peer),
			PodSelector:       labelSelector(peer.PodLabels, peer.PodExpressions),
		})
	}
	return converted
}

// namespaceSelector selects one namespace by its name through the label that the API
// server sets on every namespace (kubernetes.io/metadata.name).
// Source: Kubernetes documentation, concepts/services-networking/network-policies,
// "Targeting a Namespace by its name".
func namespaceSelector(peer workload.Peer) *metav1.LabelSelector {
	if peer.Namespace != nil {
		return &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: *peer.Namespace}}
	}
	return labelSelector(peer.NamespaceLabels, peer.NamespaceExpressions)
}

// labelSelector returns nil for no requirements at all, and a selector of everything for an empty map.
func labelSelector(labels map[string]string, expressions []workload.LabelExpression) *metav1.LabelSelector {
	if labels == nil && expressions == nil {
		return nil
	}
	selector := &metav1.LabelSelector{MatchLabels: labels}
	for _, e := range expressions {
		selector.MatchExpressions = append(selector.MatchExpressions, metav1.LabelSelectorRequirement{
			Key: e.Key, Operator: metav1.LabelSelectorOperator(e.Operator), Values: e.Values,
		})
	}
	return selector
}
