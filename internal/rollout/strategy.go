package rollout

import (
	"errors"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// Controller is the kind of the object whose controller replaces the pods.
type Controller string

// The controllers that replace pods.
const (
	Deployment  Controller = "Deployment"
	StatefulSet Controller = "StatefulSet"
	DaemonSet   Controller = "DaemonSet"
)

// Strategy says how a new version replaces the old one. Exactly one of the fields from
// Rolling to ABTest is set.
type Strategy struct {
	// Engine is who does it; nil is native.
	Engine *Engine `json:"engine,omitempty"`

	Rolling *Rolling `json:"rolling,omitempty"`
	// Recreate is for Deployments.
	Recreate *Recreate `json:"recreate,omitempty"`
	// OnDelete is for StatefulSets and DaemonSets.
	OnDelete *OnDelete `json:"on_delete,omitempty"`
	// BlueGreen, Canary and ABTest are for Deployments: two versions run side by side.
	BlueGreen *BlueGreen `json:"blue_green,omitempty"`
	Canary    *Canary    `json:"canary,omitempty"`
	ABTest    *ABTest    `json:"ab_test,omitempty"`

	// Webhooks and Alerts are Flagger's, by a name of the user's.
	Webhooks map[string]Webhook `json:"webhooks,omitempty"`
	Alerts   map[string]Alert   `json:"alerts,omitempty"`
}

// EngineOrDefault returns the engine, native where none is named.
func (s Strategy) EngineOrDefault() Engine {
	if s.Engine == nil {
		return Native
	}
	return *s.Engine
}

// Progressive reports whether two versions run side by side.
func (s Strategy) Progressive() bool { return s.BlueGreen != nil || s.Canary != nil || s.ABTest != nil }

// Candidate returns the next version as native strategies describe it; nil is none.
func (s Strategy) Candidate() *Candidate {
	switch {
	case s.BlueGreen != nil:
		return s.BlueGreen.Candidate
	case s.Canary != nil:
		return s.Canary.Candidate
	case s.ABTest != nil:
		return s.ABTest.Candidate
	}
	return nil
}

// Rolling replaces pods a few at a time.
type Rolling struct {
	// MaxSurge is how many pods may exist above the wanted number. A share is
	// rounded up. The default is "25%" of a Deployment, and "0" of a DaemonSet unless
	// MaxUnavailable is zero; a StatefulSet, whose pods have identities, has none.
	MaxSurge *Quantity `json:"max_surge,omitempty"`
	// MaxUnavailable is how many of the wanted pods may be missing. A DaemonSet rounds a
	// share up, the others down. The default of a Deployment is "0": capacity never drops
	// during a rollout. That of a DaemonSet is "1" unless MaxSurge is more than zero: one
	// node has one pod. A StatefulSet replaces one pod at a time.
	MaxUnavailable *Quantity `json:"max_unavailable,omitempty"`
	// Partition is the ordinal of a StatefulSet's pods from which on they are replaced;
	// nil is 0, which is all of them.
	Partition *int32 `json:"partition,omitempty"`
}

// Recreate stops every old pod before the first new one starts.
type Recreate struct{}

// OnDelete replaces a pod when somebody deletes it.
type OnDelete struct{}

// WithDefaults returns a copy with every decision filled in for a controller:
// rolling, if nothing was chosen, and the numbers that [Rolling] names.
func (s Strategy) WithDefaults(c Controller) Strategy {
	if s.Recreate != nil || s.OnDelete != nil {
		return s
	}
	if s.Progressive() {
		return s.progressiveDefaults()
	}
	rolling := Rolling{}
	if s.Rolling != nil {
		rolling = *s.Rolling
	}
	switch c {
	case StatefulSet:
		orElse(&rolling.Partition, 0)
	case DaemonSet:
		// The API takes exactly one of the two that is not zero.
		surges := rolling.MaxSurge != nil && !rolling.MaxSurge.IsZero() ||
			rolling.MaxSurge == nil && rolling.MaxUnavailable != nil && rolling.MaxUnavailable.IsZero()
		surge, unavailable := Quantity("0"), Quantity("1")
		if surges {
			surge, unavailable = "1", "0"
		}
		orElse(&rolling.MaxSurge, surge)
		orElse(&rolling.MaxUnavailable, unavailable)
	default:
		orElse(&rolling.MaxSurge, "25%")
		orElse(&rolling.MaxUnavailable, "0")
	}
	s.Rolling = &rolling
	return s
}

// DeploymentStrategy returns how the pods of one track are replaced: rolling, if two versions
// run side by side, and as the strategy says if not.
func (s Strategy) DeploymentStrategy() Strategy {
	if s.Progressive() {
		return Strategy{}.WithDefaults(Deployment)
	}
	return s
}

func orElse[T any](p **T, value T) {
	if *p == nil {
		*p = &value
	}
}

// Validate returns every violation, each a [field.Error] at or below p. Which
// fields the controller has at all is not asked here.
func (s Strategy) Validate(p field.Path, c Controller) error {
	var chosen []string
	for _, choice := range []struct {
		name string
		set  bool
	}{
		{"rolling", s.Rolling != nil}, {"recreate", s.Recreate != nil}, {"on_delete", s.OnDelete != nil},
		{"blue_green", s.BlueGreen != nil}, {"canary", s.Canary != nil}, {"ab_test", s.ABTest != nil},
	} {
		if choice.set {
			chosen = append(chosen, choice.name)
		}
	}
	switch {
	case len(chosen) == 0:
		return field.Errorf(p, "names no strategy: set one of %s, or leave strategy out for rolling", strings.Join(Strategies(c), ", "))
	case len(chosen) > 1:
		return field.Errorf(p, "names %s: keep one of them", strings.Join(chosen, " and "))
	}
	if s.Rolling == nil {
		return s.validateProgressive(p)
	}
	if err := s.validateProgressive(p); err != nil {
		return err
	}
	return s.Rolling.validate(p.Attr("rolling"), c)
}

// Strategies returns the names of the fields of [Strategy] that a controller has.
func Strategies(c Controller) []string {
	if c == Deployment {
		return []string{"rolling", "recreate", "blue_green", "canary", "ab_test"}
	}
	return []string{"rolling", "on_delete"}
}

func (r Rolling) validate(p field.Path, c Controller) error {
	var errs []error
	for _, q := range []struct {
		name  string
		value *Quantity
		most  int // percent; 0 is no limit
	}{{"max_surge", r.MaxSurge, mostSurge[c]}, {"max_unavailable", r.MaxUnavailable, 100}} {
		if q.value == nil {
			continue
		}
		if _, err := q.value.IntOrString(); err != nil {
			errs = append(errs, field.Errorf(p.Attr(q.name), "%s", err))
		} else if n, _ := q.value.Of(100, true); q.most > 0 && strings.HasSuffix(string(*q.value), "%") && n > q.most {
			errs = append(errs, field.Errorf(p.Attr(q.name), "%s is more than all pods: use at most %d%%", *q.value, q.most))
		}
	}
	if r.Partition != nil && *r.Partition < 0 {
		errs = append(errs, field.Errorf(p.Attr("partition"), "is %d: use 0 or more", *r.Partition))
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	return r.validateTogether(p, c)
}

// mostSurge is the largest share of pods, in percent, that a controller takes as
// max_surge; a Deployment takes any.
// Source: kubernetes@v1.36.1 pkg/apis/apps/validation ValidateRollingUpdateDaemonSet.
var mostSurge = map[Controller]int{DaemonSet: 100}

// validateTogether holds what the API says of the numbers together.
// Source: kubernetes@v1.36.1 pkg/apis/apps/validation ValidateRollingUpdateDeployment,
// ValidateRollingUpdateDaemonSet and validateRollingUpdateStatefulSet.
func (r Rolling) validateTogether(p field.Path, c Controller) error {
	d := Strategy{Rolling: &r}.WithDefaults(c).Rolling
	if c == StatefulSet {
		if d.MaxUnavailable != nil && d.MaxUnavailable.IsZero() {
			return field.Errorf(p.Attr("max_unavailable"), "is zero, so no pod could ever be replaced: use \"1\" or more, or leave it out")
		}
		return nil
	}
	surges, drops := !d.MaxSurge.IsZero(), !d.MaxUnavailable.IsZero()
	switch {
	case !surges && !drops:
		return field.Errorf(p.Attr("max_surge"),
			"max_surge and max_unavailable are both zero, so no pod could ever be replaced: let at least one of them be more, for example max_surge = \"25%%\"").
			RestsOn(p.Attr("max_unavailable"))
	case surges && drops && c == DaemonSet:
		return field.Errorf(p.Attr("max_surge"),
			"is %s and max_unavailable %s, but a DaemonSet takes only one of them that is not zero: set the other to 0 or leave it out", *d.MaxSurge, *d.MaxUnavailable).
			RestsOn(p.Attr("max_unavailable"))
	}
	return nil
}
