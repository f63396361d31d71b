package packages

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on what an inventory may hold. A full desktop of Debian has about 3,000 packages and the longest real version
// is below 100 bytes; Go pseudo-versions and npm names are the longest of their kind.
const (
	MaxPackages  = 50_000
	MaxNameBytes = 512
)

// Ecosystem is the set of rules by which packages are named and their versions are ordered. The names are types of
// package URLs (package-url/purl-spec, PURL-TYPES.rst), "nix" included.
type Ecosystem string

// The ecosystems that are read.
const (
	Deb    Ecosystem = "deb"
	Apk    Ecosystem = "apk"
	RPM    Ecosystem = "rpm"
	Golang Ecosystem = "golang"
	PyPI   Ecosystem = "pypi"
	NPM    Ecosystem = "npm"
	Nix    Ecosystem = "nix"
)

// Ecosystems returns all ecosystems.
func Ecosystems() []Ecosystem { return []Ecosystem{Deb, Apk, RPM, Golang, PyPI, NPM, Nix} }

// IsDistribution reports whether packages of the ecosystem are parts of the distribution, whose advisories speak of them.
func (e Ecosystem) IsDistribution() bool { return e == Deb || e == Apk || e == RPM }

// Package is one installed package.
type Package struct {
	Ecosystem Ecosystem `json:"ecosystem"`
	Name      string    `json:"name"`
	// Version is written as the ecosystem orders it: with an epoch where there is one ("1:2.3-4"), and for RPM with the
	// release ("1.2-3.el9"). Go versions keep their "v"; the standard library's is without ("1.26.1").
	Version string `json:"version"`
	// SourceName and SourceVersion name the source package; they are the package's own where none is stated.
	SourceName    string `json:"source_name,omitempty"`
	SourceVersion string `json:"source_version,omitempty"`
	// Arch is the architecture in the ecosystem's words ("amd64", "x86_64", "noarch"), or empty.
	Arch string `json:"arch,omitempty"`
	// Modularity is the label of the RPM module that the package belongs to ("nodejs:18:…"), or empty.
	Modularity string `json:"modularity,omitempty"`
	// Vendor is who built an RPM package, or empty.
	Vendor string `json:"vendor,omitempty"`
	// Path is the file in the image that the record was read from, without a leading slash.
	Path string `json:"path,omitempty"`
	// LayerDigest is the digest of the layer that brought the file, or empty where that is not known.
	LayerDigest string `json:"layer_digest,omitempty"`
}

// WithSource returns a copy whose source is its own name and version where the record states none.
func (p Package) WithSource() Package {
	p.SourceName = cmp.Or(p.SourceName, p.Name)
	p.SourceVersion = cmp.Or(p.SourceVersion, p.Version)
	return p
}

// String returns ecosystem, name and version, such as "deb/libc6 2.36-9".
func (p Package) String() string { return fmt.Sprintf("%s/%s %s", p.Ecosystem, p.Name, p.Version) }

// Compare orders packages by ecosystem, name, version, architecture and origin.
func Compare(a, b Package) int {
	return cmp.Or(
		strings.Compare(string(a.Ecosystem), string(b.Ecosystem)), strings.Compare(a.Name, b.Name),
		strings.Compare(a.Version, b.Version), strings.Compare(a.Arch, b.Arch), strings.Compare(a.Path, b.Path),
	)
}

// errTooMany is the error of an inventory that is larger than any honest one.
var errTooMany = fmt.Errorf("more than %d packages", MaxPackages)

// check refuses a record that no package manager writes. Names and versions end up in plans and tables, so control
// characters must not pass.
func (p Package) check() error {
	if p.Name == "" {
		return errors.New("a record has no package name")
	}
	for _, text := range []string{p.Name, p.Version, p.SourceName, p.SourceVersion, p.Arch, p.Modularity, p.Vendor} {
		if len(text) > MaxNameBytes || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
			return fmt.Errorf("package %.40q has a name or version that is too long or holds control characters", p.Name)
		}
	}
	return nil
}

// appendChecked adds a record to an inventory.
func appendChecked(list []Package, p Package) ([]Package, error) {
	p = p.WithSource()
	if err := p.check(); err != nil {
		return nil, err
	}
	if len(list) == MaxPackages {
		return nil, errTooMany
	}
	return append(list, p), nil
}

// Distinct sorts packages and drops repetitions, in which only the origin differs; the first origin is kept.
func Distinct(list []Package) []Package {
	slices.SortFunc(list, Compare)
	return slices.CompactFunc(list, func(a, b Package) bool {
		return a.Ecosystem == b.Ecosystem && a.Name == b.Name && a.Version == b.Version && a.Arch == b.Arch
	})
}
