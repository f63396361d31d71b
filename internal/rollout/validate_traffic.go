package rollout

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// hostName is a host of a request, perhaps with a wildcard for its first label.
// Source: sigs.k8s.io/gateway-api@v1.6.3 apis/v1 Hostname.
var hostName = regexp.MustCompile(`^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// Validate returns every violation, each a [field.Error] at or below p.
func (t Traffic) Validate(p field.Path) error {
	c := &problems{}
	if !oneOf(c, p.Attr("provider"), t.Provider, Providers()) {
		return errors.Join(c.errs...)
	}
	for _, f := range []struct {
		name      string
		set       bool
		providers []Provider
	}{
		{"gateway", t.Gateway != nil, []Provider{GatewayAPI, Istio}},
		{"listener", t.Listener != nil, []Provider{GatewayAPI}},
		{"ingress_class", t.IngressClass != nil, []Provider{Nginx, Contour, Traefik, Skipper}},
		{"entry_points", t.EntryPoints != nil, []Provider{Traefik}},
		{"hosts", t.Hosts != nil, []Provider{GatewayAPI, Istio, Nginx, Traefik, Contour, Skipper, Gloo}},
		{"tls_secret", t.TLSSecret != nil, []Provider{Nginx, Traefik, Contour, Skipper, Gloo}},
		{"timeout_seconds", t.TimeoutSeconds != nil, []Provider{GatewayAPI, Istio, Linkerd, Nginx, Contour, Gloo, AppMesh}},
		{"retries", t.Retries != nil, []Provider{Istio, Nginx, Contour, Gloo, AppMesh}},
		{"annotations", t.Annotations != nil, []Provider{GatewayAPI, Istio, Linkerd, Nginx, Traefik, Contour, Skipper, Gloo, AppMesh}},
		{"path_prefix", t.PathPrefix != nil, []Provider{GatewayAPI, Istio, Linkerd, Nginx, Traefik, Contour, Skipper, Gloo, AppMesh}},
	} {
		if !f.set || slices.Contains(f.providers, t.Provider) {
			continue
		}
		var names []string
		for _, provider := range f.providers {
			names = append(names, string(provider))
		}
		c.failResting(p.Attr(f.name), p.Attr("provider"), "means nothing to provider %s, but to %s: remove it", t.Provider, strings.Join(names, ", "))
	}
	t.validateNeeded(c, p)
	for i, host := range t.Hosts {
		if !hostName.MatchString(host) || len(host) > 253 {
			c.fail(p.Attr("hosts").Index(i), "%q is no host name in lower case", host)
		}
		if slices.Contains(t.Hosts[:i], host) {
			c.fail(p.Attr("hosts").Index(i), "%q is there already", host)
		}
	}
	if t.Hosts != nil && len(t.Hosts) == 0 {
		c.fail(p.Attr("hosts"), "is empty: name a host, or leave it out for any")
	}
	if t.PathPrefix != nil && !pathPrefix.MatchString(*t.PathPrefix) {
		c.fail(p.Attr("path_prefix"), "%q is no absolute path of letters, digits and -._~%%: write \"/shop\"", *t.PathPrefix)
	}
	if t.Gateway != nil && !gatewayName.MatchString(*t.Gateway) {
		c.fail(p.Attr("gateway"), "%q is neither the name of a gateway nor namespace/name", *t.Gateway)
	}
	for _, n := range []struct {
		name  string
		value *string
	}{{"listener", t.Listener}, {"ingress_class", t.IngressClass}, {"tls_secret", t.TLSSecret}} {
		if n.value != nil && (!objectName.MatchString(*n.value) || len(*n.value) > 253) {
			c.fail(p.Attr(n.name), "%q is no name of an object", *n.value)
		}
	}
	for i, name := range t.EntryPoints {
		if !objectName.MatchString(strings.ToLower(name)) {
			c.fail(p.Attr("entry_points").Index(i), "%q is no name of an entry point", name)
		}
	}
	c.between(p.Attr("timeout_seconds"), t.TimeoutSeconds, 1, 86_400)
	c.between(p.Attr("retries"), t.Retries, 0, 100)
	return errors.Join(c.errs...)
}

var (
	pathPrefix  = regexp.MustCompile(`^(/|(/[A-Za-z0-9._~%-]+)+/?)$`)
	gatewayName = regexp.MustCompile(`^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$`)
)

// validateNeeded asks for what a provider cannot do without.
func (t Traffic) validateNeeded(c *problems, p field.Path) {
	provider := p.Attr("provider")
	switch {
	case t.Provider == GatewayAPI && t.Gateway == nil:
		c.failResting(p.Attr("gateway"), provider, `is needed: name the Gateway that requests come in by, as "infra/public"; in a mesh use provider linkerd or istio`)
	case t.Provider == Contour && len(t.Hosts) == 0:
		c.failResting(p.Attr("hosts"), provider, "is needed: an HTTPProxy is for one host name")
	case t.Provider == Skipper && t.TLSSecret != nil && len(t.Hosts) == 0:
		c.failResting(p.Attr("hosts"), p.Attr("tls_secret"), "is needed with tls_secret: Skipper picks the certificate by the host name")
	case t.Provider == Istio && t.Gateway != nil && len(t.Hosts) == 0:
		c.failResting(p.Attr("hosts"), provider, `is needed at a gateway: name the hosts that it serves`)
	}
}
