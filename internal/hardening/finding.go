package hardening

import (
	"cmp"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// Severity says what a finding asks of the user.
type Severity string

// The severities, from the gravest.
const (
	// Error must be mended, or excepted with a written reason.
	Error Severity = "error"
	// Warning is advice.
	Warning Severity = "warning"
	// Info is a notice of what a decision brings with it.
	Info Severity = "info"
)

// Severities returns every severity, from the gravest.
func Severities() []Severity { return []Severity{Error, Warning, Info} }

// Finding is one place where one object does not follow one rule.
type Finding struct {
	RuleID   string
	Severity Severity
	// Object is the manifest's key, such as Deployment.apps/shop/api.
	Object string
	// Field is the place in the object, such as
	// spec.template.spec.containers[api].image; empty is the object as a whole.
	Field string
	// Path is the attribute of a seaworthy_workload to blame, as [Blame] found it;
	// it is the zero path for findings over plain YAML.
	Path field.Path
	// Message says what was found, with its values. It never holds a secret.
	Message string
	// Remediation says what to change: in the objects, or after [Blame] in the workload.
	Remediation string
	// Reason is the written reason of an exception; the finding is then no violation.
	Reason string
}

// IsViolation reports whether the finding forbids to go on: an error without an
// exception.
func (f Finding) IsViolation() bool { return f.Severity == Error && f.Reason == "" }

// Exceptable reports whether an exception may excuse the finding.
func (f Finding) Exceptable() bool {
	rule, known := find(f.RuleID)
	return known && rule.Exceptable()
}

// Sort sorts findings in place, as [Check] does, and returns them.
func Sort(findings []Finding) []Finding {
	slices.SortFunc(findings, compareFindings)
	return findings
}

// compareFindings orders by severity, rule, object and field, so that equal
// objects give equal lists.
func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(slices.Index(Severities(), a.Severity), slices.Index(Severities(), b.Severity)),
		cmp.Compare(a.RuleID, b.RuleID),
		cmp.Compare(a.Object, b.Object),
		cmp.Compare(a.Field, b.Field),
		cmp.Compare(a.Message, b.Message),
	)
}
