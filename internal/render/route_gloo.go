package render

// glooRoutes makes an Upstream for each Service, a RouteTable, and the VirtualService that delegates to it.
//
// Source: solo-io/gloo install/helm/gloo/crds, projects/gateway/api/v1 and projects/gloo/api/v1.
func glooRoutes(r routing) []customValues {
	ref := func(name string) fields { return fields{"name": name, "namespace": r.namespace} }
	upstream := func(service string) customValues {
		return r.object("gloo.solo.io/v1", "Upstream", service, fields{"kube": fields{
			"serviceName": service, "serviceNamespace": r.namespace, "servicePort": r.number(),
		}})
	}
	objects := []customValues{upstream(r.stable)}
	if r.candidate != "" {
		objects = append(objects, upstream(r.candidate))
	}
	if r.mirror > 0 && r.mirrorTo != r.candidate {
		objects = append(objects, upstream(r.mirrorTo))
	}
	route := func(matcher fields, action fields) fields {
		route := fields{"matchers": list{matcher}, "routeAction": action}
		options := fields{}
		if r.TimeoutSeconds != nil {
			options["timeout"] = duration(*r.TimeoutSeconds)
		}
		if r.Retries != nil {
			options["retries"] = fields{"retryOn": "connect-failure,refused-stream,unavailable,5xx", "numRetries": int64(*r.Retries)}
		}
		if r.mirror > 0 {
			options["shadowing"] = fields{"upstream": ref(r.mirrorTo), "percentage": r.mirror}
		}
		if len(options) > 0 {
			route["options"] = options
		}
		return route
	}
	single := func(name string) fields { return fields{"single": fields{"upstream": ref(name)}} }
	var routes list
	for _, m := range r.matches {
		header, exact, expression := condition(m)
		match := fields{"name": header, "value": exact}
		if expression != "" {
			match = fields{"name": header, "value": expression, "regex": true}
		}
		routes = append(routes, route(fields{"prefix": r.prefix(), "headers": list{match}}, single(r.candidate)))
	}
	action := single(r.stable)
	if r.splits() {
		destination := func(name string, weight int64) fields {
			return fields{"destination": fields{"upstream": ref(name)}, "weight": weight}
		}
		action = fields{"multi": fields{"destinations": list{destination(r.stable, 100-r.weight), destination(r.candidate, r.weight)}}}
	}
	table := r.object("gateway.solo.io/v1", "RouteTable", r.name, fields{"routes": append(routes, route(fields{"prefix": r.prefix()}, action))})
	return append(objects, table, glooHost(r, ""))
}

// glooHost makes the VirtualService, which has the hosts and the certificate. Requests that no route of the
// RouteTable takes go to the Upstream fallback, if there is one.
func glooHost(r routing, fallback string) customValues {
	domains := list{"*"}
	if len(r.Hosts) > 0 {
		domains = anyList(r.Hosts)
	}
	routes := list{fields{
		"matchers":       list{fields{"prefix": r.prefix()}},
		"delegateAction": fields{"ref": fields{"name": r.name, "namespace": r.namespace}},
	}}
	if fallback != "" {
		routes = append(routes, fields{
			"matchers":    list{fields{"prefix": r.prefix()}},
			"routeAction": fields{"single": fields{"upstream": fields{"name": fallback, "namespace": r.namespace}}},
		})
	}
	spec := fields{"virtualHost": fields{"domains": domains, "routes": routes}}
	if r.TLSSecret != nil {
		spec["sslConfig"] = fields{"secretRef": fields{"name": *r.TLSSecret, "namespace": r.namespace}}
	}
	return r.object("gateway.solo.io/v1", "VirtualService", r.name, spec)
}
