package hardening

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agext/levenshtein"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// maxReason is how many characters a reason may have. It becomes an annotation,
// and a line in a plan: a longer story belongs where the reason can point to.
const maxReason = 500

// Apply marks the findings that an exception excuses with its reason and returns
// all of them, in their order. The exceptions are those of one workload: rule ID
// to written reason.
//
// The error joins a [*field.Error] at exceptions["id"] for each exception that is
// for no rule, for a rule without exceptions, without a proper reason, or that
// excuses nothing. The findings are returned in any case; only the exceptions
// without an error excuse theirs.
func Apply(findings []Finding, exceptions map[string]string) ([]Finding, error) {
	applied := slices.Clone(findings)
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(exceptions)) {
		at, reason := field.Root("exceptions").Key(id), exceptions[id]
		if problem := checkException(id, reason); problem != "" {
			errs = append(errs, field.Errorf(at, "%s", problem))
			continue
		}
		used := false
		for i := range applied {
			if applied[i].RuleID == id {
				applied[i].Reason, used = reason, true
			}
		}
		if !used {
			// Anything in the description may be what it was written for.
			errs = append(errs, field.Errorf(at, "excuses nothing, because the workload follows this rule: remove it").RestsOn(field.Path{}))
		}
	}
	return applied, errors.Join(errs...)
}

// checkException returns what is wrong with an exception by itself, or nothing.
func checkException(id, reason string) string {
	rule, known := find(id)
	switch {
	case !known:
		return "there is no such rule" + suggestion(id)
	case !rule.Exceptable():
		return "the rule allows no exception: " + rule.NoException
	case strings.TrimSpace(reason) == "":
		return "has no reason: write why this workload may differ, for whoever reads it next"
	case utf8.RuneCountInString(reason) > maxReason:
		return fmt.Sprintf("the reason is longer than %d characters: write the gist, and where the rest can be read", maxReason)
	case !utf8.ValidString(reason) || strings.ContainsFunc(reason, unicode.IsControl):
		return "the reason holds line breaks or other control characters: write it in one line"
	default:
		return ""
	}
}

// suggestion names the rule that was probably meant.
func suggestion(id string) string {
	nearest, distance := "", len(id)
	for _, rule := range rules() {
		if d := levenshtein.Distance(strings.ToLower(id), rule.ID, nil); d < distance {
			nearest, distance = rule.ID, d
		}
	}
	if nearest == "" || distance > len(nearest)/2 {
		return ": the documentation page \"Hardening rules\" lists them"
	}
	return ": did you mean \"" + nearest + "\"?"
}
