package workload

import (
	"net/netip"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// headless is the address of a Service that has none.
const headless = "None"

// serviceCheck judges the options of a Service against each other. They follow
// kubernetes@v1.36.1 pkg/apis/core/validation validateService; what that accepts and
// ignores is refused too.
type serviceCheck struct {
	*checks
	p field.Path
	s Service
}

func (w Workload) validateService(c *checks) {
	w.validateNodePorts(c)
	if w.Service == nil {
		return
	}
	p := field.Root("service")
	c.oneOf(p.Attr("type"), w.Service.Type, "ClusterIP", "NodePort", "LoadBalancer")
	c.labels(p.Attr("labels"), w.Service.Labels, w.IdentityLabels())
	c.annotations(p.Attr("annotations"), w.Service.Annotations, w.Annotations)
	switch enabled := w.Service.Enabled; {
	case enabled != nil && *enabled && len(w.NamedPorts()) == 0:
		c.failResting(p.Attr("enabled"), w.ports().at, "asks for a Service, but no container declares a port: add ports to a container")
	case enabled != nil && !*enabled && w.Service.hasOptions():
		c.fail(p.Attr("enabled"), "is false, so the options beside it would have no effect: remove them or enable the Service")
	}
	s := serviceCheck{c, p, *w.Service}
	s.addresses()
	s.affinity()
	s.routing()
	s.loadBalancer()
}

// hasOptions reports whether anything but Enabled is set.
func (s Service) hasOptions() bool {
	s.Enabled = nil
	return !reflect.ValueOf(s).IsZero()
}

// is reports whether an optional word is the given one.
func is(value *string, word string) bool { return value != nil && *value == word }

// isExternal reports whether the Service is reached from outside through node ports.
func (s Service) isExternal() bool { return is(s.Type, "NodePort") || is(s.Type, "LoadBalancer") }

func (s serviceCheck) addresses() {
	at := s.p.Attr("cluster_ip")
	if ip := s.s.ClusterIP; ip != nil && *ip != headless {
		address, err := netip.ParseAddr(*ip)
		switch {
		case err != nil || address.Zone() != "" || address.Is4In6():
			s.fail(at, "%q is no address: write \"None\" for a headless Service, or an address of the cluster's range for Services", *ip)
		case len(s.s.IPFamilies) > 0 && address.Is4() != (s.s.IPFamilies[0] == "IPv4"):
			s.failResting(at, []field.Path{s.p.Attr("ip_families")}, "%s is not of the first family in ip_families, which is %s", *ip, s.s.IPFamilies[0])
		}
	}
	if is(s.s.ClusterIP, headless) && s.s.isExternal() {
		s.failResting(at, []field.Path{s.p.Attr("type")}, "is None, and a %s needs an address: remove it, or make the type ClusterIP", *s.s.Type)
	}
	s.oneOf(s.p.Attr("ip_family_policy"), s.s.IPFamilyPolicy, "SingleStack", "PreferDualStack", "RequireDualStack")
	families := s.p.Attr("ip_families")
	if s.s.IPFamilies != nil && len(s.s.IPFamilies) == 0 {
		s.fail(families, "is empty: leave it out for the cluster's own order, or list IPv4 and IPv6")
	}
	for i, family := range s.s.IPFamilies {
		s.oneOf(families.Index(i), &family, "IPv4", "IPv6")
		if slices.Index(s.s.IPFamilies, family) < i {
			s.fail(families.Index(i), "%q is listed already: remove one", family)
		}
	}
	// Source: kubernetes@v1.36.1 pkg/registry/core/service/storage/alloc.go initIPFamilyFields.
	if len(s.s.IPFamilies) > 1 && (s.s.IPFamilyPolicy == nil || is(s.s.IPFamilyPolicy, "SingleStack")) {
		s.failResting(families, []field.Path{s.p.Attr("ip_family_policy")},
			"lists two families, and the Service has one: set ip_family_policy to PreferDualStack or RequireDualStack")
	}
	// The first apply adds the other family, and the second would take it away again.
	// Source: kubernetes@v1.36.1 pkg/registry/core/service/storage/alloc.go initIPFamilyFields.
	if len(s.s.IPFamilies) == 1 && (is(s.s.IPFamilyPolicy, "PreferDualStack") || is(s.s.IPFamilyPolicy, "RequireDualStack")) {
		s.failResting(families, []field.Path{s.p.Attr("ip_family_policy")},
			"lists one family, and %s adds the other, which the next apply could not take away: list both, or leave it out for the cluster's order", *s.s.IPFamilyPolicy)
	}
}

func (s serviceCheck) affinity() {
	at := s.p.Attr("session_affinity")
	s.oneOf(at, s.s.SessionAffinity, "None", "ClientIP")
	timeout := s.p.Attr("session_affinity_timeout_seconds")
	between(s.checks, timeout, s.s.SessionAffinityTimeoutSeconds, 1, 86400)
	if s.s.SessionAffinityTimeoutSeconds != nil && !is(s.s.SessionAffinity, "ClientIP") {
		s.failResting(timeout, []field.Path{at}, "needs session_affinity = \"ClientIP\": set it or remove the time-out")
	}
}

func (s serviceCheck) routing() {
	internal, distribution, affinity, external := s.p.Attr("internal_traffic_policy"), s.p.Attr("traffic_distribution"), s.p.Attr("session_affinity"), s.p.Attr("external_traffic_policy")
	s.oneOf(internal, s.s.InternalTrafficPolicy, "Cluster", "Local")
	s.oneOf(external, s.s.ExternalTrafficPolicy, "Cluster", "Local")
	s.oneOf(distribution, s.s.TrafficDistribution, "PreferClose", "PreferSameZone", "PreferSameNode")
	if is(s.s.TrafficDistribution, "PreferSameZone") || is(s.s.TrafficDistribution, "PreferSameNode") {
		s.needs(distribution, kubeversion.SameTrafficDistribution)
	}
	if s.s.ExternalTrafficPolicy != nil && !s.s.isExternal() {
		s.failResting(external, []field.Path{s.p.Attr("type")}, "is about traffic from outside, which a ClusterIP has none of: remove it, or set type to NodePort or LoadBalancer")
	}
	if !is(s.s.ClusterIP, headless) {
		return
	}
	// No proxy stands in front of the pods then, which could do any of this.
	// Source: kubernetes@v1.36.1 pkg/proxy/util ShouldSkipService.
	for _, option := range []struct {
		at    field.Path
		value *string
	}{{internal, s.s.InternalTrafficPolicy}, {distribution, s.s.TrafficDistribution}, {affinity, s.s.SessionAffinity}} {
		if option.value != nil {
			s.failResting(option.at, []field.Path{s.p.Attr("cluster_ip")}, "has no effect on a headless Service, whose clients choose a pod themselves: remove it")
		}
	}
}

func (s serviceCheck) loadBalancer() {
	ranges := s.p.Attr("load_balancer_source_ranges")
	if s.s.LoadBalancerClass != nil {
		s.kubernetes(s.p.Attr("load_balancer_class"), *s.s.LoadBalancerClass, validation.IsQualifiedName(*s.s.LoadBalancerClass))
	}
	if s.s.LoadBalancerSourceRanges != nil && len(s.s.LoadBalancerSourceRanges) == 0 {
		s.fail(ranges, "is empty, which admits every address: name the clients' ranges or leave it out")
	}
	for i, text := range s.s.LoadBalancerSourceRanges {
		s.prefix(ranges.Index(i), text)
	}
	health := s.p.Attr("health_check_node_port")
	between(s.checks, health, s.s.HealthCheckNodePort, 1, 65535)
	for _, option := range []struct {
		at  field.Path
		set bool
	}{
		{s.p.Attr("load_balancer_class"), s.s.LoadBalancerClass != nil},
		{ranges, s.s.LoadBalancerSourceRanges != nil},
		{s.p.Attr("allocate_load_balancer_node_ports"), s.s.AllocateLoadBalancerNodePorts != nil},
		{health, s.s.HealthCheckNodePort != nil},
	} {
		if option.set && !is(s.s.Type, "LoadBalancer") {
			s.failResting(option.at, []field.Path{s.p.Attr("type")}, "belongs to the type LoadBalancer: set type, or remove it")
		}
	}
	if s.s.HealthCheckNodePort != nil && is(s.s.Type, "LoadBalancer") && !is(s.s.ExternalTrafficPolicy, "Local") {
		s.failResting(health, []field.Path{s.p.Attr("external_traffic_policy")}, "needs external_traffic_policy = \"Local\": set it or remove the port")
	}
}

// validateNodePorts looks at the node ports of all containers, which one Service asks for.
func (w Workload) validateNodePorts(c *checks) {
	type socket struct {
		number   int32
		protocol string
	}
	taken := map[socket]string{}
	for _, port := range w.NamedPorts() {
		if port.NodePort == nil {
			continue
		}
		p := field.Root("containers").Key(port.Container).Attr("ports").Key(port.Name).Attr("node_port")
		between(c, p, port.NodePort, 1, 65535)
		if w.Service == nil || !w.Service.isExternal() {
			c.failResting(p, []field.Path{field.Root("service")}, "needs a Service of the type NodePort or LoadBalancer: set service.type, or remove it")
		}
		protocol := "TCP"
		if port.Protocol != nil {
			protocol = *port.Protocol
		}
		key := socket{*port.NodePort, protocol}
		if other, used := taken[key]; used {
			c.fail(p, "%d/%s is the node port of %s already: choose another", key.number, protocol, other)
		}
		taken[key] = port.Container + "/" + port.Name
	}
}
