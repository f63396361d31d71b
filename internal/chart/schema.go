package chart

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Validate reports what in the values does not follow the chart's
// values.schema.json. It is the check that Helm makes, with the schema compiled once
// and not for every rendering, where it would take longer than all the rest.
func Validate(values map[string]any) error {
	compiled, err := schema()
	if err != nil {
		return err
	}
	if err := compiled.Validate(values); err != nil {
		return fmt.Errorf("values of the chart: %w", err)
	}
	return nil
}

var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	const name = "values.schema.json"
	chart, err := Load()
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(chart.Schema))
	if err != nil {
		return nil, fmt.Errorf("embedded chart: %s: %w", name, err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, document); err != nil {
		return nil, fmt.Errorf("embedded chart: %w", err)
	}
	compiled, err := compiler.Compile(name)
	if err != nil {
		return nil, fmt.Errorf("embedded chart: %w", err)
	}
	return compiled, nil
})
