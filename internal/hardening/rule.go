package hardening

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// Rule is one property that a production workload has.
type Rule struct {
	// ID is stable: users write it in exceptions, and it is part of an annotation's name.
	ID       string
	Severity Severity
	// Title states the property.
	Title string
	// Remediation says what to write in a seaworthy_workload.
	Remediation string
	// InYAML says the same to somebody who writes the objects themselves.
	InYAML string
	// Rationale says what goes wrong without the property.
	Rationale string
	// Source is where the property or the behaviour behind it is written down.
	Source string
	// Attribute is the attribute of seaworthy_workload that a finding belongs to
	// where the field that it names has none of its own.
	Attribute string
	// Details is what else the documentation says, in Markdown; most rules need none.
	Details string
	// NoException says why no exception is possible; empty means that one is.
	NoException string

	check check
}

// Exceptable reports whether a workload may be excepted from the rule.
func (r Rule) Exceptable() bool { return r.NoException == "" }

// check reports every violation of one rule.
type check func(in *inventory, report report)

// report records a violation: where, and what was found.
type report func(at place, format string, args ...any)

// rules holds every rule by ID. Rules are plain values, and nothing registers
// itself: this list is the whole set.
var rules = sync.OnceValue(func() []Rule {
	all := slices.Concat(
		imageRules, imageFactRules,
		userRules, privilegeRules, hostRules, identityRules,
		resourceRules, volumeRules, probeRules, lifecycleRules,
		replicaRules, budgetRules, autoscalingRules,
		statefulRules, jobRules,
		environmentRules, dataRules, accessRules,
		networkRules, serviceRules, ingressRules,
		metadataRules, referenceRules,
	)
	slices.SortFunc(all, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	return all
})

// All returns every rule, sorted by ID.
func All() []Rule { return slices.Clone(rules()) }

// find returns the rule with the given ID.
func find(id string) (Rule, bool) {
	i, found := slices.BinarySearchFunc(rules(), id, func(r Rule, id string) int { return cmp.Compare(r.ID, id) })
	if !found {
		return Rule{}, false
	}
	return rules()[i], true
}

// Given is what is known beside the objects. What is not known is not judged by.
type Given struct {
	// Version is the Kubernetes version that the objects are meant for; the zero
	// Version is none.
	Version kubeversion.Version
	// Images holds what is known of the images of containers, by the container's name.
	Images map[string]Image
}

// Check returns what the objects leave to be desired, sorted by severity, rule,
// object and field, with remediations for somebody who writes the objects; see
// [Blame] for those of a workload. It judges the objects together: a budget, a
// policy or an account counts for the pods that it is meant for only if it is
// among them. The objects are not changed.
func Check(objects []manifest.Manifest, given Given) []Finding {
	in := newInventory(objects, given)
	var findings []Finding
	for _, rule := range rules() {
		rule.check(in, func(at place, format string, args ...any) {
			findings = append(findings, Finding{
				RuleID:      rule.ID,
				Severity:    rule.Severity,
				Object:      at.object,
				Field:       at.field,
				Message:     fmt.Sprintf(format, args...),
				Remediation: rule.InYAML,
			})
		})
	}
	return Sort(findings)
}
