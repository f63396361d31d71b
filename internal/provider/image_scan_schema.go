package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// imageScanSchema is the schema of the data source seaworthy_image_scan.
func imageScanSchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"ref": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "Image reference, best with its digest, as `seaworthy_image` gives it in `pinned`. A tag is resolved, and an OCI layout on the local disk " +
				"(`oci-layout:./path:tag`) needs no registry.",
		},
		"platform": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Platform to look at, such as `linux/amd64`. Default is the image's only platform; an image with several needs one to be named.",
		},
		"fail_on": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Least severity that is an error: `critical`, `high`, `medium` or `low`. Findings whose severity nobody has rated are counted and never fail. " +
				"Default is none: everything is reported and nothing fails.",
		},
		"only_fixed": schema.BoolAttribute{
			Optional: true, MarkdownDescription: "Whether vulnerabilities that no version fixes yet are left out. Default is `false`.",
		},
		"accept_undecided": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Reason why packages of which nothing can be said (`undecided`) may pass `fail_on`. Default is none: they are an error, since their vulnerabilities are not known.",
		},
		"ignore": schema.MapNestedAttribute{
			Optional: true,
			MarkdownDescription: "Vulnerabilities to live with for a time, by ID (`CVE-2024-1234`, `GHSA-…`, or the vendor's own, such as `RHSA-2024:1234`). " +
				"After its last day an entry is an error, and one that covers nothing is a warning. Default is none.",
			NestedObject: schema.NestedAttributeObject{Attributes: withAttribute(ignoreAttributes(), "packages", schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Names of packages or source packages that the entry is for. Default is all.",
			})},
		},
		"result": resultAttribute(),
		"ignore_packages": schema.MapNestedAttribute{
			Optional: true,
			MarkdownDescription: "Packages whose vulnerabilities to live with for a time, by the name of the package or source package (`linux-libc-dev`). " +
				"Entries expire as those of `ignore`. Default is none.",
			NestedObject: schema.NestedAttributeObject{Attributes: ignoreAttributes()},
		},
	}
	for name, attribute := range imageScanResults() {
		attributes[name] = attribute
	}
	return schema.Schema{
		MarkdownDescription: "Finds known vulnerabilities of one image during plan: its packages are read from the layers and held against the provider's `vulnerability_database`. " +
			"What can not be known is an error, never an empty list.",
		Attributes: attributes,
	}
}

func withAttribute(attributes map[string]schema.Attribute, name string, attribute schema.Attribute) map[string]schema.Attribute {
	attributes[name] = attribute
	return attributes
}

func ignoreAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"reason":  schema.StringAttribute{Required: true, MarkdownDescription: "Why, in words."},
		"expires": schema.StringAttribute{Required: true, MarkdownDescription: "Last day of the decision (`2027-01-31`), by UTC."},
	}
}

// imageScanResults are the computed attributes.
func imageScanResults() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"digest":           imageText("Digest of the platform's own manifest, which was looked at (`sha256:…`)."),
		"distribution":     imageText("Distribution of the image with its release, such as `debian 12`; null if it has none."),
		"result_source":    imageText("Where the findings, or the packages, came from: `layers`, or the document of `result`, with the tool that made it."),
		"database":         imageText("Where the database came from: its reference with digest, or its path; null if it was not needed."),
		"database_updated": imageText("When the database was made (RFC 3339, UTC); null if it was not needed."),
		"passed": schema.BoolAttribute{
			Computed: true, MarkdownDescription: "Whether nothing is at or above `fail_on`; null if `fail_on` is not set.",
		},
		"counts": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "Numbers of findings by severity, without those that are ignored.", Attributes: countAttributes(),
		},
		"findings": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "Vulnerabilities, the worst first.",
			NestedObject: schema.NestedAttributeObject{Attributes: findingAttributes()},
		},
		"ignored": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "Vulnerabilities that `ignore` or `ignore_packages` covers, with the reason.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id": imageText("ID of the vulnerability."), "package": imageText("Name of the package."), "severity": imageText("Severity."),
				"reason": imageText("Reason as written."), "expires": imageText("Last day of the decision."),
			}},
		},
		"undecided": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "Packages of which nothing can be said, or not all.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"package": imageText("Name of the package."), "version": imageText("Version of the package."), "reason": imageText("Why it could not be decided."),
			}},
		},
	}
}

func countAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, s := range vulnerability.Severities() {
		attributes[s.String()] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of findings of severity " + s.String() + "."}
	}
	return attributes
}

func findingAttributes() map[string]schema.Attribute {
	var statuses []string
	for _, s := range vulnerability.Statuses() {
		statuses = append(statuses, "`"+string(s)+"`")
	}
	return map[string]schema.Attribute{
		"id":         imageText("ID of the vulnerability: CVE, or the publisher's own where there is none."),
		"vendor_ids": imageTexts("Advisories of the publisher, such as `RHSA-2024:1234`."),
		"severity":   imageText("Severity: `critical`, `high`, `medium`, `low` or `unknown`."),
		"severity_source": imageText("Who rated it: the publisher of the advisory, else `ghsa` or `nvd`, else `other`; null if nobody did. " +
			"Distributions often rate lower than NVD, since they know how the package was built."),
		"severities":     schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "All ratings by source."},
		"package":        imageText("Name of the package."),
		"source_package": imageText("Name of the source package that it was built from, which advisories of Debian and others speak of."),
		"ecosystem":      imageText("Kind of package as in package URLs, such as `deb`, `apk`, `rpm`, `golang`, `npm` or `pypi`."),
		"installed":      imageText("Installed version."),
		"fixed":          imageText("Version that fixes it; null if there is none yet."),
		"status":         imageText("What the publisher says of a fix: " + strings.Join(statuses, ", ") + "."),
		"source":         imageText("Publisher of the advisory, such as `debian`; null if the database does not say."),
		"title":          imageText("Title; null if there is none."),
		"url":            imageText("Where to read about it; null if not known."),
		"path":           imageText("File in the image that lists the package; null if not known."),
		"layer":          imageText("Digest of the layer that brought that file; null if not known."),
	}
}

// elementType is the type of the elements of a computed list or of a computed object.
func scanType(name string) attr.Type {
	switch t := imageScanResults()[name].GetType().(type) {
	case types.ListType:
		return t.ElemType
	default:
		return t
	}
}
