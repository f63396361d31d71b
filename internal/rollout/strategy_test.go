package rollout_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

func TestStrategy_Validate(t *testing.T) {
	t.Parallel()
	rolling := func(surge, unavailable string) rollout.Strategy {
		r := &rollout.Rolling{}
		if surge != "" {
			r.MaxSurge = new(rollout.Quantity(surge))
		}
		if unavailable != "" {
			r.MaxUnavailable = new(rollout.Quantity(unavailable))
		}
		return rollout.Strategy{Rolling: r}
	}
	for name, tt := range map[string]struct {
		strategy rollout.Strategy
		want     []string // paths to blame
	}{
		"rolling alone":               {rolling("", ""), nil},
		"recreate alone":              {rollout.Strategy{Recreate: &rollout.Recreate{}}, nil},
		"percentages":                 {rolling("150%", "100%"), nil},
		"surge zero, one unavailable": {rolling("0", "1"), nil},
		"nothing chosen":              {rollout.Strategy{}, []string{"strategy"}},
		"both chosen":                 {rollout.Strategy{Rolling: &rollout.Rolling{}, Recreate: &rollout.Recreate{}}, []string{"strategy"}},
		"surge zero, default":         {rolling("0", ""), []string{"strategy.rolling.max_surge"}},
		"zero percent, zero":          {rolling("0%", "0"), []string{"strategy.rolling.max_surge"}},
		"more than all unavailable":   {rolling("1", "101%"), []string{"strategy.rolling.max_unavailable"}},
		"not quantities":              {rolling("a few", "-1"), []string{"strategy.rolling.max_surge", "strategy.rolling.max_unavailable"}},
		"number with a plus sign":     {rolling("+1", ""), []string{"strategy.rolling.max_surge"}},
		"number over int32":           {rolling("4294967296", ""), []string{"strategy.rolling.max_surge"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fields, others := field.All(tt.strategy.Validate(field.Root("strategy")))
			var got []string
			for _, f := range fields {
				got = append(got, f.Path.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || len(others) > 0 {
				t.Errorf("blamed (-want +got):\n%s%v", diff, others)
			}
		})
	}
}

func TestStrategy_DefaultIsARollingUpdateThatKeepsCapacity(t *testing.T) {
	t.Parallel()
	want := rollout.Strategy{Rolling: &rollout.Rolling{MaxSurge: new(rollout.Quantity("25%")), MaxUnavailable: new(rollout.Quantity("0"))}}
	if diff := cmp.Diff(want, rollout.Strategy{}.WithDefaults()); diff != "" {
		t.Error(diff)
	}
	recreate := rollout.Strategy{Recreate: &rollout.Recreate{}}
	if diff := cmp.Diff(recreate, recreate.WithDefaults()); diff != "" {
		t.Error(diff)
	}
}

func TestQuantity_OfRoundsAsAsked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		quantity rollout.Quantity
		total    int
		up       bool
		want     int
	}{{"25%", 3, true, 1}, {"25%", 3, false, 0}, {"2", 3, false, 2}, {"0%", 3, true, 0}} {
		got, err := tt.quantity.Of(tt.total, tt.up)
		if err != nil || got != tt.want {
			t.Errorf("%s of %d = %d, %v, want %d", tt.quantity, tt.total, got, err, tt.want)
		}
	}
}
