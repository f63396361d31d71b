package hardening

import (
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var networkRules = []Rule{
	{
		ID:          "network-policy",
		Severity:    Error,
		Title:       "Network policies restrict both directions.",
		Attribute:   "network_policy",
		Remediation: "remove `network_policy.enabled = false`",
		InYAML:      "add a NetworkPolicy with both `policyTypes` whose `podSelector` matches the pods",
		Rationale:   "A pod that no policy selects may be reached by everything in the cluster and may call everything outside: an intruder's next step. A policy needs a network plugin that enforces it.",
		Source:      "Kubernetes documentation, concepts/services-networking/network-policies; kube-score@v1.20.0 pod-networkpolicy",
		check:       checkPolicies,
	},
	{
		ID:          "network-policy-peers",
		Severity:    Error,
		Title:       "No network policy admits every address.",
		Attribute:   "network_policy",
		Remediation: "name the peers, by labels or by their address ranges, or leave out with `except` what must not be reached, such as the cloud's metadata service 169.254.169.254/32",
		InYAML:      "name the peers in `from`, `to` or `ipBlock`, or leave out with `except` what must not be reached, such as the cloud's metadata service 169.254.169.254/32",
		Rationale:   "A rule for 0.0.0.0/0, or one without peers, restricts nothing in its direction. Clients in general are admitted by a rule without peers that names ports, as a workload's own rule does.",
		Source:      "Kubernetes documentation, concepts/services-networking/network-policies, \"The NetworkPolicy resource\"",
		check:       checkPeers,
	},
	{
		ID:          "network-policy-dns",
		Severity:    Error,
		Title:       "Where outgoing connections are restricted, names can be resolved.",
		Attribute:   "network_policy",
		Remediation: "remove what `patches` change in the policy's `egress`; a workload's policy lets DNS through",
		InYAML:      "add an egress rule for port 53, UDP and TCP, to the cluster's DNS",
		Rationale:   "Without DNS each other rule is of no use: connections fail before they are begun, after a time-out. DNS uses TCP for answers that do not fit a UDP packet.",
		Source:      "Kubernetes documentation, concepts/services-networking/dns-pod-service; RFC 7766, section 5",
		check:       checkDNS,
	},
	{
		ID:          "egress-limited",
		Severity:    Info,
		Title:       "Addresses outside of the cluster are reached only when they are named.",
		Attribute:   "network_policy",
		Remediation: "name what the workload calls in `network_policy.egress`, for example `{ to = [{ cidr = \"203.0.113.0/24\" }], ports = [{ port = 443 }] }`",
		InYAML:      "add an egress rule with an `ipBlock`",
		Rationale:   "A blocked call to the internet should not be a surprise in production.",
		Source:      "Kubernetes documentation, concepts/services-networking/network-policies, \"The two sorts of pod isolation\"",
		check:       checkOutside,
	},
}

// restricts reports whether a policy restricts a direction.
// Source: kubernetes@v1.36.1 pkg/apis/networking/v1/defaults.go SetDefaults_NetworkPolicy.
func restricts(policy networkingv1.NetworkPolicySpec, direction networkingv1.PolicyType) bool {
	if len(policy.PolicyTypes) > 0 {
		return slices.Contains(policy.PolicyTypes, direction)
	}
	return direction == networkingv1.PolicyTypeIngress || len(policy.Egress) > 0
}

func checkPolicies(in *inventory, report report) {
	for _, p := range in.pods {
		ingress := len(in.policiesOf(p, networkingv1.PolicyTypeIngress)) > 0
		egress := len(in.policiesOf(p, networkingv1.PolicyTypeEgress)) > 0
		switch {
		case !ingress && !egress:
			report(p.whole(), "no network policy selects the pods, so they may be reached by and may reach everything")
		case !ingress:
			report(p.whole(), "no network policy restricts who may reach the pods")
		case !egress:
			report(p.whole(), "no network policy restricts whom the pods may reach")
		}
	}
}

func checkPeers(in *inventory, report report) {
	for _, policy := range in.policies {
		for i, rule := range policy.it.Spec.Ingress {
			at := policy.at("spec.ingress").index(i)
			if len(rule.From) == 0 && len(rule.Ports) == 0 {
				report(at, "the rule names neither peers nor ports, so it admits everything")
			}
			checkBlocks(at.at("from"), rule.From, report)
		}
		for i, rule := range policy.it.Spec.Egress {
			at := policy.at("spec.egress").index(i)
			if len(rule.To) == 0 {
				report(at, "the rule names no peers, so it permits connections to every address")
			}
			checkBlocks(at.at("to"), rule.To, report)
		}
	}
}

func checkBlocks(at place, peers []networkingv1.NetworkPolicyPeer, report report) {
	for i, peer := range peers {
		if peer.IPBlock == nil || len(peer.IPBlock.Except) > 0 {
			continue
		}
		if block, err := netip.ParsePrefix(peer.IPBlock.CIDR); err == nil && block.Bits() == 0 {
			report(at.index(i).at("ipBlock"), "the address range %s is every address", peer.IPBlock.CIDR)
		}
	}
}

const dnsPort = 53

func checkDNS(in *inventory, report report) {
	for _, p := range in.pods {
		policies := in.policiesOf(p, networkingv1.PolicyTypeEgress)
		if len(policies) == 0 {
			continue
		}
		var missing []corev1.Protocol
		for _, protocol := range []corev1.Protocol{corev1.ProtocolUDP, corev1.ProtocolTCP} {
			if !slices.ContainsFunc(policies, func(policy object[*networkingv1.NetworkPolicy]) bool {
				return slices.ContainsFunc(policy.it.Spec.Egress, func(rule networkingv1.NetworkPolicyEgressRule) bool { return permitsDNS(rule, protocol) })
			}) {
				missing = append(missing, protocol)
			}
		}
		if len(missing) > 0 {
			report(policies[0].at("spec.egress"), "outgoing connections of %s are restricted, and no rule permits DNS over %s (port %d)", p.object, list(missing), dnsPort)
		}
	}
}

// permitsDNS reports whether a rule lets DNS through: it names the port, or all
// ports of peers in other namespaces, where DNS runs.
func permitsDNS(rule networkingv1.NetworkPolicyEgressRule, protocol corev1.Protocol) bool {
	if len(rule.Ports) == 0 {
		return len(rule.To) == 0 || slices.ContainsFunc(rule.To, func(peer networkingv1.NetworkPolicyPeer) bool { return peer.NamespaceSelector != nil })
	}
	return slices.ContainsFunc(rule.Ports, func(port networkingv1.NetworkPolicyPort) bool {
		return orDefault(port.Protocol, corev1.ProtocolTCP) == protocol && isDNSPort(port)
	})
}

// isDNSPort knows the names that the port has in the manifests of CoreDNS
// (kubernetes@v1.36.1 cluster/addons/dns/coredns/coredns.yaml.base), port 53, the
// ranges that hold it, and an entry without a port, which is every port.
func isDNSPort(port networkingv1.NetworkPolicyPort) bool {
	switch {
	case port.Port == nil:
		return true
	case port.Port.Type == intstr.String:
		return port.Port.StrVal == "dns" || port.Port.StrVal == "dns-tcp"
	default:
		return port.Port.IntVal <= dnsPort && dnsPort <= orDefault(port.EndPort, port.Port.IntVal)
	}
}

// isSinglePort tells a port apart from ranges and from every port.
func isSinglePort(port networkingv1.NetworkPolicyPort) bool {
	return port.Port != nil && port.EndPort == nil
}

// checkOutside gives notice where no address outside of the cluster is named.
// Addresses that only answer DNS, such as that of a cache on the node, are none.
func checkOutside(in *inventory, report report) {
	for _, p := range in.pods {
		policies := in.policiesOf(p, networkingv1.PolicyTypeEgress)
		if len(policies) > 0 && !slices.ContainsFunc(policies, namesOutside) {
			report(policies[0].at("spec.egress"), "%s may reach DNS and the pods that the policy names; connections to addresses outside of the cluster are blocked", p.object)
		}
	}
}

func namesOutside(policy object[*networkingv1.NetworkPolicy]) bool {
	return slices.ContainsFunc(policy.it.Spec.Egress, func(rule networkingv1.NetworkPolicyEgressRule) bool {
		onlyDNS := len(rule.Ports) > 0 && !slices.ContainsFunc(rule.Ports, func(port networkingv1.NetworkPolicyPort) bool {
			return !isDNSPort(port) || !isSinglePort(port)
		})
		outside := len(rule.To) == 0 || slices.ContainsFunc(rule.To, func(peer networkingv1.NetworkPolicyPeer) bool { return peer.IPBlock != nil })
		return outside && !onlyDNS
	})
}
