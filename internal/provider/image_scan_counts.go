package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// countTypes is the type of an object of counts: one whole number for each severity.
func countTypes() map[string]attr.Type {
	all := map[string]attr.Type{}
	for _, s := range vulnerability.Severities() {
		all[s.String()] = types.Int64Type
	}
	return all
}

// countsValue writes counts as such an object.
func countsValue(counts vulnerability.Counts) (types.Object, diag.Diagnostics) {
	values := map[string]attr.Value{}
	for _, s := range vulnerability.Severities() {
		values[s.String()] = types.Int64Value(int64(counts.Of(s)))
	}
	return types.ObjectValue(countTypes(), values)
}
