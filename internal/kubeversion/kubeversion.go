// Package kubeversion names the Kubernetes versions that manifests can be made for.
//
// A manifest is made for one minor version: it decides which API versions exist
// and which fields may be used. The version always comes from configuration,
// never from a cluster or from this machine, so that a plan needs neither.
//
// The supported span covers the versions that their makers or the large cloud
// providers still maintain. What an older or newer cluster would make of our
// manifests has never been tried, so such a version is refused, not guessed at.
// Patch levels change no API and are ignored.
//
// What appeared within the span is a [Feature], with the version from which it can be
// used without switching anything on. Whoever asks for one on an older version gets an
// error; a decision of ours goes without it.
package kubeversion

import (
	"fmt"
	"regexp"
	"strconv"
)

// The supported span of minor versions of Kubernetes 1.
const (
	oldestMinor = 31
	newestMinor = 37
)

// Version is a supported minor version of Kubernetes. The zero Version is none.
type Version struct{ minor int }

// Oldest and Newest are the ends of the supported span.
var (
	Oldest = Version{oldestMinor}
	Newest = Version{newestMinor}
)

var pattern = regexp.MustCompile(`^v?1\.([0-9]{1,3})(\.[0-9]+)?([-+].*)?$`)

// Parse reads "1.34", "v1.34" or a full version such as "v1.34.2-gke.100", of
// which the minor counts. A version outside the supported span is an error.
func Parse(text string) (Version, error) {
	m := pattern.FindStringSubmatch(text)
	if m == nil {
		return Version{}, fmt.Errorf("%q is not a Kubernetes version: write it like %q", text, Newest)
	}
	minor, err := strconv.Atoi(m[1])
	if err != nil {
		return Version{}, fmt.Errorf("%q is not a Kubernetes version: %w", text, err)
	}
	if minor < oldestMinor || minor > newestMinor {
		return Version{}, fmt.Errorf("%q is not supported: use %s to %s", text, Oldest, Newest)
	}
	return Version{minor}, nil
}

// String returns the minor version, such as "1.34".
func (v Version) String() string { return "1." + strconv.Itoa(v.minor) }

// Minor returns the minor version as a number, such as 34; that of the zero Version is 0.
func (v Version) Minor() int { return v.minor }

// AtLeast reports whether v is other or newer.
func (v Version) AtLeast(other Version) bool { return v.minor >= other.minor }
