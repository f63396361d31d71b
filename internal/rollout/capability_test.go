package rollout_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/golden"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

// cells are the expectations on the table, written down from the controllers' sources by
// hand: y yes, d degraded, n no, in the order of rollout.Features: weight, header, cookie, regex_match,
// several_matches, mirror, session_affinity, manual_step, metric_gate, switch.
var cells = map[rollout.Engine]map[rollout.Provider]string{
	rollout.Native: {
		rollout.NoProvider: "dnnnnnnyny",
		rollout.GatewayAPI: "yyddyynyny",
		rollout.Istio:      "yyyyyynyny",
		rollout.Linkerd:    "yyyyynnyny",
		rollout.Nginx:      "yydyddnyny",
		rollout.Traefik:    "yyyyyynyny",
		rollout.Contour:    "yydyyynyny",
		rollout.Skipper:    "yyyyydnyny",
		rollout.Gloo:       "yyyyyynyny",
		rollout.AppMesh:    "yyyyynnyny",
	},
	rollout.Flagger: {
		rollout.NoProvider: "nnnnnnndyd",
		rollout.GatewayAPI: "yyddydydyy",
		rollout.Istio:      "yyyyyyydyy",
		rollout.Linkerd:    "yyyyynndyy",
		rollout.Nginx:      "yydydnndyy",
		rollout.Traefik:    "ynnnnnndyy",
		rollout.Contour:    "yynnnnndyy",
		rollout.Skipper:    "ynnnnnndyy",
		rollout.Gloo:       "yyyynnndyy",
		rollout.AppMesh:    "yyyynnndyy",
	},
	rollout.ArgoRollouts: {
		rollout.NoProvider: "dnnnnnnyyy",
		rollout.GatewayAPI: "ddddynnyyy",
		rollout.Istio:      "yydyyynyyy",
		rollout.Linkerd:    "ddddynnyyy",
		rollout.Nginx:      "ynnnnnnyyy",
		rollout.Traefik:    "ynnnnnnyyy",
		rollout.Contour:    "nnnnnnnyyy",
		rollout.Skipper:    "nnnnnnnyyy",
		rollout.Gloo:       "nnnnnnnyyy",
		rollout.AppMesh:    "ynnnnnnyyy",
	},
}

func TestCapability_EachCell(t *testing.T) {
	t.Parallel()
	for _, engine := range rollout.Engines() {
		for _, provider := range rollout.Providers() {
			want := cells[engine][provider]
			if len(want) != len(rollout.Features()) {
				t.Fatalf("%s over %s: %d expectations", engine, provider, len(want))
			}
			for i, feature := range rollout.Features() {
				t.Run(fmt.Sprintf("%s/%s/%s", engine, provider, feature), func(t *testing.T) {
					t.Parallel()
					cell := rollout.Capability(engine, provider, feature)
					if got := string(cell.Support[0]); got != want[i:i+1] {
						t.Errorf("%s, want %s", cell.Support, want[i:i+1])
					}
					if (cell.Reason == "") != (cell.Support == rollout.Yes) {
						t.Errorf("%s with the reason %q", cell.Support, cell.Reason)
					}
					if cell.Source == "" {
						t.Error("no source")
					}
				})
			}
		}
	}
}

// What cannot be done somewhere can be done by the combination that is named instead.
func TestAlternative_CanDoIt(t *testing.T) {
	t.Parallel()
	for _, engine := range rollout.Engines() {
		for _, provider := range rollout.Providers() {
			for _, feature := range rollout.Features() {
				e, p, found := rollout.Alternative(engine, provider, feature)
				if !found || !rollout.Supports(e, p, feature) {
					t.Errorf("%s over %s, %s: %s over %s (%v)", engine, provider, feature, e, p, found)
				}
			}
		}
	}
	if e, p, found := rollout.Alternative(rollout.Flagger, rollout.Traefik, rollout.Header, rollout.MetricGate); e != rollout.Flagger || p != rollout.GatewayAPI || !found {
		t.Errorf("A/B by Flagger on Traefik: %s over %s", e, p)
	}
	if _, _, found := rollout.Alternative(rollout.Native, rollout.NoProvider, rollout.StickySession, rollout.MetricGate, rollout.ManualStep, rollout.Mirror); !found {
		t.Error("Flagger over Istio can do all of it")
	}
}

// TestSupportMatrix_IsCurrent compares the documentation page with the table. It is written to
// templates/, from where terraform-plugin-docs copies it to docs/.
func TestSupportMatrix_IsCurrent(t *testing.T) {
	page := matrixPage()
	for _, folder := range []string{"templates", "docs"} {
		golden.Check(t, "../../"+folder+"/guides/strategy-support.md", page)
	}
}

const matrixHead = `---
page_title: "Strategy support"
subcategory: ""
description: |-
  Which engine can do what over which traffic provider, and why not.
---

<!-- Generated from internal/rollout by "make generate". Do not edit. -->

# Strategy support

What a ` + "`strategy`" + ` asks for and an engine cannot do over a traffic provider is an error in the plan, which names the nearest combination that can. A limit is shown in ` + "`findings`" + `.

**yes** works · **limited** works, with the limit below the table · **–** does not
`

func matrixPage() string {
	var b strings.Builder
	b.WriteString(matrixHead)
	for _, engine := range rollout.Engines() {
		fmt.Fprintf(&b, "\n## Engine `%s`\n\n| provider |", engine)
		for _, f := range rollout.Features() {
			fmt.Fprintf(&b, " %s |", strings.ReplaceAll(string(f), "_", " "))
		}
		b.WriteString("\n|---|" + strings.Repeat("---|", len(rollout.Features())) + "\n")
		var reasons []string
		for _, p := range rollout.Providers() {
			fmt.Fprintf(&b, "| `%s` |", p)
			for _, f := range rollout.Features() {
				cell := rollout.Capability(engine, p, f)
				fmt.Fprintf(&b, " %s |", map[rollout.Support]string{rollout.Yes: "yes", rollout.Degraded: "limited", rollout.No: "–"}[cell.Support])
				if cell.Reason != "" {
					reasons = append(reasons, fmt.Sprintf("- `%s`, %s: %s.", p, strings.ReplaceAll(string(f), "_", " "), cell.Reason))
				}
			}
			b.WriteString("\n")
		}
		b.WriteString("\n" + strings.Join(reasons, "\n") + "\n")
	}
	b.WriteString("\n## Providers that end\n\n")
	for _, e := range rollout.Endings() {
		fmt.Fprintf(&b, "- `%s`: %s. Successor: %s. Source: %s.\n", e.Provider, e.What, e.Successor, e.Source)
	}
	return b.String()
}
