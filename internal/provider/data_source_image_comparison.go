package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"golang.org/x/sync/errgroup"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/comparison"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

var (
	_ datasource.DataSource                   = (*imageComparisonDataSource)(nil)
	_ datasource.DataSourceWithConfigure      = (*imageComparisonDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*imageComparisonDataSource)(nil)
)

// candidatesAtOnce bounds how many candidates are read at the same time. Requests and layers are bounded below as well.
const candidatesAtOnce = 8

func newImageComparisonDataSource() datasource.DataSource { return &imageComparisonDataSource{} }

// imageComparisonDataSource puts images side by side.
type imageComparisonDataSource struct {
	images     imageScanner
	pulls      pullMeasurer
	advisories advisoryStore
	releases   *distro.Table
	today      time.Time
}

// Metadata names the data source.
func (d *imageComparisonDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image_comparison"
}

// Schema returns the data source's schema.
func (d *imageComparisonDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = imageComparisonSchema()
}

// Configure takes the registry client, the tables and the day from the provider.
func (d *imageComparisonDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data, ok := providerDataOf(req.ProviderData, &resp.Diagnostics); ok {
		d.images, d.pulls, d.advisories, d.releases, d.today = data.scans, data.pulls, data.advisories, data.releases, data.today
	}
}

// ValidateConfig reports what is wrong with the arguments before a registry is asked.
func (d *imageComparisonDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var model imageComparisonModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); !resp.Diagnostics.HasError() {
		model.toDomain(ctx, &resp.Diagnostics)
	}
}

// Read reads all candidates and compares them.
func (d *imageComparisonDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model imageComparisonModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	query := model.toDomain(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.images == nil {
		resp.Diagnostics.AddError("Unable to compare images",
			"The provider's settings are known only after apply, so no registry can be asked during plan. "+
				"Give the provider values that are known, such as variables or ephemeral values, or apply what they depend on first.")
		return
	}
	candidates := d.read(ctx, query, &resp.Diagnostics)
	query.options.Present = d.present(ctx, query, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.measure(ctx, query, candidates, &model, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	families, err := distro.Families()
	if err != nil {
		resp.Diagnostics.AddError("Unable to compare images", capitalised(stopped(err.Error())))
		return
	}
	query.options.Families, query.options.Releases = families, d.releases
	query.options.Today = d.today.UTC().Format(time.DateOnly)
	model.fromDomain(ctx, comparison.Compare(candidates, query.options), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// read reads the candidates side by side. The result and the errors are in the order of the names.
func (d *imageComparisonDataSource) read(ctx context.Context, query comparisonQuery, diags *diag.Diagnostics) []comparison.Candidate {
	candidates := make([]comparison.Candidate, len(query.candidates))
	failures := make([]error, len(query.candidates))
	var group errgroup.Group
	group.SetLimit(candidatesAtOnce)
	for i, c := range query.candidates {
		group.Go(func() error {
			candidates[i], failures[i] = d.candidate(ctx, query, c)
			return nil // all candidates are read, so that all errors are told at once
		})
	}
	_ = group.Wait()
	for i, c := range query.candidates {
		if failures[i] != nil {
			addCandidateError(diags, path.Root("candidates").AtMapKey(c.name), c.ref, failures[i])
		}
	}
	return candidates
}

// candidate reads one candidate, as deep as is asked.
func (d *imageComparisonDataSource) candidate(ctx context.Context, query comparisonQuery, c namedReference) (comparison.Candidate, error) {
	image, err := d.images.Image(ctx, c.ref, query.platform)
	if err != nil {
		return comparison.Candidate{}, err
	}
	found := comparison.Candidate{Name: c.name, Reference: c.ref.String(), Digest: image.Digest, Platforms: image.Platforms}
	if pinned, err := c.ref.WithDigest(image.Digest); err == nil && !c.ref.IsLayout() {
		found.Pinned = pinned.Pinned()
	}
	for _, facts := range image.Images {
		found.Facts = facts // there is the one platform that was asked for
	}
	if !query.layers {
		found.ContentsUnknown = "layers are not read; set inspect = \"layers\""
		found.VulnerabilitiesUnknown = found.ContentsUnknown
		return found, nil
	}
	return found, d.inside(ctx, query, c.ref, &found)
}

// inside adds what the layers tell. An image that can be had but not looked into is no error: its contents are unknown.
func (d *imageComparisonDataSource) inside(ctx context.Context, query comparisonQuery, ref imageref.Reference, found *comparison.Candidate) error {
	pinned, err := ref.WithDigest(found.Digest)
	if err != nil {
		return err
	}
	inside, err := d.images.Contents(ctx, pinned, query.platform)
	var limit *contents.LimitError
	switch {
	case errors.As(err, &limit):
		found.ContentsUnknown, found.VulnerabilitiesUnknown = limit.Error(), limit.Error()
		return nil
	case err != nil:
		return err
	}
	found.Contents = &inside
	if !query.vulnerabilities {
		found.VulnerabilitiesUnknown = "nothing asks for them; set count_vulnerabilities = true"
		return nil
	}
	found.Vulnerabilities, found.VulnerabilitiesUnknown = d.vulnerabilities(ctx, query.platform, inside)
	return ctx.Err()
}

// present returns the layers of the images that nodes have already.
func (d *imageComparisonDataSource) present(ctx context.Context, query comparisonQuery, diags *diag.Diagnostics) map[string]bool {
	layers := map[string]bool{}
	for i, ref := range query.nodeImages {
		image, err := d.images.Image(ctx, ref, query.platform)
		if err != nil {
			addCandidateError(diags, path.Root("node_images").AtListIndex(i), ref, err)
			continue
		}
		for _, facts := range image.Images {
			for _, l := range facts.Layers {
				layers[l.Digest] = true
			}
		}
	}
	return layers
}

// addCandidateError says why an image could not be read, on the argument that names it.
func addCandidateError(diags *diag.Diagnostics, at path.Path, ref imageref.Reference, err error) {
	var inner diag.Diagnostics
	var missing *imagefacts.PlatformError
	if errors.As(err, &missing) {
		diags.AddAttributeError(at, fmt.Sprintf("Unable to read image %q", ref),
			capitalised(stopped(missing.Error()))+"\n\nCompare another platform, or take the image out of the comparison.")
		return
	}
	addImageError(&inner, ref, err)
	for _, d := range inner {
		diags.AddAttributeError(at, d.Summary(), d.Detail())
	}
}
