package hardening_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// ofDeployments are the rules over what a Rollout has otherwise, or not at all.
var ofDeployments = []string{"rollout-strategy", "recreate-downtime"}

// The pods of a Rollout are judged as those of a Deployment are: each fixture of each rule, with
// the one in the place of the other, breaks the same rules for the same reasons.
func TestCheck_JudgesRolloutsAsDeployments(t *testing.T) {
	t.Parallel()
	judged := 0
	for _, rule := range hardening.All() {
		for _, path := range append(fixtures(t, rule.ID, "fail-*.yaml"), fixtures(t, rule.ID, "pass.yaml")...) {
			given := readFixture(t, path)
			has := func(key string) bool {
				return slices.ContainsFunc(given, func(m manifest.Manifest) bool { return m.Key == key })
			}
			if !has("Deployment.apps/shop/api") || has("Rollout.argoproj.io/shop/api") {
				continue
			}
			judged++
			want := about(hardening.Check(given, givenFor(t, path)))
			got := about(hardening.Check(withRollout(t, given), givenFor(t, path)))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-Deployment +Rollout):\n%s", path, diff)
			}
		}
	}
	if judged < 200 {
		t.Errorf("only %d fixtures have a Deployment", judged)
	}
}

// about writes findings without what the kind is called.
func about(findings []hardening.Finding) []string {
	names := strings.NewReplacer("Rollout.argoproj.io", "Deployment.apps")
	var all []string
	for _, f := range findings {
		if !slices.Contains(ofDeployments, f.RuleID) {
			all = append(all, names.Replace(describe([]hardening.Finding{f})))
		}
	}
	slices.Sort(all)
	return all
}

// withRollout returns the objects with a Rollout in the place of the Deployment.
func withRollout(t *testing.T, objects []manifest.Manifest) []manifest.Manifest {
	t.Helper()
	changed := make([]manifest.Manifest, len(objects))
	for i, m := range objects {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(m.Text), &object); err != nil {
			t.Fatal(err)
		}
		spec, _ := object["spec"].(map[string]any)
		if m.Key == "Deployment.apps/shop/api" {
			object["apiVersion"], object["kind"] = "argoproj.io/v1alpha1", "Rollout"
			spec["strategy"] = map[string]any{"canary": map[string]any{}}
		}
		if ref, scales := spec["scaleTargetRef"].(map[string]any); scales && ref["name"] == "api" && (ref["kind"] == "Deployment" || ref["kind"] == nil) {
			ref["apiVersion"], ref["kind"] = "argoproj.io/v1alpha1", "Rollout"
		}
		text, err := yaml.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := manifest.Parse(string(text))
		if err != nil {
			t.Fatalf("%s: %v", m.Key, err)
		}
		changed[i] = parsed[0]
	}
	return changed
}
