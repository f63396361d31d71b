package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// imageMirrorSchema is the schema of the resource seaworthy_image_mirror.
func imageMirrorSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Copies one image to other repositories by its digest: every platform, unchanged. What a destination has is not sent again, a copy that broke off is taken up, " +
			"and every plan looks whether the destinations still have the image. Needs credentials that may push to the destinations.",
		Attributes: map[string]schema.Attribute{
			"source": requiredText("Pinned reference of the image, such as `data.seaworthy_image.api.pinned`, or an OCI layout on the local disk with a digest (`oci-layout:./path@sha256:…`). " +
				"A change copies the new image; the one before stays at the destinations, for rollbacks."),
			"destinations": schema.MapAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Where to copy the image, by names of your choice made of letters, digits, `.`, `_` and `-`: repositories (`mirror.example.com/shop/api`), which get the tag of `source` if that has one, or references with a tag. " +
					"A tag that names another image is given the new one. Without any tag the image is stored by its digest alone, which some registries collect as garbage.",
			},
			"referrers": flag("Whether signatures, SBOMs and all else that refers to the image, or to one of its platforms, is copied too: what the referrers API or the tag in its place lists, and cosign's tags. " +
				"They are looked for whenever the image is copied, and not at other times. Default is `false`."),
			"delete_on_destroy": flag("Whether the image is deleted at a destination when the resource is destroyed or the destination is removed. The manifest goes, with all tags that name it; " +
				"layers stay until the registry collects them. Default is `false`, which leaves images alone, because what runs may still pull them."),
			"mirrored": schema.MapAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Pinned reference of the image at each destination, by name, as a workload takes it. Known during plan if `source` is. A plan that adds an entry copies.",
			},
		},
	}
}
