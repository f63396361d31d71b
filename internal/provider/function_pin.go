package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

var _ function.Function = pinFunction{}

func newPinFunction() function.Function { return pinFunction{} }

// pinFunction adds a digest to an image reference.
type pinFunction struct{}

// Metadata names the function.
func (pinFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "pin"
}

// Definition describes the function.
func (pinFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Pin an image reference to a digest",
		MarkdownDescription: "Returns the reference in normal form with the digest, as a workload takes it: `repository:tag@sha256:…`. A digest that the reference has already is replaced. " +
			"The function is pure: it does not ask a registry whether the two belong together.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "ref", MarkdownDescription: "Image reference, such as `registry.example.com/shop/api:1.4.2`."},
			function.StringParameter{Name: "digest", MarkdownDescription: "Digest: `sha256:` and 64 lower-case hexadecimal digits."},
		},
		Return: function.StringReturn{},
	}
}

// Run joins reference and digest.
func (pinFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text, digest string
	if resp.Error = req.Arguments.Get(ctx, &text, &digest); resp.Error != nil {
		return
	}
	ref, err := imageref.Parse(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	if ref.IsLayout() {
		resp.Error = function.NewArgumentFuncError(0, fmt.Sprintf("%q is a layout on a local disk, which no node can pull: push the image to a registry and pin that reference", text))
		return
	}
	pinned, err := ref.WithDigest(digest)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, pinned.Pinned())
}
