package report_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/golden"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/report"
)

// chart is what somebody else's chart may render.
const chart = `# Source: chart/templates/budget.yaml
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: api
  namespace: shop
spec:
  maxUnavailable: 1
---

# Source: chart/templates/role.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: api
  namespace: shop
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get]
  - apiGroups: [""]
    resources: [secrets]
    verbs:
      - list
---
apiVersion: v1
kind: ConfigMap
metadata: {name: api, namespace: shop}
data:
  log_level: info
  db_password: hunter2
`

func check(t *testing.T, stream string, o report.Options) report.Report {
	t.Helper()
	r, err := report.Check(stream, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sarif(t *testing.T, r report.Report) string {
	t.Helper()
	text, err := r.SARIF()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The golden SARIF log is held against the standard's schema by tools/judge.
func TestReport_Golden(t *testing.T) {
	t.Parallel()
	r := check(t, chart, report.Options{
		Version: kubeversion.Newest, File: "deploy/a file.yaml",
		Exceptions: map[string]string{"access-secrets": "reads the certificates of all tenants | see #12"},
	})
	golden.Check(t, "testdata/report.sarif", sarif(t, r))
	golden.Check(t, "testdata/report.md", r.Markdown())
	golden.Check(t, "testdata/nothing.sarif", sarif(t, check(t, "", report.Options{})))
	golden.Check(t, "testdata/nothing.md", check(t, "", report.Options{}).Markdown())
}

func TestCheck_FindsLines(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range check(t, chart, report.Options{}).Findings {
		got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.RuleID, f.Field))
	}
	want := []string{
		"22 access-secrets rules[1].resources",
		"31 secret-in-config-map data[db_password]",
		"7 unhealthy-pod-eviction spec.unhealthyPodEvictionPolicy",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestCheck_CountsAndLeavesOut(t *testing.T) {
	t.Parallel()
	exceptions := map[string]string{"access-secrets": "reads all of them"}
	r := check(t, chart, report.Options{Exceptions: exceptions})
	if r.Count(hardening.Error) != 1 || r.Count(hardening.Warning) != 1 || r.Count(hardening.Info) != 0 || r.Excepted() != 1 {
		t.Errorf("counts: %+v", r.Findings)
	}
	if n := len(r.Failing(hardening.Error)); n != 1 {
		t.Errorf("%d findings fail", n)
	}
	if n := len(r.Failing(hardening.Info)); n != 2 {
		t.Errorf("%d findings of any severity fail", n)
	}
	if graver := check(t, chart, report.Options{Minimum: hardening.Error}); len(graver.Findings) != 2 || strings.Contains(sarif(t, graver), "unhealthy-pod-eviction") {
		t.Errorf("findings: %+v", graver.Findings)
	}
	if _, err := report.Check(chart, report.Options{Exceptions: map[string]string{"ingress-tls": "none here"}}); err == nil || !strings.Contains(err.Error(), `exceptions["ingress-tls"]: excuses nothing`) {
		t.Errorf("an exception for nothing: %v", err)
	}
}

// What a manifest says of itself stays text, whatever it looks like.
func TestReport_WritesHostileNamesAsText(t *testing.T) {
	t.Parallel()
	r := check(t, `
apiVersion: v1
kind: ConfigMap
metadata: {name: "<img src=x onerror=alert(1)>", namespace: shop}
data:
  "password](https:\u002f\u002fevil.example) | @team #1 `+"`code`"+` \u2028 **x**": hunter2
`, report.Options{})
	markdown := r.Markdown()
	for _, raw := range []string{"<img", "](http", "https:", "@team", "#1", "`code`", "**x**", "\u2028", "hunter2"} {
		if strings.Contains(markdown, raw) {
			t.Errorf("Markdown holds %q:\n%s", raw, markdown)
		}
	}
	for line := range strings.Lines(markdown) {
		if strings.HasPrefix(line, "| error") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 6 {
			t.Errorf("a row does not have five cells: %s", line)
		}
	}
	text := sarif(t, r)
	if strings.Contains(text, "hunter2") || strings.Contains(text, "<img") || !json.Valid([]byte(text)) {
		t.Errorf("SARIF:\n%s", text)
	}
}

func TestCheck_BoundsWhatItReads(t *testing.T) {
	t.Parallel()
	var stream strings.Builder
	for i := range report.MaxObjects + 1 {
		fmt.Fprintf(&stream, "---\n{apiVersion: v1, kind: Namespace, metadata: {name: n%d}}\n", i)
	}
	if _, err := report.Check(stream.String(), report.Options{}); err == nil || !strings.Contains(err.Error(), "more than can be judged together") {
		t.Errorf("error: %v", err)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(chart)
	f.Add("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b, env: [&x {name: PASSWORD, value: x}, *x]}]}}")
	f.Add("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n")
	f.Fuzz(func(t *testing.T, stream string) {
		r, err := report.Check(stream, report.Options{})
		if err != nil {
			return
		}
		lines := strings.Count(stream, "\n") + strings.Count(stream, "\r") + 1
		for _, finding := range r.Findings {
			if finding.Line < 1 || finding.Line > lines && !strings.Contains(stream, "List") {
				t.Fatalf("line %d of %d: %+v", finding.Line, lines, finding)
			}
		}
		if text := sarif(t, r); !json.Valid([]byte(text)) {
			t.Fatalf("no JSON: %s", text)
		}
		r.Markdown()
	})
}
