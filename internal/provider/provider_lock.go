package provider

import (
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

// lockSetting returns the attribute, else the environment's value, else "".
func lockSetting(value types.String, name string, diags *diag.Diagnostics) string {
	if !value.IsNull() && value.ValueString() == "" {
		diags.AddAttributeError(path.Root(name), "Invalid setting", fmt.Sprintf("%s is empty. Write a value, or leave the attribute out.", name))
		return ""
	}
	if !value.IsNull() {
		return value.ValueString()
	}
	return os.Getenv("SEAWORTHY_" + strings.ToUpper(name))
}

// lockUpgrade returns the entries of the lock file that this run is to decide anew. It is no attribute: what is written
// in a configuration would hold for every run.
func lockUpgrade() []string {
	return strings.FieldsFunc(os.Getenv("SEAWORTHY_LOCK_UPGRADE"), func(r rune) bool { return r == ',' || r == ' ' })
}

// warnIfMoved tells that the registry has another image under a locked tag.
func warnIfMoved(diags *diag.Diagnostics, ref imageref.Reference, resolution registry.Resolution) {
	if resolution.Moved == "" {
		return
	}
	diags.AddAttributeWarning(path.Root("ref"), fmt.Sprintf("The tag of %q has moved", ref), fmt.Sprintf(
		"The lock file has %s, which is used. The registry has %s for this tag now.\n\n"+
			"To take the new image, run this once and review the change of the lock file: %s", resolution.Digest, resolution.Moved, registry.UpgradeCommand(ref)))
}
