package rollout

import (
	"errors"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// Numbers that a strategy gets unless it says otherwise.
const (
	defaultChecks         = 10
	defaultInterval       = 60
	defaultScaleDownDelay = 30
)

// defaultSteps are the shares of a canary that names none.
var defaultSteps = []int32{5, 10, 25, 50}

func (s Strategy) progressiveDefaults() Strategy {
	engine := s.EngineOrDefault()
	s.Engine = &engine
	switch {
	case s.BlueGreen != nil:
		b := *s.BlueGreen
		switch engine {
		case Native:
			orElse(&b.Active, Stable)
		case Flagger:
			orElse(&b.Checks, defaultChecks)
		case ArgoRollouts:
			orElse(&b.Checks, defaultChecks)
			orElse(&b.AutoPromotion, true)
			orElse(&b.ScaleDownDelaySeconds, defaultScaleDownDelay)
		}
		s.BlueGreen = &b
	case s.Canary != nil:
		c := *s.Canary
		if engine == Native {
			orElse(&c.Weight, 0)
		} else if c.Steps == nil {
			c.Steps = slices.Clone(defaultSteps)
		}
		s.Canary = &c
	case s.ABTest != nil:
		a := *s.ABTest
		if engine != Native {
			orElse(&a.Checks, defaultChecks)
		}
		s.ABTest = &a
	}
	return s
}

// problems collects violations.
type problems struct{ errs []error }

func (c *problems) fail(p field.Path, format string, args ...any) {
	c.errs = append(c.errs, field.Errorf(p, format, args...))
}

// failResting is fail for a verdict that rests on other places than p as well.
func (c *problems) failResting(p field.Path, on field.Path, format string, args ...any) {
	c.errs = append(c.errs, field.Errorf(p, format, args...).RestsOn(on))
}

func (c *problems) between(p field.Path, n *int32, low, high int32) {
	if n != nil && (*n < low || *n > high) {
		c.fail(p, "is %d: use %d to %d", *n, low, high)
	}
}

// oneOf fails unless the word is one of the allowed ones.
func oneOf[T ~string](c *problems, p field.Path, word T, allowed []T) bool {
	if slices.Contains(allowed, word) {
		return true
	}
	var names []string
	for _, a := range allowed {
		names = append(names, string(a))
	}
	c.fail(p, "%q is none of %s", word, strings.Join(names, ", "))
	return false
}

// validateProgressive looks at everything but the numbers of rolling.
func (s Strategy) validateProgressive(p field.Path) error {
	c := &problems{}
	engine := s.EngineOrDefault()
	if s.Engine != nil && !oneOf(c, p.Attr("engine"), engine, Engines()) {
		return errors.Join(c.errs...)
	}
	if engine != Native && !s.Progressive() {
		c.fail(p.Attr("engine"), "is %s, which moves traffic between two versions: set blue_green, canary or ab_test, or remove engine", engine)
	}
	if s.refuseOthers(c, p, engine); len(c.errs) > 0 {
		return errors.Join(c.errs...)
	}
	if s.BlueGreen != nil {
		s.BlueGreen.validate(c, p.Attr("blue_green"))
	}
	if s.Canary != nil {
		s.Canary.validate(c, p.Attr("canary"))
	}
	if s.ABTest != nil {
		s.ABTest.validate(c, p.Attr("ab_test"))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Webhooks)) {
		s.Webhooks[name].validate(c, p.Attr("webhooks").Key(name))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Alerts)) {
		s.Alerts[name].validate(c, p.Attr("alerts").Key(name))
	}
	return errors.Join(c.errs...)
}

// refuseOthers refuses what another engine does.
func (s Strategy) refuseOthers(c *problems, p field.Path, engine Engine) {
	b, n, a := valueOf(s.BlueGreen), valueOf(s.Canary), valueOf(s.ABTest)
	blueGreen, canary, abTest := p.Attr("blue_green"), p.Attr("canary"), p.Attr("ab_test")
	for _, f := range []struct {
		at      field.Path
		set     bool
		engines []Engine
	}{
		{blueGreen.Attr("active"), b.Active != nil, []Engine{Native}},
		{blueGreen.Attr("candidate"), b.Candidate != nil, []Engine{Native}},
		{blueGreen.Attr("checks"), b.Checks != nil, []Engine{Flagger, ArgoRollouts}},
		{blueGreen.Attr("mirror_percent"), b.MirrorPercent != nil, []Engine{Native, Flagger}},
		{blueGreen.Attr("auto_promotion"), b.AutoPromotion != nil, []Engine{ArgoRollouts}},
		{blueGreen.Attr("scale_down_delay_seconds"), b.ScaleDownDelaySeconds != nil, []Engine{ArgoRollouts}},
		{canary.Attr("weight"), n.Weight != nil, []Engine{Native}},
		{canary.Attr("candidate"), n.Candidate != nil, []Engine{Native}},
		{canary.Attr("steps"), n.Steps != nil, []Engine{Flagger, ArgoRollouts}},
		{canary.Attr("pause_seconds"), n.PauseSeconds != nil, []Engine{ArgoRollouts}},
		{canary.Attr("manual"), n.Manual != nil, []Engine{ArgoRollouts}},
		{canary.Attr("session_affinity"), n.SessionAffinity != nil, []Engine{Flagger}},
		{abTest.Attr("candidate"), a.Candidate != nil, []Engine{Native}},
		{abTest.Attr("checks"), a.Checks != nil, []Engine{Flagger, ArgoRollouts}},
		{p.Attr("webhooks"), s.Webhooks != nil, []Engine{Flagger}},
		{p.Attr("alerts"), s.Alerts != nil, []Engine{Flagger}},
	} {
		if !f.set || slices.Contains(f.engines, engine) {
			continue
		}
		var names []string
		for _, e := range f.engines {
			names = append(names, string(e))
		}
		c.failResting(f.at, p.Attr("engine"), "means nothing to engine %s, but to %s: remove it, or set strategy.engine", engine, strings.Join(names, " and "))
	}
}

func (b BlueGreen) validate(c *problems, p field.Path) {
	if b.Active != nil && oneOf(c, p.Attr("active"), *b.Active, []Track{Stable, Next}) && *b.Active == Next && b.Candidate == nil {
		c.failResting(p.Attr("active"), p.Attr("candidate"), "is candidate, and there is none: describe it, or set active to stable")
	}
	b.Candidate.validate(c, p.Attr("candidate"))
	c.between(p.Attr("checks"), b.Checks, 1, 10_000)
	c.between(p.Attr("mirror_percent"), b.MirrorPercent, 1, 100)
	c.between(p.Attr("scale_down_delay_seconds"), b.ScaleDownDelaySeconds, 0, 86_400)
}

func (n Canary) validate(c *problems, p field.Path) {
	c.between(p.Attr("weight"), n.Weight, 0, 100)
	if n.Weight != nil && *n.Weight > 0 && n.Candidate == nil {
		c.failResting(p.Attr("weight"), p.Attr("candidate"), "is %d, and there is no candidate to send that share to: describe it, or set weight to 0", *n.Weight)
	}
	n.Candidate.validate(c, p.Attr("candidate"))
	last := int32(0)
	for i, step := range n.Steps {
		if step <= last || step > 100 {
			c.fail(p.Attr("steps").Index(i), "is %d: steps are percent from 1 to 100, each more than the one before", step)
		}
		last = max(last, step)
	}
	if n.Steps != nil && len(n.Steps) == 0 {
		c.fail(p.Attr("steps"), "is empty: name at least one share, or leave it out")
	}
	c.between(p.Attr("pause_seconds"), n.PauseSeconds, 1, 604_800)
	if n.PauseSeconds != nil && n.Manual != nil && *n.Manual {
		c.failResting(p.Attr("pause_seconds"), p.Attr("manual"), "has no effect, because each step waits for a person (manual): remove one of them")
	}
	c.between(p.Attr("mirror_percent"), n.MirrorPercent, 1, 100)
	if s := n.SessionAffinity; s != nil {
		if !cookieName.MatchString(s.CookieName) {
			c.fail(p.Attr("session_affinity").Attr("cookie_name"), "%q is no name of a cookie", s.CookieName)
		}
		c.between(p.Attr("session_affinity").Attr("max_age_seconds"), s.MaxAgeSeconds, 1, 31_536_000)
	}
}

// Source of both: RFC 9110 section 5.6.2 (token), RFC 6265 section 4.1.1.
var (
	cookieName = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+.^_|~-]{1,128}$`)
	headerName = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+.^_|~-]{1,256}$`)
)

func (a ABTest) validate(c *problems, p field.Path) {
	if len(a.Match) == 0 {
		c.fail(p.Attr("match"), "is empty: say which requests get the new version")
	}
	for i, m := range a.Match {
		m.validate(c, p.Attr("match").Index(i))
	}
	a.Candidate.validate(c, p.Attr("candidate"))
	c.between(p.Attr("checks"), a.Checks, 1, 10_000)
}

func (m Match) validate(c *problems, p field.Path) {
	if (m.Header == nil) == (m.Cookie == nil) {
		c.fail(p, "set one of header and cookie")
	}
	if (m.Exact == nil) == (m.Regex == nil) {
		c.fail(p, "set one of exact and regex")
	}
	if m.Header != nil && !headerName.MatchString(*m.Header) {
		c.fail(p.Attr("header"), "%q is no name of a header", *m.Header)
	}
	if m.Cookie != nil && !cookieName.MatchString(*m.Cookie) {
		c.fail(p.Attr("cookie"), "%q is no name of a cookie", *m.Cookie)
	}
	if m.Exact != nil && (*m.Exact == "" || strings.ContainsAny(*m.Exact, "\r\n\x00`\"\\")) {
		c.fail(p.Attr("exact"), "is empty, or holds a line break, a quote or a backslash, which routes cannot compare")
	}
	if m.Regex != nil {
		if _, err := regexp.Compile(*m.Regex); err != nil || *m.Regex == "" || strings.ContainsAny(*m.Regex, "`\"\r\n") {
			c.fail(p.Attr("regex"), "%q is no regular expression (RE2) without quotes", *m.Regex)
		}
	}
}

func (k *Candidate) validate(c *problems, p field.Path) {
	if k == nil {
		return
	}
	if len(k.Images) == 0 && len(k.Env) == 0 && len(k.Resources) == 0 {
		c.fail(p, "changes nothing, so both tracks would run the same: set images, env or resources")
	}
	c.between(p.Attr("replicas"), k.Replicas, 1, 100_000)
}

// webhookTypes are those of fluxcd/flagger@v1.44.0 pkg/apis/flagger/v1beta1/canary.go HookType.
var webhookTypes = []string{
	"confirm-rollout", "pre-rollout", "rollout", "confirm-traffic-increase", "confirm-promotion", "post-rollout", "rollback", "event",
}

func (h Webhook) validate(c *problems, p field.Path) {
	oneOf(c, p.Attr("type"), h.Type, webhookTypes)
	if u, err := url.Parse(h.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		c.fail(p.Attr("url"), "%q is no http or https URL without credentials", h.URL)
	}
	c.between(p.Attr("timeout_seconds"), h.TimeoutSeconds, 1, 3600)
}

// alertProviders are those of fluxcd/flagger@v1.44.0 artifacts/flagger/crd.yaml AlertProvider.
var alertProviders = []string{"slack", "msteams", "discord", "rocket", "gchat"}

func (a Alert) validate(c *problems, p field.Path) {
	oneOf(c, p.Attr("provider"), a.Provider, alertProviders)
	if a.Severity != nil {
		oneOf(c, p.Attr("severity"), *a.Severity, []string{"info", "warn", "error"})
	}
	if !objectName.MatchString(a.Secret) {
		c.fail(p.Attr("secret"), "%q is no name of a Secret", a.Secret)
	}
}

// objectName is what most objects may be called (RFC 1123, a DNS subdomain).
var objectName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

func valueOf[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
