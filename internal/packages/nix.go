package packages

import (
	"regexp"
	"strings"
)

// nixPath is a path of the Nix store: a hash of 32 digits in Nix's base 32, a name, and usually a version, which begins at
// the first dash before a digit. Source: Nix 2.24 manual, "Store Path" and builtins.parseDrvName.
var nixPath = regexp.MustCompile(`^nix/store/[0-9abcdfghijklmnpqrsvwxyz]{32}-([^/]+?)(?:-([0-9][^/]*))?$`)

// outputs are the parts that Nix splits packages into; they stand behind the version.
var outputs = []string{"-bin", "-lib", "-dev", "-doc", "-man", "-info", "-out", "-static", "-debug", "-data"}

// FromNixPath returns the package of a directory in the Nix store, by its path without a leading slash. ok is false for other
// paths and for those without a version, which are scripts, configurations and environments.
func FromNixPath(path string) (p Package, ok bool) {
	m := nixPath.FindStringSubmatch(path)
	if m == nil || m[2] == "" {
		return Package{}, false
	}
	version := m[2]
	for _, output := range outputs {
		version = strings.TrimSuffix(version, output)
	}
	p = Package{Ecosystem: Nix, Name: m[1], Version: version}.WithSource()
	return p, p.check() == nil
}
