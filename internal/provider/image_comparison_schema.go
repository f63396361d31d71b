package provider

import (
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/comparison"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// imageComparisonSchema is the schema of the data source seaworthy_image_comparison.
func imageComparisonSchema() schema.Schema {
	s := schema.Schema{
		MarkdownDescription: "Compares images, such as options for a base image, during plan: reads what is inside them, holds them against requirements, and ranks them. " +
			"Layers are streamed and verified, never unpacked, and what was found is kept in `cache_dir`, so that a second plan reads no layer. " +
			"What can not be known is null, with the reason in `unknowns`; a requirement on it is not met.",
		Attributes: map[string]schema.Attribute{
			"candidates": schema.MapAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Images to compare, by a short name: references with a tag, a digest or both, or OCI layouts on the local disk (`oci-layout:./path:tag`). At most 50.",
			},
			"platform": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Platform that is compared, such as `linux/arm64`. Default is `linux/amd64`.",
			},
			"inspect": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How deep images are read: `layers` reads everything, which costs about a second of processor time for 40 MB the first time; " +
					"`config` reads manifests and configs alone, a few kilobytes, and what stands in layers is unknown. Default is `layers`.",
			},
			"require": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "What an image must meet to be eligible. Default is nothing.",
				Attributes:          requireAttributes(),
			},
			"rank_by": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: fmt.Sprintf("Criteria of the ranking, the most important first, out of %s. Default is %s, where vulnerabilities count if they are known.",
					code(comparison.Criteria()), code(comparison.DefaultRanking())),
			},
			"count_vulnerabilities": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether known vulnerabilities are counted, with the provider's `vulnerability_database`. " +
					"Default is whether `require.max_vulnerabilities` or `rank_by` asks for their number.",
			},
			"list_packages": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Whether `packages` lists all packages with their versions, which makes the state larger. Default is `false`.",
			},
			"bandwidth_mbps": schema.Float64Attribute{
				Optional: true, MarkdownDescription: "Bandwidth between registry and nodes in megabits a second, for `estimated_pull_seconds`. Default is none, and no estimate.",
			},
			"node_images": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Images that nodes have already, such as those of other workloads: layers shared with them need no pull. Default is none.",
			},
			"allow_floating_tag": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether tags may be ones that move with every release: none at all, `latest`, `stable`, `edge`, `main` or a bare major version. " +
					"Default is `false`, which makes such a tag an error.",
			},
			"ranking":     imageTexts("Names of all candidates, the best first: eligible ones by `rank_by`, then the others by `rank_by`. What is not known ranks last, and names decide between equals."),
			"recommended": imageText("Name of the first eligible candidate; null if none is eligible."),
			"markdown":    imageText("Comparison as a table in Markdown, with the reasons, for a pull request."),
			"chart_svg":   imageText("Comparison as a picture (SVG): size, packages and vulnerabilities side by side."),
			"results": schema.MapNestedAttribute{
				Computed: true, MarkdownDescription: "What is known of each candidate, by its name.",
				NestedObject: schema.NestedAttributeObject{Attributes: comparisonResultAttributes()},
			},
		},
	}
	maps.Copy(s.Attributes, measureAttributes())
	return s
}

// code lists values of an enumeration as code.
func code[S ~string](values []S) string { return "`" + strings.Join(names(values), "`, `") + "`" }

func requireAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"libc": schema.StringAttribute{
			Optional: true, MarkdownDescription: "C library: " + code(contents.Libcs()) + ". An image with both meets `glibc` and `musl`. Default is any.",
		},
		"shell":           schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether there must be a shell (`true`) or must be none (`false`). Default is either."},
		"package_manager": schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether there must be a package manager (`true`) or must be none (`false`). Default is either."},
		"non_root":        schema.BoolAttribute{Optional: true, MarkdownDescription: "`true` requires that the image does not start as user ID 0. Default is no requirement."},
		"platforms": schema.ListAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: "Platforms that the image must have. Default is only the compared one.",
		},
		"max_size_bytes":  schema.Int64Attribute{Optional: true, MarkdownDescription: "Largest compressed size in bytes. Default is no limit."},
		"max_age_days":    schema.Int64Attribute{Optional: true, MarkdownDescription: "Greatest number of days since the image was built. An image that does not say when does not meet it. Default is no limit."},
		"supported_until": schema.StringAttribute{Optional: true, MarkdownDescription: "Day (`YYYY-MM-DD`) on which the distribution must still get free updates: its end of life must not come earlier. Default is no requirement."},
		"host_os": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Distribution of the nodes, by the ID in their `/etc/os-release`; the image's must be of the same family, such as Debian and Ubuntu, so that both are patched alike. " +
				"Default is no requirement.",
		},
		"max_vulnerabilities": schema.SingleNestedAttribute{
			Optional: true, MarkdownDescription: "Greatest numbers of known vulnerabilities by severity. Default is no limit.",
			Attributes: severityLimits(),
		},
	}
}

// severityNames are the severities as attributes.
func severityNames() []string {
	var all []string
	for _, s := range vulnerability.Severities() {
		all = append(all, s.String())
	}
	return all
}

func severityLimits() map[string]schema.Attribute {
	limits := map[string]schema.Attribute{}
	for _, name := range severityNames() {
		limits[name] = schema.Int64Attribute{Optional: true, MarkdownDescription: "Greatest number of vulnerabilities of the severity " + name + ". Default is no limit."}
	}
	return limits
}

func comparisonResultAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"pinned":                 imageText("Reference with tag and digest, as a workload takes it; null for an OCI layout, which no node can pull."),
		"digest":                 imageText("Digest of the index where there is one, else of the image (`sha256:…`)."),
		"platforms":              imageTexts("All platforms of the image, sorted."),
		"size_bytes":             imageNumber("Compressed size of the layers in bytes, as they are pulled."),
		"uncompressed_bytes":     imageNumber("Size of the files that a container sees, in bytes."),
		"layer_count":            imageNumber("Number of layers."),
		"created":                imageText("Time of the build (RFC 3339, UTC); null if unknown, which the fixed dates of reproducible builds are."),
		"os_id":                  imageText("Distribution, by the ID in its `os-release`, such as `debian`."),
		"os_version":             imageText("Release of the distribution, such as `13`; null where there is none."),
		"os_name":                imageText("Name of the distribution for people."),
		"end_of_life":            imageText("Last day of free updates for everybody (`YYYY-MM-DD`)."),
		"extended_support_until": imageText("Last day of extended support, by volunteers or for money; null if there is none or it is not known."),
		"libc":                   imageText("C library: " + code(contents.Libcs()) + "."),
		"shells":                 imageTexts("Paths of the shells, links followed; empty if there is none."),
		"package_manager":        imageText("Package manager, such as `apt` or `apk`; `none` if there is none."),
		"package_count":          imageNumber("Number of packages of the distribution and of programming languages."),
		"packages": schema.MapAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Versions by package (`deb/libc6`), several separated by commas; null unless `list_packages` is set.",
		},
		"user":                   imageText("User of the image as written; null if it sets none, which means root."),
		"runs_as_root":           schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the image starts as user ID 0. Names are looked up in the image's `/etc/passwd`."},
		"setuid_files":           imageTexts("Files that run with the rights of their owner or group."),
		"world_writable_files":   imageTexts("Files, and directories other than those like `/tmp`, that every user may change."),
		"findings":               comparisonFindings(),
		"elf":                    comparisonELF(),
		"vulnerabilities":        comparisonVulnerabilities(),
		"wasted_bytes":           imageNumber("Bytes of files in layers that later layers delete or replace."),
		"efficiency":             schema.Float64Attribute{Computed: true, MarkdownDescription: "Share of stored bytes that is needed, between 0 and 1, as dive computes it."},
		"advice":                 comparisonAdvice(),
		"family":                 comparisonFamily(),
		"pull_bytes":             imageNumber("Bytes of the layers that `node_images` do not share."),
		"estimated_pull_seconds": schema.Float64Attribute{Computed: true, MarkdownDescription: "Seconds that the transfer of `pull_bytes` takes at `bandwidth_mbps`."},
		"eligible":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether all requirements are met."},
		"reasons":                imageTexts("Requirements that are not met, each with what was found."),
		"unknowns":               schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Why attributes are null, by their name."},
	}
}

func imageNumber(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

func comparisonFindings() schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: "Files that look like secrets, and folders of version control, in any layer.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"kind":         imageText("`secret` or `version_control`."),
			"path":         imageText("Path in the image."),
			"layer_digest": imageText("Layer that brings it."),
			"hidden":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether a later layer deletes or replaces it; whoever pulls the image still has it."},
		}},
	}
}

func comparisonELF() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Computed: true, MarkdownDescription: "Numbers of binaries by how they were hardened. Binaries that can not tell, such as static or Go ones for the stack protector, count in `binaries` only.",
		Attributes: map[string]schema.Attribute{
			"binaries":       imageNumber("Executables and libraries."),
			"executables":    imageNumber("Executables."),
			"pie":            imageNumber("Executables that can be loaded at any address (PIE)."),
			"nx":             imageNumber("Binaries whose stack is not executable."),
			"full_relro":     imageNumber("Binaries with full RELRO."),
			"stack_canary":   imageNumber("Binaries with a stack protector."),
			"fortify":        imageNumber("Binaries that call checked variants of C functions (FORTIFY_SOURCE)."),
			"runpath":        imageNumber("Binaries with RPATH or RUNPATH."),
			"unsafe_runpath": imageNumber("Binaries whose RPATH or RUNPATH leads to places that others may write to, or that depend on the working directory."),
			"unreadable":     imageNumber("Damaged binaries, or such as are too large to be read."),
		},
	}
}

func comparisonVulnerabilities() schema.SingleNestedAttribute {
	counts := map[string]schema.Attribute{}
	for _, name := range severityNames() {
		counts[name] = imageNumber("Number of known vulnerabilities of the severity " + name + ".")
	}
	return schema.SingleNestedAttribute{Computed: true, MarkdownDescription: "Numbers of known vulnerabilities by severity.", Attributes: counts}
}

func comparisonAdvice() schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Computed: true, MarkdownDescription: "How the image could become smaller, what saves most first.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id":    imageText("Name of the advice."),
			"bytes": imageNumber("Bytes that it saves, uncompressed."),
			"text":  imageText("What is there and what to do."),
			"paths": imageTexts("Largest examples, at most three."),
		}},
	}
}

func comparisonFamily() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Computed: true, MarkdownDescription: "Family of base images that it belongs to, from the provider's catalogue; null if it shows the signs of none.",
		Attributes: map[string]schema.Attribute{
			"id":            imageText("Name of the family for programs, such as `ubi-minimal`."),
			"name":          imageText("Name for people."),
			"updates":       imageText("Who keeps it up to date, and for how long."),
			"advisories":    imageText("Where security advisories are for people; null if there are none."),
			"oval":          imageText("Where advisories are as OVAL data; null if there are none."),
			"feed":          imageText("Where advisories are for programs; null if there are none."),
			"architectures": imageTexts("Architectures that it is published for, in its own words."),
			"source":        imageText("Where this was read."),
			"read":          imageText("Day on which it was read (`YYYY-MM-DD`)."),
		},
	}
}
