package hardening_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/golden"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// companions names the rules that a fixture of another rule cannot help breaking.
var companions = map[string][]string{
	"image-tag":            {"image-digest"}, // with a digest no tag moves
	"image-pull-policy":    {"image-digest"}, // with a digest the policy hardly matters
	"autoscaling-requests": {"cpu-request"},  // the request is missing for both
	"node-drain":           {"replicas"},     // one pod is too few whatever its budget says
	"image-non-root":       {"high-user-id"}, // the image decides only if nothing else does
}

func TestCheck_FindsNothingInTheBase(t *testing.T) {
	t.Parallel()
	if findings := hardening.Check(readBase(t), hardening.Given{}); len(findings) > 0 {
		t.Errorf("base.yaml breaks rules:\n%s", describe(findings))
	}
}

// TestRules holds each rule to its fixtures: pass.yaml breaks no rule at all, and
// each fail-*.yaml exactly this one, as want.txt says.
func TestRules(t *testing.T) {
	t.Parallel()
	for _, rule := range hardening.All() {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			pass := filepath.Join("testdata", rule.ID, "pass.yaml")
			if findings := hardening.Check(readFixture(t, pass), givenFor(t, pass)); len(findings) > 0 {
				t.Errorf("pass.yaml breaks rules:\n%s", describe(findings))
			}
			failing := fixtures(t, rule.ID, "fail-*.yaml")
			if len(failing) == 0 {
				t.Error("there is no fail-*.yaml")
			}
			var want strings.Builder
			for _, path := range failing {
				findings := hardening.Check(readFixture(t, path), givenFor(t, path))
				if !slices.ContainsFunc(findings, func(f hardening.Finding) bool { return f.RuleID == rule.ID }) {
					t.Errorf("%s does not break the rule", path)
				}
				for _, f := range findings {
					if f.RuleID != rule.ID && !slices.Contains(companions[rule.ID], f.RuleID) {
						t.Errorf("%s breaks another rule as well:\n%s", path, describe([]hardening.Finding{f}))
					}
				}
				fmt.Fprintf(&want, "%s\n%s\n", filepath.Base(path), describe(findings))
			}
			golden.Check(t, filepath.Join("testdata", rule.ID, "want.txt"), want.String())
		})
	}
}

func TestRules_NoFixtureIsLeftOver(t *testing.T) {
	t.Parallel()
	fixture := regexp.MustCompile(`^(pass\.yaml|fail-[a-z-]+\.yaml|want\.txt|images\.json)$`)
	folders, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		known := slices.ContainsFunc(hardening.All(), func(r hardening.Rule) bool { return r.ID == folder.Name() })
		if folder.IsDir() && !known {
			t.Errorf("testdata/%s belongs to no rule", folder.Name())
		}
		for _, path := range fixtures(t, folder.Name(), "*") {
			if !fixture.MatchString(filepath.Base(path)) {
				t.Errorf("no test reads %s", path)
			}
		}
	}
}

// describe writes findings as want.txt has them, with the attribute of a workload
// that each is about.
func describe(findings []hardening.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "  %s %s\n    %s %s\n    %s\n    %s\n", f.Severity, f.RuleID, f.Object, f.Field, hardening.Locate(f), f.Message)
	}
	return b.String()
}

func TestAll_EachRuleIsWhole(t *testing.T) {
	t.Parallel()
	// Part of an annotation's name, which has at most 63 characters.
	id := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	for _, rule := range hardening.All() {
		if !id.MatchString(rule.ID) || len(rule.ID) > 63 || seen[rule.ID] {
			t.Errorf("%q is not an ID of its own in kebab-case", rule.ID)
		}
		seen[rule.ID] = true
		if !slices.Contains(hardening.Severities(), rule.Severity) {
			t.Errorf("%s: unknown severity %q", rule.ID, rule.Severity)
		}
		for name, text := range map[string]string{"Title": rule.Title, "Rationale": rule.Rationale} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s is not a sentence: %q", rule.ID, name, text)
			}
		}
		for name, text := range map[string]string{"Remediation": rule.Remediation, "InYAML": rule.InYAML, "Source": rule.Source, "Attribute": rule.Attribute} {
			if text == "" || strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s is not a clause: %q", rule.ID, name, text)
			}
		}
	}
	if !slices.IsSortedFunc(hardening.All(), func(a, b hardening.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("rules are not sorted")
	}
}

// Who writes HCL reads no YAML fields that they cannot set, and who writes YAML
// reads no arguments.
func TestBlame_SpeaksToItsReader(t *testing.T) {
	t.Parallel()
	quoted, argument := regexp.MustCompile("`[^`]*`"), regexp.MustCompile("[a-z]_[a-z]")
	for _, rule := range hardening.All() {
		for _, name := range quoted.FindAllString(rule.InYAML, -1) {
			if argument.MatchString(name) {
				t.Errorf("%s: the remediation in YAML names %s, an argument of a workload", rule.ID, name)
			}
		}
		if strings.Contains(rule.Remediation, "YAML") {
			t.Errorf("%s: the remediation in HCL speaks of YAML: %s", rule.ID, rule.Remediation)
		}
		over := []hardening.Finding{{RuleID: rule.ID, Remediation: rule.InYAML}}
		blamed := hardening.Blame(over)
		if blamed[0].Remediation != rule.Remediation || len(blamed[0].Path.Steps()) == 0 || over[0].Remediation != rule.InYAML {
			t.Errorf("%s: %+v", rule.ID, blamed[0])
		}
	}
}

func TestAll_GivesAwayACopy(t *testing.T) {
	t.Parallel()
	hardening.All()[0] = hardening.Rule{}
	if hardening.All()[0].ID == "" {
		t.Error("a caller can change the set of rules")
	}
}

func TestCheck_LeavesObjectsAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, rule := range hardening.All() {
		for _, path := range fixtures(t, rule.ID, "*.yaml") {
			objects := readFixture(t, path)
			before := make([]runtime.Object, len(objects))
			for i, m := range objects {
				before[i] = m.Object.DeepCopyObject()
			}
			hardening.Check(objects, givenFor(t, path))
			for i, m := range objects {
				if !equality.Semantic.DeepEqual(before[i], m.Object) {
					t.Errorf("%s: %s was changed:\n%s", path, m.Key, cmp.Diff(before[i], m.Object))
				}
			}
		}
	}
}

func TestCheck_DoesNotDependOnTheOrderOfObjects(t *testing.T) {
	t.Parallel()
	for _, rule := range hardening.All() {
		for _, path := range fixtures(t, rule.ID, "fail-*.yaml") {
			objects := readFixture(t, path)
			want := describe(hardening.Check(objects, givenFor(t, path)))
			slices.Reverse(objects)
			if diff := cmp.Diff(want, describe(hardening.Check(objects, givenFor(t, path)))); diff != "" {
				t.Errorf("%s: another order, other findings (-want +got):\n%s", path, diff)
			}
		}
	}
}

func TestCheck_SortsFindings(t *testing.T) {
	t.Parallel()
	objects, err := manifest.Parse("apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {containers: [{name: b, image: b}]}\n---\n" +
		"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n")
	if err != nil {
		t.Fatal(err)
	}
	findings := hardening.Check(objects, hardening.Given{})
	rank := func(f hardening.Finding) string {
		return fmt.Sprintf("%d %s %s %s", slices.Index(hardening.Severities(), f.Severity), f.RuleID, f.Object, f.Field)
	}
	if !slices.IsSortedFunc(findings, func(a, b hardening.Finding) int { return strings.Compare(rank(a), rank(b)) }) {
		t.Errorf("findings are not sorted:\n%s", describe(findings))
	}
	if len(findings) < 30 {
		t.Errorf("two bare pods have only %d findings:\n%s", len(findings), describe(findings))
	}
}
