package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/report"
)

var _ function.Function = checkManifestsFunction{}

func newCheckManifestsFunction() function.Function { return checkManifestsFunction{} }

// checkManifestsFunction judges a YAML text by the hardening rules.
type checkManifestsFunction struct{}

// checkedFinding is the type of an element of the result.
var checkedFinding = types.ObjectType{AttrTypes: map[string]attr.Type{
	"rule_id": types.StringType, "severity": types.StringType, "object": types.StringType, "field": types.StringType,
	"line": types.Int64Type, "message": types.StringType, "remediation": types.StringType,
}}

// Metadata names the function.
func (checkManifestsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "check_manifests"
}

// Definition describes the function.
func (checkManifestsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Check Kubernetes YAML by the hardening rules",
		MarkdownDescription: "Returns what the rules that workloads are held to find in any YAML: a list of `rule_id`, `severity` (`error`, `warning` or `info`), `object`, `field` (null for the object as a whole), " +
			"`line`, `message` and `remediation`, sorted by severity, rule, object and field. " +
			"The function is pure and offline. For exceptions, SARIF and Markdown use the data source `seaworthy_policy_report`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "yaml", MarkdownDescription: "YAML text of one or more documents. They are judged together."},
			function.StringParameter{Name: "kubernetes_version", MarkdownDescription: "Minor version of Kubernetes that the manifests are for, such as `1.34`."},
		},
		Return: function.ListReturn{ElementType: checkedFinding},
	}
}

// Run judges the text.
func (checkManifestsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var stream, text string
	if resp.Error = req.Arguments.Get(ctx, &stream, &text); resp.Error != nil {
		return
	}
	version, err := kubeversion.Parse(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	found, err := report.Check(stream, report.Options{Version: version})
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	elements := make([]attr.Value, 0, len(found.Findings))
	for _, f := range found.Findings {
		elements = append(elements, types.ObjectValueMust(checkedFinding.AttrTypes, map[string]attr.Value{
			"rule_id": types.StringValue(f.RuleID), "severity": types.StringValue(string(f.Severity)),
			"object": types.StringValue(f.Object), "field": textOrNull(f.Field), "line": types.Int64Value(int64(f.Line)),
			"message": types.StringValue(f.Message), "remediation": types.StringValue(f.Remediation),
		}))
	}
	resp.Error = resp.Result.Set(ctx, types.ListValueMust(checkedFinding, elements))
}
