package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

var (
	_ resource.Resource                   = (*imageMirrorResource)(nil)
	_ resource.ResourceWithConfigure      = (*imageMirrorResource)(nil)
	_ resource.ResourceWithValidateConfig = (*imageMirrorResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*imageMirrorResource)(nil)
	_ resource.ResourceWithImportState    = (*imageMirrorResource)(nil)
)

func newImageMirrorResource() resource.Resource { return &imageMirrorResource{} }

// imageCopier copies images and looks for copies.
type imageCopier interface {
	// Copy copies an image by its digest.
	Copy(ctx context.Context, from, to imageref.Reference, options registry.CopyOptions) (registry.Copied, error)
	// Presence says what the reference's own repository has of the image and of further manifests.
	Presence(ctx context.Context, ref imageref.Reference, further ...string) (registry.Presence, error)
	// Delete removes the manifest with the reference's digest.
	Delete(ctx context.Context, ref imageref.Reference) error
}

// imageMirrorResource keeps copies of one image in other repositories.
type imageMirrorResource struct{ images imageCopier }

// Metadata names the resource.
func (r *imageMirrorResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image_mirror"
}

// Schema returns the resource's schema.
func (r *imageMirrorResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = imageMirrorSchema()
}

// Configure takes the registry client from the provider.
func (r *imageMirrorResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data, ok := providerDataOf(req.ProviderData, &resp.Diagnostics); ok {
		r.images = data.copies
	}
}

// ValidateConfig reports what is wrong before a registry is asked.
func (r *imageMirrorResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var model imageMirrorModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); !resp.Diagnostics.HasError() {
		model.toDomain(&resp.Diagnostics)
	}
}

// ModifyPlan says where the image will be. It asks no registry: Read has looked, and an entry that is not in the state is copied.
func (r *imageMirrorResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // the resource is being destroyed
	}
	var model imageMirrorModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	job := model.toDomain(&resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("mirrored"), model.planned(job))...)
}

// Create copies the image to every destination. If one fails there is no resource yet, and the next apply takes up what is missing.
func (r *imageMirrorResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model imageMirrorModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	children := r.copy(ctx, &model, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, childrenKey, children)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// Read looks for the image at every destination, and forgets those that have lost it, so that the plan copies it again.
func (r *imageMirrorResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model imageMirrorModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &model)...); resp.Diagnostics.HasError() || r.images == nil {
		return // Without settings of registries, which are known only after apply, nobody can be asked.
	}
	children, diags := req.Private.GetKey(ctx, childrenKey)
	resp.Diagnostics.Append(diags...)
	model.Mirrored = r.present(ctx, model, decodeChildren(children), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// Update copies what is missing, and deletes the image where it is not wanted any more, if that was asked for.
func (r *imageMirrorResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var before, model imageMirrorModel
	resp.Diagnostics.Append(req.State.Get(ctx, &before)...)
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	children := r.copy(ctx, &model, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if model.DeleteOnDestroy.ValueBool() {
		r.delete(ctx, leftBehind(before, model), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, childrenKey, children)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// Delete leaves the images alone unless it was told not to.
func (r *imageMirrorResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var model imageMirrorModel
	if resp.Diagnostics.Append(req.State.Get(ctx, &model)...); resp.Diagnostics.HasError() || !model.DeleteOnDestroy.ValueBool() {
		return
	}
	r.delete(ctx, references(model.Mirrored), &resp.Diagnostics)
}

// ImportState takes SOURCE,NAME=DESTINATION with as many destinations as there are. Read then looks which of them have the image.
func (r *imageMirrorResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	model, err := parseMirrorID(req.ID)
	if err != nil {
		resp.Diagnostics.AddError(fmt.Sprintf("Invalid import ID %q", req.ID),
			"A mirror is imported by SOURCE,NAME=DESTINATION and more of the latter, such as "+
				"\"registry.example.com/shop/api:1.4.2@sha256:…,eu=mirror.example.com/shop/api\".\n\n"+capitalised(stopped(err.Error())))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// unconfigured says why nothing can be copied or deleted.
func (r *imageMirrorResource) unconfigured(diags *diag.Diagnostics) bool {
	if r.images == nil {
		diags.AddError("Unable to reach registries", "The provider's registry settings are not known. Give the provider values that are known, such as variables or ephemeral values.")
	}
	return r.images == nil
}
