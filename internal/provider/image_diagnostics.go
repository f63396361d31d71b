package provider

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

// addImageError says why an image could not be read, on the attribute to blame.
func addImageError(diags *diag.Diagnostics, ref imageref.Reference, err error) {
	summary := fmt.Sprintf("Unable to read image %q", ref)
	var missing *imagefacts.PlatformError
	var failed *registry.Error
	switch {
	case errors.As(err, &missing):
		diags.AddAttributeError(path.Root("platforms"), summary, fmt.Sprintf(
			"The image has no variant for %s. It has: %s.\n\nBuild and push the missing platform, or remove it from platforms.",
			strings.Join(missing.Want, ", "), strings.Join(missing.Have, ", ")))
	case errors.As(err, &failed):
		diags.AddAttributeError(path.Root("ref"), summary+": "+string(failed.Kind), registryDetail(failed))
	default:
		diags.AddAttributeError(path.Root("ref"), summary, capitalised(stopped(err.Error())))
	}
}

// addVersionError says why no tag satisfies a version constraint.
func addVersionError(diags *diag.Diagnostics, query imageQuery, err error) {
	var failed *registry.Error
	if errors.As(err, &failed) {
		addImageError(diags, query.ref, err)
		return
	}
	diags.AddAttributeError(path.Root("version"), fmt.Sprintf("Unable to find a version of %q", query.ref), capitalised(stopped(err.Error())))
}

func registryDetail(e *registry.Error) string {
	parts := []string{capitalised(stopped(e.Found))}
	if len(e.NearestTags) > 0 {
		parts = append(parts, "The nearest existing tags are: "+strings.Join(e.NearestTags, ", ")+".")
	}
	for _, mirror := range e.Mirrors {
		parts = append(parts, "Before that, a mirror failed: "+stopped(mirror.Error()))
	}
	if e.Remedy != "" {
		parts = append(parts, capitalised(stopped(e.Remedy)))
	}
	return strings.Join(parts, "\n\n")
}

// checkSizes holds the images that were read against the size budget.
func checkSizes(query imageQuery, image imagefacts.Image, diags *diag.Diagnostics) {
	if query.maxSizeBytes == 0 {
		return
	}
	for _, platform := range slices.Sorted(maps.Keys(image.Images)) {
		if size := image.Images[platform].SizeBytes; size > query.maxSizeBytes {
			diags.AddAttributeError(path.Root("max_size_bytes"), fmt.Sprintf("Image %q is over its size budget", query.ref), fmt.Sprintf(
				"For %s it has %d bytes (compressed), %d more than max_size_bytes = %d.\n\nMake the image smaller, or raise the budget.",
				platform, size, size-query.maxSizeBytes, query.maxSizeBytes))
		}
	}
}
