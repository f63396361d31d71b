package provider

import (
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// imageHistorySchema is the schema of the resource seaworthy_image_history.
func imageHistorySchema() schema.Schema {
	attributes := map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			MarkdownDescription: "Name of the history, such as the workload's. Another name begins a new history.",
		},
		"image": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "Image that is to be used, with its digest, as `seaworthy_image` gives it in `pinned`. Another digest adds an entry and is compared with the one before; " +
				"as long as the digest stays the same, no registry is asked and nothing changes.",
		},
		"platform": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Platform to look at, such as `linux/amd64`. Default is the image's only platform; an image with several needs one to be named. Another platform begins a new history.",
		},
		"keep": schema.Int64Attribute{
			Optional: true, MarkdownDescription: fmt.Sprintf("How many images are remembered in `entries`, the new one included: 1 to %d. Default is `%d`.", maxKeep, defaultKeep),
		},
		"inspect": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "How deep images are read: `layers` reads packages from all layers, `config` the manifest and config alone, so that packages and vulnerabilities are unknown. Default is `layers`.",
		},
		"count_vulnerabilities": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether packages are held against the provider's `vulnerability_database`. Where that can not be had, or not all packages can be judged, vulnerabilities are null, with the reason in `unknowns`. " +
				"Default is whether layers are read.",
		},
		"max_growth": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "By how much an image may be larger than the one before, in percent of its compressed size, such as `10%`. A plan beyond it fails. Default is no limit.",
		},
		"fail_on_new": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Least severity of a vulnerability that fails the plan if the image before had it not: `critical`, `high`, `medium` or `low`. " +
				"If vulnerabilities of either image are not known, the plan fails as well. The first image of a history is compared with nothing. Default is none.",
		},
	}
	maps.Copy(attributes, imageHistoryResults())
	return schema.Schema{
		MarkdownDescription: "Remembers which images were used one after the other, in the state, so that a plan shows what changes with the next one: size, packages, vulnerabilities. " +
			"Changes beyond `max_growth` or `fail_on_new` fail the plan. Both images are read at plan, by digest, and judged by the same database, " +
			"so that a vulnerability is new only if the new image brought it. Destroying it forgets the history and nothing else.",
		Attributes: attributes,
	}
}

func imageHistoryResults() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"entries": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "Images of the history, the oldest first and `image` last.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"image":           historyText("Reference with its digest."),
				"digest":          historyText("Digest of the image, or of its index (`sha256:…`)."),
				"platform":        historyText("Platform that was looked at."),
				"created":         historyText("Time of the build (RFC 3339, UTC); null if unknown."),
				"size_bytes":      historyNumber("Compressed size of the layers in bytes."),
				"layer_count":     historyNumber("Number of layers."),
				"package_count":   historyNumber("Number of packages; null if unknown."),
				"vulnerabilities": schema.SingleNestedAttribute{Computed: true, Attributes: historyCounts(), MarkdownDescription: "Numbers of vulnerabilities by severity when the image was added, each ID once; null if unknown."},
			}},
		},
		"packages":        historyTexts("Versions of all packages of `image` by ecosystem and name (`deb/libc6`), so that a plan shows which change; null if unknown, or more than 5000."),
		"vulnerabilities": historyTexts("Severities of the vulnerabilities of `image` by ID, as they were known when it was added, the worst 2000; null if unknown."),
		"unknowns":        historyTexts("Why `packages` or `vulnerabilities` are null or not complete."),
		"changes": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "What changed from the image before to `image`; null for the first one. Of each kind at most 500 are listed.",
			Attributes: map[string]schema.Attribute{
				"previous_digest":       historyText("Digest of the image before."),
				"size_bytes":            historyNumber("Growth of the compressed size in bytes; negative if it has shrunk."),
				"size_percent":          schema.Float64Attribute{Computed: true, MarkdownDescription: "Growth in percent, rounded to two digits; null if the image before had no layers."},
				"packages_added":        historyTexts("Versions of packages that are new; null if unknown."),
				"packages_removed":      historyTexts("Versions of packages that are gone; null if unknown."),
				"packages_changed":      historyTexts("Packages of another version (`3.0.13 -> 3.0.14`); null if unknown."),
				"new_vulnerabilities":   historyTexts("Severities of vulnerabilities that the image before had not; null if unknown."),
				"fixed_vulnerabilities": historyTexts("Severities of vulnerabilities that only the image before had; null if unknown."),
				"omitted":               historyNumber("How many packages and vulnerabilities are not listed here because there are too many."),
			},
		},
	}
}

func historyCounts() map[string]schema.Attribute {
	counts := map[string]schema.Attribute{}
	for _, name := range []string{"critical", "high", "medium", "low"} {
		counts[name] = historyNumber("Number of those with the severity " + name + ".")
	}
	counts["unknown"] = historyNumber("Number of those that nobody has rated.")
	return counts
}

func historyText(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func historyNumber(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

func historyTexts(description string) schema.MapAttribute {
	return schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}
