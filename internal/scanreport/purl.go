package scanreport

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

// sourceRPM matches the name of a source package's file, as "upstream" of RPM packages has it: "openssl-3.0.7-24.el9.src.rpm".
var sourceRPM = regexp.MustCompile(`^(.+)-([^-]+-[^-]+)\.src\.rpm$`)

// parsePURL reads a package URL as inventories have packages. The qualifiers are those of the purl types and of syft.
// Source: package-url/purl-spec, types-doc/{deb,rpm,apk}-definition.md; anchore/syft, syft/pkg/{debian,rpm,apk}.go ("upstream").
func parsePURL(text string) (packages.Package, error) {
	u, err := packageurl.FromString(text)
	if err != nil {
		return packages.Package{}, unusable("the package URL %.100q: %v", text, err)
	}
	qualifiers := u.Qualifiers.Map()
	p := packages.Package{
		Ecosystem: packages.Ecosystem(u.Type), Name: u.Name, Version: u.Version,
		Arch: qualifiers["arch"], Modularity: qualifiers["rpmmod"],
	}
	if epoch := qualifiers["epoch"]; epoch != "" && epoch != "0" && !strings.Contains(p.Version, ":") {
		p.Version = epoch + ":" + p.Version
	}
	if !p.Ecosystem.IsDistribution() {
		p.Name = joined(u)
		return p, nil
	}
	upstream := qualifiers["upstream"]
	if m := sourceRPM.FindStringSubmatch(upstream); m != nil {
		p.SourceName, p.SourceVersion = m[1], m[2]
	} else {
		p.SourceName, p.SourceVersion, _ = strings.Cut(upstream, "@")
	}
	return p.WithSource(), nil
}

// joined is the full name of a package of a language.
func joined(u packageurl.PackageURL) string {
	switch {
	case u.Namespace == "":
		return u.Name
	case u.Type == packageurl.TypeMaven:
		return u.Namespace + ":" + u.Name
	default:
		return u.Namespace + "/" + u.Name
	}
}

// distributionOf reads the distribution from a package URL: its namespace, and the release from the qualifier
// "distro" ("debian-12", "3.9.4").
func distributionOf(text string) distro.Distribution {
	u, err := packageurl.FromString(text)
	if err != nil || !packages.Ecosystem(u.Type).IsDistribution() {
		return distro.Distribution{}
	}
	stated := u.Qualifiers.Map()["distro"]
	release := strings.TrimPrefix(stated, u.Namespace+"-")
	if i := strings.LastIndex(release, "-"); i >= 0 {
		release = release[i+1:]
	}
	return named(u.Namespace, release)
}

// named returns a distribution by the name that Trivy or syft gives it. Source: aquasecurity/trivy, pkg/fanal/types/const.go.
func named(name, release string) distro.Distribution {
	ids := map[string]string{
		"amazon": "amzn", "redhat": "rhel", "alma": "almalinux", "oracle": "ol", "oraclelinux": "ol", "azurelinux": "azurelinux",
		"cbl-mariner": "mariner", "opensuse.leap": "opensuse-leap", "opensuse.tumbleweed": "opensuse-tumbleweed",
		"suse linux enterprise server": "sles", "suse linux enterprise micro": "sle-micro",
	}
	name = strings.ToLower(strings.TrimSpace(name))
	return distro.Distribution{ID: cmp.Or(ids[name], name), VersionID: strings.TrimSpace(release)}
}
