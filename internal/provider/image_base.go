package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// How a base image was found.
const (
	byAnnotation = "annotation"
	byLayers     = "layers"
)

// baseModel is one element of bases.
type baseModel struct {
	FoundBy      types.String `tfsdk:"found_by"`
	Candidate    types.String `tfsdk:"candidate"`
	Reference    types.String `tfsdk:"reference"`
	Digest       types.String `tfsdk:"digest"`
	LayerCount   types.Int64  `tfsdk:"layer_count"`
	NewestDigest types.String `tfsdk:"newest_digest"`
	Outdated     types.Bool   `tfsdk:"outdated"`
}

func baseCandidatesAttribute() schema.Attribute {
	return schema.MapAttribute{
		Optional: true, ElementType: types.StringType,
		MarkdownDescription: "Images that this one may be built on, by a name of your choice, such as `{ current = \"debian:12-slim\", before = \"debian:12-slim@sha256:…\" }`; fills in `bases`. " +
			"A base that the image's own annotations name is found without being listed, so `{}` looks at those alone. Costs a manifest and a config for each candidate and platform, and a HEAD request for each tag. Default is that no base is looked for.",
	}
}

func basesAttribute() schema.Attribute {
	return schema.MapNestedAttribute{
		Computed: true,
		MarkdownDescription: "Base image by platform: the one that the image's annotations name, else the candidate with the most layers whose layers are all at the bottom of this image. " +
			"All values are null where none was found; the map is null if `base_candidates` is not set.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"found_by":  imageText("How it was found: `annotation` or `layers`."),
			"candidate": imageText("Name of the candidate whose layers are at the bottom; null if none is."),
			"reference": imageText("The base image as the annotation or the candidate names it."),
			"digest":    imageText("Digest of the base that the image was built on; null if the builder did not state it and the layers do not tell."),
			"layer_count": schema.Int64Attribute{
				Computed: true, MarkdownDescription: "Number of layers that come from the candidate; null if none matches.",
			},
			"newest_digest": imageText("Digest that the base's tag has now (with a lock file in mode `readonly`: the locked one); null if the base has no tag, or could not be asked for, which is a warning."),
			"outdated": schema.BoolAttribute{
				Computed: true, MarkdownDescription: "Whether the base's tag has another image by now, so that building again brings its fixes; null if that is not known.",
			},
		}},
	}
}

// baseCandidates converts the argument, by name, as far as it is known; nil if it is not set. Tags may float, since where they are
// now is the question.
func (m imageModel) baseCandidates(diags *diag.Diagnostics) []namedReference {
	if m.BaseCandidates.IsNull() {
		return nil
	}
	at, elements := path.Root("base_candidates"), m.BaseCandidates.Elements()
	if len(elements) > maxCandidates {
		diags.AddAttributeError(at, "Invalid base candidates", fmt.Sprintf("There are %d candidates. Name at most %d.", len(elements), maxCandidates))
	}
	candidates := []namedReference{}
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		text, ok := elements[name].(types.String)
		if !ok || text.IsUnknown() {
			continue
		}
		ref, err := imageref.Parse(text.ValueString())
		if err != nil {
			diags.AddAttributeError(at.AtMapKey(name), "Invalid image reference", capitalised(stopped(err.Error())))
			continue
		}
		candidates = append(candidates, namedReference{name, ref})
	}
	return candidates
}

// findBases fills in the base images.
func (d *imageDataSource) findBases(ctx context.Context, query imageQuery, image imagefacts.Image, model *imageModel, diags *diag.Diagnostics) {
	element := imageSchema().Attributes["bases"].GetType().(types.MapType).ElemType //nolint:forcetypeassert // The schema is our own.
	model.Bases = types.MapNull(element)
	if query.bases == nil {
		return
	}
	search := &baseSearch{images: d.images, candidates: query.bases, diags: diags, told: map[string]bool{}}
	found := map[string]baseModel{}
	for _, name := range slices.Sorted(maps.Keys(image.Images)) {
		platform, err := imagefacts.ParsePlatform(name)
		if err != nil {
			diags.AddAttributeError(path.Root("base_candidates"), "Unable to find the base image", capitalised(stopped(err.Error())))
			continue
		}
		found[name] = search.base(ctx, platform, image.Images[name])
	}
	var more diag.Diagnostics
	model.Bases, more = types.MapValueFrom(ctx, element, found)
	diags.Append(more...)
}

// baseSearch looks for the base images of one image.
type baseSearch struct {
	images     imageReader
	candidates []namedReference
	diags      *diag.Diagnostics
	told       map[string]bool // what was reported, since each platform finds it again
}

// base finds the base of one platform's image.
func (s *baseSearch) base(ctx context.Context, platform imagefacts.Platform, facts imagefacts.Facts) baseModel {
	found := s.byLayers(ctx, platform, facts)
	stated, err := imageref.Parse(facts.BaseName)
	if err != nil {
		return found // none is stated, or nothing that could be asked for
	}
	found.FoundBy, found.Reference = types.StringValue(byAnnotation), types.StringValue(facts.BaseName)
	found.Digest = textOrNull(facts.BaseDigest)
	if found.Digest.IsNull() {
		found.Digest = textOrNull(stated.Digest())
	}
	found.NewestDigest, found.Outdated = s.newest(ctx, stated), types.BoolNull()
	if found.NewestDigest.IsNull() {
		return found
	}
	s.compare(ctx, platform, facts, stated, &found)
	return found
}

// compare decides whether a stated base is still the newest. A builder may have stated the digest of the index or of the
// platform's manifest, or none: then the layers tell.
func (s *baseSearch) compare(ctx context.Context, platform imagefacts.Platform, facts imagefacts.Facts, stated imageref.Reference, found *baseModel) {
	newest := found.NewestDigest.ValueString()
	if found.Digest.ValueString() == newest {
		found.Outdated = types.BoolValue(false)
		return
	}
	pinned, err := stated.WithDigest(newest)
	if err != nil {
		return
	}
	now, err := s.facts(ctx, pinned, platform)
	if err != nil {
		s.warn(stated, err)
		return
	}
	isCurrent := now.Digest == found.Digest.ValueString() || facts.IsBuiltOn(now)
	if found.Digest.IsNull() && isCurrent {
		found.Digest = found.NewestDigest
	}
	found.Outdated = types.BoolValue(!isCurrent)
}

// byLayers finds the candidate with the most layers that the image begins with; of equals the first by name.
func (s *baseSearch) byLayers(ctx context.Context, platform imagefacts.Platform, facts imagefacts.Facts) baseModel {
	var best baseModel
	var ref imageref.Reference
	for _, c := range s.candidates {
		image, err := s.images.Image(ctx, c.ref, platform)
		if missing := (*imagefacts.PlatformError)(nil); errors.As(err, &missing) {
			continue // what a platform lacks it is not built on
		}
		if err != nil {
			if !s.told[c.name] {
				addCandidateError(s.diags, path.Root("base_candidates").AtMapKey(c.name), c.ref, err)
			}
			s.told[c.name] = true
			continue
		}
		base := onlyFacts(image)
		if !facts.IsBuiltOn(base) || int64(base.LayerCount) <= best.LayerCount.ValueInt64() {
			continue
		}
		ref = c.ref
		best = baseModel{
			FoundBy: types.StringValue(byLayers), Candidate: types.StringValue(c.name), Reference: types.StringValue(c.ref.String()),
			Digest: types.StringValue(image.Digest), LayerCount: types.Int64Value(int64(base.LayerCount)),
		}
	}
	if best.FoundBy.IsNull() {
		return best
	}
	if best.NewestDigest = s.newest(ctx, ref); !best.NewestDigest.IsNull() {
		best.Outdated = types.BoolValue(!best.NewestDigest.Equal(best.Digest))
	}
	return best
}

// newest returns the digest that the reference's tag has now.
func (s *baseSearch) newest(ctx context.Context, ref imageref.Reference) types.String {
	if ref.Tag() == "" {
		return types.StringNull()
	}
	tagged, err := ref.WithTag(ref.Tag())
	if err != nil {
		return types.StringNull()
	}
	now, err := s.images.Resolve(ctx, tagged)
	if err != nil {
		s.warn(tagged, err)
		return types.StringNull()
	}
	if now.Moved != "" {
		return types.StringValue(now.Moved)
	}
	return types.StringValue(now.Digest)
}

func (s *baseSearch) facts(ctx context.Context, ref imageref.Reference, platform imagefacts.Platform) (imagefacts.Facts, error) {
	image, err := s.images.Image(ctx, ref, platform)
	return onlyFacts(image), err
}

// onlyFacts returns the facts of an image that was read for one platform.
func onlyFacts(image imagefacts.Image) imagefacts.Facts {
	for _, facts := range image.Images {
		return facts
	}
	return imagefacts.Facts{}
}

// warn tells once that a base could not be asked for. That is no error: the user has not named it, or not this state of it.
func (s *baseSearch) warn(ref imageref.Reference, err error) {
	if s.told[ref.String()] {
		return
	}
	s.told[ref.String()] = true
	s.diags.AddAttributeWarning(path.Root("base_candidates"), fmt.Sprintf("Unable to look for a newer base image %q", ref),
		capitalised(stopped(err.Error()))+"\n\nSo whether the image's base is outdated is not known.")
}
