package rollout

import (
	"errors"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// Strategy says how a new version replaces the old one. Exactly one field is set.
type Strategy struct {
	Rolling  *Rolling  `json:"rolling,omitempty"`
	Recreate *Recreate `json:"recreate,omitempty"`
}

// Rolling replaces pods a few at a time.
type Rolling struct {
	// MaxSurge is how many pods may exist above the wanted number. A share is
	// rounded up. Default "25%".
	MaxSurge *Quantity `json:"max_surge,omitempty"`
	// MaxUnavailable is how many of the wanted pods may be missing. A share is
	// rounded down. Default "0": capacity never drops during a rollout.
	MaxUnavailable *Quantity `json:"max_unavailable,omitempty"`
}

// Recreate stops every old pod before the first new one starts.
type Recreate struct{}

// WithDefaults returns a copy with every decision filled in: rolling, if nothing
// was chosen, with max_surge "25%" and max_unavailable "0".
func (s Strategy) WithDefaults() Strategy {
	if s.Recreate != nil {
		return s
	}
	rolling := Rolling{}
	if s.Rolling != nil {
		rolling = *s.Rolling
	}
	if rolling.MaxSurge == nil {
		rolling.MaxSurge = new(Quantity("25%"))
	}
	if rolling.MaxUnavailable == nil {
		rolling.MaxUnavailable = new(Quantity("0"))
	}
	return Strategy{Rolling: &rolling}
}

// Validate returns every violation, each a [field.Error] at or below p.
func (s Strategy) Validate(p field.Path) error {
	var chosen []string
	if s.Rolling != nil {
		chosen = append(chosen, "rolling")
	}
	if s.Recreate != nil {
		chosen = append(chosen, "recreate")
	}
	switch {
	case len(chosen) == 0:
		return field.Errorf(p, "names no strategy: set one of rolling, recreate, or leave strategy out for rolling")
	case len(chosen) > 1:
		return field.Errorf(p, "names %s: keep one of them", strings.Join(chosen, " and "))
	}
	if s.Rolling == nil {
		return nil
	}
	return s.Rolling.validate(p.Attr("rolling"))
}

func (r Rolling) validate(p field.Path) error {
	var errs []error
	for _, q := range []struct {
		name  string
		value *Quantity
		most  int // percent; 0 is no limit
	}{{"max_surge", r.MaxSurge, 0}, {"max_unavailable", r.MaxUnavailable, 100}} {
		if q.value == nil {
			continue
		}
		if _, err := q.value.IntOrString(); err != nil {
			errs = append(errs, field.Errorf(p.Attr(q.name), "%s", err))
		} else if n, _ := q.value.Of(100, true); q.most > 0 && strings.HasSuffix(string(*q.value), "%") && n > q.most {
			errs = append(errs, field.Errorf(p.Attr(q.name), "%s is more than all pods: use at most %d%%", *q.value, q.most))
		}
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	// apps/v1 refuses this too: nothing could ever be replaced.
	// Source: kubernetes@v1.36.1 pkg/apis/apps/validation ValidateRollingUpdateDeployment.
	d := Strategy{Rolling: &r}.WithDefaults().Rolling
	if d.MaxSurge.IsZero() && d.MaxUnavailable.IsZero() {
		return field.Errorf(p.Attr("max_surge"),
			"max_surge and max_unavailable are both zero, so no pod could ever be replaced: let at least one of them be more, for example max_surge = \"25%%\"")
	}
	return nil
}
