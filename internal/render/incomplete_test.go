package render_test

import (
	"encoding/json"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
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
