package distro

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on os-release. Real files are below 1 KiB.
const (
	maxOSReleaseBytes = 64 << 10
	maxValueBytes     = 256
)

// Distribution is what an image says it is. The zero value means that it does not say.
type Distribution struct {
	// ID is the distribution's name for programs: "debian", "alpine", "rhel", "ubuntu".
	ID string `json:"id,omitempty"`
	// VersionID is the release for programs: "12", "3.22.1", "24.04". Rolling distributions and Debian's testing have none.
	VersionID string `json:"version_id,omitempty"`
	// Codename is the release's name: "bookworm". Many have none.
	Codename string `json:"codename,omitempty"`
	// Like are the distributions that it is built from or close to, the closest first.
	Like []string `json:"like,omitempty"`
	// Name is the name for people: "Debian GNU/Linux 12 (bookworm)".
	Name string `json:"name,omitempty"`
	// Variant is the edition for programs, such as "container", or empty.
	Variant string `json:"variant,omitempty"`
}

// IsZero reports whether nothing is known.
func (d Distribution) IsZero() bool { return d.ID == "" }

// Is reports whether the distribution is one of the family or derived from it: Ubuntu is "debian", Rocky Linux is "rhel".
func (d Distribution) Is(id string) bool {
	return d.ID != "" && (d.ID == id || slices.Contains(d.Like, id))
}

// String returns ID and version, such as "debian 12", or "unknown".
func (d Distribution) String() string {
	if d.IsZero() {
		return "unknown"
	}
	return strings.TrimSpace(d.ID + " " + d.VersionID)
}

var (
	assignment = regexp.MustCompile(`^([A-Z][A-Z0-9_]*)=(.*)$`)
	osID       = regexp.MustCompile(`^[a-z0-9._-]+$`)
)

// ParseOSRelease reads /etc/os-release or /usr/lib/os-release. The file is untrusted: values that are too long or hold
// control characters are an error, and so is an identifier that could not be one.
// Source: os-release(5) of systemd 257.
func ParseOSRelease(r io.Reader) (Distribution, error) {
	values := map[string]string{}
	scanner := bufio.NewScanner(io.LimitReader(r, maxOSReleaseBytes))
	for scanner.Scan() {
		m := assignment.FindStringSubmatch(strings.TrimSpace(scanner.Text()))
		if m == nil {
			continue // comments, empty lines, and what a shell would not assign either
		}
		values[m[1]] = unquote(m[2])
	}
	if err := scanner.Err(); err != nil {
		return Distribution{}, fmt.Errorf("os-release: %w", err)
	}
	for _, key := range []string{"ID", "VERSION_ID", "VERSION_CODENAME", "ID_LIKE", "PRETTY_NAME", "NAME", "VARIANT_ID"} {
		if v := values[key]; len(v) > maxValueBytes || !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl) {
			return Distribution{}, fmt.Errorf("os-release: %s is too long or holds control characters", key)
		}
	}
	d := Distribution{
		ID: values["ID"], VersionID: values["VERSION_ID"], Codename: values["VERSION_CODENAME"],
		Like: strings.Fields(values["ID_LIKE"]), Name: values["PRETTY_NAME"], Variant: values["VARIANT_ID"],
	}
	if d.Name == "" {
		d.Name = strings.TrimSpace(values["NAME"] + " " + values["VERSION_ID"])
	}
	if d.ID == "" {
		return Distribution{}, errors.New("os-release: it has no ID")
	}
	if !osID.MatchString(d.ID) {
		return Distribution{}, fmt.Errorf("os-release: %q is no identifier of a distribution", d.ID)
	}
	return d, nil
}

// unquote reads a value as a shell would: in single or double quotes or bare, with backslashes outside single quotes.
func unquote(text string) string {
	var out strings.Builder
	var quote rune
	escaped := false
	for _, c := range text {
		switch {
		case escaped:
			out.WriteRune(c)
			escaped = false
		case c == '\\' && quote != '\'':
			escaped = true
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && unicode.IsSpace(c):
			return out.String()
		case quote != 0 && c == quote:
			quote = 0
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}
