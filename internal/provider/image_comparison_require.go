package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/comparison"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// requireModel is the argument require.
type requireModel struct {
	Libc               types.String `tfsdk:"libc"`
	Shell              types.Bool   `tfsdk:"shell"`
	PackageManager     types.Bool   `tfsdk:"package_manager"`
	NonRoot            types.Bool   `tfsdk:"non_root"`
	Platforms          types.List   `tfsdk:"platforms"`
	MaxSizeBytes       types.Int64  `tfsdk:"max_size_bytes"`
	MaxAgeDays         types.Int64  `tfsdk:"max_age_days"`
	SupportedUntil     types.String `tfsdk:"supported_until"`
	HostOS             types.String `tfsdk:"host_os"`
	MaxVulnerabilities types.Object `tfsdk:"max_vulnerabilities"`
}

// requirements converts the argument require and checks what is known of it.
func (m imageComparisonModel) requirements(ctx context.Context, diags *diag.Diagnostics) comparison.Requirements {
	if m.Require.IsNull() || m.Require.IsUnknown() {
		return comparison.Requirements{}
	}
	var r requireModel
	if diags.Append(m.Require.As(ctx, &r, basetypes.ObjectAsOptions{})...); diags.HasError() {
		return comparison.Requirements{}
	}
	q := comparison.Requirements{Shell: boolOrNil(r.Shell), PackageManager: boolOrNil(r.PackageManager), NonRoot: r.NonRoot.ValueBool()}
	if !r.NonRoot.IsNull() && !r.NonRoot.IsUnknown() && !q.NonRoot {
		requireError(diags, "non_root", "Unused requirement", "non_root = false requires nothing. Write true, or remove it.")
	}
	oneOf(path.Root("require"), r.Libc, names(contents.Libcs()), diags)
	if isWritten(r.Libc) {
		libc := contents.Libc(r.Libc.ValueString())
		q.Libc = &libc
	}
	r.limits(&q, diags)
	r.origin(&q, diags)
	r.platforms(&q, diags)
	q.MaxVulnerabilities = r.vulnerabilities(diags)
	return q
}

// requireError puts an error on the argument require. Terraform (1.11) and OpenTofu (1.12) show the source of no deeper path,
// so the text says which requirement it is.
func requireError(diags *diag.Diagnostics, requirement, summary, detail string) {
	diags.AddAttributeError(path.Root("require"), summary, "require."+requirement+": "+detail)
}

func isWritten(value types.String) bool { return !value.IsNull() && !value.IsUnknown() }

func boolOrNil(value types.Bool) *bool {
	if value.IsNull() || value.IsUnknown() {
		return nil
	}
	return value.ValueBoolPointer()
}

// limits converts what bounds numbers.
func (r requireModel) limits(q *comparison.Requirements, diags *diag.Diagnostics) {
	if !r.MaxSizeBytes.IsNull() && !r.MaxSizeBytes.IsUnknown() {
		q.MaxSizeBytes = r.MaxSizeBytes.ValueInt64()
		if q.MaxSizeBytes < 1 {
			requireError(diags, "max_size_bytes", "Invalid requirement", fmt.Sprintf("max_size_bytes is %d. Write 1 or more, or leave it out.", q.MaxSizeBytes))
		}
	}
	if !r.MaxAgeDays.IsNull() && !r.MaxAgeDays.IsUnknown() {
		days := int(r.MaxAgeDays.ValueInt64())
		q.MaxAgeDays = &days
		if days < 0 || days > 36_500 {
			requireError(diags, "max_age_days", "Invalid requirement", fmt.Sprintf("max_age_days is %d. Write a number of days between 0 and 36500.", days))
		}
	}
}

// origin converts what is about the distribution.
func (r requireModel) origin(q *comparison.Requirements, diags *diag.Diagnostics) {
	if isWritten(r.SupportedUntil) {
		q.SupportedUntil = r.SupportedUntil.ValueString()
		if _, err := time.Parse(time.DateOnly, q.SupportedUntil); err != nil {
			requireError(diags, "supported_until", "Invalid requirement", fmt.Sprintf("%q is no day. Write it as YYYY-MM-DD, such as 2027-06-30.", q.SupportedUntil))
		}
	}
	if isWritten(r.HostOS) {
		q.HostOS = r.HostOS.ValueString()
		if !distro.KnownHost(q.HostOS) {
			requireError(diags, "host_os", "Invalid requirement", fmt.Sprintf("The family of the distribution %q is not known. Write the ID of the nodes' /etc/os-release, such as debian, ubuntu, rhel, amzn or alpine.", q.HostOS))
		}
	}
}

func (r requireModel) platforms(q *comparison.Requirements, diags *diag.Diagnostics) {
	for i, element := range r.Platforms.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsUnknown() {
			continue
		}
		platform, err := imagefacts.ParsePlatform(text.ValueString())
		if err != nil {
			requireError(diags, fmt.Sprintf("platforms[%d]", i), "Invalid platform", stopped(err.Error()))
			continue
		}
		q.Platforms = append(q.Platforms, platform)
	}
}

func (r requireModel) vulnerabilities(diags *diag.Diagnostics) vulnerability.Limits {
	limits := vulnerability.Limits{}
	attributes := r.MaxVulnerabilities.Attributes()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		value, ok := attributes[name].(types.Int64)
		if !ok || value.IsNull() || value.IsUnknown() {
			continue
		}
		severity, err := vulnerability.ParseSeverity(name)
		if err != nil || value.ValueInt64() < 0 {
			requireError(diags, "max_vulnerabilities."+name, "Invalid requirement", fmt.Sprintf("The greatest number of %s vulnerabilities is %d. Write 0 or more, or leave it out.", name, value.ValueInt64()))
			continue
		}
		limits[severity] = int(value.ValueInt64())
	}
	if len(attributes) > 0 && len(limits) == 0 && !diags.HasError() && r.isFullyKnown() {
		requireError(diags, "max_vulnerabilities", "Unused requirement", "max_vulnerabilities has no limit in it. Write one, such as { critical = 0 }, or remove it.")
	}
	return limits
}

// isFullyKnown reports whether all limits on vulnerabilities are known.
func (r requireModel) isFullyKnown() bool {
	for _, value := range r.MaxVulnerabilities.Attributes() {
		if value.IsUnknown() {
			return false
		}
	}
	return true
}
