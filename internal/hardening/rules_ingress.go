package hardening

import (
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
)

var ingressRules = []Rule{
	{
		ID:          "ingress-tls",
		Severity:    Error,
		Title:       "What an Ingress exposes is encrypted.",
		Attribute:   "traffic",
		Remediation: "set `traffic.tls_secret` to the Secret of the certificate",
		InYAML:      "add the host to `tls`, with the Secret of its certificate in `secretName`",
		Rationale:   "Without TLS everybody on the way reads and changes what is sent, cookies and passwords included. An Ingress takes plain HTTP for each host that `tls` does not list.",
		Source:      "Kubernetes documentation, concepts/services-networking/ingress, \"TLS\"",
		check:       checkIngressTLS,
	},
}

func checkIngressTLS(in *inventory, report report) {
	for _, ingress := range in.ingresses {
		if len(ingress.it.Spec.TLS) == 0 {
			report(ingress.at("spec.tls"), "the Ingress has no tls, so it takes plain HTTP for every host")
			continue
		}
		for i, rule := range ingress.it.Spec.Rules {
			if !slices.ContainsFunc(ingress.it.Spec.TLS, func(tls networkingv1.IngressTLS) bool { return coversHost(tls, rule.Host) }) {
				report(ingress.at("spec.rules").index(i).at("host"), "tls does not list %s, so plain HTTP is taken for it", hostOrAll(rule.Host))
			}
		}
	}
}

// coversHost reports whether an entry of tls is for a host. One without hosts is
// for all; a wildcard is for one label.
// Source: k8s.io/api@v0.37.2 networking/v1/types.go IngressTLS, IngressRule.
func coversHost(tls networkingv1.IngressTLS, host string) bool {
	if len(tls.Hosts) == 0 {
		return true
	}
	_, domain, _ := strings.Cut(host, ".")
	return slices.Contains(tls.Hosts, host) || host != "" && slices.Contains(tls.Hosts, "*."+domain)
}

func hostOrAll(host string) string {
	if host == "" {
		return "hosts in general"
	}
	return "host \"" + host + "\""
}
