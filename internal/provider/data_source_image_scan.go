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
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/scanreport"
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
	// Referrers lists what refers to a digest, and Artifact and Attachment read it.
	Referrers(ctx context.Context, ref imageref.Reference, artifactTypes ...string) ([]registry.Referrer, error)
	Artifact(ctx context.Context, ref imageref.Reference) (registry.Artifact, error)
	Attachment(ctx context.Context, ref imageref.Reference, layer registry.ArtifactLayer, limitBytes int64) ([]byte, error)
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
		model.toDomain(ctx, d.today, &resp.Diagnostics)
	}
}

// Read looks into the image and judges what it finds.
func (d *imageScanDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model imageScanModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	query := model.toDomain(ctx, d.today, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.scans == nil {
		resp.Diagnostics.AddError("Unable to scan image \""+query.ref.String()+"\"",
			"The provider's settings are known only after apply, so no registry can be asked during plan. "+
				"Give the provider values that are known, such as variables or ephemeral values, or apply what they depend on first.")
		return
	}
	image, ok := d.resolve(ctx, query, &model, &resp.Diagnostics)
	if !ok {
		return
	}
	result, ok := d.result(ctx, query, image, &model, &resp.Diagnostics)
	if !ok {
		return
	}
	verdict := query.policy.Apply(result)
	judge(&resp.Diagnostics, query, verdict, result.Undecided)
	model.fromDomain(ctx, query, verdict, result.Undecided, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// resolve finds the one platform to look at, and its manifest.
func (d *imageScanDataSource) resolve(ctx context.Context, query scanQuery, model *imageScanModel, diags *diag.Diagnostics) (scanned, bool) {
	var want []imagefacts.Platform
	if query.platform != nil {
		want = append(want, *query.platform)
	}
	image, err := d.scans.Image(ctx, query.ref, want...)
	if err != nil {
		addScanError(diags, query, err)
		return scanned{}, false
	}
	if len(image.Images) != 1 {
		diags.AddAttributeError(path.Root("platform"), fmt.Sprintf("Image %q has several platforms", query.ref), fmt.Sprintf(
			"Each has packages of its own. Name one in platform: %s.", strings.Join(image.Platforms, ", ")))
		return scanned{}, false
	}
	pinned, err := query.ref.WithDigest(image.Digest)
	if err != nil {
		addScanError(diags, query, err)
		return scanned{}, false
	}
	found := scanned{ref: pinned}
	for name, facts := range image.Images {
		system, rest, _ := strings.Cut(name, "/")
		arch, _, _ := strings.Cut(rest, "/")
		arch, _, _ = strings.Cut(arch, ":")
		found.platform = name
		found.Image = scanreport.Image{
			Index: image.Digest, Manifest: facts.Digest, Config: facts.ConfigDigest, Platforms: len(image.Platforms), OS: system, Arch: arch,
		}
	}
	model.Digest = types.StringValue(found.Manifest)
	if query.platform == nil {
		model.Platform = types.StringValue(found.platform)
	}
	return found, true
}

// result finds out what is wrong with the image: from another tool's findings, or by matching its packages.
func (d *imageScanDataSource) result(ctx context.Context, query scanQuery, image scanned, model *imageScanModel, diags *diag.Diagnostics) (vulnerability.Result, bool) {
	inventory, from := vulnerability.Inventory{}, "layers"
	if query.result != nil {
		report, source, err := resultReader{scans: d.scans, today: d.today}.read(ctx, *query.result, image)
		if err != nil {
			addResultError(diags, query, err)
			return vulnerability.Result{}, false
		}
		model.ResultSource = types.StringValue(source)
		if report.Result != nil {
			return report.Result.Sorted(), true
		}
		inventory, from = *report.Inventory, source
	}
	database, err := d.advisories.Open(ctx)
	if err != nil {
		addDatabaseError(diags, err)
		return vulnerability.Result{}, false
	}
	if database.Warning != "" {
		diags.AddWarning("Old vulnerability database", capitalised(stopped(database.Warning)))
	}
	model.ResultSource = types.StringValue(from)
	model.Database, model.DatabaseUpdated = types.StringValue(database.Source), types.StringValue(database.UpdatedAt.Format(time.RFC3339))
	if query.result == nil {
		if inventory, err = d.inside(ctx, query.ref, image.platform); err != nil {
			addScanError(diags, query, err)
			return vulnerability.Result{}, false
		}
	}
	inventory.OS = image.OS
	if !inventory.Distribution.IsZero() {
		model.Distribution = types.StringValue(inventory.Distribution.String())
	}
	result, err := database.Match(inventory)
	if err != nil {
		addScanError(diags, query, err)
		return vulnerability.Result{}, false
	}
	return result, true
}

// inside reads the packages from the image's layers.
func (d *imageScanDataSource) inside(ctx context.Context, ref imageref.Reference, name string) (vulnerability.Inventory, error) {
	platform, err := imagefacts.ParsePlatform(name)
	if err != nil {
		return vulnerability.Inventory{}, err
	}
	inside, err := d.scans.Contents(ctx, ref, platform)
	if err != nil {
		return vulnerability.Inventory{}, err
	}
	if reason, unknown := inside.Unknowns[contents.FactPackages]; unknown {
		return vulnerability.Inventory{}, fmt.Errorf("%w: %s", vulnerability.ErrInventory, reason)
	}
	return vulnerability.Inventory{Distribution: inside.Distribution, Packages: inside.Packages}, nil
}
