package workload

import (
	"net/netip"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

func (w Workload) validateNetworkPolicy(c *checks) {
	n := w.NetworkPolicy
	if n == nil {
		return
	}
	p := field.Root("network_policy")
	if !w.HasNetworkPolicy() && (n.Ingress != nil || n.Egress != nil || n.AllowClusterEgress != nil) {
		c.fail(p.Attr("enabled"), "is false, so the rules beside it would have no effect: remove them or enable the policy")
	}
	declared := w.ports()
	for i, rule := range n.Ingress {
		at := p.Attr("ingress").Index(i)
		if rule.From != nil && len(rule.From) == 0 {
			c.fail(at.Attr("from"), "is empty: leave it out to admit anyone, or name the peers")
		}
		c.peers(at.Attr("from"), rule.From)
		if rule.Ports != nil && len(rule.Ports) == 0 {
			c.fail(at.Attr("ports"), "is empty: leave it out for all declared ports, or name them")
		}
		for j, reference := range rule.Ports {
			c.port(at.Attr("ports").Index(j), reference, declared)
		}
		if rule.Ports == nil && len(declared.declared) == 0 {
			c.failResting(at, declared.at, "admits traffic, but no container declares a port: add ports to a container")
		}
	}
	for i, rule := range n.Egress {
		at := p.Attr("egress").Index(i)
		if len(rule.To) == 0 {
			c.fail(at.Attr("to"), "is empty: name the peers; for any address write cidr = \"0.0.0.0/0\"")
		}
		c.peers(at.Attr("to"), rule.To)
		if rule.Ports != nil && len(rule.Ports) == 0 {
			c.fail(at.Attr("ports"), "is empty: leave it out for all ports, or name them")
		}
		for j, port := range rule.Ports {
			between(c, at.Attr("ports").Index(j).Attr("port"), &port.Port, 1, 65535)
			c.oneOf(at.Attr("ports").Index(j).Attr("protocol"), port.Protocol, "TCP", "UDP", "SCTP")
		}
	}
}

// ports returns the declared ports of all containers.
func (w Workload) ports() ports {
	all := ports{declared: map[string]Port{}}
	for _, container := range w.ContainerNames() {
		all.at = append(all.at, field.Root("containers").Key(container).Attr("ports"))
	}
	for _, port := range w.NamedPorts() {
		all.declared[port.Name] = port.Port
	}
	return all
}

func (c *checks) peers(p field.Path, peers []Peer) {
	for i, peer := range peers {
		at := p.Index(i)
		selects := peer.NamespaceLabels != nil || peer.PodLabels != nil
		switch {
		case peer.CIDR == nil && !selects:
			c.fail(at, "names nobody: set cidr, or namespace_labels and pod_labels (namespace_labels = {} is every namespace)")
		case peer.CIDR != nil && selects:
			c.fail(at, "sets cidr together with labels: make two peers of them")
		}
		c.labels(at.Attr("namespace_labels"), peer.NamespaceLabels, nil)
		c.labels(at.Attr("pod_labels"), peer.PodLabels, nil)
		c.cidr(at, peer)
	}
}

// cidr checks the range and that each exception lies strictly within it, as
// kubernetes@v1.36.1 pkg/apis/networking/validation ValidateIPBlock does.
func (c *checks) cidr(p field.Path, peer Peer) {
	if peer.CIDR == nil {
		if peer.Except != nil {
			c.fail(p.Attr("except"), "is an exception to a cidr, and there is none: set cidr")
		}
		return
	}
	outer, ok := c.prefix(p.Attr("cidr"), *peer.CIDR)
	for i, except := range peer.Except {
		at := p.Attr("except").Index(i)
		if inner, innerOK := c.prefix(at, except); ok && innerOK && (!outer.Contains(inner.Addr()) || inner.Bits() <= outer.Bits()) {
			c.fail(at, "%s does not lie within %s", except, *peer.CIDR)
		}
	}
}

func (c *checks) prefix(p field.Path, text string) (netip.Prefix, bool) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		c.fail(p, "%q is not an address range: write it like \"10.0.0.0/8\" or \"2001:db8::/32\"", text)
		return prefix, false
	}
	if prefix.Addr().Is4In6() {
		c.fail(p, "%q is an IPv4 range written as IPv6: write it as IPv4", text)
		return prefix, false
	}
	if masked := prefix.Masked(); masked != prefix {
		c.fail(p, "%q has bits set beyond its length: write %q", text, masked)
		return prefix, false
	}
	return prefix, true
}
