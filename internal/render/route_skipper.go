package render

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

// skipperRoutes makes a RouteGroup.
//
// Source: github.com/zalando/skipper@v0.22.0 dataclients/kubernetes/deploy/apply/routegroups_crd.yaml,
// docs/reference/predicates.md and filters.md.
func skipperRoutes(r routing) []customValues {
	backend := func(name, service string) fields {
		return fields{"name": name, "type": "service", "serviceName": service, "servicePort": r.number()}
	}
	backends := list{backend("stable", r.stable)}
	defaults := list{fields{"backendName": "stable"}}
	if r.candidate != "" {
		backends = append(backends, backend("candidate", r.candidate))
	}
	if r.splits() {
		defaults = list{
			fields{"backendName": "stable", "weight": 100 - r.weight},
			fields{"backendName": "candidate", "weight": r.weight},
		}
	}
	route := func(predicates list, to list) fields {
		route := fields{"pathSubtree": r.prefix()}
		if predicates != nil {
			route["predicates"] = predicates
		}
		if to != nil {
			route["backends"] = to
		}
		if r.mirror > 0 {
			route["filters"] = list{fmt.Sprintf("teenf(%q)", "http://"+r.host(r.mirrorTo)+":"+r.portOf())}
		}
		return route
	}
	var routes list
	for _, m := range r.matches {
		routes = append(routes, route(list{skipperPredicate(m)}, list{fields{"backendName": "candidate"}}))
	}
	spec := fields{"backends": backends, "defaultBackends": defaults, "routes": append(routes, route(nil, nil))}
	if len(r.Hosts) > 0 {
		spec["hosts"] = anyList(r.Hosts)
	}
	if r.TLSSecret != nil {
		spec["tls"] = list{fields{"hosts": anyList(r.Hosts), "secretName": *r.TLSSecret}}
	}
	group := r.object("zalando.org/v1", "RouteGroup", r.name, spec)
	if r.IngressClass != nil {
		group.Metadata.Annotations["zalando.org/routegroup.class"] = *r.IngressClass
	}
	return []customValues{group}
}

// skipperPredicate writes a condition; a regular expression of a cookie is for its value.
func skipperPredicate(m rollout.Match) string {
	expression := func() string {
		if m.Exact != nil {
			return "^" + regexp.QuoteMeta(*m.Exact) + "$"
		}
		return textOrNone(m.Regex)
	}
	switch {
	case m.Cookie != nil:
		return fmt.Sprintf("Cookie(%s, %s)", strconv.Quote(*m.Cookie), strconv.Quote(expression()))
	case m.Exact != nil:
		return fmt.Sprintf("Header(%s, %s)", strconv.Quote(textOrNone(m.Header)), strconv.Quote(*m.Exact))
	default:
		return fmt.Sprintf("HeaderRegexp(%s, %s)", strconv.Quote(textOrNone(m.Header)), strconv.Quote(textOrNone(m.Regex)))
	}
}
