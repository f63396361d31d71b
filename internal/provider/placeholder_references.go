package provider

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// references returns the known strings of every attribute of the given names, of which
// the first is a text and the second a list of texts.
func (f *filler) references(value tftypes.Value, single, list tftypes.AttributeName) []string {
	var references []string
	err := tftypes.Walk(value, func(at *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		steps := at.Steps()
		if len(steps) == 0 || !v.Type().Is(tftypes.String) || !v.IsKnown() || v.IsNull() {
			return true, nil
		}
		name := steps[len(steps)-1]
		if _, element := name.(tftypes.ElementKeyInt); element && len(steps) > 1 {
			name = steps[len(steps)-2]
		}
		if name == single || name == list {
			var reference string
			if err := v.As(&reference); err != nil {
				return false, err
			}
			if !slices.Contains(references, reference) {
				references = append(references, reference)
			}
		}
		return true, nil
	})
	if err != nil {
		f.errs = append(f.errs, err)
	}
	return references
}

// containerNames returns the names of the containers, as far as they are known.
func (f *filler) containerNames(value tftypes.Value) []string {
	var all, named map[string]tftypes.Value
	f.read(value, &all, field.Path{})
	if containers := all["containers"]; containers.IsKnown() && !containers.IsNull() {
		f.read(containers, &named, field.Root("containers"))
	}
	return slices.Sorted(maps.Keys(named))
}
