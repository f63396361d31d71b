package provider

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorydb"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// advisoryStore opens the advisory database.
type advisoryStore interface {
	Open(ctx context.Context) (*advisorydb.Opened, error)
}

// advisoriesAttribute is the provider's attribute vulnerability_database.
func advisoriesAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Database of known vulnerabilities, in the format of trivy-db (schema version 2). It is read only by data sources that look for " +
			"vulnerabilities, and then kept in `cache_dir`. Default is the public one.",
		Attributes: map[string]schema.Attribute{
			"ref": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "OCI artifact that holds the database. With a digest (`…:2@sha256:…`) it is pinned, and one that is kept needs no network. Mirrors and credentials " +
					"are those of `registries`. Default is the environment variable `SEAWORTHY_VULNERABILITY_DATABASE_REF`, then `" + advisorydb.DefaultRef + "`.",
			},
			"path": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Directory with `trivy.db` and `metadata.json`, or the artifact's archive (`db.tar.gz`), in place of `ref`; no network is needed. " +
					"Default is the environment variable `SEAWORTHY_VULNERABILITY_DATABASE_PATH`, then none.",
			},
			"sha256": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "SHA-256 that the archive at `path` must have, or `trivy.db` where `path` is a directory, as 64 hexadecimal digits. Default is no check.",
			},
			"warn_age_hours": schema.Int64Attribute{
				Optional: true, MarkdownDescription: "Age in hours from which a warning says how old the database is. Default is `48`.",
			},
			"max_age_hours": schema.Int64Attribute{
				Optional: true, MarkdownDescription: "Age in hours beyond which the database is not used, which is an error. Default is `168`, a week.",
			},
		},
	}
}

// advisoriesModel is the provider's attribute vulnerability_database.
type advisoriesModel struct {
	Ref          types.String `tfsdk:"ref"`
	Path         types.String `tfsdk:"path"`
	SHA256       types.String `tfsdk:"sha256"`
	WarnAgeHours types.Int64  `tfsdk:"warn_age_hours"`
	MaxAgeHours  types.Int64  `tfsdk:"max_age_hours"`
}

// nullAdvisories is the model of an attribute that is not set.
func nullAdvisories() advisoriesModel {
	return advisoriesModel{
		Ref: types.StringNull(), Path: types.StringNull(), SHA256: types.StringNull(), WarnAgeHours: types.Int64Null(), MaxAgeHours: types.Int64Null(),
	}
}

// advisoriesConfig converts the attribute, and reads the environment for what is not set.
func advisoriesConfig(ctx context.Context, value types.Object, now time.Time, cacheDir string, diags *diag.Diagnostics) advisorydb.Config {
	at := path.Root("vulnerability_database")
	model := nullAdvisories()
	if !value.IsNull() {
		if diags.Append(value.As(ctx, &model, basetypes.ObjectAsOptions{})...); diags.HasError() {
			return advisorydb.Config{}
		}
	}
	config := advisorydb.Config{
		Path: model.location(model.Path, "PATH", at.AtName("path"), diags), SHA256: model.SHA256.ValueString(),
		WarnAge: ageOf(model.WarnAgeHours, advisorydb.DefaultWarnAge, at.AtName("warn_age_hours"), diags),
		MaxAge:  ageOf(model.MaxAgeHours, advisorydb.DefaultMaxAge, at.AtName("max_age_hours"), diags),
		Now:     now, CacheDir: cacheDir, Logger: newLogger(),
	}
	if model.WarnAgeHours.IsNull() {
		config.WarnAge = min(config.WarnAge, config.MaxAge)
	}
	if config.WarnAge > config.MaxAge {
		diags.AddAttributeError(at.AtName("warn_age_hours"), "Invalid vulnerability database", "warn_age_hours is above max_age_hours, so the warning would never be seen. Make it smaller.")
	}
	switch {
	case !model.Ref.IsNull() && !model.Path.IsNull():
		diags.AddAttributeError(at.AtName("ref"), "Invalid vulnerability database", "ref and path exclude each other. Remove one of the two.")
	case !model.SHA256.IsNull() && model.Path.IsNull():
		diags.AddAttributeError(at.AtName("sha256"), "Invalid vulnerability database", "sha256 checks what is at path, and path is not set. To pin ref, write its digest into it: …:2@sha256:….")
	}
	if digits, err := hex.DecodeString(config.SHA256); err != nil || (!model.SHA256.IsNull() && len(digits) != 32) {
		diags.AddAttributeError(at.AtName("sha256"), "Invalid vulnerability database", fmt.Sprintf("%q is no SHA-256. Write 64 hexadecimal digits, as sha256sum prints them.", config.SHA256))
	}
	if !model.Ref.IsNull() {
		config.Path = "" // What is written counts more than the environment.
	}
	config.Ref = model.reference(at.AtName("ref"), diags)
	return config
}

// location returns a text of the configuration, or of the environment.
func (advisoriesModel) location(value types.String, variable string, at path.Path, diags *diag.Diagnostics) string {
	if value.IsNull() {
		return os.Getenv("SEAWORTHY_VULNERABILITY_DATABASE_" + variable)
	}
	if value.ValueString() == "" {
		diags.AddAttributeError(at, "Invalid vulnerability database", "The text is empty. Write where the database is, or leave the attribute out.")
	}
	return value.ValueString()
}

func (m advisoriesModel) reference(at path.Path, diags *diag.Diagnostics) imageref.Reference {
	text := m.location(m.Ref, "REF", at, diags)
	if text == "" {
		text = advisorydb.DefaultRef
	}
	ref, err := imageref.Parse(text)
	if err != nil {
		diags.AddAttributeError(at, "Invalid vulnerability database", capitalised(stopped(err.Error())))
	}
	return ref
}

// ageOf converts hours.
func ageOf(value types.Int64, fallback time.Duration, at path.Path, diags *diag.Diagnostics) time.Duration {
	const most = 10 * 366 * 24 // hours in ten years, far below what a duration holds
	if value.IsNull() {
		return fallback
	}
	if hours := value.ValueInt64(); hours < 1 || hours > most {
		diags.AddAttributeError(at, "Invalid vulnerability database", fmt.Sprintf("The age is %d hours. Use 1 to %d.", hours, most))
		return fallback
	}
	return time.Duration(value.ValueInt64()) * time.Hour
}
