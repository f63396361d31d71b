package provider

import (
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
)

// releasesAttribute is the provider's attribute releases_file.
func releasesAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "CSV file with ends of life of distributions that are newer than the provider's own or correct them; its first line is " +
			"`id,version,end_of_life,extended,source,read`, with days as `YYYY-MM-DD`. Default is the environment variable `SEAWORTHY_RELEASES_FILE`, then none.",
	}
}

// releases returns the provider's table, with the rows of the file over them.
func releases(value types.String, diags *diag.Diagnostics) *distro.Table {
	table, err := distro.EmbeddedTable()
	if err != nil {
		diags.AddError("Unable to read the table of releases", "This is a defect of the provider: please report it.\n\nOriginal error: "+err.Error())
		return nil
	}
	name := value.ValueString()
	if value.IsNull() {
		name = os.Getenv("SEAWORTHY_RELEASES_FILE")
	}
	switch {
	case name == "" && value.IsNull():
		return table
	case name == "":
		diags.AddAttributeError(path.Root("releases_file"), "Invalid table of releases", "The file's name is empty. Name one, or leave the attribute out.")
		return table
	}
	file, err := os.Open(name)
	if err == nil {
		defer file.Close() //nolint:errcheck // The file is only read.
		err = table.Add(file)
	}
	if err != nil {
		diags.AddAttributeError(path.Root("releases_file"), "Invalid table of releases", fmt.Sprintf("The file %q can not be used: %s", name, stopped(err.Error())))
	}
	return table
}
