package workload

import "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"

// Patch changes one rendered manifest after everything else was decided; package
// patch applies it. Exactly one of StrategicMerge and JSONPatch is set.
type Patch struct {
	// Target is the key of a manifest, or its kind and name: Deployment/api.
	Target string `json:"target"`
	// StrategicMerge is a part of the object in YAML; nil where JSONPatch is set.
	StrategicMerge *string `json:"strategic_merge,omitempty"`
	// JSONPatch is a list of operations of RFC 6902 in YAML; nil where StrategicMerge is set.
	JSONPatch *string `json:"json_patch,omitempty"`
}

// validatePatches leaves what a patch does to package patch, which knows the manifests.
func (w Workload) validatePatches(c *checks) {
	for i, patch := range w.Patches {
		at := field.Root("patches").Index(i)
		if patch.Target == "" {
			c.fail(at.Attr("target"), "is empty: name a manifest by its key, such as %q", string(w.Kind)+"/"+w.Name)
		}
		switch {
		case patch.StrategicMerge == nil && patch.JSONPatch == nil:
			c.fail(at, "changes nothing: set strategic_merge or json_patch")
		case patch.StrategicMerge != nil && patch.JSONPatch != nil:
			c.fail(at.Attr("json_patch"), "cannot be set together with strategic_merge: write two patches, one after the other")
		}
		c.notEmpty(at.Attr("strategic_merge"), patch.StrategicMerge)
		c.notEmpty(at.Attr("json_patch"), patch.JSONPatch)
	}
}

// notEmpty fails on the text of a patch that has none.
func (c *checks) notEmpty(p field.Path, text *string) {
	if text != nil && *text == "" {
		c.fail(p, "is empty: write the change in YAML, or remove the patch")
	}
}
