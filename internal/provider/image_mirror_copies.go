package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

// childrenKey is the key in the private state of the digests that Read looks for beside the image's own: the manifests of an index.
const childrenKey = "children"

func decodeChildren(raw []byte) []string {
	var children []string
	if json.Unmarshal(raw, &children) != nil {
		return nil // After an import there are none; the image's own digest is looked for anyway.
	}
	return children
}

// copy copies to every destination, in order of their names, and goes on where one fails. It returns the digests of the manifests that the image's own
// names, as JSON.
func (r *imageMirrorResource) copy(ctx context.Context, model *imageMirrorModel, diags *diag.Diagnostics) []byte {
	job := model.toDomain(diags)
	if diags.HasError() || r.unconfigured(diags) {
		return nil
	}
	children := []string{}
	var nearby []imageref.Reference
	for _, name := range slices.Sorted(maps.Keys(job.destinations)) {
		to := job.destinations[name]
		copied, err := r.images.Copy(ctx, job.source, to, registry.CopyOptions{Referrers: model.Referrers.ValueBool(), Nearby: nearby})
		if err != nil {
			addCopyError(diags, path.Root("destinations").AtMapKey(name), fmt.Sprintf("Unable to copy image %q to destinations[%q]", job.source, name), err)
			continue
		}
		nearby, children = append(nearby, to), copied.Children
	}
	model.Mirrored = model.planned(job)
	raw, err := json.Marshal(children)
	if err != nil {
		diags.AddError("Unable to remember what was copied", stopped(err.Error()))
	}
	return raw
}

// present returns those elements of mirrored whose image is there.
func (r *imageMirrorResource) present(ctx context.Context, model imageMirrorModel, children []string, diags *diag.Diagnostics) types.Map {
	present := map[string]attr.Value{}
	refs := references(model.Mirrored)
	for _, name := range slices.Sorted(maps.Keys(refs)) {
		at := path.Root("destinations").AtMapKey(name)
		found, err := r.images.Presence(ctx, refs[name], children...)
		if err != nil {
			addCopyError(diags, at, fmt.Sprintf("Unable to look for image %q", refs[name]), err)
			continue
		}
		if found.IsComplete() {
			present[name] = model.Mirrored.Elements()[name]
			continue
		}
		lost := &absence{at: refs[name], Presence: found}
		diags.AddAttributeWarning(at, fmt.Sprintf("destinations[%q] has lost the image", name), capitalised(stopped(lost.Error()))+" The plan copies it again.")
	}
	return types.MapValueMust(types.StringType, present)
}

// leftBehind returns the copies in repositories that are not wanted any more. One that gets another image keeps the one before.
func leftBehind(before, now imageMirrorModel) map[string]imageref.Reference {
	wanted := map[string]bool{}
	for _, ref := range references(now.Mirrored) {
		wanted[ref.Repository()] = true
	}
	left := references(before.Mirrored)
	maps.DeleteFunc(left, func(_ string, ref imageref.Reference) bool { return wanted[ref.Repository()] })
	return left
}

// delete deletes copies, in order of their names.
func (r *imageMirrorResource) delete(ctx context.Context, copies map[string]imageref.Reference, diags *diag.Diagnostics) {
	if len(copies) == 0 || r.unconfigured(diags) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(copies)) {
		if err := r.images.Delete(ctx, copies[name]); err != nil {
			addCopyError(diags, path.Root("delete_on_destroy"), fmt.Sprintf("Unable to delete image %q", copies[name]), err)
		}
	}
}

// addCopyError says why an image could not be copied, looked for or deleted.
func addCopyError(diags *diag.Diagnostics, at path.Path, summary string, err error) {
	var failed *registry.Error
	if !errors.As(err, &failed) {
		diags.AddAttributeError(at, summary, capitalised(stopped(err.Error())))
		return
	}
	diags.AddAttributeError(at, summary+": "+string(failed.Kind), failed.Reference+":\n\n"+registryDetail(failed))
}
