package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
)

var _ function.Function = manifestsDecodeFunction{}

func newManifestsDecodeFunction() function.Function { return manifestsDecodeFunction{} }

// manifestsDecodeFunction splits a YAML text into manifests.
type manifestsDecodeFunction struct{}

// Metadata names the function.
func (manifestsDecodeFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "manifests_decode"
}

// Definition describes the function.
func (manifestsDecodeFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Split a YAML text into manifests",
		MarkdownDescription: "Returns a map of the YAML documents in the text, under the keys that `seaworthy_workload` uses: `Kind.group/namespace/name`. " +
			"Each document must be a Kubernetes object whose fields its kind has; two documents for one object are an error.",
		Parameters: []function.Parameter{function.StringParameter{
			Name: "yaml", MarkdownDescription: "YAML text of one or more documents.",
		}},
		Return: function.MapReturn{ElementType: types.StringType},
	}
}

// Run splits the text.
func (manifestsDecodeFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var stream string
	if resp.Error = req.Arguments.Get(ctx, &stream); resp.Error != nil {
		return
	}
	manifests, err := render.Decode(stream)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, manifests)
}
