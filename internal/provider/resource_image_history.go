package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/history"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

var (
	_ resource.Resource                   = (*imageHistoryResource)(nil)
	_ resource.ResourceWithConfigure      = (*imageHistoryResource)(nil)
	_ resource.ResourceWithValidateConfig = (*imageHistoryResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*imageHistoryResource)(nil)
	_ resource.ResourceWithImportState    = (*imageHistoryResource)(nil)
)

func newImageHistoryResource() resource.Resource { return &imageHistoryResource{} }

// imageHistoryResource remembers the images of one workload. It reads them by digest, so that two plans see the same, and
// only when the digest changes.
type imageHistoryResource struct {
	images     imageScanner
	advisories advisoryStore
}

// Metadata names the resource.
func (r *imageHistoryResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image_history"
}

// Schema returns the resource's schema.
func (r *imageHistoryResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = imageHistorySchema()
}

// Configure takes the registry client and the database from the provider.
func (r *imageHistoryResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data, ok := providerDataOf(req.ProviderData, &resp.Diagnostics); ok {
		r.images, r.advisories = data.scans, data.advisories
	}
}

// ValidateConfig reports what is wrong with the arguments before a registry is asked.
func (r *imageHistoryResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var model imageHistoryModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); !resp.Diagnostics.HasError() {
		model.toDomain(&resp.Diagnostics)
	}
}

// ModifyPlan compares the planned image with the last one.
func (r *imageHistoryResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // the history is being forgotten
	}
	var plan imageHistoryModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	r.settle(ctx, &plan, req.State, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// Create remembers what was planned.
func (r *imageHistoryResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.write(ctx, req.Plan, tfsdk.State{Raw: resp.State.Raw, Schema: resp.State.Schema}, &resp.State, &resp.Diagnostics)
}

// Read changes nothing: the history is in the state alone.
func (r *imageHistoryResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update remembers what was planned.
func (r *imageHistoryResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.write(ctx, req.Plan, req.State, &resp.State, &resp.Diagnostics)
}

// Delete changes nothing: the framework drops the state, and there is nothing else.
func (r *imageHistoryResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}

// ImportState takes the name and begins a history without images.
func (r *imageHistoryResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughID(ctx, path.Root("name"), req, resp)
}

// write writes the state. What was planned is known, unless the provider's settings were not.
func (r *imageHistoryResource) write(ctx context.Context, planned tfsdk.Plan, before tfsdk.State, state *tfsdk.State, diags *diag.Diagnostics) {
	var model imageHistoryModel
	if diags.Append(planned.Get(ctx, &model)...); diags.HasError() {
		return
	}
	if model.Entries.IsUnknown() {
		r.settle(ctx, &model, before, diags)
	}
	if !diags.HasError() {
		diags.Append(state.Set(ctx, &model)...)
	}
}

// settle fills in what is computed, and fails if a limit is exceeded.
func (r *imageHistoryResource) settle(ctx context.Context, model *imageHistoryModel, state tfsdk.State, diags *diag.Diagnostics) {
	query := model.toDomain(diags)
	if diags.HasError() {
		return
	}
	if !model.isKnown() {
		model.setUnknown()
		return
	}
	var before imageHistoryModel
	if !state.Raw.IsNull() {
		if diags.Append(state.Get(ctx, &before)...); diags.HasError() {
			return
		}
	}
	earlier := before.entries(ctx, diags)
	if last := len(earlier) - 1; last >= 0 && model.isSettledBy(before, earlier[last], query) {
		earlier[last].Image = query.ref.String() // the same image may have got another tag
		model.Packages, model.Vulnerabilities, model.Unknowns, model.Changes = before.Packages, before.Vulnerabilities, before.Unknowns, before.Changes
		model.setEntries(ctx, earlier, query.keep, diags)
		return
	}
	if r.images == nil {
		model.setUnknown() // the provider's settings are not known yet
		return
	}
	r.add(ctx, model, before, earlier, query, diags)
}

// isSettledBy reports whether the state has the image already, as deep as is asked.
func (m imageHistoryModel) isSettledBy(before imageHistoryModel, last historyEntryModel, query historyQuery) bool {
	then := before.toDomain(&diag.Diagnostics{})
	return last.Digest == query.ref.Digest() && before.Platform.Equal(m.Platform) && then.layers == query.layers && then.vulnerabilities == query.vulnerabilities
}

// add reads the image and compares it with the last one.
func (r *imageHistoryResource) add(ctx context.Context, model *imageHistoryModel, before imageHistoryModel, earlier []historyEntryModel, query historyQuery, diags *diag.Diagnostics) {
	now, err := r.snapshot(ctx, query.ref, query)
	if err != nil {
		addHistoryError(diags, query.ref, err)
		return
	}
	if now.Vulnerabilities != nil {
		r.warnOfAge(ctx, diags)
	}
	switch last := len(earlier) - 1; {
	case last >= 0 && earlier[last].Platform != now.Platform:
		earlier = nil // another platform is another history
	case last >= 0 && earlier[last].Digest == now.Digest: // it is read deeper, or less deep
		model.fromDomain(ctx, earlier[:last], now, nil, query.keep, diags)
		model.Changes = before.Changes
		return
	}
	if len(earlier) == 0 {
		model.fromDomain(ctx, nil, now, nil, query.keep, diags)
		return
	}
	previous := r.previous(ctx, before, earlier[len(earlier)-1], query, diags)
	changes := history.Compare(previous, now)
	if text := query.limits.Growth(previous, now); text != "" {
		diags.AddAttributeError(path.Root("max_growth"), fmt.Sprintf("Image %q has grown too much", query.ref),
			capitalised(stopped(text))+"\n\nMake the image smaller, or raise max_growth for this change.")
	}
	if text := query.limits.Vulnerabilities(previous, now, changes); text != "" {
		diags.AddAttributeError(path.Root("fail_on_new"), fmt.Sprintf("Image %q has new vulnerabilities, or may have", query.ref),
			capitalised(stopped(text))+"\n\nUpdate its packages or base image, or raise fail_on_new for this change.")
	}
	model.fromDomain(ctx, earlier, now, &changes, query.keep, diags)
}

// warnOfAge says that the database is old.
func (r *imageHistoryResource) warnOfAge(ctx context.Context, diags *diag.Diagnostics) {
	if database, err := r.advisories.Open(ctx); err == nil && database.Warning != "" {
		diags.AddWarning("Old vulnerability database", capitalised(stopped(database.Warning)))
	}
}

// previous reads the last image again, to judge both by one database. If it can not be had any more, what was recorded stands.
func (r *imageHistoryResource) previous(ctx context.Context, before imageHistoryModel, last historyEntryModel, query historyQuery, diags *diag.Diagnostics) history.Snapshot {
	recorded := before.recorded(ctx, last, diags)
	ref, err := imageref.Parse(last.Image)
	var read history.Snapshot
	if err == nil {
		read, err = r.snapshot(ctx, ref, query)
	}
	if err == nil {
		return read
	}
	diags.AddAttributeWarning(path.Root("image"), fmt.Sprintf("Unable to read the image before, %q", last.Image), capitalised(stopped(err.Error()))+
		"\n\nThe new image is compared with what was recorded of it, so vulnerabilities that became known since count as new.")
	return recorded
}

// snapshot reads an image, as deep as is asked. What can not be known of its inside is no error.
func (r *imageHistoryResource) snapshot(ctx context.Context, ref imageref.Reference, query historyQuery) (history.Snapshot, error) {
	var want []imagefacts.Platform
	if query.platform != nil {
		want = append(want, *query.platform)
	}
	image, err := r.images.Image(ctx, ref, want...)
	if err != nil {
		return history.Snapshot{}, err
	}
	if len(image.Images) != 1 {
		return history.Snapshot{}, &severalPlatformsError{image.Platforms}
	}
	s := history.Snapshot{Image: ref.String(), Digest: image.Digest, Unknowns: map[string]string{}}
	for name, facts := range image.Images {
		s.Platform, s.Created, s.SizeBytes, s.LayerCount = name, facts.Created, facts.SizeBytes, facts.LayerCount
	}
	if !query.layers {
		s.Unknowns[history.FactPackages] = "layers are not read; set inspect = \"layers\""
		s.Unknowns[history.FactVulnerabilities] = s.Unknowns[history.FactPackages]
		return s, nil
	}
	return s, r.inside(ctx, ref, query, &s)
}

// inside adds what the layers tell.
func (r *imageHistoryResource) inside(ctx context.Context, ref imageref.Reference, query historyQuery, s *history.Snapshot) error {
	platform, err := imagefacts.ParsePlatform(s.Platform)
	if err != nil {
		return err
	}
	inside, err := r.images.Contents(ctx, ref, platform)
	var limit *contents.LimitError
	switch {
	case errors.As(err, &limit):
		s.Unknowns[history.FactPackages], s.Unknowns[history.FactVulnerabilities] = limit.Error(), limit.Error()
		return nil
	case err != nil:
		return err
	}
	if reason, unknown := inside.Unknowns[contents.FactPackages]; unknown {
		s.Unknowns[history.FactPackages] = reason
	} else {
		s.Packages, s.PackageCount = packageVersions(inside.Packages), len(inside.Packages)
	}
	if !query.vulnerabilities {
		s.Unknowns[history.FactVulnerabilities] = "count_vulnerabilities is false"
		return nil
	}
	findings, reason := matchAll(ctx, r.advisories, platform, inside)
	if reason != "" {
		s.Unknowns[history.FactVulnerabilities] = reason
		return ctx.Err()
	}
	s.Vulnerabilities = history.Worst(findings)
	return nil
}

// severalPlatformsError says that a platform must be named.
type severalPlatformsError struct{ have []string }

// Error lists the platforms.
func (e *severalPlatformsError) Error() string {
	return "the image has several platforms, each with packages of its own; name one in platform: " + strings.Join(e.have, ", ")
}

// addHistoryError says why an image could not be read, on the attribute to blame.
func addHistoryError(diags *diag.Diagnostics, ref imageref.Reference, err error) {
	var several *severalPlatformsError
	var missing *imagefacts.PlatformError
	if errors.As(err, &several) || errors.As(err, &missing) {
		diags.AddAttributeError(path.Root("platform"), fmt.Sprintf("Unable to read image %q", ref), capitalised(stopped(err.Error())))
		return
	}
	var inner diag.Diagnostics
	addImageError(&inner, ref, err)
	for _, d := range inner {
		diags.AddAttributeError(path.Root("image"), d.Summary(), d.Detail())
	}
}
