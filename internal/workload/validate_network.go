package workload

import (
	"net/netip"

	"k8s.io/apimachinery/pkg/util/validation"

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
			port.validate(c, at.Attr("ports").Index(j))
		}
	}
}

// ports returns the declared ports of all containers.
func (w Workload) ports() ports {
	all := ports{declared: map[string]Port{}}
	for _, container := range w.AllContainers() {
		if container.Serves() {
			all.at = append(all.at, container.At.Attr("ports"))
		}
	}
	for _, port := range w.NamedPorts() {
		all.declared[port.Name] = port.Port
	}
	return all
}

// validate follows kubernetes@v1.36.1 pkg/apis/networking/validation ValidateNetworkPolicyPort.
func (port PeerPort) validate(c *checks, p field.Path) {
	between(c, p.Attr("port"), port.Port, 1, 65535)
	between(c, p.Attr("end_port"), port.EndPort, 1, 65535)
	c.oneOf(p.Attr("protocol"), port.Protocol, "TCP", "UDP", "SCTP")
	if port.Name != nil {
		c.kubernetes(p.Attr("name"), *port.Name, validation.IsValidPortName(*port.Name))
	}
	switch {
	case port.Port == nil && port.Name == nil && port.Protocol == nil:
		c.fail(p, "names no port: set port or name, or protocol alone for all of its ports")
	case port.Port != nil && port.Name != nil:
		c.fail(p, "sets port and name: keep one of them")
	case port.EndPort != nil && port.Port == nil:
		c.fail(p.Attr("end_port"), "ends a range that port begins, and there is no port: set it")
	case port.EndPort != nil && *port.EndPort < *port.Port:
		c.failResting(p.Attr("end_port"), []field.Path{p.Attr("port")}, "is %d, less than port = %d, which begins the range: raise it", *port.EndPort, *port.Port)
	}
}

func (c *checks) peers(p field.Path, peers []Peer) {
	for i, peer := range peers {
		at := p.Index(i)
		switch selects := peer.selectsNamespaces() || peer.selectsPods(); {
		case peer.CIDR == nil && !selects:
			c.fail(at, "names nobody: set cidr, or a namespace and pod_labels (namespace_labels = {} is every namespace)")
		case peer.CIDR != nil && selects:
			c.fail(at, "sets cidr together with labels: make two peers of them")
		}
		if peer.Namespace != nil {
			c.kubernetes(at.Attr("namespace"), *peer.Namespace, validation.IsDNS1123Label(*peer.Namespace))
			if peer.NamespaceLabels != nil || peer.NamespaceExpressions != nil {
				c.fail(at.Attr("namespace"), "is one namespace, and labels beside it select namespaces too: keep one of them")
			}
		}
		c.labels(at.Attr("namespace_labels"), peer.NamespaceLabels, nil)
		c.labels(at.Attr("pod_labels"), peer.PodLabels, nil)
		c.expressions(at.Attr("namespace_expressions"), peer.NamespaceExpressions)
		c.expressions(at.Attr("pod_expressions"), peer.PodExpressions)
		c.cidr(at, peer)
	}
}

func (peer Peer) selectsNamespaces() bool {
	return peer.Namespace != nil || peer.NamespaceLabels != nil || peer.NamespaceExpressions != nil
}

func (peer Peer) selectsPods() bool { return peer.PodLabels != nil || peer.PodExpressions != nil }

// expressions follows kubernetes@v1.36.1 apimachinery
// pkg/apis/meta/v1/validation ValidateLabelSelectorRequirement.
func (c *checks) expressions(p field.Path, expressions []LabelExpression) {
	if expressions != nil && len(expressions) == 0 {
		c.fail(p, "is empty: leave it out, or write an expression")
	}
	for i, e := range expressions {
		at := p.Index(i)
		c.kubernetes(at.Attr("key"), e.Key, validation.IsQualifiedName(e.Key))
		c.oneOf(at.Attr("operator"), &e.Operator, "In", "NotIn", "Exists", "DoesNotExist")
		switch lists := e.Operator == "In" || e.Operator == "NotIn"; {
		case lists && len(e.Values) == 0:
			c.failResting(at.Attr("values"), []field.Path{at.Attr("operator")}, "is empty, and %s compares with values: list at least one", e.Operator)
		case !lists && e.Values != nil:
			c.failResting(at.Attr("values"), []field.Path{at.Attr("operator")}, "has no meaning with the operator %s: remove it", e.Operator)
		}
		for j, value := range e.Values {
			c.kubernetes(at.Attr("values").Index(j), value, validation.IsValidLabelValue(value))
		}
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
