package history

import (
	"maps"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// Changes are what is different in the later of two images. A nil map is unknown.
type Changes struct {
	// PreviousDigest is that of the earlier image.
	PreviousDigest string
	// SizeBytes is by how much the image has grown; negative if it has shrunk.
	SizeBytes int64
	// SizePercent is the same in percent of the earlier image; nil if that had no bytes.
	SizePercent *float64
	// Packages with their versions; those of Changed are "before -> after".
	Added, Removed, Changed map[string]string
	// Vulnerabilities that only the later image has, and that only the earlier one had.
	New, Fixed map[string]vulnerability.Severity
	// Omitted is how many packages and vulnerabilities [Changes.Bounded] has left out.
	Omitted int
}

// Compare returns what changed from one image to the next.
func Compare(before, after Snapshot) Changes {
	c := Changes{PreviousDigest: before.Digest, SizeBytes: after.SizeBytes - before.SizeBytes}
	if before.SizeBytes > 0 {
		percent := float64(c.SizeBytes) / float64(before.SizeBytes) * 100
		c.SizePercent = &percent
	}
	if before.Packages != nil && after.Packages != nil {
		c.Added, c.Removed, c.Changed = missingFrom(before.Packages, after.Packages), missingFrom(after.Packages, before.Packages), map[string]string{}
		for name, version := range after.Packages {
			if old, ok := before.Packages[name]; ok && old != version {
				c.Changed[name] = old + " -> " + version
			}
		}
	}
	if before.Vulnerabilities != nil && after.Vulnerabilities != nil {
		c.New, c.Fixed = missingFrom(before.Vulnerabilities, after.Vulnerabilities), missingFrom(after.Vulnerabilities, before.Vulnerabilities)
	}
	return c
}

// missingFrom returns what the second map has and the first has not.
func missingFrom[V any](first, second map[string]V) map[string]V {
	missing := map[string]V{}
	for key, value := range second {
		if _, ok := first[key]; !ok {
			missing[key] = value
		}
	}
	return missing
}

// Bounded returns changes that may be kept: 500 of each kind, the first by name, or the worst.
func (c Changes) Bounded() Changes {
	for _, list := range []*map[string]string{&c.Added, &c.Removed, &c.Changed} {
		if len(*list) <= maxChanges {
			continue
		}
		c.Omitted += len(*list) - maxChanges
		kept := make(map[string]string, maxChanges)
		for _, name := range slices.Sorted(maps.Keys(*list))[:maxChanges] {
			kept[name] = (*list)[name]
		}
		*list = kept
	}
	for _, list := range []*map[string]vulnerability.Severity{&c.New, &c.Fixed} {
		c.Omitted += max(0, len(*list)-maxChanges)
		*list = worstOf(*list, maxChanges)
	}
	return c
}
