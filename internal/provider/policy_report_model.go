package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/report"
)

// policyReportModel is the data source seaworthy_policy_report.
type policyReportModel struct {
	YAML              types.String `tfsdk:"yaml"`
	Manifests         types.Map    `tfsdk:"manifests"`
	KubernetesVersion types.String `tfsdk:"kubernetes_version"`
	Exceptions        types.Map    `tfsdk:"exceptions"`
	MinimumSeverity   types.String `tfsdk:"minimum_severity"`
	FailOn            types.String `tfsdk:"fail_on"`
	File              types.String `tfsdk:"file"`
	Findings          types.List   `tfsdk:"findings"`
	Counts            types.Object `tfsdk:"counts"`
	Passed            types.Bool   `tfsdk:"passed"`
	SARIF             types.String `tfsdk:"sarif"`
	Markdown          types.String `tfsdk:"markdown"`
}

// reportFindingModel is one element of findings.
type reportFindingModel struct {
	RuleID      string       `tfsdk:"rule_id"`
	Severity    string       `tfsdk:"severity"`
	Object      string       `tfsdk:"object"`
	Field       types.String `tfsdk:"field"`
	Line        int64        `tfsdk:"line"`
	Message     string       `tfsdk:"message"`
	Remediation string       `tfsdk:"remediation"`
	Reason      types.String `tfsdk:"reason"`
}

// countsModel is the number of findings by severity.
type countsModel struct {
	Error    int64 `tfsdk:"error"`
	Warning  int64 `tfsdk:"warning"`
	Info     int64 `tfsdk:"info"`
	Excepted int64 `tfsdk:"excepted"`
}

// validate reports what is wrong with the arguments that are known.
func (m policyReportModel) validate(diags *diag.Diagnostics) {
	switch {
	case m.YAML.IsNull() && m.Manifests.IsNull():
		diags.AddAttributeError(path.Root("yaml"), "Missing manifests", "Nothing would be checked. Set yaml or manifests.")
	case !m.YAML.IsNull() && !m.Manifests.IsNull():
		diags.AddAttributeError(path.Root("manifests"), "Invalid manifests", "yaml and manifests are both set. Keep one of them.")
	}
	checkSeverity("minimum_severity", m.MinimumSeverity, diags)
	checkSeverity("fail_on", m.FailOn, diags)
	if !m.KubernetesVersion.IsNull() && !m.KubernetesVersion.IsUnknown() {
		if _, err := kubeversion.Parse(m.KubernetesVersion.ValueString()); err != nil {
			diags.AddAttributeError(path.Root("kubernetes_version"), "Invalid Kubernetes version", capitalised(stopped(err.Error())))
		}
	}
	if !m.File.IsNull() && !m.File.IsUnknown() && m.File.ValueString() == "" {
		diags.AddAttributeError(path.Root("file"), "Invalid file", "The name is empty. Name the file, or leave the attribute out.")
	}
}

func checkSeverity(name string, value types.String, diags *diag.Diagnostics) {
	if value.IsNull() || value.IsUnknown() || slices.Contains(hardening.Severities(), hardening.Severity(value.ValueString())) {
		return
	}
	diags.AddAttributeError(path.Root(name), "Invalid severity", fmt.Sprintf("%q is not a severity. Use %s.", value.ValueString(), severityList()))
}

// severityList names the severities for messages and descriptions.
func severityList() string {
	var names []string
	for _, severity := range hardening.Severities() {
		names = append(names, "\""+string(severity)+"\"")
	}
	return strings.Join(names, ", ")
}

// stream returns the manifests as one YAML text.
func (m policyReportModel) stream(ctx context.Context, diags *diag.Diagnostics) string {
	if m.Manifests.IsNull() {
		return m.YAML.ValueString()
	}
	var manifests map[string]string
	diags.Append(m.Manifests.ElementsAs(ctx, &manifests, false)...)
	stream, err := render.Encode(manifests)
	if err != nil {
		diags.AddAttributeError(path.Root("manifests"), "Invalid manifests", capitalised(stopped(err.Error())))
	}
	return stream
}

// version returns the version to judge for: the data source's own, else the provider's.
func (m policyReportModel) version(configured []kubeversion.Version, diags *diag.Diagnostics) kubeversion.Version {
	if !m.KubernetesVersion.IsNull() {
		version, err := kubeversion.Parse(m.KubernetesVersion.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("kubernetes_version"), "Invalid Kubernetes version", capitalised(stopped(err.Error())))
		}
		return version
	}
	if len(configured) != 1 {
		diags.AddAttributeError(path.Root("kubernetes_version"), "Unknown Kubernetes version",
			"The provider's kubernetes_version is known only after apply, so the manifests cannot be judged during plan. Set kubernetes_version here, or give the provider a value that is known.")
		return kubeversion.Version{}
	}
	return configured[0]
}

// addReportError puts an error of package report on the argument to blame.
func (m policyReportModel) addReportError(diags *diag.Diagnostics, err error) {
	source := path.Root("yaml")
	if m.YAML.IsNull() {
		source = path.Root("manifests")
	}
	for _, e := range flatten(err) {
		var invalid *field.Error
		if errors.As(e, &invalid) {
			diags.AddAttributeError(terraformPath(invalid.Path), "Invalid exception", sentence(invalid.Path.String(), invalid.Message))
			continue
		}
		diags.AddAttributeError(source, "Invalid manifests", capitalised(stopped(e.Error())))
	}
}

// fromDomain fills in the computed attributes.
func (m *policyReportModel) fromDomain(ctx context.Context, r report.Report, diags *diag.Diagnostics) {
	findings := make([]reportFindingModel, 0, len(r.Findings))
	for _, f := range r.Findings {
		findings = append(findings, reportFindingModel{
			RuleID: f.RuleID, Severity: string(f.Severity), Object: f.Object, Field: textOrNull(f.Field), Line: int64(f.Line),
			Message: f.Message, Remediation: f.Remediation, Reason: textOrNull(f.Reason),
		})
	}
	attributes := policyReportSchema().Attributes
	var more diag.Diagnostics
	m.Findings, more = types.ListValueFrom(ctx, attributes["findings"].GetType().(types.ListType).ElemType, findings)
	diags.Append(more...)
	m.Counts, more = types.ObjectValueFrom(ctx, attributes["counts"].GetType().(types.ObjectType).AttrTypes, countsModel{
		Error: int64(r.Count(hardening.Error)), Warning: int64(r.Count(hardening.Warning)),
		Info: int64(r.Count(hardening.Info)), Excepted: int64(r.Excepted()),
	})
	diags.Append(more...)
	m.Passed = types.BoolValue(len(r.Failing(hardening.Error)) == 0)
	sarif, err := r.SARIF()
	if err != nil {
		diags.AddError("Unable to write the report", "The report could not be written as SARIF. This is a defect of the provider: please report it.\n\nOriginal error: "+err.Error())
	}
	m.SARIF, m.Markdown = types.StringValue(sarif), types.StringValue(r.Markdown())
}

// checkFailures makes an error of the findings that should stop the plan.
func (m policyReportModel) checkFailures(r report.Report, diags *diag.Diagnostics) {
	if m.FailOn.IsNull() {
		return
	}
	failing := r.Failing(hardening.Severity(m.FailOn.ValueString()))
	if len(failing) == 0 {
		return
	}
	const shown = 20
	var b strings.Builder
	for i, f := range failing {
		if i == shown {
			fmt.Fprintf(&b, "\n… and %d more.", len(failing)-shown)
			break
		}
		fmt.Fprintf(&b, "\n%s [%s] %s %s: %s", f.Severity, f.RuleID, f.Object, f.Field, stopped(f.Message))
	}
	diags.AddAttributeError(path.Root("fail_on"), fmt.Sprintf("Unsafe manifests: %d findings", len(failing)),
		"The manifests break rules that fail_on asks for. Mend them, or write an exception with a reason in exceptions.\n"+b.String())
}
