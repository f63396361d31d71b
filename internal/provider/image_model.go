package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

// imageModel is the data source seaworthy_image.
type imageModel struct {
	Ref                types.String `tfsdk:"ref"`
	Version            types.String `tfsdk:"version"`
	Platforms          types.List   `tfsdk:"platforms"`
	AllowFloatingTag   types.Bool   `tfsdk:"allow_floating_tag"`
	MaxSizeBytes       types.Int64  `tfsdk:"max_size_bytes"`
	Mirrors            types.List   `tfsdk:"mirrors"`
	Verify             types.Object `tfsdk:"verify"`
	BaseCandidates     types.Map    `tfsdk:"base_candidates"`
	Repository         types.String `tfsdk:"repository"`
	Tag                types.String `tfsdk:"tag"`
	Digest             types.String `tfsdk:"digest"`
	Pinned             types.String `tfsdk:"pinned"`
	MediaType          types.String `tfsdk:"media_type"`
	AvailablePlatforms types.List   `tfsdk:"available_platforms"`
	Images             types.Map    `tfsdk:"images"`
	Mirrored           types.Map    `tfsdk:"mirrored"`
	Verified           types.List   `tfsdk:"verified"`
	Bases              types.Map    `tfsdk:"bases"`
}

// imageFactsModel is one element of images.
type imageFactsModel struct {
	Digest       string            `tfsdk:"digest"`
	SizeBytes    int64             `tfsdk:"size_bytes"`
	LayerCount   int64             `tfsdk:"layer_count"`
	Created      types.String      `tfsdk:"created"`
	User         types.String      `tfsdk:"user"`
	RunsAsRoot   bool              `tfsdk:"runs_as_root"`
	Entrypoint   []string          `tfsdk:"entrypoint"`
	Command      []string          `tfsdk:"command"`
	WorkingDir   types.String      `tfsdk:"working_dir"`
	ExposedPorts []string          `tfsdk:"exposed_ports"`
	EnvNames     []string          `tfsdk:"env_names"`
	Labels       map[string]string `tfsdk:"labels"`
	BaseName     types.String      `tfsdk:"base_name"`
	BaseDigest   types.String      `tfsdk:"base_digest"`
}

// imageQuery is what the user asks, as far as it is known.
type imageQuery struct {
	ref          imageref.Reference
	constraint   *registry.Constraint // nil is none
	platforms    []imagefacts.Platform
	maxSizeBytes int64            // 0 is no limit
	mirrors      []string         // those that are known
	verification *verification    // nil is none
	bases        []namedReference // candidates; nil is not to look for any
}

// toDomain converts the arguments and checks those that are known.
func (m imageModel) toDomain(diags *diag.Diagnostics) imageQuery {
	query := imageQuery{maxSizeBytes: m.MaxSizeBytes.ValueInt64()}
	if !m.Version.IsNull() && !m.Version.IsUnknown() {
		constraint, err := registry.ParseConstraint(m.Version.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("version"), "Invalid version constraint", capitalised(stopped(err.Error())))
		}
		query.constraint = &constraint
	}
	if !m.MaxSizeBytes.IsNull() && !m.MaxSizeBytes.IsUnknown() && query.maxSizeBytes < 1 {
		diags.AddAttributeError(path.Root("max_size_bytes"), "Invalid size budget", fmt.Sprintf("The budget is %d bytes. Use 1 or more, or leave the attribute out.", query.maxSizeBytes))
	}
	query.platforms = m.platforms(diags)
	query.verification = m.verification(diags)
	query.bases = m.baseCandidates(diags)
	if m.Ref.IsUnknown() {
		return query
	}
	ref, err := imageref.Parse(m.Ref.ValueString())
	if err != nil {
		diags.AddAttributeError(path.Root("ref"), "Invalid image reference", capitalised(stopped(err.Error())))
		return query
	}
	query.ref = ref
	m.checkTag(ref, diags)
	query.mirrors = m.mirrors(ref, diags)
	return query
}

// checkTag refuses a tag that moves, and a tag beside a version constraint.
func (m imageModel) checkTag(ref imageref.Reference, diags *diag.Diagnostics) {
	switch {
	case !m.Version.IsNull() && ref.IsLayout():
		diags.AddAttributeError(path.Root("version"), "Invalid version constraint", "A layout on the local disk has no versions to choose from. Remove version.")
	case !m.Version.IsNull() && (ref.Tag() != "" || ref.IsPinned()):
		diags.AddAttributeError(path.Root("version"), "Invalid version constraint",
			fmt.Sprintf("The constraint chooses the tag, but %q has a tag or a digest already. Remove one of the two.", ref))
	case m.Version.IsNull() && ref.IsFloating() && !m.AllowFloatingTag.ValueBool() && !m.AllowFloatingTag.IsUnknown():
		diags.AddAttributeError(path.Root("ref"), "Floating image tag",
			fmt.Sprintf("%q floats: %s. What runs tomorrow would not be what was reviewed today.\n\n"+
				"Name a release, such as a full version; or write a version constraint in version; or set allow_floating_tag = true if you mean it.", ref, ref.FloatingReason()))
	}
}

func (m imageModel) platforms(diags *diag.Diagnostics) []imagefacts.Platform {
	var platforms []imagefacts.Platform
	for i, element := range m.Platforms.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsUnknown() {
			continue
		}
		platform, err := imagefacts.ParsePlatform(text.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("platforms").AtListIndex(i), "Invalid platform", capitalised(stopped(err.Error())))
			continue
		}
		platforms = append(platforms, platform)
	}
	return platforms
}

// fromDomain fills in the computed attributes.
func (m *imageModel) fromDomain(ctx context.Context, ref imageref.Reference, image imagefacts.Image, diags *diag.Diagnostics) {
	pinned, err := ref.WithDigest(image.Digest)
	if err != nil {
		diags.AddError("Unable to read image \""+ref.String()+"\"", "The registry gave a digest that is none: "+err.Error())
		return
	}
	m.Repository, m.Tag = types.StringValue(ref.Repository()), textOrNull(ref.Tag())
	m.Digest, m.MediaType = types.StringValue(image.Digest), types.StringValue(image.MediaType)
	m.Pinned = types.StringValue(pinned.Pinned())
	if ref.IsLayout() {
		m.Pinned = types.StringNull()
	}
	facts := make(map[string]imageFactsModel, len(image.Images))
	for platform, f := range image.Images {
		facts[platform] = factsModel(f)
	}
	schema := imageSchema().Attributes
	var more diag.Diagnostics
	m.AvailablePlatforms, more = types.ListValueFrom(ctx, types.StringType, image.Platforms)
	diags.Append(more...)
	m.Images, more = types.MapValueFrom(ctx, schema["images"].GetType().(types.MapType).ElemType, facts)
	diags.Append(more...)
}

func factsModel(f imagefacts.Facts) imageFactsModel {
	return imageFactsModel{
		Digest: f.Digest, SizeBytes: f.SizeBytes, LayerCount: int64(f.LayerCount),
		Created: textOrNull(f.Created), User: textOrNull(f.User), RunsAsRoot: f.RunsAsRoot,
		Entrypoint: orEmpty(f.Entrypoint), Command: orEmpty(f.Command), WorkingDir: textOrNull(f.WorkingDir),
		ExposedPorts: orEmpty(f.ExposedPorts), EnvNames: orEmpty(f.EnvNames), Labels: labelsOrEmpty(f.Labels),
		BaseName: textOrNull(f.BaseName), BaseDigest: textOrNull(f.BaseDigest),
	}
}

// orEmpty makes a list that the image does not have an empty one, so that users can loop over it.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func labelsOrEmpty(labels map[string]string) map[string]string {
	if labels == nil {
		return map[string]string{}
	}
	return labels
}
