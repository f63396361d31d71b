package hardening_test

import (
	"slices"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// FuzzCheck hands any YAML to the rules: they must not panic, and must find the
// same twice and an attribute for each finding.
func FuzzCheck(f *testing.F) {
	f.Add(read(f, "testdata/base.yaml"))
	for _, rule := range hardening.All() {
		for _, path := range fixtures(f, rule.ID, "*.yaml") {
			f.Add(read(f, path))
		}
	}
	for _, empty := range []string{
		"{apiVersion: v1, kind: Pod, metadata: {name: x}}",
		"{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}}",
		"{apiVersion: batch/v1, kind: CronJob, metadata: {name: x}}",
		"{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: x}, spec: {minAvailable: many}}",
		"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: x}, spec: {egress: [{to: [{ipBlock: {cidr: x}}]}]}}",
		"{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: x}, spec: {metrics: [{type: Resource}]}}",
	} {
		f.Add(empty)
	}
	f.Fuzz(func(t *testing.T, stream string) {
		objects, err := manifest.Parse(stream)
		if err != nil {
			return
		}
		findings := hardening.Check(objects, hardening.Given{})
		slices.Reverse(objects)
		if again := hardening.Check(objects, hardening.Given{}); describe(findings) != describe(again) {
			t.Errorf("two checks differ:\n%s\n%s", describe(findings), describe(again))
		}
		for _, finding := range findings {
			if len(hardening.Locate(finding).Steps()) == 0 {
				t.Errorf("no attribute for %+v", finding)
			}
		}
	})
}
