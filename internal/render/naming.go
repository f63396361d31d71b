package render

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// naming holds the fields of a pod's spec that tell by which names the pod is known, and
// how it finds others.
type naming struct {
	DNSPolicy         *string              `json:"dnsPolicy,omitempty"`
	DNSConfig         *corev1.PodDNSConfig `json:"dnsConfig,omitempty"`
	HostAliases       []corev1.HostAlias   `json:"hostAliases,omitempty"`
	Hostname          *string              `json:"hostname,omitempty"`
	Subdomain         *string              `json:"subdomain,omitempty"`
	SetHostnameAsFQDN *bool                `json:"setHostnameAsFQDN,omitempty"`
	HostnameOverride  *string              `json:"hostnameOverride,omitempty"`
}

func newNaming(w workload.Workload) naming {
	n := naming{
		DNSPolicy:         w.DNSPolicy,
		Hostname:          w.Hostname,
		Subdomain:         w.Subdomain,
		SetHostnameAsFQDN: w.SetHostnameAsFQDN,
		HostnameOverride:  w.HostnameOverride,
	}
	for _, ip := range sortedKeys(w.HostAliases) {
		n.HostAliases = append(n.HostAliases, corev1.HostAlias{IP: ip, Hostnames: w.HostAliases[ip].Hostnames})
	}
	if d := w.DNSConfig; d != nil {
		n.DNSConfig = &corev1.PodDNSConfig{Nameservers: d.Nameservers, Searches: d.Searches}
		for _, name := range sortedKeys(d.Options) {
			option := corev1.PodDNSConfigOption{Name: name}
			if value := d.Options[name]; value != "" {
				option.Value = &value
			}
			n.DNSConfig.Options = append(n.DNSConfig.Options, option)
		}
	}
	return n
}

// isolation holds the fields of a pod's spec that tell what its containers share with
// each other and with the node.
type isolation struct {
	HostUsers             *bool                        `json:"hostUsers,omitempty"`
	ShareProcessNamespace *bool                        `json:"shareProcessNamespace,omitempty"`
	Resources             *corev1.ResourceRequirements `json:"resources,omitempty"`
}

func newIsolation(w workload.Workload) (isolation, error) {
	i := isolation{HostUsers: w.HostUsers, ShareProcessNamespace: w.ShareProcessNamespace}
	if w.Resources == nil {
		return i, nil
	}
	resources, err := newResources(*w.Resources)
	i.Resources = &resources
	return i, err
}
