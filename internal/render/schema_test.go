package render_test

import (
	"encoding/json"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/chart"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
)

// schema is the part of JSON Schema that values.schema.json uses.
type schema struct {
	Ref                  string             `json:"$ref"`
	Defs                 map[string]*schema `json:"$defs"`
	Description          string             `json:"description"`
	Type                 any                `json:"type"`
	Enum                 []string           `json:"enum"`
	Properties           map[string]*schema `json:"properties"`
	Required             []string           `json:"required"`
	AdditionalProperties json.RawMessage    `json:"additionalProperties"`
	Items                *schema            `json:"items"`
}

func readSchema(t *testing.T) *schema {
	t.Helper()
	data, err := fs.ReadFile(chart.Files(), "values.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// TestValues_StructAndSchemaSayTheSame walks the struct and the schema together.
// Below a type of Kubernetes, whose shape is not ours, the schema says nothing.
func TestValues_StructAndSchemaSayTheSame(t *testing.T) {
	t.Parallel()
	root := readSchema(t)
	used := map[string]bool{}
	var compare func(at string, typ reflect.Type, s *schema)
	resolve := func(s *schema) *schema {
		if name, isRef := strings.CutPrefix(s.Ref, "#/$defs/"); isRef {
			used[name] = true
			return root.Defs[name]
		}
		return s
	}
	compare = func(at string, typ reflect.Type, s *schema) {
		if s = resolve(s); s == nil {
			t.Errorf("%s: not in the schema", at)
			return
		}
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if want := jsonTypes(typ); s.Enum == nil && !slices.Contains(want, typeName(s.Type)) {
			t.Errorf("%s: the schema says %v, the struct %v", at, s.Type, want)
		}
		switch {
		case typ.Kind() == reflect.Slice && s.Items != nil:
			compare(at+"[]", typ.Elem(), s.Items)
		case typ.Kind() == reflect.Map && isOurs(typ.Elem()):
			var items schema
			if err := json.Unmarshal(s.AdditionalProperties, &items); err != nil {
				t.Errorf("%s: %v", at, err)
			}
			compare(at+"{}", typ.Elem(), &items)
		case typ.Kind() == reflect.Struct && isOurs(typ):
			if string(s.AdditionalProperties) != "false" {
				t.Errorf("%s: the schema takes fields that it does not name", at)
			}
			names, required := jsonFields(typ)
			if diff := cmp.Diff(names, sortedKeys(s.Properties)); diff != "" {
				t.Errorf("%s: fields (-struct +schema):\n%s", at, diff)
			}
			slices.Sort(s.Required)
			if diff := cmp.Diff(required, s.Required, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: required fields (-struct +schema):\n%s", at, diff)
			}
			for field := range typ.Fields() {
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				if property := s.Properties[name]; property != nil {
					compare(at+"."+name, field.Type, property)
				}
			}
		}
	}
	compare("values", reflect.TypeFor[render.Values](), root)
	if diff := cmp.Diff(sortedKeys(root.Defs), sortedKeys(used)); diff != "" {
		t.Errorf("definitions (-schema +used):\n%s", diff)
	}
}

func TestValues_SchemaDescribesEveryField(t *testing.T) {
	t.Parallel()
	root := readSchema(t)
	for name, def := range root.Defs {
		if !strings.HasSuffix(def.Description, ".") {
			t.Errorf("%s has no description that ends with a period", name)
		}
		for field, property := range def.Properties {
			if property.Ref == "" && !strings.HasSuffix(property.Description, ".") {
				t.Errorf("%s.%s has no description that ends with a period", name, field)
			}
		}
	}
}

func isOurs(typ reflect.Type) bool {
	return typ.Kind() == reflect.Struct && strings.HasSuffix(typ.PkgPath(), "/internal/render")
}

// jsonTypes returns what a type may be in JSON.
func jsonTypes(typ reflect.Type) []string {
	switch {
	case typ.Name() == "IntOrString":
		return []string{"integer string"}
	case typ.Kind() == reflect.String:
		return []string{"string"}
	case typ.Kind() == reflect.Bool:
		return []string{"boolean"}
	case typ.Kind() == reflect.Slice:
		return []string{"array"}
	case typ.Kind() == reflect.Struct, typ.Kind() == reflect.Map:
		return []string{"object", "object null"}
	default:
		return []string{"integer", "integer null"}
	}
}

func typeName(typ any) string {
	names, isList := typ.([]any)
	if !isList {
		name, _ := typ.(string)
		return name
	}
	var all []string
	for _, name := range names {
		all = append(all, name.(string)) //nolint:forcetypeassert // a test may panic on its own data
	}
	return strings.Join(all, " ")
}

// jsonFields returns the JSON names of a struct's fields, and of those that are always written.
func jsonFields(typ reflect.Type) (names, required []string) {
	for field := range typ.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
		if options != "omitempty" {
			required = append(required, name)
		}
	}
	slices.Sort(names)
	slices.Sort(required)
	return names, required
}
