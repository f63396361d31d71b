package scanreport

import (
	"encoding/json"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// cyclonedxBOM is CycloneDX 1.2 to 1.7 as JSON, as far as it is read. Source: CycloneDX/specification, schema/bom-1.6.schema.json;
// the properties are Trivy's: aquasecurity/trivy, pkg/sbom/core/bom.go.
type cyclonedxBOM struct {
	Metadata struct {
		Component cyclonedxComponent `json:"component"`
	} `json:"metadata"`
	Components []cyclonedxComponent `json:"components"`
}

type cyclonedxComponent struct {
	Type       string `json:"type"`
	Name       string `json:"name"`
	Version    string `json:"version"`
	PURL       string `json:"purl"`
	Properties []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"properties"`
	Hashes []struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	} `json:"hashes"`
	Components []cyclonedxComponent `json:"components"`
}

// maxNesting bounds how deep components hold components.
const maxNesting = 16

// trivyProperty is in front of the names of Trivy's properties.
const trivyProperty = "aquasecurity:trivy:"

func parseCycloneDX(raw []byte) (Report, error) {
	var bom cyclonedxBOM
	if err := json.Unmarshal(raw, &bom); err != nil {
		return Report{}, unusable("it is not of the form of CycloneDX: %v", err)
	}
	r := Report{Format: CycloneDX, Inventory: &vulnerability.Inventory{}}
	root := bom.Metadata.Component
	r.addDigest(root.Version)
	for _, property := range root.Properties {
		if name := strings.TrimPrefix(property.Name, trivyProperty); name == "RepoDigest" || name == "ImageID" {
			r.addDigest(property.Value)
		}
	}
	for _, hash := range root.Hashes {
		if hash.Algorithm == "SHA-256" {
			r.addDigest("sha256:" + strings.ToLower(hash.Content))
		}
	}
	r.addSubject(root.PURL)
	if err := r.addComponents(bom.Components, 0); err != nil {
		return Report{}, err
	}
	return r, r.checkInventory()
}

// addComponents adds the packages of components, and of those in them.
func (r *Report) addComponents(components []cyclonedxComponent, depth int) error {
	if depth > maxNesting {
		return unusable("its components are nested more than %d times", maxNesting)
	}
	for _, c := range components {
		switch {
		case c.Type == "operating-system":
			r.Inventory.Distribution = named(c.Name, c.Version)
		case c.Type == "library" && c.PURL == "":
			// It is software, and nobody can say which: the matcher lists it as undecided.
			r.Inventory.Packages = append(r.Inventory.Packages, packages.Package{Ecosystem: "without package URL", Name: c.Name, Version: c.Version})
		default:
			if err := r.addPackage(c.PURL, c.Name, c.source()); err != nil {
				return err
			}
		}
		if err := r.addComponents(c.Components, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// source is what Trivy's properties say of a component's source package.
func (c cyclonedxComponent) source() packages.Package {
	said := map[string]string{}
	for _, property := range c.Properties {
		said[strings.TrimPrefix(property.Name, trivyProperty)] = property.Value
	}
	version := said["SrcVersion"]
	if release := said["SrcRelease"]; release != "" {
		version += "-" + release
	}
	if epoch := said["SrcEpoch"]; epoch != "" && epoch != "0" {
		version = epoch + ":" + version
	}
	return packages.Package{SourceName: said["SrcName"], SourceVersion: version, LayerDigest: said["LayerDigest"], Path: said["FilePath"], Modularity: said["Modularitylabel"]}
}
