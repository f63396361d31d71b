package render_test

import (
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// What is known of an image is held against the objects, and only as long as it is the
// image that they name.
func TestRender_JudgesByWhatIsKnownOfImages(t *testing.T) {
	t.Parallel()
	w := input(t, "minimal-deployment")
	onAPI(func(c *workload.Container) {
		c.LivenessProbe = &workload.Probe{Exec: &workload.Exec{Command: []string{"sh", "-c", "true"}}}
	})(&w)
	w.ImageFacts = map[string]workload.ImageFacts{"api": {Shells: []string{}}}
	paths := func(w workload.Workload) (paths []string) {
		t.Helper()
		result, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range result.Findings {
			if f.RuleID == "image-shell" {
				paths = append(paths, f.Path.String())
			}
		}
		return paths
	}
	if got := paths(w); len(got) != 1 || got[0] != `containers["api"].liveness_probe` {
		t.Errorf("an image without a shell, and a probe that calls one: %v", got)
	}
	other := "spec: {template: {spec: {containers: [{name: api, image: 'registry.example.com/shop/other:1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}]}}}"
	w.Patches = []workload.Patch{{Target: "Deployment/api", StrategicMerge: &other}}
	if got := paths(w); len(got) != 0 {
		t.Errorf("another image is judged by what is known of the first: %v", got)
	}
}
