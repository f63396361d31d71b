package workload

import (
	"net/netip"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// DNSConfig adds to what the DNS policy says, or is all there is with the policy None.
type DNSConfig struct {
	// Nameservers are at most three IP addresses.
	Nameservers []string `json:"nameservers,omitempty"`
	// Searches are domains in which short names are looked up.
	Searches []string `json:"searches,omitempty"`
	// Options are resolver options by name; an empty value is an option without one.
	Options map[string]string `json:"options,omitempty"`
}

// HostAlias is a line of the pod's hosts file.
type HostAlias struct {
	Hostnames []string `json:"hostnames"`
}

// Limits of the resolver in libc.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation MaxDNSNameservers and its neighbours.
const (
	maxNameservers    = 3
	maxSearches       = 32
	maxSearchesLength = 2048
)

// validateNaming checks by which names the pod is known, and how it finds others.
func (w Workload) validateNaming(c *checks) {
	w.validateDNS(c)
	for _, ip := range sorted(w.HostAliases) {
		at := field.Root("host_aliases").Key(ip)
		c.address(at, ip)
		if len(w.HostAliases[ip].Hostnames) == 0 {
			c.fail(at.Attr("hostnames"), "is empty: name a host")
		}
		for i, name := range w.HostAliases[ip].Hostnames {
			c.kubernetes(at.Attr("hostnames").Index(i), name, validation.IsDNS1123Subdomain(name))
		}
	}
	for name, value := range map[string]*string{"hostname": w.Hostname, "subdomain": w.Subdomain} {
		if value != nil {
			c.kubernetes(field.Root(name), *value, validation.IsDNS1123Label(*value))
		}
	}
	if w.HostnameOverride == nil {
		return
	}
	// Source: kubernetes@v1.36.1 pkg/apis/core/validation validatePodHostName.
	const longest = 64
	at := field.Root("hostname_override")
	c.needs(at, kubeversion.HostnameOverride)
	c.kubernetes(at, *w.HostnameOverride, validation.IsDNS1123Subdomain(*w.HostnameOverride))
	if len(*w.HostnameOverride) > longest {
		c.fail(at, "is longer than %d characters", longest)
	}
	if valueOf(w.SetHostnameAsFQDN) {
		c.fail(at, "is set together with set_hostname_as_fqdn: keep one of them")
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validatePodDNSConfig.
func (w Workload) validateDNS(c *checks) {
	c.oneOf(field.Root("dns_policy"), w.DNSPolicy, "ClusterFirst", "Default", "None")
	d, p := valueOf(w.DNSConfig), field.Root("dns_config")
	if valueOf(w.DNSPolicy) == "None" && len(d.Nameservers) == 0 {
		c.failResting(field.Root("dns_policy"), []field.Path{p}, "is None, so nothing could be resolved: set dns_config.nameservers")
	}
	if w.DNSConfig == nil {
		return
	}
	if len(d.Nameservers)+len(d.Searches)+len(d.Options) == 0 {
		c.fail(p, "says nothing: set nameservers, searches or options, or remove it")
	}
	if len(d.Nameservers) > maxNameservers {
		c.fail(p.Attr("nameservers"), "names %d servers: the resolver takes at most %d", len(d.Nameservers), maxNameservers)
	}
	for i, server := range d.Nameservers {
		c.address(p.Attr("nameservers").Index(i), server)
	}
	if len(d.Searches) > maxSearches || len(strings.Join(d.Searches, " ")) > maxSearchesLength {
		c.fail(p.Attr("searches"), "is too long: at most %d domains and %d characters together", maxSearches, maxSearchesLength)
	}
	for i, search := range d.Searches {
		c.searchDomain(p.Attr("searches").Index(i), search)
	}
	for _, name := range sorted(d.Options) {
		at := p.Attr("options").Key(name)
		if name == "" {
			c.fail(at, "has no name")
		}
		for _, text := range []string{name, d.Options[name]} {
			c.text(at, text)
			if strings.ContainsAny(text, " \t\r\n") {
				c.fail(at, "holds white space, which would begin another option: remove it")
			}
		}
	}
}

func (c *checks) searchDomain(p field.Path, search string) {
	trimmed := strings.TrimSuffix(search, ".")
	if wrong := validation.IsDNS1123SubdomainWithUnderscore(trimmed); search != "." && len(wrong) > 0 {
		c.kubernetes(p, search, wrong)
		return
	}
	if len(validation.IsDNS1123Subdomain(trimmed)) > 0 {
		c.needs(p, kubeversion.RelaxedSearches)
	}
}

// address fails unless value is an IP address in its usual form.
func (c *checks) address(p field.Path, value string) {
	if ip, err := netip.ParseAddr(value); err != nil || ip.Zone() != "" || ip.Is4In6() || ip.String() != value {
		c.fail(p, "%q is no IP address in its usual form", value)
	}
}
