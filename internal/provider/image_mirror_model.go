package provider

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// imageMirrorModel is the resource seaworthy_image_mirror.
type imageMirrorModel struct {
	Source          types.String `tfsdk:"source"`
	Destinations    types.Map    `tfsdk:"destinations"`
	Referrers       types.Bool   `tfsdk:"referrers"`
	DeleteOnDestroy types.Bool   `tfsdk:"delete_on_destroy"`
	Mirrored        types.Map    `tfsdk:"mirrored"`
}

// mirrorJob is what is to be copied and where to, as far as it is known.
type mirrorJob struct {
	source       imageref.Reference // zero: not known
	destinations map[string]imageref.Reference
}

// destinationName is what a destination may be called, so that an import ID can name it.
var destinationName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// toDomain converts the arguments and checks those that are known. Destinations are pinned if the source is known.
func (m imageMirrorModel) toDomain(diags *diag.Diagnostics) mirrorJob {
	job := mirrorJob{destinations: map[string]imageref.Reference{}}
	if !m.Source.IsUnknown() {
		var err error
		if job.source, err = parseMirrorSource(m.Source.ValueString()); err != nil {
			diags.AddAttributeError(path.Root("source"), "Invalid image to copy", capitalised(stopped(err.Error())))
		}
	}
	if !m.Destinations.IsUnknown() && len(m.Destinations.Elements()) == 0 {
		diags.AddAttributeError(path.Root("destinations"), "No destination", "Name at least one repository to copy to, or remove the resource.")
	}
	taken := map[imageref.Reference]string{}
	for _, name := range slices.Sorted(maps.Keys(m.Destinations.Elements())) {
		text, ok := m.Destinations.Elements()[name].(types.String)
		if !ok || text.IsUnknown() {
			continue
		}
		to, err := parseDestination(text.ValueString(), job.source)
		switch other := taken[to]; {
		case !destinationName.MatchString(name):
			err = errors.New("the name is not valid; use letters, digits, ., _ and -")
		case err == nil && other != "":
			err = fmt.Errorf("%q is destinations[%q] already; keep one", to, other)
		}
		if err != nil {
			diags.AddAttributeError(path.Root("destinations").AtMapKey(name), "Invalid destination", fmt.Sprintf("destinations[%q]: %s", name, stopped(err.Error())))
			continue
		}
		taken[to], job.destinations[name] = name, to
	}
	return job
}

func parseMirrorSource(text string) (imageref.Reference, error) {
	ref, err := imageref.Parse(text)
	if err == nil && !ref.IsPinned() {
		return imageref.Reference{}, fmt.Errorf("%q has no digest, so what is copied would not be what was planned; take pinned of a data source seaworthy_image", text)
	}
	return ref, err
}

// parseDestination completes a destination with the tag and the digest of the source.
func parseDestination(text string, source imageref.Reference) (imageref.Reference, error) {
	to, err := imageref.Parse(text)
	switch {
	case err != nil:
		return imageref.Reference{}, err
	case to.IsLayout():
		return imageref.Reference{}, errors.New("an OCI layout can not be copied to; name a repository in a registry")
	case to.IsPinned():
		return imageref.Reference{}, errors.New("the digest is that of the source; remove it")
	case source == imageref.Reference{}:
		return to, nil
	case to.Repository() == source.Repository():
		return imageref.Reference{}, errors.New("this is the source; name another repository")
	}
	if to.Tag() == "" && source.Tag() != "" {
		if to, err = to.WithTag(source.Tag()); err != nil {
			return imageref.Reference{}, err
		}
	}
	return to.WithDigest(source.Digest())
}

// planned returns mirrored as it will be: its keys are known whenever the names of the destinations are.
func (m imageMirrorModel) planned(job mirrorJob) types.Map {
	if m.Destinations.IsUnknown() {
		return types.MapUnknown(types.StringType)
	}
	mirrored := map[string]attr.Value{}
	for name := range m.Destinations.Elements() {
		mirrored[name] = types.StringUnknown()
		if to, ok := job.destinations[name]; ok && to.IsPinned() {
			mirrored[name] = types.StringValue(to.Pinned())
		}
	}
	return types.MapValueMust(types.StringType, mirrored)
}

// references returns the references of a map that is in the state, by name. What is not one is left out: it is not ours.
func references(m types.Map) map[string]imageref.Reference {
	refs := map[string]imageref.Reference{}
	for name, element := range m.Elements() {
		if text, ok := element.(types.String); ok {
			if ref, err := imageref.Parse(text.ValueString()); err == nil && ref.IsPinned() {
				refs[name] = ref
			}
		}
	}
	return refs
}

// parseMirrorID reads the ID of an import: SOURCE,NAME=DESTINATION and more of the latter.
func parseMirrorID(id string) (imageMirrorModel, error) {
	parts := strings.Split(id, ",")
	destinations := map[string]attr.Value{}
	for _, part := range parts[1:] {
		name, destination, found := strings.Cut(part, "=")
		if !found || destination == "" || destinations[name] != nil {
			return imageMirrorModel{}, fmt.Errorf("%q is not NAME=DESTINATION with a name of its own", part)
		}
		destinations[name] = types.StringValue(destination)
	}
	model := imageMirrorModel{Source: types.StringValue(parts[0]), Destinations: types.MapValueMust(types.StringType, destinations)}
	var diags diag.Diagnostics
	job := model.toDomain(&diags)
	if diags.HasError() {
		return imageMirrorModel{}, errors.New(diags.Errors()[0].Detail())
	}
	model.Mirrored = model.planned(job)
	return model, nil
}
