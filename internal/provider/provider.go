// Package provider is the Terraform front door: schemas, conversion between
// Terraform values and domain types, diagnostics, registration. It decides
// nothing about images or workloads; that is done in the packages below, which
// know nothing of Terraform.
//
// Read resource_workload.go first, then workload_plan.go and placeholders.go,
// which hold the one difficult thing here: saying as much as can be said about a
// workload of which some values are not known yet.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var (
	_ provider.Provider              = (*seaworthyProvider)(nil)
	_ provider.ProviderWithFunctions = (*seaworthyProvider)(nil)
)

// New returns the constructor of the provider in the given version.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &seaworthyProvider{version: version} }
}

// seaworthyProvider holds what all resources, data sources and functions share.
type seaworthyProvider struct{ version string }

// Metadata names the provider.
func (p *seaworthyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "seaworthy"
	resp.Version = p.version
}

// Schema returns the provider's schema.
func (p *seaworthyProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerSchema()
}

// Configure prepares what data sources and resources share.
func (p *seaworthyProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	data := configure(ctx, p.version, req.Config, &resp.Diagnostics)
	resp.DataSourceData, resp.ResourceData = data, data
}

// Resources returns the resources.
func (p *seaworthyProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newImageHistoryResource, newImageMirrorResource, newWorkloadResource}
}

// DataSources returns the data sources.
func (p *seaworthyProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newImageComparisonDataSource, newImageDataSource, newImageScanDataSource, newPolicyReportDataSource}
}

// Functions returns the functions.
func (p *seaworthyProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newCheckManifestsFunction, newManifestsDecodeFunction, newManifestsEncodeFunction, newParseImageFunction, newPinFunction}
}
