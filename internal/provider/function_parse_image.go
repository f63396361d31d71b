package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

var _ function.Function = parseImageFunction{}

func newParseImageFunction() function.Function { return parseImageFunction{} }

// parseImageFunction takes an image reference apart.
type parseImageFunction struct{}

// parsedImage is the function's result.
type parsedImage struct {
	Registry   types.String `tfsdk:"registry"`
	Repository types.String `tfsdk:"repository"`
	Tag        types.String `tfsdk:"tag"`
	Digest     types.String `tfsdk:"digest"`
}

// Metadata names the function.
func (parseImageFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_image"
}

// Definition describes the function.
func (parseImageFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Take an image reference apart",
		MarkdownDescription: "Returns the parts of an image reference in normal form: `registry` (such as `docker.io`), `repository` (the full name, such as `docker.io/library/nginx`), " +
			"`tag` and `digest`. A part that is not there is null; a missing tag is not replaced by `latest`. The function is pure and asks no registry.",
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "ref",
			MarkdownDescription: "Image reference, such as `nginx:1.27`, `registry.example.com:5000/shop/api:1.4.2@sha256:…` or `oci-layout:./image:1.4`.",
		}},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"registry": types.StringType, "repository": types.StringType, "tag": types.StringType, "digest": types.StringType,
		}},
	}
}

// Run parses the reference.
func (parseImageFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	ref, err := imageref.Parse(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, parsedImage{
		Registry: textOrNull(ref.Registry()), Repository: textOrNull(ref.Repository()),
		Tag: textOrNull(ref.Tag()), Digest: textOrNull(ref.Digest()),
	})
}

// textOrNull returns null for what is not there.
func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
