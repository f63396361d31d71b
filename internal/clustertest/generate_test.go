//go:build cluster

package clustertest_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// generator draws workloads by chance. Equal seeds draw equal workloads. What it
// draws is mostly valid and leans towards the edges: the longest names, the
// smallest numbers, text that looks like YAML.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64, index int) generator {
	return generator{rand.New(rand.NewPCG(seed, uint64(index)))}
}

// chance is true once in n times.
func (g generator) chance(n int) bool { return g.IntN(n) == 0 }

// pick returns one of the values.
func pick[T any](g generator, values ...T) T { return values[g.IntN(len(values))] }

// maybe returns one of the values, or nil twice in three times.
func maybe[T any](g generator, values ...T) *T {
	if !g.chance(3) {
		return nil
	}
	return new(pick(g, values...))
}

// some returns up to most entries, made by entry; nil twice in three times.
func some[T any](g generator, most int, entry func() (string, T)) map[string]T {
	if !g.chance(3) {
		return nil
	}
	m := make(map[string]T)
	for range 1 + g.IntN(most) {
		key, value := entry()
		m[key] = value
	}
	return m
}

// workload draws a workload for a Deployment.
func (g generator) workload() workload.Workload {
	w := workload.Workload{
		Name:       g.name(),
		Namespace:  "generated",
		Kind:       workload.Deployment,
		Containers: map[string]workload.Container{},

		Labels:         some(g, 3, g.label),
		Annotations:    some(g, 3, g.annotation),
		PodLabels:      some(g, 3, g.label),
		PodAnnotations: some(g, 3, g.annotation),

		Strategy:                g.strategy(),
		MinReadySeconds:         maybe[int32](g, 0, 1, 2),
		ProgressDeadlineSeconds: maybe[int32](g, 3, 60, 1<<31-1),
		RevisionHistoryLimit:    maybe[int32](g, 0, 1, 10),
	}
	taken := map[int32]bool{}
	for range pick(g, 1, 1, 1, 2, 3) {
		name := pick(g, "main", "side-car", "0", strings.Repeat("c", 63), fmt.Sprintf("c%d", g.IntN(100)))
		w.Containers[name] = g.container(len(w.Containers), taken)
	}
	g.scale(&w)
	g.connect(&w)
	g.place(&w)
	g.shutDown(&w)
	return w
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
	switch g.IntN(3) {
	case 0:
		return nil
	case 1:
		return &rollout.Strategy{Recreate: &rollout.Recreate{}}
	default:
		return &rollout.Strategy{Rolling: &rollout.Rolling{
			MaxSurge:       quantity("1", "25%", "100%", "250%", "7"),
			MaxUnavailable: quantity("0", "1", "0%", "50%", "100%"),
		}}
	}
}

// shutDown draws how pods end.
func (g generator) shutDown(w *workload.Workload) {
	w.PreStopSleepSeconds = maybe[int64](g, 0, 1, 10)
	w.TerminationGracePeriodSeconds = maybe[int64](g, 15, 60, 3600)
	if g.chance(20) {
		w.TerminationGracePeriodSeconds = new(int64(g.IntN(6)))
	}
}
