package hardening_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

var twoFindings = []hardening.Finding{
	{RuleID: "image-digest", Severity: hardening.Error, Object: "Deployment.apps/shop/api", Field: "spec.template.spec.containers[api].image"},
	{RuleID: "image-digest", Severity: hardening.Error, Object: "Deployment.apps/shop/api", Field: "spec.template.spec.containers[web].image"},
	{RuleID: "replicas", Severity: hardening.Error, Object: "Deployment.apps/shop/api", Field: "spec.replicas"},
}

func TestApply_ExcusesEveryFindingOfTheRule(t *testing.T) {
	t.Parallel()
	before := slices.Clone(twoFindings)
	applied, err := hardening.Apply(twoFindings, map[string]string{"image-digest": "built in the same apply"})
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	var violations []bool
	for _, f := range applied {
		reasons, violations = append(reasons, f.Reason), append(violations, f.IsViolation())
	}
	if diff := cmp.Diff([]string{"built in the same apply", "built in the same apply", ""}, reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]bool{false, false, true}, violations); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, twoFindings, cmp.AllowUnexported(field.Path{})); diff != "" {
		t.Errorf("the given findings were changed:\n%s", diff)
	}
}

func TestApply_RefusesExceptionsThatSayNothingTrue(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ id, reason, want string }{
		"misspelt":          {"image-digst", "why", `exceptions["image-digst"]: there is no such rule: did you mean "image-digest"?`},
		"wrong case":        {"Image-Digest", "why", `exceptions["Image-Digest"]: there is no such rule: did you mean "image-digest"?`},
		"made up":           {"zzz", "why", `exceptions["zzz"]: there is no such rule: the documentation page "Hardening rules" lists them`},
		"empty ID":          {"", "why", `exceptions[""]: there is no such rule: the documentation page "Hardening rules" lists them`},
		"no reason":         {"replicas", " \t", `exceptions["replicas"]: has no reason: write why this workload may differ, for whoever reads it next`},
		"long reason":       {"replicas", strings.Repeat("ä", 501), `exceptions["replicas"]: the reason is longer than 500 characters: write the gist, and where the rest can be read`},
		"line break":        {"replicas", "one\ntwo", `exceptions["replicas"]: the reason holds line breaks or other control characters: write it in one line`},
		"not UTF-8":         {"replicas", "one\xff", `exceptions["replicas"]: the reason holds line breaks or other control characters: write it in one line`},
		"nothing to excuse": {"cpu-request", "why", `exceptions["cpu-request"]: excuses nothing, because the workload follows this rule: remove it`},
		"never excepted": {
			"selector-labels", "why",
			`exceptions["selector-labels"]: the rule allows no exception: the API server refuses the object`,
		},
	} {
		applied, err := hardening.Apply(twoFindings, map[string]string{tt.id: tt.reason})
		fields, others := field.All(err)
		if len(fields) != 1 || len(others) != 0 || fields[0].Error() != tt.want {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
		for _, f := range applied {
			if f.Reason != "" {
				t.Errorf("%s: a refused exception excuses %s", name, f.RuleID)
			}
		}
	}
}

func TestApply_TakesAReasonOfTheLargestLength(t *testing.T) {
	t.Parallel()
	if _, err := hardening.Apply(twoFindings, map[string]string{"replicas": strings.Repeat("ä", 500)}); err != nil {
		t.Error(err)
	}
}

func TestApply_ReportsAllProblemsInOrder(t *testing.T) {
	t.Parallel()
	_, err := hardening.Apply(twoFindings, map[string]string{"replicas": "", "memory-limit": "why", "image-digest": "why"})
	fields, _ := field.All(err)
	var at []string
	for _, f := range fields {
		at = append(at, f.Path.String())
	}
	if diff := cmp.Diff([]string{`exceptions["memory-limit"]`, `exceptions["replicas"]`}, at); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
