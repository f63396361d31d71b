package render

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// Encode joins manifests, given by key, into one YAML stream in the order of
// installation. Each text must hold the one object that its key names.
func Encode(manifests map[string]string) (string, error) {
	var parsed []manifest.Manifest
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(manifests)) {
		m, err := manifest.Parse(manifests[key])
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
		case len(m) != 1:
			errs = append(errs, fmt.Errorf("%s: the text holds %d objects: give each object a key of its own", key, len(m)))
		case m[0].Key != key:
			errs = append(errs, fmt.Errorf("%s: the text describes %s: use that as the key", key, m[0].Key))
		default:
			parsed = append(parsed, m[0])
		}
	}
	if len(errs) > 0 {
		return "", errors.Join(errs...)
	}
	slices.SortFunc(parsed, compareInstallOrder)
	var stream strings.Builder
	for _, m := range parsed {
		stream.WriteString("---\n" + m.Text)
	}
	return stream.String(), nil
}

// Decode takes a YAML stream apart into its objects' texts by key, as [manifest.Parse]
// does. Two documents for one object are an error.
func Decode(stream string) (map[string]string, error) {
	parsed, err := manifest.Parse(stream)
	if err != nil {
		return nil, err
	}
	texts := make(map[string]string, len(parsed))
	for _, m := range parsed {
		texts[m.Key] = m.Text
	}
	return texts, nil
}
