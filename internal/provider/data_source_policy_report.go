package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/report"
)

var (
	_ datasource.DataSource                   = (*policyReportDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*policyReportDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*policyReportDataSource)(nil)
)

func newPolicyReportDataSource() datasource.DataSource { return &policyReportDataSource{} }

// policyReportDataSource checks manifests by the hardening rules.
type policyReportDataSource struct{ versions []kubeversion.Version }

// Metadata names the data source.
func (d *policyReportDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_policy_report"
}

// Schema returns the data source's schema.
func (d *policyReportDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = policyReportSchema()
}

// Configure takes the Kubernetes version from the provider.
func (d *policyReportDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data, ok := providerDataOf(req.ProviderData, &resp.Diagnostics); ok {
		d.versions = data.kubernetesVersions
	}
}

// ValidateConfig reports what is wrong with the arguments that are known.
func (d *policyReportDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var model policyReportModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); !resp.Diagnostics.HasError() {
		model.validate(&resp.Diagnostics)
	}
}

// Read judges the manifests.
func (d *policyReportDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model policyReportModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	model.validate(&resp.Diagnostics)
	options := report.Options{
		Version: model.version(d.versions, &resp.Diagnostics),
		Minimum: hardening.Severity(model.MinimumSeverity.ValueString()),
		File:    model.File.ValueString(),
	}
	resp.Diagnostics.Append(model.Exceptions.ElementsAs(ctx, &options.Exceptions, false)...)
	stream := model.stream(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := report.Check(stream, options)
	if err != nil {
		model.addReportError(&resp.Diagnostics, err)
		return
	}
	model.fromDomain(ctx, found, &resp.Diagnostics)
	model.checkFailures(found, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}
