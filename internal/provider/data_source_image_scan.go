package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

var (
	_ datasource.DataSource                   = (*imageScanDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*imageScanDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*imageScanDataSource)(nil)
)

// imageScanner is what is asked of registries to find vulnerabilities.
type imageScanner interface {
	Image(ctx context.Context, ref imageref.Reference, want ...imagefacts.Platform) (imagefacts.Image, error)
	// Contents reads what is inside the image, from its layers.
	Contents(ctx context.Context, ref imageref.Reference, platform imagefacts.Platform) (contents.Contents, error)
}

func newImageScanDataSource() datasource.DataSource { return &imageScanDataSource{} }

// imageScanDataSource finds known vulnerabilities of one image.
type imageScanDataSource struct {
	scans      imageScanner
	advisories advisoryStore
	today      time.Time
}

// Metadata names the data source.
func (d *imageScanDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image_scan"
}

// Schema returns the data source's schema.
func (d *imageScanDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = imageScanSchema()
}

// Configure takes the registry client, the database and the day from the provider.
func (d *imageScanDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data, ok := providerDataOf(req.ProviderData, &resp.Diagnostics); ok {
		d.scans, d.advisories, d.today = data.scans, data.advisories, data.today
	}
}

// ValidateConfig reports what is wrong with the arguments before a registry is asked.
func (d *imageScanDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var model imageScanModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); !resp.Diagnostics.HasError() {
		model.toDomain(d.today, &resp.Diagnostics)
	}
}

// Read looks into the image and judges what it finds.
func (d *imageScanDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model imageScanModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	query := model.toDomain(d.today, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.scans == nil {
		resp.Diagnostics.AddError("Unable to scan image \""+query.ref.String()+"\"",
			"The provider's settings are known only after apply, so no registry can be asked during plan. "+
				"Give the provider values that are known, such as variables or ephemeral values, or apply what they depend on first.")
		return
	}
	platform, ok := d.resolve(ctx, query, &model, &resp.Diagnostics)
	if !ok {
		return
	}
	result, ok := d.match(ctx, query, platform, &model, &resp.Diagnostics)
	if !ok {
		return
	}
	verdict := query.policy.Apply(result)
	judge(&resp.Diagnostics, query, verdict, result.Undecided)
	model.fromDomain(ctx, query, verdict, result.Undecided, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// resolve finds the one platform to look at, and its manifest.
func (d *imageScanDataSource) resolve(ctx context.Context, query scanQuery, model *imageScanModel, diags *diag.Diagnostics) (imagefacts.Platform, bool) {
	var want []imagefacts.Platform
	if query.platform != nil {
		want = append(want, *query.platform)
	}
	image, err := d.scans.Image(ctx, query.ref, want...)
	if err != nil {
		addScanError(diags, query, err)
		return imagefacts.Platform{}, false
	}
	if len(image.Images) != 1 {
		diags.AddAttributeError(path.Root("platform"), fmt.Sprintf("Image %q has several platforms", query.ref), fmt.Sprintf(
			"Each has packages of its own. Name one in platform: %s.", strings.Join(image.Platforms, ", ")))
		return imagefacts.Platform{}, false
	}
	for name, facts := range image.Images {
		platform, err := imagefacts.ParsePlatform(name)
		if err != nil {
			diags.AddAttributeError(path.Root("ref"), "Invalid platform", capitalised(stopped(err.Error())))
			return imagefacts.Platform{}, false
		}
		model.Digest = types.StringValue(facts.Digest)
		if query.platform == nil {
			model.Platform = types.StringValue(name)
		}
		return platform, true
	}
	return imagefacts.Platform{}, false
}

// match reads the packages and holds them against the database.
func (d *imageScanDataSource) match(ctx context.Context, query scanQuery, platform imagefacts.Platform, model *imageScanModel, diags *diag.Diagnostics) (vulnerability.Result, bool) {
	database, err := d.advisories.Open(ctx)
	if err != nil {
		addDatabaseError(diags, err)
		return vulnerability.Result{}, false
	}
	if database.Warning != "" {
		diags.AddWarning("Old vulnerability database", capitalised(stopped(database.Warning)))
	}
	model.Database, model.DatabaseUpdated = types.StringValue(database.Source), types.StringValue(database.UpdatedAt.Format(time.RFC3339))
	inside, err := d.scans.Contents(ctx, query.ref, platform)
	if err == nil {
		err = whyUnknown(inside)
	}
	if err != nil {
		addScanError(diags, query, err)
		return vulnerability.Result{}, false
	}
	if !inside.Distribution.IsZero() {
		model.Distribution = types.StringValue(inside.Distribution.String())
	}
	system, _, _ := strings.Cut(platform.String(), "/")
	result, err := database.Match(vulnerability.Inventory{Distribution: inside.Distribution, Packages: inside.Packages, OS: system})
	if err != nil {
		addScanError(diags, query, err)
		return vulnerability.Result{}, false
	}
	return result, true
}

// whyUnknown makes an error of packages that could not be read.
func whyUnknown(inside contents.Contents) error {
	if reason, unknown := inside.Unknowns[contents.FactPackages]; unknown {
		return fmt.Errorf("%w: %s", vulnerability.ErrInventory, reason)
	}
	return nil
}
