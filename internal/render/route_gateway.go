package render

import "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"

// gatewayRoutes makes an HTTPRoute of the Gateway API, at a Gateway or, for Linkerd, in the mesh.
//
// Source: sigs.k8s.io/gateway-api@v1.6.3 apis/v1/httproute_types.go; GAMMA (GEP-1324) for a parent
// that is a Service.
func gatewayRoutes(r routing) []customValues {
	spec := fields{"parentRefs": list{gatewayParent(r)}}
	if len(r.Hosts) > 0 {
		spec["hostnames"] = anyList(r.Hosts)
	}
	path := fields{"type": "PathPrefix", "value": r.prefix()}
	backend := func(service string, weight int64) fields {
		return fields{"group": "", "kind": "Service", "name": service, "port": r.number(), "weight": weight}
	}
	rule := func(matches list, backends list) fields {
		rule := fields{"matches": matches, "backendRefs": backends}
		if r.TimeoutSeconds != nil {
			rule["timeouts"] = fields{"request": duration(*r.TimeoutSeconds)}
		}
		if r.mirror > 0 {
			rule["filters"] = list{fields{"type": "RequestMirror", "requestMirror": fields{
				"backendRef": fields{"group": "", "kind": "Service", "name": r.mirrorTo, "port": r.number()}, "percent": r.mirror,
			}}}
		}
		return rule
	}
	var rules list
	if len(r.matches) > 0 {
		var matches list
		for _, m := range r.matches {
			header, exact, expression := condition(m)
			match := fields{"type": "Exact", "name": header, "value": exact}
			if expression != "" {
				match = fields{"type": "RegularExpression", "name": header, "value": expression}
			}
			matches = append(matches, fields{"path": path, "headers": list{match}})
		}
		rules = append(rules, rule(matches, list{backend(r.candidate, 1)}))
	}
	backends := list{backend(r.stable, 1)}
	if r.splits() {
		backends = list{backend(r.stable, 100-r.weight), backend(r.candidate, r.weight)}
	}
	spec["rules"] = append(rules, rule(list{fields{"path": path}}, backends))
	return []customValues{r.object("gateway.networking.k8s.io/v1", "HTTPRoute", r.name, spec)}
}

func gatewayParent(r routing) fields {
	if r.Provider == rollout.Linkerd {
		return fields{"group": "", "kind": "Service", "name": r.name, "port": r.number()}
	}
	namespace, name := gatewayOf(textOrNone(r.Gateway))
	parent := fields{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": name}
	if namespace != "" {
		parent["namespace"] = namespace
	}
	if r.Listener != nil {
		parent["sectionName"] = *r.Listener
	}
	return parent
}
