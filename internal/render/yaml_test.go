package render_test

import (
	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	yamlv3 "go.yaml.in/yaml/v3"
	sigsyaml "sigs.k8s.io/yaml"
)

// yamlReaders are the readers that our manifests meet: kubectl's and the API server's,
// that of newer tools, and the one behind Terraform's yamldecode.
var yamlReaders = map[string]func(text string) (any, error){
	"kubectl": func(text string) (tree any, err error) {
		err = sigsyaml.Unmarshal([]byte(text), &tree)
		return tree, err
	},
	"yaml v3": func(text string) (tree any, err error) {
		err = yamlv3.Unmarshal([]byte(text), &tree)
		return tree, err
	},
	"terraform": func(text string) (any, error) {
		typ, err := ctyyaml.Standard.ImpliedType([]byte(text))
		if err != nil {
			return nil, err
		}
		value, err := ctyyaml.Standard.Unmarshal([]byte(text), typ)
		if err != nil {
			return nil, err
		}
		return fromCty(value), nil
	},
}

// fromCty turns Terraform's value into maps, lists and strings; of other scalars
// it keeps cty's value, which no text is equal to.
func fromCty(value cty.Value) any {
	switch typ := value.Type(); {
	case value.IsNull():
		return nil
	case typ == cty.String:
		return value.AsString()
	case typ.IsObjectType():
		m := map[string]any{}
		for key, item := range value.AsValueMap() {
			m[key] = fromCty(item)
		}
		return m
	case typ.IsTupleType():
		var l []any
		for _, item := range value.AsValueSlice() {
			l = append(l, fromCty(item))
		}
		return l
	default:
		return value
	}
}
