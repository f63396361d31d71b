package imageref

import (
	"fmt"
	"regexp"
	"strings"
)

// floatingTags are the names that publishers move from build to build.
var floatingTags = []string{"latest", "stable", "edge", "main", "master", "nightly"}

// bareMajor matches a major version alone ("1", "v22"), which moves with every minor release. Four digits and more are
// years, dates or build numbers, which do not move.
var bareMajor = regexp.MustCompile(`^[vV]?[0-9]{1,3}$`)

// IsFloating reports whether the reference names content that is expected to change: it has no digest, and its tag is
// absent, one of latest, stable, edge, main, master, nightly (in any case), or a bare major version.
// A layout never floats: it is a directory of the user's own, and changes only when they change it.
func (r Reference) IsFloating() bool { return r.FloatingReason() != "" }

// FloatingReason says why the reference floats, as a clause such as `tag "latest" moves with every release`.
// It is empty if the reference does not float.
func (r Reference) FloatingReason() string {
	if r.IsPinned() || r.IsLayout() || r.registry == "" {
		return ""
	}
	if r.tag == "" {
		return `there is no tag, which registries read as "latest"`
	}
	for _, floating := range floatingTags {
		if strings.EqualFold(r.tag, floating) {
			return fmt.Sprintf("tag %q is moved by its publisher from build to build", r.tag)
		}
	}
	if bareMajor.MatchString(r.tag) {
		return fmt.Sprintf("tag %q is a major version alone and moves with every minor release", r.tag)
	}
	return ""
}
