package provider

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

// variants is how many times a description with unknown values is filled in:
// three times evenly (every unknown low, high, null) and five times mixed, so
// that two unknowns meet in most combinations of their candidates.
const (
	evenVariants = 3
	variants     = 8
)

// filler turns a Terraform value into plain data (what encoding/json makes of a
// document), with a placeholder for each unknown value.
//
// A description with unknown values is filled several times with different
// candidates, among them null where the attribute is optional. What comes out
// the same every time does not depend on the unknown values; what differs does.
// Candidates are chosen so that a check that could still pass, passes in some
// variant: numbers are once small and once large, and in both orders.
type filler struct {
	variant  int
	count    int          // unknown values so far
	unknowns []field.Path // where they stand
	errs     []error

	// portReferences and containerReferences are how probes, policies and metrics refer to
	// ports and containers. Those that are not known yet are taken to be among them.
	portReferences, containerReferences []string
	// containers are the names of the containers that are known.
	containers []string
}

// document fills a whole resource value.
func (f *filler) document(attrs attributes, value tftypes.Value) map[string]any {
	f.portReferences = f.references(value, "port", "ports")
	f.containerReferences = f.references(value, "container", "containers")
	f.containers = f.containerNames(value)
	return f.object(attrs, value, field.Path{})
}

func (f *filler) object(attrs attributes, value tftypes.Value, at field.Path) map[string]any {
	var members map[string]tftypes.Value
	f.read(value, &members, at)
	filled := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if attrs[name].IsComputed() {
			continue
		}
		if v := f.attribute(attrs[name], name, members[name], at.Attr(name)); v != nil {
			filled[name] = v
		}
	}
	return filled
}

func (f *filler) attribute(a schema.Attribute, name string, value tftypes.Value, at field.Path) any {
	switch {
	case value.IsNull() && !a.IsRequired():
		return nil
	case value.IsNull(), !value.IsKnown(): // the framework itself reports a missing argument
		f.unknowns = append(f.unknowns, at)
		return f.placeholder(a, name)
	}
	switch a := a.(type) {
	case schema.SingleNestedAttribute:
		return f.object(a.Attributes, value, at)
	case schema.MapNestedAttribute:
		return f.mapOf(value, at, func(v tftypes.Value, at field.Path) any { return f.element(a.NestedObject.Attributes, v, at) })
	case schema.ListNestedAttribute:
		return f.listOf(value, at, func(v tftypes.Value, at field.Path) any { return f.element(a.NestedObject.Attributes, v, at) })
	case schema.MapAttribute:
		return f.mapOf(value, at, func(v tftypes.Value, at field.Path) any { return f.scalarElement(a.ElementType, name, v, at) })
	case schema.ListAttribute:
		return f.listOf(value, at, func(v tftypes.Value, at field.Path) any { return f.scalarElement(a.ElementType, name, v, at) })
	default:
		return f.scalar(value, at)
	}
}

// element fills an object that is an element of a map or list.
func (f *filler) element(attrs attributes, value tftypes.Value, at field.Path) any {
	if !value.IsKnown() {
		f.unknowns = append(f.unknowns, at)
		return f.placeholderObject(attrs)
	}
	return f.object(attrs, value, at)
}

func (f *filler) scalarElement(elementType attr.Type, name string, value tftypes.Value, at field.Path) any {
	inner, nested := elementType.(types.MapType) // such as the variables of each container
	if !value.IsKnown() {
		f.unknowns = append(f.unknowns, at)
		if nested {
			return f.placeholderMap(inner.ElemType, name)
		}
		return f.placeholderScalar(elementType, name, false)
	}
	if nested {
		return f.mapOf(value, at, func(v tftypes.Value, at field.Path) any { return f.scalarElement(inner.ElemType, name, v, at) })
	}
	return f.scalar(value, at)
}

func (f *filler) mapOf(value tftypes.Value, at field.Path, element func(tftypes.Value, field.Path) any) any {
	var members map[string]tftypes.Value
	f.read(value, &members, at)
	filled := make(map[string]any, len(members))
	for _, key := range slices.Sorted(maps.Keys(members)) {
		filled[key] = f.notNull(members[key], at.Key(key), element)
	}
	return filled
}

func (f *filler) listOf(value tftypes.Value, at field.Path, element func(tftypes.Value, field.Path) any) any {
	var members []tftypes.Value
	f.read(value, &members, at)
	filled := make([]any, 0, len(members))
	for i, v := range members {
		filled = append(filled, f.notNull(v, at.Index(i), element))
	}
	return filled
}

// notNull refuses an element that is null: nothing says whether its author
// meant "empty" or "not there".
func (f *filler) notNull(value tftypes.Value, at field.Path, element func(tftypes.Value, field.Path) any) any {
	if value.IsNull() {
		f.errs = append(f.errs, field.Errorf(at, "is null: give it a value or leave it out"))
		return nil
	}
	return element(value, at)
}

func (f *filler) scalar(value tftypes.Value, at field.Path) any {
	switch {
	case value.Type().Is(tftypes.String):
		var s string
		f.read(value, &s, at)
		return s
	case value.Type().Is(tftypes.Bool):
		var b bool
		f.read(value, &b, at)
		return b
	default:
		var n big.Float
		f.read(value, &n, at)
		i, accuracy := n.Int64()
		if accuracy != big.Exact {
			f.errs = append(f.errs, field.Errorf(at, "is %s: use a whole number", n.Text('f', -1)))
		}
		return i
	}
}

// read decodes a known value; the schema's types make a failure a defect of ours.
func (f *filler) read(value tftypes.Value, into any, at field.Path) {
	if err := value.As(into); err != nil {
		f.errs = append(f.errs, field.Errorf(at, "cannot be read: %s", err))
	}
}

// placeholder returns this variant's candidate for an unknown attribute; nil is null.
func (f *filler) placeholder(a schema.Attribute, name string) any {
	optional := a.IsOptional()
	switch a := a.(type) {
	case schema.SingleNestedAttribute:
		if f.pick(2) == 1 && optional {
			return nil
		}
		return f.placeholderObject(a.Attributes)
	case schema.MapNestedAttribute:
		return f.collection(optional, map[string]any{}, func() any {
			return f.placeholderObjects(a.NestedObject.Attributes, name)
		})
	case schema.ListNestedAttribute:
		return f.collection(optional, []any{}, func() any { return f.placeholderList(a.NestedObject.Attributes, name) })
	case schema.MapAttribute:
		return f.collection(optional, map[string]any{}, func() any { return f.placeholderMap(a.ElementType, name) })
	case schema.ListAttribute:
		return f.collection(optional, []any{}, func() any { return []any{f.placeholderScalar(a.ElementType, name, false)} })
	default:
		return f.placeholderScalar(a.GetType(), name, optional)
	}
}

func (f *filler) placeholderObject(attrs attributes) map[string]any {
	filled := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if v := f.placeholder(attrs[name], name); v != nil {
			filled[name] = v
		}
	}
	return filled
}

// placeholderList fills a list with one element. Terms of affinity get one more that says no
// more than it must: it is about the workload's own pods, which is what rules look for.
func (f *filler) placeholderList(attrs attributes, name string) []any {
	filled := []any{f.placeholderObject(attrs)}
	if name == "required" || name == "preferred" {
		least := map[string]any{}
		for _, inner := range slices.Sorted(maps.Keys(attrs)) {
			if attrs[inner].IsRequired() {
				least[inner] = f.placeholder(attrs[inner], inner)
			}
		}
		filled = append(filled, least)
	}
	return filled
}

// containerKeys returns the names of the containers, for what is by container.
func (f *filler) containerKeys(otherwise []string) []string {
	if len(f.containers) == 0 {
		return otherwise
	}
	return f.containers
}

// placeholderObjects fills a map with one element, or with every port or container that
// something refers to.
func (f *filler) placeholderObjects(attrs attributes, name string) map[string]any {
	filled := map[string]any{f.label(): f.placeholderObject(attrs)}
	if name == "resources" { // of a candidate: the others are no map
		filled = map[string]any{}
		for _, container := range f.containerKeys([]string{f.label()}) {
			filled[container] = f.placeholderObject(attrs)
		}
	}
	if name == "containers" {
		for _, reference := range f.containerReferences {
			filled[reference] = f.placeholderObject(attrs)
		}
	}
	if name != "ports" {
		return filled
	}
	for _, reference := range f.portReferences {
		port := f.placeholderObject(attrs)
		if number, err := strconv.Atoi(reference); err == nil {
			port["container_port"] = number
			reference = f.label()
		}
		filled[reference] = port
	}
	return filled
}

// collection picks one element, none, or null.
func (f *filler) collection(optional bool, empty any, one func() any) any {
	switch pick := f.pick(3); {
	case pick == 2 && optional:
		return nil
	case pick == 0:
		return one()
	default:
		return empty
	}
}

// placeholderMap fills the keys that rules ask for, where they ask for some.
func (f *filler) placeholderMap(elementType attr.Type, name string) map[string]any {
	keys := []string{f.label()}
	switch name {
	case "requests", "limits", "min_allowed", "max_allowed":
		keys = []string{"cpu", "memory", "ephemeral-storage"}
	case "images":
		keys = f.containerKeys(keys)
	case "exceptions":
		keys = nil
		for _, rule := range hardening.All() {
			keys = append(keys, rule.ID)
		}
	}
	if _, nested := elementType.(types.MapType); nested {
		keys = f.containerKeys(keys)
	}
	filled := map[string]any{}
	for _, key := range keys {
		if inner, nested := elementType.(types.MapType); nested {
			filled[key] = f.placeholderMap(inner.ElemType, name)
			continue
		}
		filled[key] = f.placeholderScalar(elementType, name, false)
	}
	return filled
}

func (f *filler) placeholderScalar(t attr.Type, name string, optional bool) any {
	n := 2
	if optional {
		n = 3
	}
	pick := f.pick(n)
	if pick == 2 {
		return nil
	}
	number := []int{f.count, 60000 - f.count}[pick]
	switch {
	case t.Equal(types.BoolType):
		return pick == 1
	case t.Equal(types.Int32Type), t.Equal(types.Int64Type):
		return number
	case name == "kind":
		return f.kind()
	}
	if name == "containers" && pick == 0 && len(f.containers) > 0 {
		return f.containers[0] // what is for one container may be for this one
	}
	return placeholderText(name, number, pick)
}

// label returns a map key that no user writes by chance.
func (f *filler) label() string { return fmt.Sprintf("unknown-%d", f.count) }

// pick chooses one of n candidates for the next unknown value.
func (f *filler) pick(n int) int {
	f.count++
	if f.variant < evenVariants {
		return min(f.variant, n-1)
	}
	h := fnv.New32a()
	fmt.Fprintf(h, "%d of %d", f.count, f.variant)
	return int(h.Sum32()>>8) % n
}

// certain reports whether an error is about values that are known: its place, and
// all that it rests on, be it above or below an unknown value.
func (f *filler) certain(e *field.Error) bool {
	return !slices.ContainsFunc(f.unknowns, func(unknown field.Path) bool {
		return e.Path.HasPrefix(unknown) || slices.ContainsFunc(e.Rests, func(at field.Path) bool {
			return at.HasPrefix(unknown) || unknown.HasPrefix(at)
		})
	})
}

// unknownBelow reports whether an attribute, or anything in it, is unknown.
func (f *filler) unknownBelow(name string) bool {
	return slices.ContainsFunc(f.unknowns, func(at field.Path) bool { return at.HasPrefix(field.Root(name)) })
}

// unknownAt reports whether one of the top-level attributes is unknown.
func (f *filler) unknownAt(names ...string) bool {
	return slices.ContainsFunc(f.unknowns, func(at field.Path) bool { return slices.Contains(names, at.String()) })
}
