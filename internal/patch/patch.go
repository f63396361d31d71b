package patch

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// Patch is one change of one manifest. Exactly one of StrategicMerge and JSONPatch is set.
type Patch struct {
	// Target is the manifest's key, such as Deployment.apps/shop/api, or kind and name:
	// Deployment/api.
	Target string
	// Also names a second manifest, in the same way, that gets the same change. It need not be there,
	// and may be as the change makes it. Empty is none.
	Also string
	// StrategicMerge is a part of the object, in YAML or JSON.
	StrategicMerge string
	// JSONPatch is a list of operations of RFC 6902, in YAML or JSON.
	JSONPatch string
}

// Apply returns the manifests with the patches applied in their order. The manifests
// that were given are not changed.
//
// The error joins a [*field.Error] at an attribute of patches[i] for each patch that
// could not be applied; it rests on the whole description, unless the patch is malformed
// by itself. The manifests are returned in any case, with the patches that have no error.
func Apply(manifests []manifest.Manifest, patches []Patch) ([]manifest.Manifest, error) {
	patched := slices.Clone(manifests)
	var errs []error
	for i, p := range patches {
		at := field.Root("patches").Index(i)
		target, err := find(patched, p.Target)
		if err != nil {
			errs = append(errs, field.Errorf(at.Attr("target"), "%s", err))
			continue
		}
		m, err := p.apply(patched[target])
		if err != nil {
			errs = append(errs, p.blame(at, err))
			continue
		}
		patched[target] = m
		if also, err := find(patched, p.Also); p.Also != "" && err == nil {
			if m, err := p.apply(patched[also]); err == nil {
				patched[also] = m
			} else if !errors.Is(err, errUnchanged) {
				errs = append(errs, p.blame(at, fmt.Errorf("%s: %w", patched[also].Key, err)))
			}
		}
	}
	return patched, errors.Join(errs...)
}

// errUnchanged is the fault of a patch that has no effect.
var errUnchanged = errors.New("changes nothing, because the manifest is so already: remove the patch")

// blame puts an error on the attribute that holds the change.
func (p Patch) blame(at field.Path, err error) error {
	problem := field.Errorf(at.Attr(p.attribute()), "%s", err)
	if !errors.As(err, new(malformed)) {
		problem = problem.RestsOn(field.Path{}) // on all that the object was rendered from
	}
	return problem
}

// malformed is an error of a patch by itself, whatever object it is for.
type malformed struct{ error }

// attribute names the attribute that holds the change.
func (p Patch) attribute() string {
	if p.JSONPatch != "" {
		return "json_patch"
	}
	return "strategic_merge"
}

// find returns the index of the manifest that a target names.
func find(manifests []manifest.Manifest, target string) (int, error) {
	var found []int
	for i, m := range manifests {
		if m.Key == target {
			return i, nil
		}
		if short(m.Key) == target {
			found = append(found, i)
		}
	}
	keys := make([]string, len(manifests))
	for i, m := range manifests {
		keys[i] = m.Key
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return 0, fmt.Errorf("there is no manifest %q to be patched: use one of %s", target, strings.Join(keys, ", "))
	default:
		return 0, fmt.Errorf("%q names %d manifests: use a whole key, one of %s", target, len(found), strings.Join(keys, ", "))
	}
}

// short writes a key without group and namespace: Deployment/api.
func short(key string) string {
	parts := strings.Split(key, "/")
	kind, _, _ := strings.Cut(parts[0], ".")
	return kind + "/" + parts[len(parts)-1]
}

// apply returns the manifest with the patch applied.
func (p Patch) apply(m manifest.Manifest) (manifest.Manifest, error) {
	before, err := manifest.ToJSON(m.Text)
	if err != nil {
		return m, err
	}
	after, err := p.change(before, m)
	if err != nil {
		return m, err
	}
	was, err := plain(before)
	if err != nil {
		return m, err
	}
	want, err := plain(after)
	if err != nil {
		return m, fmt.Errorf("nothing would be left of the object: a patch changes it and does not remove it")
	}
	if reflect.DeepEqual(was, want) {
		return m, errUnchanged
	}
	if err := checkIdentity(was, want); err != nil {
		return m, err
	}
	return decode(m, was, want)
}

// decode makes a manifest of the patched object, and refuses what its type refuses.
func decode(m manifest.Manifest, was, want map[string]any) (manifest.Manifest, error) {
	text, err := rewrite(m.Text, was, want)
	if err != nil {
		return m, err
	}
	parsed, err := manifest.Parse(text)
	if err != nil {
		return m, fmt.Errorf("the patched object is not valid: %w", err)
	}
	if len(parsed) != 1 || parsed[0].Key != m.Key {
		return m, fmt.Errorf("the patched object is no longer %s", m.Key)
	}
	return parsed[0], nil
}

// plain decodes a JSON object, with its numbers as they are written.
func plain(data []byte) (map[string]any, error) {
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return nil, err
	}
	if object == nil {
		return nil, errors.New("null is no object")
	}
	return object, nil
}
