package rollout

// Provider is what splits requests between Services.
type Provider string

// The traffic providers.
const (
	NoProvider Provider = "none"
	GatewayAPI Provider = "gateway_api"
	Istio      Provider = "istio"
	Linkerd    Provider = "linkerd"
	Nginx      Provider = "nginx"
	Traefik    Provider = "traefik"
	Contour    Provider = "contour"
	Skipper    Provider = "skipper"
	Gloo       Provider = "gloo"
	AppMesh    Provider = "app_mesh"
)

// Providers returns every provider, in the order of the documentation.
func Providers() []Provider {
	return []Provider{NoProvider, GatewayAPI, Istio, Linkerd, Nginx, Traefik, Contour, Skipper, Gloo, AppMesh}
}

// Traffic is how requests reach the workload.
type Traffic struct {
	Provider Provider `json:"provider"`
	// Gateway is where requests come in, as namespace/name or name: a Gateway of the Gateway API
	// or of Istio. Istio without one is the mesh.
	Gateway *string `json:"gateway,omitempty"`
	// Listener is the listener of the Gateway (Gateway API); nil is all.
	Listener *string `json:"listener,omitempty"`
	// IngressClass is the class of the Ingress, HTTPProxy or IngressRoute; nil is the provider's own.
	IngressClass *string `json:"ingress_class,omitempty"`
	// EntryPoints are those of Traefik; nil is Traefik's default.
	EntryPoints []string `json:"entry_points,omitempty"`
	// Hosts are the host names of the requests; nil is any, where the provider can.
	Hosts []string `json:"hosts,omitempty"`
	// PathPrefix is how the requests' paths begin; nil is "/".
	PathPrefix *string `json:"path_prefix,omitempty"`
	// Port is the name of the port that gets the requests; nil is the only one, or http.
	Port *string `json:"port,omitempty"`
	// TLSSecret names the Secret with the certificate, where the route holds it and not the gateway.
	TLSSecret *string `json:"tls_secret,omitempty"`
	// TimeoutSeconds is how long a request may take; nil is the provider's default.
	TimeoutSeconds *int32 `json:"timeout_seconds,omitempty"`
	// Retries is how often a failed request is tried again; nil is the provider's default.
	Retries *int32 `json:"retries,omitempty"`
	// Annotations are those of the route.
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Ending is a system whose end is announced or past.
type Ending struct {
	Provider Provider
	// What happened or will, with its date; Successor is what its users are sent to.
	What, Successor string
	// Source is where it is written down.
	Source string
}

// Endings returns the providers that end.
func Endings() []Ending {
	return []Ending{
		{Nginx, "ingress-nginx is retired: since March 2026 it gets no release and no security fix", "gateway_api", "kubernetes/ingress-nginx README, \"Ingress NGINX Retirement\""},
		{AppMesh, "AWS ended App Mesh on 2026-09-30", "gateway_api", "AWS Containers blog, on the end of AWS App Mesh"},
		{Gloo, "Gloo open source reaches its end of life on 2026-12-31", "gateway_api, with kgateway", "solo-io/gloo README"},
	}
}
