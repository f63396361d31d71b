package render_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// FuzzRender_Incomplete renders descriptions of any shape, valid or not, as the
// provider does with placeholders: the answer is a result or an error, never a panic.
func FuzzRender_Incomplete(f *testing.F) {
	for _, name := range cases(f) {
		data, err := json.Marshal(input(f, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, seed := range []string{
		`{}`,
		`{"containers":{"":{}}}`,
		`{"containers":{"a":{"resources":{"limits":{"cpu":"much"}}}}}`,
		`{"containers":{"a":{"writable_paths":{"/tmp":"big"}}}}`,
		`{"containers":{"a":{"startup_probe":{},"readiness_probe":{"exec":{}},"liveness_probe":{"grpc":{"port":"none"}}}}}`,
		`{"strategy":{"rolling":{"max_surge":"some"}},"disruption_budget":{"min_available":"some"}}`,
		`{"kind":"Deployment","strategy":{"on_delete":{}}}`,
		`{"kind":"StatefulSet","strategy":{"recreate":{}}}`,
		`{"kind":"DaemonSet","strategy":{"recreate":{}},"replicas":3,"autoscaling":{}}`,
		`{"strategy":{},"replicas":3,"autoscaling":{}}`,
		`{"network_policy":{"ingress":[{"ports":["none"]}],"egress":[{"to":[{}]}]}}`,
		`{"name":"a","namespace":"b","kind":"Deployment","containers":{"a":{"image":"a","ports":{"a":{"container_port":-1}}}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var w workload.Workload
		if json.Unmarshal(data, &w) != nil {
			return
		}
		result, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion, Incomplete: true})
		if err == nil && len(result.Manifests) == 0 {
			t.Error("neither manifests nor an error")
		}
	})
}

// A part of a strategy that is not known yet may be missing: no panic, whatever else is there.
func TestRender_StrategiesWithoutAPart(t *testing.T) {
	t.Parallel()
	engines := rollout.Engines()
	remove := map[string]func(*workload.Workload){
		"traffic":  func(w *workload.Workload) { w.Traffic = nil },
		"analysis": func(w *workload.Workload) { w.Analysis = nil },
		"metrics": func(w *workload.Workload) {
			w.Analysis = &rollout.Analysis{Metrics: map[string]rollout.AnalysisMetric{"a": {}}}
		},
		"autoscaling": func(w *workload.Workload) { w.Autoscaling, w.Replicas = nil, nil },
		"containers":  func(w *workload.Workload) { w.Containers = nil },
		"service":     func(w *workload.Workload) { w.Service = &workload.Service{Enabled: new(false)} },
		"kind":        func(w *workload.Workload) { w.Kind = workload.StatefulSet },
		"provider":    func(w *workload.Workload) { w.Traffic = &rollout.Traffic{} },
		"canary": func(w *workload.Workload) {
			s := *w.Strategy
			s.BlueGreen, s.ABTest, s.Canary = nil, nil, &rollout.Canary{}
			w.Strategy = &s
		},
		"ab_test": func(w *workload.Workload) {
			s := *w.Strategy
			s.BlueGreen, s.Canary, s.ABTest = nil, nil, &rollout.ABTest{Match: []rollout.Match{{}}}
			w.Strategy = &s
		},
		"native":  func(w *workload.Workload) { s := *w.Strategy; s.Engine = &engines[0]; w.Strategy = &s },
		"flagger": func(w *workload.Workload) { s := *w.Strategy; s.Engine = &engines[1]; w.Strategy = &s },
		"argo":    func(w *workload.Workload) { s := *w.Strategy; s.Engine = &engines[2]; w.Strategy = &s },
	}
	tried := 0
	for number, name := range cases(t) {
		if w := input(t, name); w.Strategy == nil || !w.Strategy.Progressive() {
			continue
		}
		for i, part := range slices.Sorted(maps.Keys(remove)) {
			if (number+i)%4 > 0 { // each part with every fourth case is enough, and quick
				continue
			}
			w := input(t, name)
			remove[part](&w)
			result, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion, Incomplete: true})
			if err == nil && len(result.Manifests) == 0 {
				t.Errorf("%s without %s: neither manifests nor an error", name, part)
			}
			tried++
		}
	}
	if tried < 300 {
		t.Errorf("only %d descriptions were tried", tried)
	}
}
