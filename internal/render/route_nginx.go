package render

import (
	"strconv"
)

// nginxAnnotation begins the annotations of ingress-nginx.
const nginxAnnotation = "nginx.ingress.kubernetes.io/"

// nginxRoutes makes an Ingress, and a second one for the candidate, whose annotations say which
// requests it gets. Numbers are text there.
//
// Source: ingress-nginx v1.15 docs/user-guide/nginx-configuration/annotations.md.
func nginxRoutes(r routing) []customValues {
	class := "nginx"
	if r.IngressClass != nil {
		class = *r.IngressClass
	}
	main := ingress(r, r.name, r.stable, class)
	if r.TimeoutSeconds != nil {
		main.Metadata.Annotations[nginxAnnotation+"proxy-read-timeout"] = strconv.Itoa(int(*r.TimeoutSeconds))
		main.Metadata.Annotations[nginxAnnotation+"proxy-send-timeout"] = strconv.Itoa(int(*r.TimeoutSeconds))
	}
	if r.Retries != nil {
		// The first try counts.
		main.Metadata.Annotations[nginxAnnotation+"proxy-next-upstream-tries"] = strconv.Itoa(int(*r.Retries) + 1)
	}
	if r.mirror > 0 {
		main.Metadata.Annotations[nginxAnnotation+"mirror-target"] = "http://" + r.host(r.mirrorTo) + ":" + r.portOf() + "$request_uri"
	}
	if r.candidate == "" {
		return []customValues{main}
	}
	canary := ingress(r, r.candidate, r.candidate, class)
	canary.Metadata.Annotations[nginxAnnotation+"canary"] = "true"
	if r.splits() {
		canary.Metadata.Annotations[nginxAnnotation+"canary-weight"] = strconv.FormatInt(r.weight, 10)
	}
	for _, m := range r.matches {
		switch {
		case m.Cookie != nil:
			canary.Metadata.Annotations[nginxAnnotation+"canary-by-cookie"] = *m.Cookie
		case m.Exact != nil:
			canary.Metadata.Annotations[nginxAnnotation+"canary-by-header"] = textOrNone(m.Header)
			canary.Metadata.Annotations[nginxAnnotation+"canary-by-header-value"] = *m.Exact
		default:
			canary.Metadata.Annotations[nginxAnnotation+"canary-by-header"] = textOrNone(m.Header)
			canary.Metadata.Annotations[nginxAnnotation+"canary-by-header-pattern"] = textOrNone(m.Regex)
		}
	}
	return []customValues{main, canary}
}

// ingress makes an Ingress to one Service.
func ingress(r routing, name, service, class string) customValues {
	paths := fields{"paths": list{fields{
		"path": r.prefix(), "pathType": "Prefix",
		"backend": fields{"service": fields{"name": service, "port": fields{"number": r.number()}}},
	}}}
	var rules list
	for _, host := range r.hostsOrAny() {
		rule := fields{"http": paths}
		if host != "" {
			rule["host"] = host
		}
		rules = append(rules, rule)
	}
	spec := fields{"ingressClassName": class, "rules": rules}
	if r.TLSSecret != nil {
		tls := fields{"secretName": *r.TLSSecret}
		if len(r.Hosts) > 0 {
			tls["hosts"] = anyList(r.Hosts)
		}
		spec["tls"] = list{tls}
	}
	return r.object("networking.k8s.io/v1", "Ingress", name, spec)
}
