package report

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

// Markdown returns the findings as a table, for a pull request: the counts, then one
// row for each finding, then what to do about each rule.
func (r Report) Markdown() string {
	var b strings.Builder
	b.WriteString("### Hardening report\n\n" + r.summary() + "\n")
	if len(r.Findings) == 0 {
		return b.String()
	}
	b.WriteString("\n| severity | rule | object | field | found |\n|---|---|---|---|---|\n")
	for _, f := range r.Findings {
		found := escape(f.Message)
		if f.Reason != "" {
			found += " (excepted: " + escape(f.Reason) + ")"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.Severity, f.RuleID, escape(f.Object), escape(f.Field), found)
	}
	b.WriteString("\n#### What to do\n\n")
	for _, rule := range r.rules() {
		fmt.Fprintf(&b, "- **%s**: %s.\n", rule.ID, rule.InYAML)
	}
	return b.String()
}

// summary counts the findings in words.
func (r Report) summary() string {
	if len(r.Findings) == 0 {
		return "No findings."
	}
	var parts []string
	for _, severity := range hardening.Severities() {
		if n := r.Count(severity); n > 0 {
			parts = append(parts, fmt.Sprintf("%d × %s", n, severity))
		}
	}
	if n := r.Excepted(); n > 0 {
		parts = append(parts, fmt.Sprintf("%d excepted", n))
	}
	return strings.Join(parts, ", ") + "."
}

// rules returns the rules that found something, in the order of their IDs.
func (r Report) rules() []hardening.Rule {
	found := map[string]bool{}
	for _, f := range r.Findings {
		found[f.RuleID] = true
	}
	var rules []hardening.Rule
	for _, rule := range hardening.All() {
		if found[rule.ID] {
			rules = append(rules, rule)
		}
	}
	return rules
}

// escape writes a text so that Markdown shows it as it is, in one cell of a table: it
// comes from manifests that may be somebody else's, and could hold markup, links, HTML
// and mentions.
func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '@', r == '#', r == ':':
			// No mention, no link to an issue, no address: a host shows the character itself.
			fmt.Fprintf(&b, "&#%d;", r)
		case strings.ContainsRune("\\`*_{}[]()!|~", r):
			b.WriteRune('\\')
			b.WriteRune(r)
		case r < ' ' || r == '\u007f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			b.WriteRune(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
