package render

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// customValues is an object of a traffic provider or a delivery controller, whose API has no Go
// types here.
type customValues struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   metadataValues `json:"metadata"`
	Spec       map[string]any `json:"spec"`
}

// Shorthands for objects of APIs that have no Go types here.
type (
	fields = map[string]any
	list   = []any
)

// routing is where requests are to go.
type routing struct {
	rollout.Traffic
	// name and namespace are the workload's.
	name, namespace string
	port            workload.NamedPort
	// stable and candidate are Services; candidate is empty where all requests go to stable.
	stable, candidate string
	// candidatePods is the name that the candidate's pods bear in the label [workload.LabelName]; empty
	// is that of its Service.
	candidatePods string
	// weight is the candidate's share in percent, where no conditions decide.
	weight int64
	// matches are the conditions for the candidate.
	matches []rollout.Match
	// mirror is the share in percent of requests that the Service mirrorTo gets a copy of.
	mirror   int64
	mirrorTo string
	// made tells that a controller makes what shares the requests, under the workload's name.
	made     bool
	metadata func(name string) metadataValues
}

// mainRoute is the name of the route of all requests that no condition takes, where routes have names, and
// matchRoute that of those that conditions take.
const (
	mainRoute  = "all"
	matchRoute = "match"
)

// routers make the objects of each provider.
var routers = map[rollout.Provider]func(routing) []customValues{
	rollout.GatewayAPI: gatewayRoutes,
	rollout.Istio:      istioRoutes,
	rollout.Linkerd:    gatewayRoutes,
	rollout.Nginx:      nginxRoutes,
	rollout.Traefik:    traefikRoutes,
	rollout.Contour:    contourRoutes,
	rollout.Skipper:    skipperRoutes,
	rollout.Gloo:       glooRoutes,
	rollout.AppMesh:    appMeshRoutes,
}

// newRouting returns where the requests of a workload go that has one Service.
func newRouting(w workload.Workload) routing {
	port, found := w.TrafficPort()
	if !found { // an incomplete description
		port.ServicePort = new(int32(0))
		for _, some := range w.NamedPorts() {
			port = some
		}
	}
	r := routing{Traffic: *w.Traffic, name: w.Name, namespace: w.Namespace, port: port, stable: w.Name}
	r.metadata = func(name string) metadataValues {
		m := newMetadata(w)
		m.Name, m.Annotations = name, merged(w.Annotations, w.Traffic.Annotations)
		return m
	}
	return r
}

// nativeRouting adds the candidate of a native strategy.
func nativeRouting(w workload.Workload) routing {
	r := newRouting(w)
	if !w.HasCandidate() {
		return r
	}
	s := *w.Strategy
	switch {
	case s.BlueGreen != nil: // the Service is what is switched
		r.mirror, r.mirrorTo = percent(s.BlueGreen.MirrorPercent), previewName(w)
	case s.Canary != nil:
		r.candidate, r.weight = w.CandidateName(), int64(w.Weight())
		r.mirror, r.mirrorTo = percent(s.Canary.MirrorPercent), w.CandidateName()
	case s.ABTest != nil:
		r.candidate, r.matches = w.CandidateName(), s.ABTest.Match
	}
	return r
}

func percent(n *int32) int64 {
	if n == nil {
		return 0
	}
	return int64(*n)
}

// prefix returns how the paths of requests begin.
func (r routing) prefix() string {
	if r.PathPrefix == nil {
		return "/"
	}
	return *r.PathPrefix
}

// number is the port of the Services.
func (r routing) number() int64 { return int64(*r.port.ServicePort) }

// portOf is the port of a Service as a URL has it.
func (r routing) portOf() string { return strconv.FormatInt(r.number(), 10) }

// host is the full name of a Service.
func (r routing) host(service string) string {
	return service + "." + r.namespace + ".svc.cluster.local"
}

// splits reports whether a share of the requests goes to the candidate.
func (r routing) splits() bool { return r.candidate != "" && r.matches == nil }

// object returns an object of the given name.
func (r routing) object(apiVersion, kind, name string, spec fields) customValues {
	return customValues{APIVersion: apiVersion, Kind: kind, Metadata: r.metadata(name), Spec: spec}
}

// hostsOrAny returns the host names; "" is any.
func (r routing) hostsOrAny() []string {
	if len(r.Hosts) == 0 {
		return []string{""}
	}
	return r.Hosts
}

// duration writes seconds as most APIs read them.
func duration(seconds int32) string { return strconv.Itoa(int(seconds)) + "s" }

// condition returns a match as the name of a header, and either the exact value or a regular
// expression for the whole value. A cookie is one of the entries of the header cookie.
func condition(m rollout.Match) (header, exact, expression string) {
	switch {
	case m.Header != nil && m.Exact != nil:
		return *m.Header, *m.Exact, ""
	case m.Header != nil:
		return *m.Header, "", textOrNone(m.Regex)
	}
	value := "(" + textOrNone(m.Regex) + ")"
	if m.Exact != nil {
		value = regexp.QuoteMeta(*m.Exact)
	}
	return "cookie", "", `^(.*;\s*)?` + regexp.QuoteMeta(textOrNone(m.Cookie)) + "=" + value + `(;.*)?$`
}

// anyList returns values of one type as a list of any.
func anyList[T any](values []T) list {
	all := make(list, 0, len(values))
	for _, v := range values {
		all = append(all, v)
	}
	return all
}

// gatewayOf takes a reference to a gateway apart.
func gatewayOf(reference string) (namespace, name string) {
	if before, after, found := strings.Cut(reference, "/"); found {
		return before, after
	}
	return "", reference
}
