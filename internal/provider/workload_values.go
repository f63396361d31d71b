package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// findingType is the type of an element of findings.
var findingType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"rule_id": types.StringType, "severity": types.StringType, "object": types.StringType, "path": types.StringType,
	"message": types.StringType, "remediation": types.StringType, "reason": types.StringType,
}}

// value is the text, or unknown.
func (k known) value() types.String {
	if !k.known {
		return types.StringUnknown()
	}
	return types.StringValue(k.text)
}

// textsByKey is a map whose elements may be unknown one by one; nil is an unknown map.
func textsByKey(texts map[string]known) types.Map {
	if texts == nil {
		return types.MapUnknown(types.StringType)
	}
	elements := make(map[string]attr.Value, len(texts))
	for key, text := range texts {
		elements[key] = text.value()
	}
	return types.MapValueMust(types.StringType, elements)
}

func (p workloadPlan) findingsValue() types.List {
	if !p.findingsKnown {
		return types.ListUnknown(findingType)
	}
	elements := make([]attr.Value, 0, len(p.findings))
	for _, f := range p.findings {
		reason := types.StringNull()
		if f.Reason != "" {
			reason = types.StringValue(f.Reason)
		}
		elements = append(elements, types.ObjectValueMust(findingType.AttrTypes, map[string]attr.Value{
			"rule_id":     types.StringValue(f.RuleID),
			"severity":    types.StringValue(string(f.Severity)),
			"object":      types.StringValue(f.Object),
			"path":        types.StringValue(f.Path.String()),
			"message":     types.StringValue(f.Message),
			"remediation": types.StringValue(f.Remediation),
			"reason":      reason,
		}))
	}
	return types.ListValueMust(findingType, elements)
}
