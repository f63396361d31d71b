package hardening_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/golden"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

// TestRulesPage_IsCurrent compares the documentation page with the rules. It is
// written to templates/, from where terraform-plugin-docs copies it to docs/.
func TestRulesPage_IsCurrent(t *testing.T) {
	page := rulesPage(t)
	for _, folder := range []string{"templates", "docs"} {
		golden.Check(t, filepath.Join("..", "..", folder, "guides", "hardening-rules.md"), page)
	}
}

const pageHead = `---
page_title: "Hardening rules"
subcategory: ""
description: |-
  Every rule that a workload is held to, why, and what to do about a finding.
---

<!-- Generated from internal/hardening by "make generate". Do not edit. -->

# Hardening rules

The plan of a ` + "`seaworthy_workload`" + ` renders its Kubernetes objects and holds them to these rules.

- An **error** stops the plan, at the attribute to blame. Mend it, or write an exception.
- A **warning** is advice.
- An **info** tells what a decision brings with it.

An exception turns one rule off for one workload. It needs a reason, which is shown in ` + "`findings`" + ` and as an annotation on the object:

` + "```terraform" + `
resource "seaworthy_workload" "worker" {
  # …
  replicas = 1
  exceptions = {
    replicas = "holds a lock: a second pod would only wait for it"
  }
}
` + "```" + `

An exception for a rule that does not exist, without a reason, or that excuses nothing (any more) is an error, so that the exceptions of a workload are always the truth about it.

A workload with an image by its digest, requests for CPU and memory, a limit for memory and its probes follows every rule without further arguments.

| rule | severity | property |
|---|---|---|
`

func rulesPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(pageHead)
	for _, rule := range hardening.All() {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", rule.ID, rule.ID, rule.Severity, rule.Title)
	}
	for _, rule := range hardening.All() {
		fmt.Fprintf(&b, "\n## %s\n\n**%s** %s\n\n", rule.ID, rule.Title, rule.Rationale)
		fmt.Fprintf(&b, "- Severity: %s\n- Attribute: `%s`\n", rule.Severity, rule.Attribute)
		fmt.Fprintf(&b, "- What to do: %s.\n- In YAML: %s.\n", rule.Remediation, rule.InYAML)
		fmt.Fprintf(&b, "- Example: %s.\n", exampleMessage(t, rule))
		if !rule.Exceptable() {
			fmt.Fprintf(&b, "- No exception is possible: %s.\n", rule.NoException)
		}
		fmt.Fprintf(&b, "- Source: %s.\n", rule.Source)
		if rule.Details != "" {
			fmt.Fprintf(&b, "\n%s\n", rule.Details)
		}
	}
	return b.String()
}

// exampleMessage returns what the rule says about its first failing fixture.
func exampleMessage(t *testing.T, rule hardening.Rule) string {
	t.Helper()
	for _, path := range fixtures(t, rule.ID, "fail-*.yaml") {
		for _, finding := range hardening.Check(readFixture(t, path), givenFor(t, path)) {
			if finding.RuleID == rule.ID {
				return finding.Message
			}
		}
	}
	t.Fatalf("%s has no failing fixture", rule.ID)
	return ""
}
