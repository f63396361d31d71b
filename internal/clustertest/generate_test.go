//go:build cluster

package clustertest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// generator draws workloads by chance. Equal seeds draw equal workloads. What it
// draws is mostly valid and leans towards the edges: the longest names, the
// smallest numbers, text that looks like YAML.
type generator struct {
	*rand.Rand
	// slot is the number of the workload: what only one of a cluster can have, such as
	// an address, is made of it.
	slot int
}

func newGenerator(seed uint64, slot int) generator {
	return generator{rand.New(rand.NewPCG(seed, uint64(slot))), slot}
}

// slots is how many workloads can have something that only one of a cluster can
// have, so that it lies where Kubernetes gives nothing away by chance.
// Source: kubernetes@v1.36.1 pkg/registry/core/service/ipallocator and portallocator,
// calculateRangeOffset: 128 ports, 256 addresses.
const slots = 60

// chance is true once in n times.
func (g generator) chance(n int) bool { return g.IntN(n) == 0 }

// pick returns one of the values.
func pick[T any](g generator, values ...T) T { return values[g.IntN(len(values))] }

// maybe returns one of the values, or nil half of the time.
func maybe[T any](g generator, values ...T) *T {
	if g.chance(2) {
		return nil
	}
	return new(pick(g, values...))
}

// some returns up to most entries, made by entry; nil half of the time.
func some[T any](g generator, most int, entry func() (string, T)) map[string]T {
	if g.chance(2) {
		return nil
	}
	m := make(map[string]T)
	for range 1 + g.IntN(most) {
		key, value := entry()
		m[key] = value
	}
	return m
}

// part adds something to a workload, or changes something of it.
type part func(g generator, w *workload.Workload)

// valid draws a workload that a plan for a version of Kubernetes would accept,
// once each rule that it does not follow has an exception: it begins with little,
// and each part that is drawn stays only if the workload is still valid.
func (g generator) valid(t *testing.T, target kubeversion.Version) workload.Workload {
	t.Helper()
	var refusal error
	for range 50 {
		w := g.smallest()
		for _, i := range g.Perm(len(parts)) {
			for range 2 { // one try may draw what is not valid here
				grown := copyOf(w)
				if parts[i](g, &grown); grown.Validate(target) == nil {
					w = grown
					break
				}
			}
		}
		if w, refusal = excused(w, target); refusal == nil {
			return w
		}
	}
	t.Fatalf("50 draws and no valid workload; the last one: %v", refusal)
	return workload.Workload{}
}

// smallest draws the least that a workload is.
func (g generator) smallest() workload.Workload {
	w := workload.Workload{
		Name: g.name(), Namespace: "generated", Kind: pick(g, workload.Kinds()...), Containers: map[string]workload.Container{},
	}
	for i := range pick(g, 1, 1, 1, 2, 3) {
		name := pick(g, "main", "main", "main", "side-car", "0", strings.Repeat("c", 63), fmt.Sprintf("c%d", g.IntN(100)))
		w.Containers[name] = g.container(i, takenPorts(w))
	}
	finite(&w)
	return w
}

// parts are all that can be drawn beside the smallest workload.
var parts = slices.Concat(commonParts, kindParts, containerParts, volumeParts, scalingParts, monitoringParts, networkParts, placementParts, podParts, hookParts)

// commonParts are what every object has, and how the pods come and go.
var commonParts = []part{
	func(g generator, w *workload.Workload) { w.Labels = some(g, 3, g.label) },
	func(g generator, w *workload.Workload) { w.Annotations = some(g, 3, g.annotation) },
	func(g generator, w *workload.Workload) { w.PodLabels = some(g, 3, g.label) },
	func(g generator, w *workload.Workload) { w.PodAnnotations = some(g, 3, g.annotation) },
	func(g generator, w *workload.Workload) { w.Strategy = g.strategy() },
	func(g generator, w *workload.Workload) { w.MinReadySeconds = maybe[int32](g, 0, 1, 2) },
	func(g generator, w *workload.Workload) { w.ProgressDeadlineSeconds = maybe[int32](g, 3, 60, 1<<31-1) },
	func(g generator, w *workload.Workload) {
		merge, operations := "metadata: {annotations: {patched: 'yes'}}\nspec: {template: {spec: {schedulerName: default-scheduler}}}\n",
			"- {op: add, path: /spec/template/metadata/annotations, value: {patched: 'yes'}}\n"
		patch := workload.Patch{Target: string(w.Kind) + "/" + w.Name, StrategicMerge: &merge}
		if g.chance(2) {
			patch.StrategicMerge, patch.JSONPatch = nil, &operations
		}
		w.Patches = pick(g, nil, nil, []workload.Patch{patch})
	},
	func(g generator, w *workload.Workload) { w.RevisionHistoryLimit = maybe[int32](g, 0, 1, 10) },
	func(g generator, w *workload.Workload) { w.PreStopSleepSeconds = maybe[int64](g, 0, 1, 10) },
	func(g generator, w *workload.Workload) {
		w.TerminationGracePeriodSeconds = maybe[int64](g, 15, 60, 3600, int64(g.IntN(6)))
	},
}

// takenPorts are the numbers that the containers listen on.
func takenPorts(w workload.Workload) map[int32]bool {
	taken := make(map[int32]bool)
	for _, c := range w.Containers {
		for _, p := range c.Ports {
			taken[p.ContainerPort] = true
		}
	}
	return taken
}

// name draws a DNS label that may also name a Service.
func (g generator) name() string {
	return pick(g, "web", "a", "api-v2", "x0", strings.Repeat("w", 63), fmt.Sprintf("app-%d", g.IntN(1000)))
}

func (g generator) label() (key, value string) {
	return pick(g, "team", "example.com/tier", "a.b.c/D_e-f.g", strings.Repeat("k", 63), fmt.Sprintf("l%d", g.IntN(10))),
		pick(g, "", "a", "true", "1", "1e3", "no", "v1.2_3-x", strings.Repeat("v", 63))
}

func (g generator) annotation() (key, value string) {
	return pick(g, "note", "example.com/owner", "prometheus.io/scrape", strings.Repeat("k", 63), fmt.Sprintf("n%d", g.IntN(10))), g.text()
}

// text draws what a value can hold: anything that YAML could mistake.
func (g generator) text() string {
	return pick(g, "", "plain", "true", "null", "~", "0777", "1e3", "y", "- a\n- b", "a: b", "#no comment", "{{ .Values.x }}", "$(HOME) $$",
		"ends with blank ", "\ttab", "line\n\nline\n", `"quoted" 'twice'`, "käse 漢字 🚢", "%", "@", strings.Repeat("long ", 500))
}

func (g generator) texts() []string {
	if !g.chance(3) {
		return nil
	}
	var texts []string
	for range 1 + g.IntN(3) {
		texts = append(texts, g.text())
	}
	return texts
}

func (g generator) strategy() *rollout.Strategy {
	quantity := func(values ...rollout.Quantity) *rollout.Quantity { return maybe(g, values...) }
	switch g.IntN(4) {
	case 0:
		return &rollout.Strategy{Recreate: &rollout.Recreate{}}
	case 1:
		return &rollout.Strategy{OnDelete: &rollout.OnDelete{}}
	default:
		return &rollout.Strategy{Rolling: &rollout.Rolling{
			MaxSurge:       quantity("1", "25%", "100%", "250%", "7"),
			MaxUnavailable: quantity("0", "1", "0%", "50%", "100%"),
			Partition:      maybe[int32](g, 0, 1, 100),
		}}
	}
}
