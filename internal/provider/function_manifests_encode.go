package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
)

var _ function.Function = manifestsEncodeFunction{}

func newManifestsEncodeFunction() function.Function { return manifestsEncodeFunction{} }

// manifestsEncodeFunction joins manifests to one YAML text.
type manifestsEncodeFunction struct{}

// Metadata names the function.
func (manifestsEncodeFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "manifests_encode"
}

// Definition describes the function.
func (manifestsEncodeFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Join manifests to one YAML text in install order",
		MarkdownDescription: "Returns one YAML text with all documents in the order in which they can be applied (Helm's install order, then by key). " +
			"To join several workloads, pass `merge(seaworthy_workload.a.manifests, seaworthy_workload.b.manifests)`. The documents themselves are not changed.",
		Parameters: []function.Parameter{function.MapParameter{
			Name: "manifests", ElementType: types.StringType,
			MarkdownDescription: "Map of YAML documents, as `manifests` of `seaworthy_workload`.",
		}},
		Return: function.StringReturn{},
	}
}

// Run joins the documents.
func (manifestsEncodeFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var manifests map[string]string
	if resp.Error = req.Arguments.Get(ctx, &manifests); resp.Error != nil {
		return
	}
	stream, err := render.Encode(manifests)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, stream)
}
