package render_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// shuffled returns an equal workload whose maps were filled in a random order.
func shuffled(t *testing.T, w workload.Workload) workload.Workload {
	t.Helper()
	data, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	writeShuffled(t, &text, tree)
	var again workload.Workload
	if err := json.Unmarshal(text.Bytes(), &again); err != nil {
		t.Fatalf("%v: %s", err, text.Bytes())
	}
	return again
}

func writeShuffled(t *testing.T, b *bytes.Buffer, tree any) {
	t.Helper()
	switch node := tree.(type) {
	case map[string]any:
		keys := sortedKeys(node)
		rand.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		b.WriteByte('{')
		for i, key := range keys {
			if i > 0 {
				b.WriteByte(',')
			}
			writeShuffled(t, b, key)
			b.WriteByte(':')
			writeShuffled(t, b, node[key])
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, item := range node {
			if i > 0 {
				b.WriteByte(',')
			}
			writeShuffled(t, b, item)
		}
		b.WriteByte(']')
	default:
		data, err := json.Marshal(node)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(data)
	}
}

func TestRender_OrderOfTheInputDoesNotMatter(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"several-containers", "labels-and-annotations"} {
		w := input(t, name)
		want := mustRender(t, w)
		for range 100 {
			got := mustRender(t, shuffled(t, w))
			if diff := cmp.Diff(stream(want), stream(got)); diff != "" || want.Digest != got.Digest {
				t.Fatalf("%s renders differently (-first +later):\n%s%s %s", name, diff, want.Digest, got.Digest)
			}
		}
	}
}

func TestRender_ParallelCallsDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	workloads, want := map[string]workload.Workload{}, map[string]string{}
	for _, name := range cases(t) {
		workloads[name] = input(t, name)
		want[name] = stream(mustRender(t, workloads[name]))
	}
	var group sync.WaitGroup
	for range 4 {
		for name, w := range workloads {
			group.Go(func() {
				if got := stream(mustRender(t, w)); got != want[name] {
					t.Errorf("%s renders differently beside others:\n%s", name, cmp.Diff(want[name], got))
				}
			})
		}
	}
	group.Wait()
}

func TestRender_LeavesTheDescriptionAlone(t *testing.T) {
	t.Parallel()
	for _, name := range cases(t) {
		w := input(t, name)
		mustRender(t, w)
		if diff := cmp.Diff(input(t, name), w); diff != "" {
			t.Errorf("%s was changed (-before +after):\n%s", name, diff)
		}
	}
}

// What a reviewer sees of one changed number: one manifest, one line.
func TestRender_OneChangedFieldIsOneChangedLine(t *testing.T) {
	t.Parallel()
	before, after := input(t, "quickstart"), input(t, "quickstart")
	after.Containers["api"].LivenessProbe.PeriodSeconds = new(int32(20))
	a, b := mustRender(t, before), mustRender(t, after)
	var changed []string
	for i, m := range a.Manifests {
		if m.Text == b.Manifests[i].Text {
			continue
		}
		changed = append(changed, m.Key)
		old, lines := strings.Split(m.Text, "\n"), strings.Split(b.Manifests[i].Text, "\n")
		differ := 0
		for j := range min(len(old), len(lines)) {
			if old[j] != lines[j] {
				differ++
			}
		}
		if differ != 1 || len(old) != len(lines) {
			t.Errorf("%s: %d of %d lines differ, now there are %d", m.Key, differ, len(old), len(lines))
		}
	}
	if diff := cmp.Diff([]string{"Deployment.apps/shop/api"}, changed); diff != "" {
		t.Errorf("changed manifests (-want +got):\n%s", diff)
	}
}

func TestRender_DigestChangesWithAnyManifest(t *testing.T) {
	t.Parallel()
	base := input(t, "quickstart")
	seen := map[string]string{mustRender(t, base).Digest: "nothing"}
	for name, change := range map[string]func(*workload.Workload){
		"the Deployment": func(w *workload.Workload) { w.RevisionHistoryLimit = new(int32(9)) },
		"the Service":    func(w *workload.Workload) { w.Service = &workload.Service{Labels: map[string]string{"a": "b"}} },
		"the account": func(w *workload.Workload) {
			w.ServiceAccount = &workload.ServiceAccount{Annotations: map[string]string{"a": "b"}}
		},
		"the policy":     func(w *workload.Workload) { w.NetworkPolicy = &workload.NetworkPolicy{AllowClusterEgress: new(false)} },
		"the budget":     func(w *workload.Workload) { w.DisruptionBudget.UnhealthyPodEvictionPolicy = new("IfHealthyBudget") },
		"the autoscaler": func(w *workload.Workload) { w.Autoscaling.MaxReplicas = 11 },
		"the name":       func(w *workload.Workload) { w.Name = "api2" },
		"one object":     func(w *workload.Workload) { w.DisruptionBudget = &workload.DisruptionBudget{Enabled: new(false)} },
	} {
		w := input(t, "quickstart")
		change(&w)
		digest := mustRender(t, w).Digest
		if other, taken := seen[digest]; taken {
			t.Errorf("changing %s gives the digest of changing %s", name, other)
		}
		seen[digest] = name
	}
}
