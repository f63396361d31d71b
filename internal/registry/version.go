package registry

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// Constraint says which versions are wanted. Make one with ParseConstraint.
type Constraint struct {
	text   string
	semver *semver.Constraints
}

// ParseConstraint reads a version constraint: "1.4.x", ">= 1.4, < 2", "^1.4", "1.4 || 1.6" as Masterminds/semver v3 has them,
// and "~>" as Terraform has it: "~> 1.4" is any 1.x from 1.4 on, "~> 1.4.2" any 1.4.x from 1.4.2 on.
func ParseConstraint(text string) (Constraint, error) {
	if strings.TrimSpace(text) == "" {
		return Constraint{}, errors.New("the version constraint is empty; write one such as ~> 1.4")
	}
	parsed, err := semver.NewConstraint(expandPessimistic(text))
	if err != nil {
		return Constraint{}, fmt.Errorf("the version constraint %q is not valid; write one such as ~> 1.4 or >= 1.4, < 2", text)
	}
	return Constraint{text: text, semver: parsed}, nil
}

// String returns the constraint as it was written.
func (c Constraint) String() string { return c.text }

// pessimistic matches Terraform's operator with its version, which Masterminds/semver reads otherwise: there "~> 1.4"
// is the same as "~1.4", which excludes 1.5.
var pessimistic = regexp.MustCompile(`~>\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(?:$|([\s,|]))`)

func expandPessimistic(text string) string {
	return pessimistic.ReplaceAllStringFunc(text, func(match string) string {
		m := pessimistic.FindStringSubmatch(match)
		major, minor, patch, pre, after := m[1], m[2], m[3], m[4], m[5]
		lower := strings.Join(slices.DeleteFunc([]string{major, minor, patch}, func(s string) bool { return s == "" }), ".")
		upper := increment(major)
		if patch != "" {
			upper = major + "." + increment(minor)
		}
		if pre != "" {
			// A constraint with a pre-release lets pre-releases in; those of the next version must stay out.
			lower, upper = lower+pre, upper+"-0"
		}
		return ">=" + lower + ", <" + upper + after
	})
}

// increment returns a number that is one larger; what does not fit is left to semver to refuse.
func increment(number string) string {
	n, err := strconv.ParseUint(number, 10, 63)
	if err != nil {
		return number
	}
	return strconv.FormatUint(n+1, 10)
}

// NewestTag returns the tag with the highest version that the constraint allows, out of the tags of the reference's
// repository. The error is an *Error of kind ErrNotFound if there is none.
//
// A tag is a version if it has two or three numbers, with or without a "v" before them: "1.4", "1.4.2", "v1.4.2-rc.1".
// All others are ignored; so is a major version alone, which floats. Everything behind a dash is a pre-release by the rules of
// Semantic Versioning, so "1.4.2-alpine" comes before "1.4.2" and, like every pre-release, counts only if the
// constraint names a pre-release itself (">= 1.4.0-0"). Of several tags with the same version, the one with three numbers is
// taken, since it is the one that does not move; then the one without "v"; then the first by name.
//
// With a lock file, the tag that it has for the constraint is returned, without a look at the repository, until the user has it
// decided anew; a constraint that it does not have yet is added.
func (c *Client) NewestTag(ctx context.Context, ref imageref.Reference, constraint Constraint) (string, error) {
	if tag, err := c.lockedTag(ref, constraint); tag != "" || err != nil {
		return tag, err
	}
	tags, err := c.Tags(ctx, ref)
	if err != nil {
		return "", err
	}
	if tag := newest(tags, constraint); tag != "" {
		return c.keepTag(ref, constraint, tag)
	}
	return "", &Error{
		Kind: ErrNotFound, Reference: ref.Untagged().String(),
		Found:  fmt.Sprintf("none of the %d tags is a version that satisfies %q%s", len(tags), constraint, highestOf(tags)),
		Remedy: "widen the constraint; a pre-release such as 1.5.0-rc.1 counts only if the constraint names one, such as >= 1.5.0-0",
	}
}

// versionTag matches the tags that are read as versions.
var versionTag = regexp.MustCompile(`^v?\d+\.\d+(\.\d+)?(-[0-9A-Za-z.-]+)?$`)

type version struct {
	tag    string
	semver *semver.Version
}

// versions returns the tags that are versions, the newest first and, for one version, the best tag first.
func versions(tags []string) []version {
	var found []version
	for _, tag := range tags {
		if !versionTag.MatchString(tag) {
			continue
		}
		if v, err := semver.NewVersion(tag); err == nil {
			found = append(found, version{tag, v})
		}
	}
	slices.SortFunc(found, func(a, b version) int {
		if order := b.semver.Compare(a.semver); order != 0 {
			return order
		}
		if order := strings.Count(b.tag, ".") - strings.Count(a.tag, "."); order != 0 {
			return order
		}
		// A digit sorts before "v".
		return strings.Compare(a.tag, b.tag)
	})
	return found
}

func newest(tags []string, constraint Constraint) string {
	for _, v := range versions(tags) {
		if constraint.semver.Check(v.semver) {
			return v.tag
		}
	}
	return ""
}

// highestOf names the highest release for an error, as a clause.
func highestOf(tags []string) string {
	for _, v := range versions(tags) {
		if v.semver.Prerelease() == "" {
			return "; the highest release is " + v.tag
		}
	}
	return ""
}
