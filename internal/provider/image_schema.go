package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// imageSchema is the schema of the data source seaworthy_image.
func imageSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Resolves one image reference to a digest during plan and reads what its manifests and configs say. " +
			"No layer is read, and nothing is stored but facts: values of environment variables stay in the image.",
		Attributes: map[string]schema.Attribute{
			"ref": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Image reference: tag (`registry.example.com/shop/api:1.4.2`), tag and digest, digest alone, or an OCI layout on the local disk " +
					"(`oci-layout:./path:tag`), which needs no registry.",
			},
			"version": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Version constraint, such as `~> 1.4`; the newest tag of the repository that satisfies it is taken, and `ref` must have no tag. " +
					"Pre-releases count only when the constraint names one. Default is none.",
			},
			"platforms": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Platforms that the image must have, such as `linux/amd64`; a missing one is an error. Facts are read for these alone. Default is no requirement, and facts for all platforms.",
			},
			"allow_floating_tag": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the tag may be one that moves with every release: none at all, `latest`, `stable`, `edge`, `main`, `master`, `nightly` or a bare major version. " +
					"Default is `false`, which makes such a tag an error.",
			},
			"max_size_bytes": schema.Int64Attribute{
				Optional: true, MarkdownDescription: "Largest compressed size in bytes of the image for each platform that is read. Default is no limit.",
			},
			"mirrors": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Hosts, with an optional path prefix (`mirror.example.com/cache`), that must have the same image under the same path: its digest and the manifests of `platforms`. " +
					"One that lacks it is an error, which says what is there and how to copy the image. Each costs one HEAD request, and one more for each of `platforms`. Default is none.",
			},
			"verify":              verifyAttribute(),
			"verified":            verifiedAttribute(),
			"base_candidates":     baseCandidatesAttribute(),
			"bases":               basesAttribute(),
			"repository":          imageText("Full name of the repository, such as `docker.io/library/nginx`."),
			"tag":                 imageText("Tag; null if the reference has none."),
			"digest":              imageText("Digest of the index where there is one, else of the image (`sha256:…`)."),
			"pinned":              imageText("Reference with tag and digest, as a workload takes it; null for an OCI layout, which no node can pull."),
			"media_type":          imageText("Media type of what `digest` names."),
			"available_platforms": imageTexts("All platforms of the image, sorted."),
			"images": schema.MapNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Facts of the image by platform, for `platforms`, or for all if that is not set.",
				NestedObject:        schema.NestedAttributeObject{Attributes: imageFactsAttributes()},
			},
			"mirrored": schema.MapAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Pinned reference of the image in each of `mirrors`, as a workload takes it. Empty without mirrors.",
			},
		},
	}
}

func imageFactsAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"digest":        imageText("Digest of the platform's own manifest."),
		"size_bytes":    schema.Int64Attribute{Computed: true, MarkdownDescription: "Compressed size of the layers in bytes, as they are pulled."},
		"layer_count":   schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of layers."},
		"created":       imageText("Time of the build (RFC 3339, UTC); null if unknown, which the fixed dates of reproducible builds are."),
		"user":          imageText("User of the image as written, by name or number; null if it sets none, which means root."),
		"runs_as_root":  schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the image starts as user ID 0. A user's name is taken not to be root, unless it is `root`."},
		"entrypoint":    imageTexts("Entrypoint of the image."),
		"command":       imageTexts("Default arguments of the image."),
		"working_dir":   imageText("Working directory; null if the image sets none."),
		"exposed_ports": imageTexts("Ports that the image declares, such as `8080/tcp`."),
		"env_names":     imageTexts("Names of the environment variables that the image sets. Values are not read into the state, since they may be secrets."),
		"labels":        schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Labels of the image."},
		"base_name":     imageText("Base image as the builder stated it; null if it did not."),
		"base_digest":   imageText("Digest of the base image as the builder stated it; null if it did not."),
	}
}

func imageText(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func imageTexts(description string) schema.ListAttribute {
	return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}
