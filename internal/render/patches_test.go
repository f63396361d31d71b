package render_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func patched(t *testing.T, strategicMerge string) (render.Result, error) {
	t.Helper()
	w := input(t, "quickstart")
	w.Patches = []workload.Patch{{Target: "Deployment/api", StrategicMerge: &strategicMerge}}
	return render.Render(w, render.Options{KubernetesVersion: kubernetesVersion})
}

// The rules judge what a patch made of the objects, and an image that it names is the image.
func TestRender_JudgesPatchedObjects(t *testing.T) {
	t.Parallel()
	result, err := patched(t, "spec: {template: {spec: {hostNetwork: true, containers: [{name: api, image: 'registry.example.com/shop/api:latest'}]}}}")
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, f := range result.Findings {
		if f.IsViolation() {
			rules = append(rules, f.RuleID)
		}
	}
	if got := strings.Join(rules, " "); got != "image-digest image-pull-policy image-tag no-host-namespaces" {
		t.Errorf("violations: %s", got)
	}
	if result.Images["api"] != "registry.example.com/shop/api:latest" {
		t.Errorf("images: %v", result.Images)
	}
	if plain := mustRender(t, input(t, "quickstart")); plain.Digest == result.Digest {
		t.Error("the digest is that of the unpatched objects")
	}
}

func TestRender_RefusesPatchesThatDoNotFit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"spec: {template: {spec: {hostnetwork: true}}}": "patches[0].strategic_merge: ",
		"spec: {selector: {matchLabels: {a: b}}}":       "patches[0].strategic_merge: changes spec.selector",
		"": "patches[0].strategic_merge: is empty",
		"spec: {template: {metadata: {labels: {tier: back}}}}\n": "",
	} {
		_, err := patched(t, text)
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}
