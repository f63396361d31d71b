package provider

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/scanreport"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/trivyrun"
)

// defaultResultAge is how old findings that others made may be.
const defaultResultAge = 7 * 24 * time.Hour

// resultAttribute is the argument result of seaworthy_image_scan.
func resultAttribute() schema.SingleNestedAttribute {
	age := schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Age in hours beyond which findings are not used, which is an error. Bills of materials do not age. Default is `168`, a week.",
	}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "What another tool says of the image, in place of reading its layers: findings (Trivy's JSON, SARIF), or a bill of materials (CycloneDX or SPDX 2 as JSON), whose packages are " +
			"held against the `vulnerability_database`. It must name the image's digest. Set one of `file`, `attached` and `trivy`. Signatures are not verified here. " +
			"Default is none: the packages are read from the layers.",
		Attributes: map[string]schema.Attribute{
			"file": schema.SingleNestedAttribute{
				Optional: true, MarkdownDescription: "Document on the local disk, alone or in an in-toto attestation.",
				Attributes: map[string]schema.Attribute{
					"path":          schema.StringAttribute{Required: true, MarkdownDescription: "Path of the file; a relative one is relative to the working directory."},
					"max_age_hours": age,
					"created": schema.StringAttribute{
						Optional:            true,
						MarkdownDescription: "When the findings were made (RFC 3339), for documents that do not say so, such as SARIF of Trivy. Default is what the document says; without any date it is an error.",
					},
				},
			},
			"attached": schema.SingleNestedAttribute{
				Optional: true,
				MarkdownDescription: "Document in the registry that refers to the image: by OCI referrers, by the tag that takes their place, or by cosign's tag for attestations. " +
					"Of several the newest is taken. Whoever may push to the repository may attach one.",
				Attributes: map[string]schema.Attribute{
					"format":        schema.StringAttribute{Required: true, MarkdownDescription: "Format of the document: " + formatNames() + "."},
					"max_age_hours": age,
				},
			},
			"trivy": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "Trivy executable that is run on the image, by digest, with fixed arguments. It is never downloaded, and uses its own database and its own way to the registry.",
				Attributes: map[string]schema.Attribute{
					"path":            schema.StringAttribute{Required: true, MarkdownDescription: "Path of the executable."},
					"sha256":          schema.StringAttribute{Required: true, MarkdownDescription: "SHA-256 that the executable must have, as 64 hexadecimal digits; another file is not run."},
					"timeout_seconds": schema.Int64Attribute{Optional: true, MarkdownDescription: "Seconds that a run may take. Default is `300`."},
				},
			},
		},
	}
}

func formatNames() string {
	var names []string
	for _, f := range scanreport.Formats() {
		names = append(names, "`"+string(f)+"`")
	}
	return strings.Join(names, ", ")
}

// resultModel is the argument result.
type resultModel struct {
	File     types.Object `tfsdk:"file"`
	Attached types.Object `tfsdk:"attached"`
	Trivy    types.Object `tfsdk:"trivy"`
}

type resultFileModel struct {
	Path        types.String `tfsdk:"path"`
	MaxAgeHours types.Int64  `tfsdk:"max_age_hours"`
	Created     types.String `tfsdk:"created"`
}

type resultAttachedModel struct {
	Format      types.String `tfsdk:"format"`
	MaxAgeHours types.Int64  `tfsdk:"max_age_hours"`
}

type resultTrivyModel struct {
	Path           types.String `tfsdk:"path"`
	SHA256         types.String `tfsdk:"sha256"`
	TimeoutSeconds types.Int64  `tfsdk:"timeout_seconds"`
}

// resultSource says where a result of another tool comes from, and how old it may be.
type resultSource struct {
	file    string
	created time.Time // zero is what the document says
	format  scanreport.Format
	program *trivyrun.Program
	maxAge  time.Duration
}

// resultOf converts the argument as far as it is known; nil is none.
func resultOf(ctx context.Context, value types.Object, diags *diag.Diagnostics) *resultSource {
	if value.IsNull() || value.IsUnknown() {
		return nil
	}
	var model resultModel
	if diags.Append(value.As(ctx, &model, basetypes.ObjectAsOptions{})...); diags.HasError() {
		return nil
	}
	set := 0
	for _, source := range []types.Object{model.File, model.Attached, model.Trivy} {
		if !source.IsNull() {
			set++
		}
	}
	if set != 1 {
		diags.AddAttributeError(path.Root("result"), "Invalid image scan", fmt.Sprintf("result has %d of file, attached and trivy. Set exactly one of them.", set))
		return nil
	}
	source := &resultSource{maxAge: defaultResultAge}
	switch {
	case !model.File.IsNull() && !model.File.IsUnknown():
		source.fromFile(ctx, model.File, diags)
	case !model.Attached.IsNull() && !model.Attached.IsUnknown():
		source.fromAttached(ctx, model.Attached, diags)
	case !model.Trivy.IsNull() && !model.Trivy.IsUnknown():
		source.fromTrivy(ctx, model.Trivy, diags)
	}
	return source
}

func (s *resultSource) fromFile(ctx context.Context, value types.Object, diags *diag.Diagnostics) {
	var m resultFileModel
	if diags.Append(value.As(ctx, &m, basetypes.ObjectAsOptions{})...); diags.HasError() {
		return
	}
	at := path.Root("result").AtName("file")
	s.file = m.Path.ValueString()
	s.setAge(m.MaxAgeHours, at, diags)
	if written(m.Path) && s.file == "" {
		diags.AddAttributeError(at.AtName("path"), "Invalid image scan", "result.file.path: the path is empty. Name the file.")
	}
	if !written(m.Created) {
		return
	}
	created, err := time.Parse(time.RFC3339, m.Created.ValueString())
	if err != nil {
		diags.AddAttributeError(at.AtName("created"), "Invalid image scan", fmt.Sprintf("result.file.created: %q is no time. Write one such as 2027-01-31T12:00:00Z.", m.Created.ValueString()))
	}
	s.created = created.UTC()
}

func (s *resultSource) fromAttached(ctx context.Context, value types.Object, diags *diag.Diagnostics) {
	var m resultAttachedModel
	if diags.Append(value.As(ctx, &m, basetypes.ObjectAsOptions{})...); diags.HasError() {
		return
	}
	at := path.Root("result").AtName("attached")
	s.format = scanreport.Format(m.Format.ValueString())
	s.setAge(m.MaxAgeHours, at, diags)
	if written(m.Format) && !slices.Contains(scanreport.Formats(), s.format) {
		diags.AddAttributeError(at.AtName("format"), "Invalid image scan", fmt.Sprintf("result.attached.format: %q is none of %s.", s.format, strings.ReplaceAll(formatNames(), "`", "")))
	}
}

func (s *resultSource) fromTrivy(ctx context.Context, value types.Object, diags *diag.Diagnostics) {
	var m resultTrivyModel
	if diags.Append(value.As(ctx, &m, basetypes.ObjectAsOptions{})...); diags.HasError() {
		return
	}
	at := path.Root("result").AtName("trivy")
	s.program = &trivyrun.Program{Path: m.Path.ValueString(), SHA256: m.SHA256.ValueString(), Timeout: trivyrun.DefaultTimeout}
	if digits, err := hex.DecodeString(s.program.SHA256); written(m.SHA256) && (err != nil || len(digits) != 32) {
		diags.AddAttributeError(at.AtName("sha256"), "Invalid image scan", "result.trivy.sha256: write 64 hexadecimal digits, as sha256sum prints them.")
	}
	if m.TimeoutSeconds.IsNull() || m.TimeoutSeconds.IsUnknown() {
		return
	}
	if seconds := m.TimeoutSeconds.ValueInt64(); seconds < 1 || seconds > 24*3600 {
		diags.AddAttributeError(at.AtName("timeout_seconds"), "Invalid image scan", fmt.Sprintf("result.trivy.timeout_seconds: %d is not between 1 and 86400.", seconds))
	} else {
		s.program.Timeout = time.Duration(seconds) * time.Second
	}
}

func (s *resultSource) setAge(value types.Int64, at path.Path, diags *diag.Diagnostics) {
	if value.IsNull() || value.IsUnknown() {
		return
	}
	if hours := value.ValueInt64(); hours < 1 || hours > 87_840 {
		diags.AddAttributeError(at.AtName("max_age_hours"), "Invalid image scan", fmt.Sprintf("%s: %d is not between 1 and 87840 (ten years).", at.AtName("max_age_hours"), hours))
		return
	}
	s.maxAge = time.Duration(value.ValueInt64()) * time.Hour
}
