package render_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// cell is one entry of the table of capabilities.
type cell struct {
	engine   rollout.Engine
	provider rollout.Provider
	feature  rollout.Feature
}

// usedCells returns the entries that a workload makes use of.
func usedCells(w workload.Workload) []cell {
	if w.Strategy == nil || !w.Strategy.Progressive() {
		return nil
	}
	var features []rollout.Feature
	for _, need := range w.Strategy.Needs(field.Root("strategy")) {
		features = append(features, need.Feature)
	}
	if w.Analysis != nil && len(w.Analysis.Metrics) > 0 {
		features = append(features, rollout.MetricGate)
	}
	waits := slices.ContainsFunc(slices.Collect(maps.Values(w.Strategy.Webhooks)), func(h rollout.Webhook) bool {
		return h.Type == "confirm-traffic-increase" || h.Type == "confirm-promotion"
	})
	if waits || w.HasCandidate() { // each step of plain objects waits for a person
		features = append(features, rollout.ManualStep)
	}
	if b := w.Strategy.BlueGreen; b != nil && b.AutoPromotion != nil && !*b.AutoPromotion {
		features = append(features, rollout.ManualStep)
	}
	var used []cell
	for _, f := range features {
		used = append(used, cell{w.Engine(), w.TrafficProvider(), f})
	}
	return used
}

// Each entry of the table that says yes, or yes with a limit, is in a golden, and each golden is taken by
// the API server (internal/clustertest): what the table promises is written, and valid.
func TestGoldens_UseEveryCell(t *testing.T) {
	t.Parallel()
	used := map[cell]bool{}
	for _, name := range cases(t) {
		for _, c := range usedCells(input(t, name)) {
			used[c] = true
		}
	}
	count := 0
	for _, engine := range rollout.Engines() {
		for _, provider := range rollout.Providers() {
			missing := ""
			for _, feature := range rollout.Features() {
				supported := rollout.Capability(engine, provider, feature).Support != rollout.No
				switch c := (cell{engine, provider, feature}); {
				case supported && !used[c]:
					missing += " " + string(feature)
				case !supported && used[c]:
					t.Errorf("%v is not supported, and a golden uses it", c)
				case supported:
					count++
				}
			}
			if missing != "" {
				t.Error(fmt.Sprint(engine, " over ", provider, ":", missing))
			}
		}
	}
	t.Logf("goldens use %d entries of the table", count)
}
