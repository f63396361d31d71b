package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

var (
	_ datasource.DataSource                   = (*imageDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*imageDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*imageDataSource)(nil)
)

func newImageDataSource() datasource.DataSource { return &imageDataSource{} }

// imageDataSource resolves one image reference to a digest and its facts.
type imageDataSource struct {
	configured bool
	images     imageReader
}

// Metadata names the data source.
func (d *imageDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image"
}

// Schema returns the data source's schema.
func (d *imageDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = imageSchema()
}

// Configure takes the registry client from the provider.
func (d *imageDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data, ok := providerDataOf(req.ProviderData, &resp.Diagnostics); ok {
		d.configured, d.images = true, data.images
	}
}

// ValidateConfig reports what is wrong with the reference before a registry is asked.
func (d *imageDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var model imageModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); !resp.Diagnostics.HasError() {
		model.toDomain(&resp.Diagnostics)
	}
}

// Read resolves the reference.
func (d *imageDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model imageModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	query := model.toDomain(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.images == nil {
		resp.Diagnostics.AddError("Unable to read image \""+query.ref.String()+"\"",
			"The provider's registry settings are known only after apply, so no registry can be asked during plan. "+
				"Give the provider values that are known, such as variables or ephemeral values, or apply what they depend on first.")
		return
	}
	ref := d.resolveVersion(ctx, query, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	image, err := d.images.Image(ctx, ref, query.platforms...)
	if err != nil {
		addImageError(&resp.Diagnostics, ref, err)
		return
	}
	model.fromDomain(ctx, ref, image, &resp.Diagnostics)
	d.findBases(ctx, query, image, &model, &resp.Diagnostics)
	d.verify(ctx, query, ref, &model, &resp.Diagnostics)
	if resolution, err := d.images.Resolve(ctx, ref); err == nil {
		warnIfMoved(&resp.Diagnostics, ref, resolution)
	}
	checkSizes(query, image, &resp.Diagnostics)
	model.Mirrored = checkMirrors(ctx, d.images, query, ref, image, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// resolveVersion turns a version constraint into the newest tag that satisfies it.
func (d *imageDataSource) resolveVersion(ctx context.Context, query imageQuery, diags *diag.Diagnostics) imageref.Reference {
	if query.constraint == nil {
		return query.ref
	}
	tag, err := d.images.NewestTag(ctx, query.ref, *query.constraint)
	if err != nil {
		addVersionError(diags, query, err)
		return query.ref
	}
	ref, err := imageref.Parse(query.ref.Repository() + ":" + tag)
	if err != nil {
		diags.AddAttributeError(path.Root("version"), "Unable to read image \""+query.ref.String()+"\"", capitalised(stopped(err.Error())))
	}
	return ref
}
