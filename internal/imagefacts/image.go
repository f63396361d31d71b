package imagefacts

import (
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Image is what is known of an image or an index. It is shared between callers: treat it as read-only.
type Image struct {
	// Digest is that of the index where there is one, else that of the manifest.
	Digest string
	// MediaType is that of the document which Digest names.
	MediaType string
	// Platforms are all platforms the image has, sorted.
	Platforms []string
	// Images are the facts by platform, for all platforms that were asked for.
	Images map[string]Facts
}

// Entry is one image of an index.
type Entry struct {
	// Platform is the zero Platform if the index does not state one; the image's config then does.
	Platform   Platform
	Descriptor v1.Descriptor
}

// Entries returns the images that an index names, in its order. Attestations, nested indexes and other artifacts are left
// out. Of several entries for one platform the first counts, as for the container runtimes.
func Entries(index *v1.IndexManifest) []Entry {
	var entries []Entry
	seen := map[Platform]bool{}
	for _, d := range index.Manifests {
		platform := PlatformOf(d.Platform)
		if !d.MediaType.IsImage() || platform.isAttestation() || d.Annotations["vnd.docker.reference.type"] != "" {
			continue
		}
		if platform != (Platform{}) && seen[platform] {
			continue
		}
		seen[platform] = true
		entries = append(entries, Entry{Platform: platform, Descriptor: d})
	}
	return entries
}

// Select returns, for each platform of want, the platform of have that satisfies it, without repetitions and in the order of
// have. If want is empty it returns all of have. The error is a *PlatformError that names every platform that is missing.
func Select(have, want []Platform) ([]Platform, error) {
	if len(want) == 0 {
		return have, nil
	}
	chosen := map[Platform]bool{}
	var missing []string
	for _, w := range want {
		i := slices.IndexFunc(have, func(h Platform) bool { return h.Satisfies(w) })
		if i < 0 {
			missing = append(missing, w.String())
			continue
		}
		chosen[have[i]] = true
	}
	if missing != nil {
		return nil, &PlatformError{Want: missing, Have: Names(have)}
	}
	return slices.DeleteFunc(slices.Clone(have), func(h Platform) bool { return !chosen[h] }), nil
}

// Names returns the platforms as sorted strings.
func Names(platforms []Platform) []string {
	names := make([]string, len(platforms))
	for i, p := range platforms {
		names[i] = p.String()
	}
	slices.SortFunc(names, strings.Compare)
	return names
}
