package provider

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/function"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// What a user may write and what the domain reads must be the same: an attribute
// that no field takes would be a dead argument, a field without an attribute dead code.
func TestWorkloadSchema_IsTheDescription(t *testing.T) {
	t.Parallel()
	var fromSchema, fromStruct []string
	schemaPaths(&fromSchema, "", workloadSchema().Attributes)
	structPaths(&fromStruct, "", reflect.TypeFor[workload.Workload]())
	slices.Sort(fromSchema)
	slices.Sort(fromStruct)
	if diff := cmp.Diff(fromStruct, fromSchema); diff != "" {
		t.Errorf("description and schema differ (-workload.Workload +schema):\n%s", diff)
	}
}

// schemaPaths lists every argument with its type, such as "containers{}.ports{}.container_port int32".
func schemaPaths(paths *[]string, prefix string, attrs attributes) {
	for name, a := range attrs {
		if a.IsComputed() {
			continue
		}
		path := prefix + name
		switch a := a.(type) {
		case schema.SingleNestedAttribute:
			*paths = append(*paths, path+" object")
			schemaPaths(paths, path+".", a.Attributes)
		case schema.MapNestedAttribute:
			*paths = append(*paths, path+" map of object")
			schemaPaths(paths, path+"{}.", a.NestedObject.Attributes)
		case schema.ListNestedAttribute:
			*paths = append(*paths, path+" list of object")
			schemaPaths(paths, path+"[].", a.NestedObject.Attributes)
		case schema.MapAttribute:
			*paths = append(*paths, path+" map of "+typeName(a.ElementType.String()))
		case schema.ListAttribute:
			*paths = append(*paths, path+" list of "+typeName(a.ElementType.String()))
		default:
			*paths = append(*paths, path+" "+typeName(a.GetType().String()))
		}
	}
}

func typeName(framework string) string {
	if inner, nested := strings.CutPrefix(framework, "types.MapType["); nested {
		return "map of " + typeName(strings.TrimSuffix(inner, "]"))
	}
	name := strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(framework, "basetypes."), "Type"))
	return name
}

func structPaths(paths *[]string, prefix string, t reflect.Type) {
	for field := range fieldsOf(t) {
		path := prefix + field.name
		element := field.typ
		switch {
		case element.Kind() == reflect.Map && element.Elem().Kind() == reflect.Struct:
			*paths = append(*paths, path+" map of object")
			structPaths(paths, path+"{}.", element.Elem())
		case element.Kind() == reflect.Slice && element.Elem().Kind() == reflect.Struct:
			*paths = append(*paths, path+" list of object")
			structPaths(paths, path+"[].", element.Elem())
		case element.Kind() == reflect.Struct:
			*paths = append(*paths, path+" object")
			structPaths(paths, path+".", element)
		case element.Kind() == reflect.Map && element.Elem().Kind() == reflect.Map:
			*paths = append(*paths, path+" map of map of "+element.Elem().Elem().Kind().String())
		case element.Kind() == reflect.Map:
			*paths = append(*paths, path+" map of "+element.Elem().Kind().String())
		case element.Kind() == reflect.Slice:
			*paths = append(*paths, path+" list of "+element.Elem().Kind().String())
		default:
			*paths = append(*paths, path+" "+element.Kind().String())
		}
	}
}

type namedField struct {
	name string
	typ  reflect.Type
}

// fieldsOf yields the JSON fields of a struct, pointers taken off.
func fieldsOf(t reflect.Type) func(yield func(namedField) bool) {
	return func(yield func(namedField) bool) {
		for _, f := range jsonFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			typ := f.Type
			if typ.Kind() == reflect.Pointer {
				typ = typ.Elem()
			}
			if !yield(namedField{name, typ}) {
				return
			}
		}
	}
}

// jsonFields returns the fields of a struct, those of an embedded one among them.
func jsonFields(t reflect.Type) []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(t), func(f reflect.StructField) bool { return f.Anonymous || f.Tag.Get("json") == "-" })
}

// Required means the same on both sides: a field that JSON always writes.
func TestWorkloadSchema_RequiresWhatTheDescriptionRequires(t *testing.T) {
	t.Parallel()
	var check func(prefix string, attrs attributes, typ reflect.Type)
	check = func(prefix string, attrs attributes, typ reflect.Type) {
		for _, f := range jsonFields(typ) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			a := attrs[name]
			if want := options != "omitempty"; a.IsRequired() != want {
				t.Errorf("%s%s: required = %t, want %t", prefix, name, a.IsRequired(), want)
			}
			inner := f.Type
			for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Map || inner.Kind() == reflect.Slice {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct {
				check(prefix+name+".", innerAttributes(a), inner)
			}
		}
	}
	check("", workloadSchema().Attributes, reflect.TypeFor[workload.Workload]())
}

func innerAttributes(a schema.Attribute) attributes {
	switch a := a.(type) {
	case schema.SingleNestedAttribute:
		return a.Attributes
	case schema.MapNestedAttribute:
		return a.NestedObject.Attributes
	case schema.ListNestedAttribute:
		return a.NestedObject.Attributes
	}
	return nil
}

// Every attribute and argument has a description that is a sentence.
func TestSchemas_EveryAttributeIsDescribed(t *testing.T) {
	t.Parallel()
	descriptions := map[string]string{}
	var walk func(prefix string, a any)
	walk = func(prefix string, a any) {
		value := reflect.ValueOf(a)
		if d := value.FieldByName("MarkdownDescription"); d.IsValid() {
			descriptions[prefix] = d.String()
		}
		inner := value.FieldByName("Attributes")
		if nested := value.FieldByName("NestedObject"); nested.IsValid() {
			inner = nested.FieldByName("Attributes")
		}
		if inner.IsValid() {
			for _, name := range inner.MapKeys() {
				walk(prefix+"."+name.String(), inner.MapIndex(name).Interface())
			}
		}
	}
	for name, s := range map[string]any{"provider": providerSchema(), "seaworthy_workload": workloadSchema(), "seaworthy_image": imageSchema(), "seaworthy_policy_report": policyReportSchema()} {
		switch s.(type) {
		case providerschema.Schema, schema.Schema, datasourceschema.Schema:
			walk(name, s)
		default:
			t.Fatalf("%s: %T", name, s)
		}
	}
	for _, newFunction := range (&seaworthyProvider{}).Functions(t.Context()) {
		f := newFunction()
		var metadata function.MetadataResponse
		f.Metadata(context.Background(), function.MetadataRequest{}, &metadata)
		var definition function.DefinitionResponse
		f.Definition(context.Background(), function.DefinitionRequest{}, &definition)
		descriptions[metadata.Name] = definition.Definition.MarkdownDescription
		for _, p := range definition.Definition.Parameters {
			descriptions[metadata.Name+"("+p.GetName()+")"] = p.GetMarkdownDescription()
		}
	}
	if len(descriptions) < 150 {
		t.Fatalf("only %d attributes were seen", len(descriptions))
	}
	for name, description := range descriptions {
		if !strings.HasSuffix(description, ".") && !strings.HasSuffix(description, ").") {
			t.Errorf("%s: %q is no sentence", name, description)
		}
	}
}
