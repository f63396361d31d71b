package main

import (
	"slices"
	"strings"
	"testing"
)

// changedProbe is a plan that changes one line of one of two manifests.
const changedProbe = `{"resource_changes": [
  {"address": "seaworthy_workload.api", "change": {"actions": ["update"],
    "before": {"manifests": {"Service/shop/api": "kind: Service\n", "Deployment.apps/shop/api": "a: 1\nperiodSeconds: 10\nb: 1\n"}},
    "after":  {"manifests": {"Service/shop/api": "kind: Service\n", "Deployment.apps/shop/api": "a: 1\nperiodSeconds: 5\nb: 1\n"}}}},
  {"address": "terraform_data.other", "change": {"actions": ["no-op"], "before": {}, "after": {}}}
]}`

func TestManifestDiffs_NamesTheManifestAndItsLines(t *testing.T) {
	plan, err := readPlan(changedProbe)
	if err != nil {
		t.Fatal(err)
	}
	change, err := plan.only("update")
	if err != nil {
		t.Fatal(err)
	}
	diffs := change.manifestDiffs()
	if len(diffs) != 1 || diffs[0].Key != "Deployment.apps/shop/api" || diffs[0].lines() != 2 ||
		!slices.Equal(diffs[0].Removed, []string{"periodSeconds: 10"}) || !slices.Equal(diffs[0].Added, []string{"periodSeconds: 5"}) {
		t.Errorf("manifestDiffs() = %+v, want one changed line of the Deployment", diffs)
	}
}

func TestOnly_RefusesOtherChanges(t *testing.T) {
	for name, text := range map[string]string{
		"other action":   strings.Replace(changedProbe, `["update"]`, `["delete", "create"]`, 1),
		"other resource": strings.Replace(changedProbe, `["no-op"]`, `["update"]`, 1),
		"no change":      strings.Replace(changedProbe, `["update"]`, `["no-op"]`, 1),
	} {
		plan, err := readPlan(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.only("update"); err == nil {
			t.Errorf("%s: only() accepted the plan", name)
		}
	}
}

func TestLinesOnlyIn_CountsRepeatedLines(t *testing.T) {
	got := linesOnlyIn("x\nx\ny\n", "x\n")
	if want := []string{"x", "y"}; !slices.Equal(got, want) {
		t.Errorf("linesOnlyIn() = %q, want %q", got, want)
	}
}
