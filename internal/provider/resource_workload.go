package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

var (
	_ resource.Resource                   = (*workloadResource)(nil)
	_ resource.ResourceWithConfigure      = (*workloadResource)(nil)
	_ resource.ResourceWithValidateConfig = (*workloadResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*workloadResource)(nil)
	_ resource.ResourceWithImportState    = (*workloadResource)(nil)
)

func newWorkloadResource() resource.Resource { return &workloadResource{} }

// workloadResource describes one workload. Everything about it is decided during
// plan; creating it means no more than to remember what was decided.
type workloadResource struct{ versions []kubeversion.Version }

// Metadata names the resource.
func (r *workloadResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_workload"
}

// Schema returns the resource's schema.
func (r *workloadResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = workloadSchema()
}

// Configure takes the Kubernetes version from the provider.
func (r *workloadResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	data, ok := providerDataOf(req.ProviderData, &resp.Diagnostics)
	if ok {
		r.versions = data.kubernetesVersions
	}
}

// ValidateConfig reports everything that is wrong whatever the unknown values
// turn out to be. The provider may not be configured yet, so what depends on the
// Kubernetes version is tried with both ends of the supported span.
func (r *workloadResource) ValidateConfig(_ context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	_, err := planWorkload(req.Config.Raw, r.versionsOrSpan()...)
	addWorkloadErrors(&resp.Diagnostics, err)
}

// ModifyPlan renders the manifests into the plan.
func (r *workloadResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // the workload is being destroyed
	}
	planned, err := planWorkload(req.Plan.Raw, r.versionsOrSpan()...)
	if addWorkloadErrors(&resp.Diagnostics, err); resp.Diagnostics.HasError() {
		return
	}
	addWarnings(&resp.Diagnostics, planned.findings)
	addRefusedChanges(&resp.Diagnostics, req.State.Raw, planned)
	resp.Plan.Raw, err = planned.set(ctx, resp.Plan.Raw)
	addWorkloadErrors(&resp.Diagnostics, err)
}

// Create remembers what was planned.
func (r *workloadResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.Diagnostics.Append(r.settle(ctx, req.Plan, &resp.State)...)
}

// Read changes nothing: the manifests follow from the configuration alone, and
// there is nothing outside to have drifted.
func (r *workloadResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update remembers what was planned.
func (r *workloadResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.Append(r.settle(ctx, req.Plan, &resp.State)...)
}

// Delete changes nothing: the framework drops the state, and no cluster was touched.
func (r *workloadResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}

// ImportState takes namespace/name, or Kind/namespace/name for a kind other than
// Deployment, also with the API group, as the key of a manifest and `kubectl get` write
// it. The next plan fills in the rest from the configuration.
func (r *workloadResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	parts := strings.Split(req.ID, "/")
	if len(parts) == 2 {
		parts = append([]string{string(workload.Deployment)}, parts...)
	}
	parts[0], _, _ = strings.Cut(parts[0], ".")
	if len(parts) != 3 || !slices.Contains(workload.Kinds(), workload.Kind(parts[0])) || parts[1] == "" || parts[2] == "" {
		resp.Diagnostics.AddError(fmt.Sprintf("Invalid import ID %q", req.ID),
			"A workload is imported by namespace/name, such as \"shop/api\", if it is a Deployment, or by Kind/namespace/name, such as \"StatefulSet/shop/db\" "+
				"or the key \"StatefulSet.apps/shop/db\" of its manifest. The kinds are "+kindNames()+".")
		return
	}
	for i, name := range []string{"kind", "namespace", "name"} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), parts[i])...)
	}
	// `terraform import` evaluates outputs and for_each before anything is rendered:
	// they can work with what is empty, but not with null.
	nothing := workloadPlan{manifests: map[string]known{}, images: map[string]known{}, findingsKnown: true, digest: known{known: true}}
	var err error
	resp.State.Raw, err = nothing.set(ctx, resp.State.Raw)
	addWorkloadErrors(&resp.Diagnostics, err)
}

// settle renders again, now that everything is known, and writes the state.
// Terraform holds the result against the plan.
func (r *workloadResource) settle(ctx context.Context, plan tfsdk.Plan, state *tfsdk.State) diag.Diagnostics {
	var diags diag.Diagnostics
	settled, err := planWorkload(plan.Raw, r.versionsOrSpan()...)
	if addWorkloadErrors(&diags, err); diags.HasError() {
		return diags
	}
	state.Raw, err = settled.set(ctx, plan.Raw)
	addWorkloadErrors(&diags, err)
	return diags
}

func (r *workloadResource) versionsOrSpan() []kubeversion.Version {
	if len(r.versions) == 0 {
		return []kubeversion.Version{kubeversion.Oldest, kubeversion.Newest}
	}
	return r.versions
}

// set returns the value with the computed attributes written into it. One pass
// does for all of them: SetAttribute of a plan or state walks the whole value
// each time.
func (p workloadPlan) set(ctx context.Context, value tftypes.Value) (tftypes.Value, error) {
	var members map[string]tftypes.Value
	if err := value.As(&members); err != nil {
		return value, err
	}
	for name, computed := range map[string]attr.Value{
		"manifests":      textsByKey(p.manifests),
		"images":         textsByKey(p.images),
		"findings":       p.findingsValue(),
		"content_digest": p.digest.value(),
	} {
		raw, err := computed.ToTerraformValue(ctx)
		if err != nil {
			return value, err
		}
		members[name] = raw
	}
	return tftypes.NewValue(value.Type(), members), nil
}
