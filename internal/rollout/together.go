package rollout

import (
	"errors"
	"fmt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// Needs returns what the strategy asks of its engine and of the traffic provider, each with the
// attribute that asks.
func (s Strategy) Needs(p field.Path) []Need {
	var needs []Need
	need := func(f Feature, at field.Path) { needs = append(needs, Need{f, at}) }
	switch {
	case s.BlueGreen != nil:
		need(Switch, p.Attr("blue_green"))
		if s.BlueGreen.MirrorPercent != nil {
			need(Mirror, p.Attr("blue_green").Attr("mirror_percent"))
		}
	case s.Canary != nil:
		need(Weight, p.Attr("canary"))
		if s.Canary.MirrorPercent != nil {
			need(Mirror, p.Attr("canary").Attr("mirror_percent"))
		}
		if s.Canary.SessionAffinity != nil {
			need(StickySession, p.Attr("canary").Attr("session_affinity"))
		}
		if valueOf(s.Canary.Manual) {
			need(ManualStep, p.Attr("canary").Attr("manual"))
		}
	case s.ABTest != nil:
		at := p.Attr("ab_test").Attr("match")
		for i, m := range s.ABTest.Match {
			if m.Cookie != nil {
				need(Cookie, at.Index(i))
			} else {
				need(Header, at.Index(i))
			}
			if m.Regex != nil {
				need(RegexMatch, at.Index(i).Attr("regex"))
			}
		}
		if len(s.ABTest.Match) > 1 {
			need(SeveralMatches, at)
		}
	}
	return needs
}

// Need is a feature that something asks for.
type Need struct {
	Feature Feature
	At      field.Path
}

// ValidateTogether returns what cannot go together in a strategy, its traffic and its analysis,
// each a [field.Error]. The three are valid by themselves.
func ValidateTogether(s Strategy, t *Traffic, a *Analysis) error {
	c := &problems{}
	provider, at := NoProvider, field.Root("traffic")
	if t != nil {
		provider = t.Provider
	}
	engine, strategy := s.EngineOrDefault(), field.Root("strategy")
	needs := s.Needs(strategy)
	var features []Feature
	for _, n := range needs {
		features = append(features, n.Feature)
	}
	for _, n := range needs {
		cell := Capability(engine, provider, n.Feature)
		if cell.Support != No {
			continue
		}
		c.errs = append(c.errs, field.Errorf(n.At, "engine %s does not do that over provider %s: %s%s", engine, provider, cell.Reason, suggest(engine, provider, features)).
			RestsOn(strategy, at.Attr("provider")))
	}
	c.refusePairs(s, t, provider)
	switch {
	case a == nil:
	case !s.Progressive() || engine == Native:
		c.errs = append(c.errs, field.Errorf(field.Root("analysis"), "has no effect, because nothing looks at metrics between two plans: set strategy.engine to flagger or argo_rollouts, with blue_green, canary or ab_test").
			RestsOn(strategy))
	default:
		a.validateFor(c, field.Root("analysis"), s, provider)
	}
	return errors.Join(c.errs...)
}

// refusePairs refuses what the table has as two features that work, but not together.
func (c *problems) refusePairs(s Strategy, t *Traffic, provider Provider) {
	engine, strategy := s.EngineOrDefault(), field.Root("strategy")
	traffic := field.Root("traffic").Attr("provider")
	if engine == Flagger && provider == GatewayAPI && s.Canary != nil && s.Canary.MirrorPercent != nil {
		c.failResting(strategy.Attr("canary").Attr("mirror_percent"), traffic,
			"Flagger over gateway_api mirrors with blue_green alone: with weights it stays at weight 0 for ever; use blue_green, or provider istio")
	}
	if engine == ArgoRollouts && provider == Istio && s.ABTest != nil && t.PathPrefix != nil && *t.PathPrefix != "/" {
		c.failResting(field.Root("traffic").Attr("path_prefix"), strategy,
			"has no effect on the requests that match, because Argo Rollouts looks at their headers alone: use provider gateway_api, or engine flagger")
	}
	if provider != Nginx || s.ABTest == nil {
		return
	}
	headers, cookies := 0, 0
	for i, m := range s.ABTest.Match {
		at := strategy.Attr("ab_test").Attr("match").Index(i)
		switch {
		case m.Header != nil:
			headers++
		case valueOf(m.Exact) != "always":
			c.failResting(at, traffic, `ingress-nginx sends a cookie to the canary if its value is always, and no other: set exact to "always"`)
			cookies++
		default:
			cookies++
		}
	}
	if headers > 1 || cookies > 1 {
		c.failResting(strategy.Attr("ab_test").Attr("match"), traffic, "ingress-nginx takes one header and one cookie: remove the others, or use provider gateway_api")
	}
}

// suggest names a combination that can.
func suggest(e Engine, p Provider, features []Feature) string {
	engine, provider, found := Alternative(e, p, features...)
	switch {
	case !found:
		return "; no combination does all of it"
	case engine == e:
		return fmt.Sprintf("; use provider %s", provider)
	case provider == p:
		return fmt.Sprintf("; use engine %s", engine)
	default:
		return fmt.Sprintf("; use engine %s over provider %s", engine, provider)
	}
}
