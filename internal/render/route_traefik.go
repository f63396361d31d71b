package render

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

const traefikVersion = "traefik.io/v1alpha1"

// traefikRoutes makes an IngressRoute, with a TraefikService for shares and one for copies: one that
// did both would be taken by the API server and not by Traefik.
//
// Source: github.com/traefik/traefik/v3@v3.7.13 pkg/provider/kubernetes/crd/traefikio/v1alpha1.
func traefikRoutes(r routing) []customValues {
	target := fields{"kind": "Service", "name": r.stable, "port": r.number()}
	if r.made {
		target = fields{"kind": "TraefikService", "name": r.name}
	}
	var services []customValues
	if r.splits() {
		services = append(services, r.object(traefikVersion, "TraefikService", r.name, fields{"weighted": fields{"services": list{
			fields{"kind": "Service", "name": r.stable, "port": r.number(), "weight": 100 - r.weight},
			fields{"kind": "Service", "name": r.candidate, "port": r.number(), "weight": r.weight},
		}}}))
		target = fields{"kind": "TraefikService", "name": r.name}
	}
	if r.mirror > 0 {
		mirrored := fields{"mirrors": list{fields{"kind": "Service", "name": r.mirrorTo, "port": r.number(), "percent": r.mirror}}}
		for key, value := range target {
			mirrored[key] = value
		}
		services = append(services, r.object(traefikVersion, "TraefikService", r.name+"-mirror", fields{"mirroring": mirrored}))
		target = fields{"kind": "TraefikService", "name": r.name + "-mirror"}
	}
	var routes list
	if len(r.matches) > 0 {
		var alternatives []string
		for _, m := range r.matches {
			alternatives = append(alternatives, traefikCondition(m))
		}
		rule := r.traefikRule() + " && (" + strings.Join(alternatives, " || ") + ")"
		routes = append(routes, fields{"kind": "Rule", "match": rule, "services": list{fields{"kind": "Service", "name": r.candidate, "port": r.number()}}})
	}
	routes = append(routes, fields{"kind": "Rule", "match": r.traefikRule(), "services": list{target}})
	spec := fields{"routes": routes}
	if len(r.EntryPoints) > 0 {
		spec["entryPoints"] = anyList(r.EntryPoints)
	}
	if r.TLSSecret != nil {
		spec["tls"] = fields{"secretName": *r.TLSSecret}
	}
	route := r.object(traefikVersion, "IngressRoute", r.name, spec)
	if r.IngressClass != nil {
		route.Metadata.Annotations["kubernetes.io/ingress.class"] = *r.IngressClass
	}
	return append(services, route)
}

// traefikRule is the rule of every request to the workload.
func (r routing) traefikRule() string {
	var hosts []string
	for _, host := range r.Hosts {
		if suffix, wild := strings.CutPrefix(host, "*."); wild {
			hosts = append(hosts, fmt.Sprintf("HostRegexp(`^[^.]+\\.%s$`)", strings.ReplaceAll(suffix, ".", `\.`)))
			continue
		}
		hosts = append(hosts, fmt.Sprintf("Host(`%s`)", host))
	}
	path := fmt.Sprintf("PathPrefix(`%s`)", r.prefix())
	switch len(hosts) {
	case 0:
		return path
	case 1:
		return hosts[0] + " && " + path
	default:
		return "(" + strings.Join(hosts, " || ") + ") && " + path
	}
}

func traefikCondition(m rollout.Match) string {
	header, exact, expression := condition(m)
	if expression != "" {
		return fmt.Sprintf("HeaderRegexp(`%s`, `%s`)", header, expression)
	}
	return fmt.Sprintf("Header(`%s`, `%s`)", header, exact)
}
