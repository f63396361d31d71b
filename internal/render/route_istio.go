package render

import "strings"

// istioRoutes makes a VirtualService, at a gateway of Istio or in the mesh. Hosts of destinations are
// short names, which Istio completes with the namespace of the VirtualService.
//
// Source: istio.io/api@v1.31.1 networking/v1 VirtualService.
func istioRoutes(r routing) []customValues {
	spec := fields{"hosts": list{r.name}}
	if len(r.Hosts) > 0 {
		spec["hosts"] = anyList(r.Hosts)
	}
	if r.Gateway != nil {
		spec["gateways"] = list{*r.Gateway}
	}
	destination := func(service string) fields {
		return fields{"host": service, "port": fields{"number": r.number()}}
	}
	route := func(name string, matches list, targets list) fields {
		route := fields{"name": name, "match": matches, "route": targets}
		if r.TimeoutSeconds != nil {
			route["timeout"] = duration(*r.TimeoutSeconds)
		}
		if r.Retries != nil {
			route["retries"] = fields{"attempts": int64(*r.Retries)}
		}
		if r.mirror > 0 {
			route["mirror"] = destination(r.mirrorTo)
			route["mirrorPercentage"] = fields{"value": r.mirror}
		}
		return route
	}
	path := fields{"prefix": r.prefix()}
	var routes list
	if len(r.matches) > 0 {
		var matches list
		for _, m := range r.matches {
			header, exact, expression := condition(m)
			value := fields{"exact": exact}
			if expression != "" {
				value = fields{"regex": expression}
			}
			matches = append(matches, fields{"uri": path, "headers": fields{strings.ToLower(header): value}})
		}
		routes = append(routes, route(matchRoute, matches, list{fields{"destination": destination(r.candidate)}}))
	}
	targets := list{fields{"destination": destination(r.stable)}}
	if r.splits() {
		targets = list{
			fields{"destination": destination(r.stable), "weight": 100 - r.weight},
			fields{"destination": destination(r.candidate), "weight": r.weight},
		}
	}
	spec["http"] = append(routes, route(mainRoute, list{fields{"uri": path}}, targets))
	return []customValues{r.object("networking.istio.io/v1", "VirtualService", r.name, spec)}
}
