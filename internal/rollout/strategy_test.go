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
			fields, others := field.All(tt.strategy.Validate(field.Root("strategy"), rollout.Deployment))
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
	if diff := cmp.Diff(want, rollout.Strategy{}.WithDefaults(rollout.Deployment)); diff != "" {
		t.Error(diff)
	}
	recreate := rollout.Strategy{Recreate: &rollout.Recreate{}}
	if diff := cmp.Diff(recreate, recreate.WithDefaults(rollout.Deployment)); diff != "" {
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

func TestStrategy_ValidateByController(t *testing.T) {
	t.Parallel()
	quantity := func(text string) *rollout.Quantity {
		if text == "" {
			return nil
		}
		return new(rollout.Quantity(text))
	}
	for name, tt := range map[string]struct {
		controller         rollout.Controller
		surge, unavailable string
		partition          int32
		want               string
	}{
		"DaemonSet, nothing said":      {rollout.DaemonSet, "", "", 0, ""},
		"DaemonSet, surge alone":       {rollout.DaemonSet, "1", "", 0, ""},
		"DaemonSet, unavailable alone": {rollout.DaemonSet, "", "10%", 0, ""},
		"DaemonSet, none unavailable":  {rollout.DaemonSet, "", "0", 0, ""},
		"DaemonSet, no surge":          {rollout.DaemonSet, "0", "", 0, ""},
		"DaemonSet, both":              {rollout.DaemonSet, "1", "1", 0, "strategy.rolling.max_surge"},
		"DaemonSet, neither":           {rollout.DaemonSet, "0", "0%", 0, "strategy.rolling.max_surge"},
		"DaemonSet, large surge":       {rollout.DaemonSet, "150%", "0", 0, "strategy.rolling.max_surge"},
		"StatefulSet, partition":       {rollout.StatefulSet, "", "", 3, ""},
		"StatefulSet, negative":        {rollout.StatefulSet, "", "", -1, "strategy.rolling.partition"},
		"StatefulSet, unavailable":     {rollout.StatefulSet, "", "2", 0, ""},
		"StatefulSet, none":            {rollout.StatefulSet, "", "0", 0, "strategy.rolling.max_unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := rollout.Strategy{Rolling: &rollout.Rolling{MaxSurge: quantity(tt.surge), MaxUnavailable: quantity(tt.unavailable), Partition: &tt.partition}}
			fields, _ := field.All(s.Validate(field.Root("strategy"), tt.controller))
			got := ""
			if len(fields) > 0 {
				got = fields[0].Path.String()
			}
			if got != tt.want || len(fields) > 1 {
				t.Errorf("blamed %v, want %q", fields, tt.want)
			}
		})
	}
}

func TestStrategy_DefaultsOfEachController(t *testing.T) {
	t.Parallel()
	q := func(text rollout.Quantity) *rollout.Quantity { return &text }
	for name, tt := range map[string]struct {
		controller rollout.Controller
		in, want   rollout.Rolling
	}{
		"DaemonSet replaces node by node":   {rollout.DaemonSet, rollout.Rolling{}, rollout.Rolling{MaxSurge: q("0"), MaxUnavailable: q("1")}},
		"DaemonSet that keeps every pod":    {rollout.DaemonSet, rollout.Rolling{MaxUnavailable: q("0")}, rollout.Rolling{MaxSurge: q("1"), MaxUnavailable: q("0")}},
		"DaemonSet that surges":             {rollout.DaemonSet, rollout.Rolling{MaxSurge: q("2")}, rollout.Rolling{MaxSurge: q("2"), MaxUnavailable: q("0")}},
		"DaemonSet that does not surge":     {rollout.DaemonSet, rollout.Rolling{MaxSurge: q("0")}, rollout.Rolling{MaxSurge: q("0"), MaxUnavailable: q("1")}},
		"StatefulSet replaces all, in turn": {rollout.StatefulSet, rollout.Rolling{}, rollout.Rolling{Partition: new(int32(0))}},
	} {
		if diff := cmp.Diff(rollout.Strategy{Rolling: &tt.want}, rollout.Strategy{Rolling: &tt.in}.WithDefaults(tt.controller)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	onDelete := rollout.Strategy{OnDelete: &rollout.OnDelete{}}
	if diff := cmp.Diff(onDelete, onDelete.WithDefaults(rollout.StatefulSet)); diff != "" {
		t.Error(diff)
	}
}
