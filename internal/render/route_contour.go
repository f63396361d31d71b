package render

import (
	"strconv"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

// contourRoutes makes an HTTPProxy for each host. Conditions of one route must all hold, so each
// alternative is a route of its own, before the one for all others.
//
// Source: github.com/projectcontour/contour@v1.33.8 apis/projectcontour/v1/httpproxy.go.
func contourRoutes(r routing) []customValues {
	prefix := fields{"prefix": r.prefix()}
	route := func(conditions, services list) fields {
		route := fields{"conditions": conditions, "services": services}
		if r.TimeoutSeconds != nil {
			route["timeoutPolicy"] = fields{"response": duration(*r.TimeoutSeconds)}
		}
		if r.Retries != nil {
			route["retryPolicy"] = fields{"count": int64(*r.Retries)}
		}
		return route
	}
	var routes list
	for _, m := range r.matches {
		routes = append(routes, route(list{prefix, fields{"header": contourHeader(m)}}, list{fields{"name": r.candidate, "port": r.number()}}))
	}
	services := list{fields{"name": r.stable, "port": r.number()}}
	if r.splits() {
		services = list{
			fields{"name": r.stable, "port": r.number(), "weight": 100 - r.weight},
			fields{"name": r.candidate, "port": r.number(), "weight": r.weight},
		}
	}
	if r.mirror > 0 {
		services = append(services, fields{"name": r.mirrorTo, "port": r.number(), "mirror": true, "weight": r.mirror})
	}
	routes = append(routes, route(list{prefix}, services))
	return contourHosts(r, r.name, "routes", routes)
}

// contourHosts makes an HTTPProxy for each host, whose requests take the given routes or, as includes, those
// of other HTTPProxies.
func contourHosts(r routing, name, part string, entries list) []customValues {
	var proxies []customValues
	for i, host := range r.Hosts {
		numbered := name
		if i > 0 {
			numbered += "-" + strconv.Itoa(i+1)
		}
		virtual := fields{"fqdn": host}
		if r.TLSSecret != nil {
			virtual["tls"] = fields{"secretName": *r.TLSSecret}
		}
		spec := fields{"virtualhost": virtual, part: entries}
		if r.IngressClass != nil {
			spec["ingressClassName"] = *r.IngressClass
		}
		proxies = append(proxies, r.object("projectcontour.io/v1", "HTTPProxy", numbered, spec))
	}
	return proxies
}

func contourHeader(m rollout.Match) fields {
	if m.Cookie != nil && m.Exact != nil {
		return fields{"name": "cookie", "contains": *m.Cookie + "=" + *m.Exact}
	}
	header, exact, expression := condition(m)
	if expression != "" {
		return fields{"name": header, "regex": expression}
	}
	return fields{"name": header, "exact": exact}
}
