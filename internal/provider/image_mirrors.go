package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

// mirrorsAtOnce bounds how many mirrors are asked at the same time for one image. Requests are bounded by host as well.
const mirrorsAtOnce = 8

// mirrors checks the mirrors that are known and returns them.
func (m imageModel) mirrors(ref imageref.Reference, diags *diag.Diagnostics) []string {
	var mirrors []string
	for i, element := range m.Mirrors.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsUnknown() {
			continue
		}
		at, err := registry.MirrorReference(ref, text.ValueString())
		switch {
		case err != nil:
		case at.Repository() == ref.Repository():
			err = fmt.Errorf("%q is the image's own registry; name another place", text.ValueString())
		case slices.Contains(mirrors, text.ValueString()):
			err = fmt.Errorf("%q is listed twice; keep one", text.ValueString())
		}
		if err != nil {
			diags.AddAttributeError(path.Root("mirrors").AtListIndex(i), "Invalid mirror", capitalised(stopped(err.Error())))
		}
		mirrors = append(mirrors, text.ValueString())
	}
	return mirrors
}

// checkMirrors asks all mirrors whether they have the image, and returns its reference in each.
func checkMirrors(ctx context.Context, images imageReader, query imageQuery, ref imageref.Reference, image imagefacts.Image, diags *diag.Diagnostics) types.Map {
	pinned, err := ref.WithDigest(image.Digest)
	if err != nil {
		return types.MapNull(types.StringType) // fromDomain has said so
	}
	var further []string
	for _, f := range image.Images {
		if len(query.platforms) > 0 && f.Digest != image.Digest {
			further = append(further, f.Digest)
		}
	}
	slices.Sort(further)
	errs := make([]error, len(query.mirrors))
	copies := make(map[string]attr.Value, len(query.mirrors))
	var group errgroup.Group
	group.SetLimit(mirrorsAtOnce)
	for i, mirror := range query.mirrors {
		at, err := registry.MirrorReference(pinned, mirror)
		if err != nil {
			errs[i] = err
			continue
		}
		copies[mirror] = types.StringValue(at.Pinned())
		group.Go(func() error {
			var found registry.Presence
			if found, errs[i] = images.Presence(ctx, at, further...); errs[i] == nil && !found.IsComplete() {
				errs[i] = &absence{source: pinned, at: at, Presence: found}
			}
			return nil
		})
	}
	_ = group.Wait() // Each has its own error, so that all are told.
	for i, err := range errs {
		addMirrorError(diags, path.Root("mirrors").AtListIndex(i), err)
	}
	return types.MapValueMust(types.StringType, copies)
}

// absence says that a mirror does not have an image.
type absence struct {
	source, at imageref.Reference
	registry.Presence
}

// Error says what is there instead.
func (a *absence) Error() string {
	switch {
	case a.Missing[0] != a.at.Digest():
		return fmt.Sprintf("%s has the index %s but not its manifests %s, of platforms that are required",
			a.at.Repository(), a.at.Digest(), strings.Join(a.Missing, ", "))
	case a.Tagged != "":
		return fmt.Sprintf("%s does not have %s; its tag %s is another image, %s", a.at.Repository(), a.at.Digest(), a.at.Tag(), a.Tagged)
	default:
		return fmt.Sprintf("%s does not have %s", a.at.Repository(), a.at.Digest())
	}
}

// remedy says how to copy the image.
func (a *absence) remedy() string {
	target := a.at.Repository()
	if a.at.Tag() != "" {
		target += ":" + a.at.Tag()
	}
	return fmt.Sprintf("Copy the image with all of its platforms and the same digest: with a resource seaworthy_image_mirror, or by hand:\n\n  skopeo copy --all docker://%s docker://%s\n\nOr remove the mirror from the list.",
		a.source.Repository()+"@"+a.source.Digest(), target)
}

// addMirrorError says why an image is not, or may not be, in a mirror.
func addMirrorError(diags *diag.Diagnostics, at path.Path, err error) {
	var missing *absence
	var failed *registry.Error
	switch {
	case err == nil:
	case errors.As(err, &missing):
		diags.AddAttributeError(at, fmt.Sprintf("Image %q is not in the mirror", missing.source), capitalised(stopped(err.Error()))+"\n\n"+missing.remedy())
	case errors.As(err, &failed):
		diags.AddAttributeError(at, fmt.Sprintf("Unable to look for image %q in a mirror: %s", failed.Reference, failed.Kind), registryDetail(failed))
	default:
		diags.AddAttributeError(at, "Unable to look for an image in a mirror", capitalised(stopped(err.Error())))
	}
}
