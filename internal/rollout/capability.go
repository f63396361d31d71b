package rollout

import "slices"

// Feature is something that a strategy may ask of an engine and a traffic provider.
type Feature string

// The features, in the order of the documentation.
const (
	// Weight is a share of the requests.
	Weight Feature = "weight"
	// Header and Cookie are a version for the requests that carry one of a value.
	Header Feature = "header"
	Cookie Feature = "cookie"
	// RegexMatch compares headers by a regular expression.
	RegexMatch Feature = "regex_match"
	// SeveralMatches takes more than one condition, of which one must hold.
	SeveralMatches Feature = "several_matches"
	// Mirror copies requests.
	Mirror Feature = "mirror"
	// StickySession keeps a client with its version.
	StickySession Feature = "session_affinity"
	// ManualStep waits for a person before it goes on.
	ManualStep Feature = "manual_step"
	// MetricGate goes on, or back, by metrics.
	MetricGate Feature = "metric_gate"
	// Switch moves all traffic at once.
	Switch Feature = "switch"
)

// Features returns every feature.
func Features() []Feature {
	return []Feature{Weight, Header, Cookie, RegexMatch, SeveralMatches, Mirror, StickySession, ManualStep, MetricGate, Switch}
}

// Support tells whether a feature works.
type Support string

// The degrees of support.
const (
	Yes Support = "yes"
	// Degraded works with a limit, which the reason names.
	Degraded Support = "degraded"
	// No would be refused, or silently do something else.
	No Support = "no"
)

// Cell is one entry of the table of capabilities.
type Cell struct {
	Support Support
	// Reason says what the limit is, or what would happen; empty where the answer is yes.
	Reason string
	// Source is where it is known from.
	Source string
}

// Capability returns whether a feature works with an engine over a provider.
func Capability(e Engine, p Provider, f Feature) Cell {
	cell := capabilities[e][p][f]
	if cell.Source == "" {
		cell.Source = sources[e]
	}
	return cell
}

// sources are where a row is known from unless its cell says otherwise.
var sources = map[Engine]string{
	Native:       "the provider's own documentation and custom resource definitions, at the versions of docs/guides/strategies",
	Flagger:      "fluxcd/flagger@v1.44.0 pkg/controller/scheduler.go and pkg/router",
	ArgoRollouts: "argoproj/argo-rollouts@v1.10.1 pkg/apis/rollouts/validation/validation.go",
}

type row map[Feature]Cell

func no(reason string) Cell       { return Cell{Support: No, Reason: reason} }
func degraded(reason string) Cell { return Cell{Support: Degraded, Reason: reason} }

var yes = Cell{Support: Yes}

// with returns a row with some cells changed.
func (r row) with(changes row) row {
	changed := row{}
	for f, c := range r {
		changed[f] = c
	}
	for f, c := range changes {
		changed[f] = c
	}
	return changed
}

var (
	// nativeRow is what plain objects can do where the provider can do everything.
	nativeRow = row{
		Weight: yes, Header: yes, Cookie: yes, RegexMatch: yes, SeveralMatches: yes, Mirror: yes, ManualStep: yes, Switch: yes,
		StickySession: no("plain routes keep no client with its version"),
		MetricGate:    no("nothing looks at metrics between two plans"),
	}
	// flaggerRow is what Flagger can do over a provider that it knows best.
	flaggerRow = row{
		Weight: yes, Header: yes, Cookie: yes, RegexMatch: yes, SeveralMatches: yes, StickySession: yes, MetricGate: yes, Switch: yes, Mirror: yes,
		ManualStep: degraded("by a confirm-traffic-increase webhook, which must answer"),
	}
	flaggerPlain = flaggerRow.with(row{
		Mirror:        no("Flagger would copy nothing, and with weights stay at weight 0 for ever"),
		StickySession: no("Flagger ignores it there"),
	})
	flaggerBlind = flaggerPlain.with(row{
		Header:         no(everybody),
		Cookie:         no(everybody),
		RegexMatch:     no(everybody),
		SeveralMatches: no(everybody),
	})
	argoRow = row{
		Weight: yes, ManualStep: yes, MetricGate: yes, Switch: yes,
		Header: no(argoHeader), Cookie: no(argoHeader), RegexMatch: no(argoHeader), SeveralMatches: no(argoHeader),
		Mirror: no("its controller refuses a mirror step there"), StickySession: no("it has no such thing"),
	}
)

const (
	everybody  = "Flagger does not match requests there: it would send all of them to the new version"
	argoHeader = "its controller refuses a header step there"
	noRouter   = "nothing in front of the Service tells requests apart"
)

// capabilities is the whole of what works with what. Each cell is held by a test.
//
// Sources: fluxcd/flagger@v1.44.0, docs/gitbook/usage/deployment-strategies.md and the files
// of [sources]; argoproj/argo-rollouts@v1.10.1; the providers' documentation.
var capabilities = map[Engine]map[Provider]row{
	Native: {
		NoProvider: nativeRow.with(row{
			Weight: degraded("by the ratio of the tracks' pods, so that one pod is the smallest step"),
			Header: no(noRouter), Cookie: no(noRouter), RegexMatch: no(noRouter), SeveralMatches: no(noRouter), Mirror: no("nothing in front of the Service copies requests"),
		}),
		GatewayAPI: nativeRow.with(row{
			Cookie:     degraded("as a regular expression for the header cookie, which an implementation need not have"),
			RegexMatch: degraded("an implementation need not have regular expressions, nor the same ones"),
		}),
		Istio: nativeRow,
		Linkerd: nativeRow.with(row{
			Mirror: no("Linkerd refuses the filter"),
		}),
		Nginx: nativeRow.with(row{
			Cookie:         degraded("the cookie's value must be always"),
			SeveralMatches: degraded("one header and one cookie at most"),
			Mirror:         degraded("every request is copied, and a slow copy slows the request down"),
		}),
		Traefik: nativeRow,
		Contour: nativeRow.with(row{
			Cookie: degraded("the header cookie holds name=value anywhere, so a longer value counts as well"),
		}),
		Skipper: nativeRow.with(row{
			Mirror: degraded("every request is copied"),
		}),
		Gloo: nativeRow,
		AppMesh: nativeRow.with(row{
			Mirror: no("its routes have no field for it"),
		}),
	},
	Flagger: {
		NoProvider: flaggerBlind.with(row{
			Weight: no("Flagger would make it blue-green with 10 checks, and say so in an event alone"),
			Header: no("Flagger drops the conditions"), Cookie: no("Flagger drops the conditions"),
			RegexMatch: no("Flagger drops the conditions"), SeveralMatches: no("Flagger drops the conditions"),
			Switch: degraded("traffic is never switched: after the checks the pods in production are replaced, a few at a time"),
		}),
		GatewayAPI: flaggerRow.with(row{
			Mirror:     degraded("with blue-green alone: with weights it stays at weight 0 for ever"),
			Cookie:     degraded("as a regular expression for the header cookie, which an implementation need not have"),
			RegexMatch: degraded("an implementation need not have regular expressions, nor the same ones"),
		}),
		Istio: flaggerRow,
		Linkerd: flaggerRow.with(row{
			Mirror:        no("Linkerd refuses the filter"),
			StickySession: no("Linkerd does not take the filters that it needs"),
		}),
		Nginx: flaggerPlain.with(row{
			Cookie:         degraded("the cookie's value must be always"),
			SeveralMatches: degraded("one header and one cookie at most: of several headers the last one wins"),
		}),
		Traefik: flaggerBlind,
		Contour: flaggerPlain.with(row{
			Cookie:         no("Flagger compares cookies there by a regular expression, which it leaves empty"),
			RegexMatch:     no("Flagger leaves the comparison empty there"),
			SeveralMatches: no("Flagger puts all conditions into one route, with the path once for each, and Contour refuses such a route"),
		}),
		Skipper: flaggerBlind,
		Gloo: flaggerPlain.with(row{
			SeveralMatches: no("Flagger makes all conditions one: every one would have to hold"),
		}),
		AppMesh: flaggerPlain.with(row{
			SeveralMatches: no("Flagger makes all conditions one: every one would have to hold"),
		}),
	},
	ArgoRollouts: {
		NoProvider: argoRow.with(row{
			Weight: degraded("by the ratio of the versions' pods, so that one pod is the smallest step"),
		}),
		GatewayAPI: argoRow.with(row{
			Weight:     degraded("needs the plugin argoproj-labs/gatewayAPI in the controller"),
			Header:     degraded("needs the plugin argoproj-labs/gatewayAPI in the controller"),
			Cookie:     degraded("as a regular expression for the header cookie, which an implementation need not have"),
			RegexMatch: degraded("an implementation need not have regular expressions, nor the same ones"), SeveralMatches: yes,
			Mirror: no("the plugin silently does nothing up to v0.15.0"),
		}),
		Istio: argoRow.with(row{
			Header: yes, RegexMatch: yes, SeveralMatches: yes, Mirror: yes,
			Cookie: degraded("as a regular expression for the header cookie"),
		}),
		Linkerd: argoRow.with(row{
			Weight:     degraded("needs the plugin argoproj-labs/gatewayAPI in the controller"),
			Header:     degraded("needs the plugin argoproj-labs/gatewayAPI in the controller"),
			Cookie:     degraded("as a regular expression for the header cookie"),
			RegexMatch: degraded("as the implementation has it"), SeveralMatches: yes,
		}),
		Nginx:   argoRow,
		Traefik: argoRow,
		Contour: argoRow.with(row{
			Weight: no("the plugin for it has had no commit since 2024-09"),
			Switch: yes,
		}),
		Skipper: argoRow.with(row{
			Weight: no("there is neither support nor a plugin for it"),
		}),
		Gloo: argoRow.with(row{
			Weight: no("it needs a plugin that is not maintained for the open-source Gloo"),
		}),
		AppMesh: argoRow,
	},
}

// Supports reports whether an engine has every feature over a provider.
func Supports(e Engine, p Provider, features ...Feature) bool {
	return !slices.ContainsFunc(features, func(f Feature) bool { return Capability(e, p, f).Support == No })
}

// Alternative returns the nearest combination with every feature: another provider for the same
// engine, else another engine over the same provider, else any. It is false if there is none.
func Alternative(e Engine, p Provider, features ...Feature) (Engine, Provider, bool) {
	preferred := []Provider{GatewayAPI, Istio, Traefik, Contour, Linkerd, Skipper}
	for _, support := range []Support{Yes, Degraded} {
		works := func(e Engine, p Provider) bool {
			return Supports(e, p, features...) && (support == Degraded ||
				!slices.ContainsFunc(features, func(f Feature) bool { return Capability(e, p, f).Support == Degraded }))
		}
		for _, provider := range preferred {
			if works(e, provider) {
				return e, provider, true
			}
		}
		for _, engine := range Engines() {
			if works(engine, p) {
				return engine, p, true
			}
		}
	}
	for _, engine := range Engines() {
		for _, provider := range preferred {
			if Supports(engine, provider, features...) {
				return engine, provider, true
			}
		}
	}
	return "", "", false
}
