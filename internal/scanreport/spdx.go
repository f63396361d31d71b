package scanreport

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/package-url/packageurl-go"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// spdxDocument is SPDX 2.2 and 2.3 as JSON, as far as it is read. Source: spdx/spdx-spec v2.3, schemas/spdx-schema.json; the notes
// are Trivy's: aquasecurity/trivy, pkg/sbom/spdx/marshal.go.
type spdxDocument struct {
	Packages []spdxPackage `json:"packages"`
}

type spdxPackage struct {
	Name         string `json:"name"`
	Version      string `json:"versionInfo"`
	Purpose      string `json:"primaryPackagePurpose"`
	SourceInfo   string `json:"sourceInfo"`
	ExternalRefs []struct {
		Type    string `json:"referenceType"`
		Locator string `json:"referenceLocator"`
	} `json:"externalRefs"`
	Checksums []struct {
		Algorithm string `json:"algorithm"`
		Value     string `json:"checksumValue"`
	} `json:"checksums"`
	AttributionTexts []string `json:"attributionTexts"`
	Annotations      []struct {
		Comment string `json:"comment"`
	} `json:"annotations"`
}

func parseSPDX(raw []byte) (Report, error) {
	var doc spdxDocument
	if err := json.Unmarshal(raw, &doc); err != nil {
		return Report{}, unusable("it is not of the form of SPDX: %v", err)
	}
	r := Report{Format: SPDX, Inventory: &vulnerability.Inventory{}}
	for _, p := range doc.Packages {
		switch p.Purpose {
		case "CONTAINER":
			r.addContainer(p)
		case "OPERATING-SYSTEM", "OPERATING_SYSTEM":
			r.Inventory.Distribution = named(p.Name, p.Version)
		default:
			if err := r.addPackage(p.purl(), p.Name, p.source()); err != nil {
				return Report{}, err
			}
		}
	}
	return r, r.checkInventory()
}

func (p spdxPackage) purl() string {
	for _, ref := range p.ExternalRefs {
		if ref.Type == "purl" {
			return ref.Locator
		}
	}
	return ""
}

// notes are free texts in which Trivy keeps what SPDX has no place for, as "Name: value".
func (p spdxPackage) notes() map[string]string {
	texts := p.AttributionTexts
	for _, a := range p.Annotations {
		texts = append(texts, a.Comment)
	}
	said := map[string]string{}
	for _, text := range texts {
		name, value, _ := strings.Cut(text, ": ")
		said[name] = value
	}
	return said
}

// addContainer reads the subject.
func (r *Report) addContainer(p spdxPackage) {
	r.addDigest(p.Version)
	for _, c := range p.Checksums {
		if c.Algorithm == "SHA256" {
			r.addDigest("sha256:" + strings.ToLower(c.Value))
		}
	}
	said := p.notes()
	r.addDigest(said["RepoDigest"])
	r.addDigest(said["ImageID"])
	r.addSubject(p.purl())
}

// source is what Trivy says of the source package: "built package from: glibc 2.36-9+deb12u4".
func (p spdxPackage) source() packages.Package {
	rest, found := strings.CutPrefix(p.SourceInfo, "built package from: ")
	if !found {
		return packages.Package{}
	}
	name, version, _ := strings.Cut(rest, " ")
	return packages.Package{SourceName: name, SourceVersion: version, LayerDigest: p.notes()["LayerDigest"]}
}

// addSubject adds the digest of the subject's own package URL: "pkg:oci/nginx@sha256:…?arch=amd64".
func (r *Report) addSubject(text string) {
	u, err := packageurl.FromString(text)
	if err != nil || (u.Type != packageurl.TypeOCI && u.Type != packageurl.TypeDocker) {
		return
	}
	r.addDigest(u.Version)
	r.Arch = cmp.Or(r.Arch, u.Qualifiers.Map()["arch"])
}

// addPackage adds a package by its package URL, with what else is said of its source. What has none is a file or a folder.
func (r *Report) addPackage(purl, name string, said packages.Package) error {
	if purl == "" {
		return nil
	}
	p, err := parsePURL(purl)
	if err != nil {
		return err
	}
	switch string(p.Ecosystem) {
	case packageurl.TypeOCI, packageurl.TypeDocker, packageurl.TypeGeneric:
		return nil
	}
	if len(r.Inventory.Packages) == packages.MaxPackages {
		return unusable("it lists more than %d packages", packages.MaxPackages)
	}
	p.Name = cmp.Or(p.Name, name)
	p.SourceName, p.SourceVersion = cmp.Or(said.SourceName, p.SourceName), cmp.Or(said.SourceVersion, p.SourceVersion)
	p.LayerDigest, p.Path, p.Modularity = said.LayerDigest, said.Path, cmp.Or(said.Modularity, p.Modularity)
	if r.Inventory.Distribution.IsZero() {
		r.Inventory.Distribution = distributionOf(purl)
	}
	r.Inventory.Packages = append(r.Inventory.Packages, p)
	return nil
}

// checkInventory refuses a bill of materials without materials.
func (r *Report) checkInventory() error {
	if len(r.Inventory.Packages) == 0 {
		return unusable("it lists no package with a package URL, so nothing is known of the image")
	}
	return nil
}
