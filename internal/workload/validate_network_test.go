package workload_test

import (
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

func TestValidate_NetworkOptionsThatKubernetesAccepts(t *testing.T) {
	t.Parallel()
	for name, addition := range map[string]string{
		"namespace by name":      "network_policy: {ingress: [{from: [{namespace: web}]}]}",
		"expressions alone":      "network_policy: {ingress: [{from: [{pod_expressions: [{key: a, operator: In, values: [b, '']}]}]}]}",
		"range of ports":         "network_policy: {egress: [{to: [{namespace: a}], ports: [{port: 1, end_port: 65535}, {name: dns-tcp}, {protocol: UDP}]}]}",
		"headless":               "service: {cluster_ip: None, publish_not_ready_addresses: true}",
		"own address":            "service: {cluster_ip: 10.0.0.10, ip_families: [IPv4]}",
		"two families":           "service: {ip_family_policy: RequireDualStack, ip_families: [IPv6, IPv4]}",
		"affinity":               "service: {session_affinity: ClientIP, session_affinity_timeout_seconds: 86400}",
		"load balancer":          "service: {type: LoadBalancer, external_traffic_policy: Local, health_check_node_port: 30000, load_balancer_class: a.b/c, load_balancer_source_ranges: [10.0.0.0/8], allocate_load_balancer_node_ports: false}",
		"node port":              "  x: {image: a" + digest + ", ports: {x: {container_port: 1, node_port: 30000}}}\nservice: {type: NodePort, external_traffic_policy: Local}",
		"node port of two kinds": "  x: {image: a" + digest + ", ports: {x: {container_port: 1, node_port: 30000}, y: {container_port: 1, protocol: UDP, node_port: 30000}}}\nservice: {type: LoadBalancer}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := describe(t, api+addition).Validate(kubeversion.Oldest); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestValidate_BlamesNetworkOptions(t *testing.T) {
	t.Parallel()
	checkBlamed(t, map[string]blamed{
		"namespace twice":       {"", "network_policy: {ingress: [{from: [{namespace: a, namespace_labels: {}}]}]}", "network_policy.ingress[0].from[0].namespace: keep one of them"},
		"namespace name":        {"", "network_policy: {ingress: [{from: [{namespace: A_b}]}]}", "network_policy.ingress[0].from[0].namespace: is not valid"},
		"namespace and cidr":    {"", "network_policy: {ingress: [{from: [{namespace: a, cidr: 10.0.0.0/8}]}]}", "network_policy.ingress[0].from[0]: make two peers"},
		"expression key":        {"", "network_policy: {egress: [{to: [{pod_expressions: [{key: 'a b', operator: Exists}]}]}]}", "network_policy.egress[0].to[0].pod_expressions[0].key: is not valid"},
		"expression operator":   {"", "network_policy: {egress: [{to: [{pod_expressions: [{key: a, operator: Gt}]}]}]}", "network_policy.egress[0].to[0].pod_expressions[0].operator: none of In, NotIn"},
		"values missing":        {"", "network_policy: {egress: [{to: [{namespace_expressions: [{key: a, operator: In}]}]}]}", "network_policy.egress[0].to[0].namespace_expressions[0].values: list at least one"},
		"values too many":       {"", "network_policy: {egress: [{to: [{pod_expressions: [{key: a, operator: Exists, values: [b]}]}]}]}", "network_policy.egress[0].to[0].pod_expressions[0].values: no meaning"},
		"value":                 {"", "network_policy: {egress: [{to: [{pod_expressions: [{key: a, operator: In, values: ['b c']}]}]}]}", "network_policy.egress[0].to[0].pod_expressions[0].values[0]: is not valid"},
		"no expressions":        {"", "network_policy: {egress: [{to: [{pod_expressions: []}]}]}", "network_policy.egress[0].to[0].pod_expressions: is empty"},
		"no port":               {"", "network_policy: {egress: [{to: [{namespace: a}], ports: [{}]}]}", "network_policy.egress[0].ports[0]: names no port"},
		"port and name":         {"", "network_policy: {egress: [{to: [{namespace: a}], ports: [{port: 1, name: a}]}]}", "network_policy.egress[0].ports[0]: keep one"},
		"port name":             {"", "network_policy: {egress: [{to: [{namespace: a}], ports: [{name: '1'}]}]}", "network_policy.egress[0].ports[0].name: is not valid"},
		"range backwards":       {"", "network_policy: {egress: [{to: [{namespace: a}], ports: [{port: 5, end_port: 4}]}]}", "network_policy.egress[0].ports[0].end_port: less than port = 5"},
		"range of nothing":      {"", "network_policy: {egress: [{to: [{namespace: a}], ports: [{name: a, end_port: 4}]}]}", "network_policy.egress[0].ports[0].end_port: ends a range"},
		"service off":           {"", "service: {enabled: false, session_affinity: None}", "service.enabled: no effect"},
		"no address":            {"", "service: {cluster_ip: none}", `service.cluster_ip: "none" is no address`},
		"mapped address":        {"", "service: {cluster_ip: '::ffff:10.0.0.1'}", "service.cluster_ip: is no address"},
		"address of family":     {"", "service: {cluster_ip: 10.0.0.1, ip_families: [IPv6]}", "service.cluster_ip: not of the first family"},
		"headless node port":    {"", "service: {cluster_ip: None, type: NodePort}", "service.cluster_ip: a NodePort needs an address"},
		"headless affinity":     {"", "service: {cluster_ip: None, session_affinity: ClientIP, internal_traffic_policy: Local, traffic_distribution: PreferClose}", "service.internal_traffic_policy: headless\nservice.traffic_distribution: headless\nservice.session_affinity: headless"},
		"family policy":         {"", "service: {ip_family_policy: Dual}", "service.ip_family_policy: none of SingleStack"},
		"family":                {"", "service: {ip_families: [IPv5]}", "service.ip_families[0]: none of IPv4"},
		"one family of two":     {"", "service: {ip_family_policy: PreferDualStack, ip_families: [IPv4]}", "service.ip_families: list both"},
		"family twice":          {"", "service: {ip_family_policy: PreferDualStack, ip_families: [IPv4, IPv4]}", "service.ip_families[1]: is listed already"},
		"families of one":       {"", "service: {ip_families: [IPv4, IPv6]}", "service.ip_families: set ip_family_policy"},
		"no families":           {"", "service: {ip_families: []}", "service.ip_families: is empty"},
		"affinity":              {"", "service: {session_affinity: Cookie}", "service.session_affinity: none of None, ClientIP"},
		"timeout of nothing":    {"", "service: {session_affinity_timeout_seconds: 5}", "service.session_affinity_timeout_seconds: needs session_affinity"},
		"timeout of a year":     {"", "service: {session_affinity: ClientIP, session_affinity_timeout_seconds: 86401}", "service.session_affinity_timeout_seconds: use 1 to 86400"},
		"traffic policies":      {"", "service: {type: NodePort, internal_traffic_policy: Zone, external_traffic_policy: Zone, traffic_distribution: Auto}", "service.internal_traffic_policy: none of\nservice.external_traffic_policy: none of\nservice.traffic_distribution: none of"},
		"external of ClusterIP": {"", "service: {external_traffic_policy: Local}", "service.external_traffic_policy: set type to NodePort"},
		"balancer options":      {"", "service: {load_balancer_class: a, load_balancer_source_ranges: [10.0.0.0/8], allocate_load_balancer_node_ports: true, health_check_node_port: 1}", "service.load_balancer_class: belongs to\nservice.load_balancer_source_ranges: belongs to\nservice.allocate_load_balancer_node_ports: belongs to\nservice.health_check_node_port: belongs to"},
		"balancer class":        {"", "service: {type: LoadBalancer, load_balancer_class: 'a b'}", "service.load_balancer_class: is not valid"},
		"source range":          {"", "service: {type: LoadBalancer, load_balancer_source_ranges: [10.0.0.1/8]}", `service.load_balancer_source_ranges[0]: write "10.0.0.0/8"`},
		"no source ranges":      {"", "service: {type: LoadBalancer, load_balancer_source_ranges: []}", "service.load_balancer_source_ranges: admits every address"},
		"health of Cluster":     {"", "service: {type: LoadBalancer, health_check_node_port: 30000}", `service.health_check_node_port: needs external_traffic_policy`},
		"node port":             {"9090", "9090, node_port: 30000", `containers["api"].ports["metrics"].node_port: needs a Service`},
		"node port number":      {"", "  x: {image: a" + digest + ", ports: {x: {container_port: 1, node_port: 70000}}}\nservice: {type: NodePort}", `containers["x"].ports["x"].node_port: use 1 to 65535`},
		"node port twice":       {"", "  x: {image: a" + digest + ", ports: {x: {container_port: 1, node_port: 30000}, z: {container_port: 2, node_port: 30000}}}\nservice: {type: NodePort}", `containers["x"].ports["z"].node_port: of x/x already`},
	})
}

func TestValidate_NewTrafficDistributionsNeedTheirVersion(t *testing.T) {
	t.Parallel()
	w := describe(t, api+"service: {traffic_distribution: PreferSameNode}")
	fields, _ := field.All(w.Validate(kubeversion.Oldest))
	if len(fields) != 1 || fields[0].Path.String() != "service.traffic_distribution" {
		t.Errorf("got %v", fields)
	}
	if err := w.Validate(kubeversion.SameTrafficDistribution.Since()); err != nil {
		t.Error(err)
	}
}
