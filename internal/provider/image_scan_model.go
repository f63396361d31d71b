package provider

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// imageScanModel is the data source seaworthy_image_scan.
type imageScanModel struct {
	Ref             types.String `tfsdk:"ref"`
	Platform        types.String `tfsdk:"platform"`
	FailOn          types.String `tfsdk:"fail_on"`
	OnlyFixed       types.Bool   `tfsdk:"only_fixed"`
	AcceptUndecided types.String `tfsdk:"accept_undecided"`
	Ignore          types.Map    `tfsdk:"ignore"`
	IgnorePackages  types.Map    `tfsdk:"ignore_packages"`
	Result          types.Object `tfsdk:"result"`
	Digest          types.String `tfsdk:"digest"`
	Distribution    types.String `tfsdk:"distribution"`
	ResultSource    types.String `tfsdk:"result_source"`
	Database        types.String `tfsdk:"database"`
	DatabaseUpdated types.String `tfsdk:"database_updated"`
	Passed          types.Bool   `tfsdk:"passed"`
	Counts          types.Object `tfsdk:"counts"`
	Findings        types.List   `tfsdk:"findings"`
	Ignored         types.List   `tfsdk:"ignored"`
	Undecided       types.List   `tfsdk:"undecided"`
}

// scanFindingModel is one element of findings.
type scanFindingModel struct {
	ID             string            `tfsdk:"id"`
	VendorIDs      []string          `tfsdk:"vendor_ids"`
	Severity       string            `tfsdk:"severity"`
	SeveritySource types.String      `tfsdk:"severity_source"`
	Severities     map[string]string `tfsdk:"severities"`
	Package        string            `tfsdk:"package"`
	SourcePackage  types.String      `tfsdk:"source_package"`
	Ecosystem      types.String      `tfsdk:"ecosystem"`
	Installed      types.String      `tfsdk:"installed"`
	Fixed          types.String      `tfsdk:"fixed"`
	Status         string            `tfsdk:"status"`
	Source         types.String      `tfsdk:"source"`
	Title          types.String      `tfsdk:"title"`
	URL            types.String      `tfsdk:"url"`
	Path           types.String      `tfsdk:"path"`
	Layer          types.String      `tfsdk:"layer"`
}

// scanIgnoredModel is one element of ignored.
type scanIgnoredModel struct {
	ID       string `tfsdk:"id"`
	Package  string `tfsdk:"package"`
	Severity string `tfsdk:"severity"`
	Reason   string `tfsdk:"reason"`
	Expires  string `tfsdk:"expires"`
}

// scanUndecidedModel is one element of undecided.
type scanUndecidedModel struct {
	Package string       `tfsdk:"package"`
	Version types.String `tfsdk:"version"`
	Reason  string       `tfsdk:"reason"`
}

// scanQuery is what the user asks, as far as it is known.
type scanQuery struct {
	ref             imageref.Reference
	platform        *imagefacts.Platform // nil is the only one
	policy          vulnerability.Policy
	result          *resultSource // nil is the layers
	acceptUndecided bool
}

// toDomain converts the arguments and checks those that are known.
func (m imageScanModel) toDomain(ctx context.Context, today time.Time, diags *diag.Diagnostics) scanQuery {
	query := scanQuery{
		policy: vulnerability.Policy{
			OnlyFixed: m.OnlyFixed.ValueBool(), Today: today,
			Ignore: ignores(m.Ignore, "ignore", diags), IgnorePackages: ignores(m.IgnorePackages, "ignore_packages", diags),
		},
		result:          resultOf(ctx, m.Result, diags),
		acceptUndecided: !m.AcceptUndecided.IsNull(),
	}
	if written(m.AcceptUndecided) && strings.TrimSpace(m.AcceptUndecided.ValueString()) == "" {
		diags.AddAttributeError(path.Root("accept_undecided"), "Invalid image scan", "The reason is empty. Write why packages that can not be judged are acceptable, or leave the attribute out.")
	}
	if written(m.FailOn) {
		severity, err := vulnerability.ParseSeverity(m.FailOn.ValueString())
		if err != nil || severity == vulnerability.Unknown || m.FailOn.ValueString() != severity.String() {
			diags.AddAttributeError(path.Root("fail_on"), "Invalid severity", "Use critical, high, medium or low, or leave the attribute out to report only.")
		}
		query.policy.FailOn = severity
	}
	if written(m.Platform) {
		platform, err := imagefacts.ParsePlatform(m.Platform.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("platform"), "Invalid platform", capitalised(stopped(err.Error())))
		}
		query.platform = &platform
	}
	if written(m.Ref) {
		ref, err := imageref.Parse(m.Ref.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("ref"), "Invalid image reference", capitalised(stopped(err.Error())))
		}
		query.ref = ref
	}
	return query
}

// written reports whether a text is set and known.
func written(value types.String) bool { return !value.IsNull() && !value.IsUnknown() }

// ignores converts one of the maps of decisions. Elements that are not wholly known are left for later.
func ignores(value types.Map, name string, diags *diag.Diagnostics) map[string]vulnerability.Ignore {
	decisions := map[string]vulnerability.Ignore{}
	for _, key := range slices.Sorted(maps.Keys(value.Elements())) {
		at := path.Root(name).AtMapKey(key)
		if strings.TrimSpace(key) == "" {
			diags.AddAttributeError(at, "Invalid ignore", "The key is empty. Name a vulnerability or a package.")
		}
		element, ok := value.Elements()[key].(types.Object)
		if !ok || element.IsUnknown() {
			continue
		}
		reason, _ := element.Attributes()["reason"].(types.String)
		expires, _ := element.Attributes()["expires"].(types.String)
		names, whole := namesIn(element)
		if !written(reason) || !written(expires) || !whole {
			continue
		}
		ignore, err := vulnerability.NewIgnore(reason.ValueString(), expires.ValueString(), names)
		for _, e := range flatten(err) {
			var part *vulnerability.IgnoreError
			if errors.As(e, &part) {
				diags.AddAttributeError(at.AtName(part.Field), "Invalid ignore", name+"[\""+key+"\"]."+stopped(part.Error()))
			}
		}
		decisions[key] = ignore
	}
	return decisions
}

// namesIn returns the packages of a decision, and whether all of them are known.
func namesIn(element types.Object) (names []string, whole bool) {
	set, ok := element.Attributes()["packages"].(types.Set)
	if !ok || set.IsNull() {
		return nil, true
	}
	if set.IsUnknown() {
		return nil, false
	}
	for _, value := range set.Elements() {
		name, ok := value.(types.String)
		if !ok || name.IsUnknown() {
			return nil, false
		}
		names = append(names, name.ValueString())
	}
	slices.Sort(names)
	return names, true
}

// fromDomain fills in the computed attributes that a verdict gives.
func (m *imageScanModel) fromDomain(ctx context.Context, query scanQuery, verdict vulnerability.Verdict, undecided []vulnerability.Undecided, diags *diag.Diagnostics) {
	m.Passed = types.BoolNull()
	if query.policy.FailOn > vulnerability.Unknown {
		m.Passed = types.BoolValue(len(verdict.Failing) == 0)
	}
	findings := []scanFindingModel{}
	for _, f := range verdict.Findings {
		findings = append(findings, findingModel(f))
	}
	ignored := []scanIgnoredModel{}
	for _, f := range verdict.Ignored {
		ignored = append(ignored, scanIgnoredModel{
			ID: f.ID, Package: f.Package.Name, Severity: f.Severity.String(), Reason: f.Ignore.Reason, Expires: f.Ignore.Expires.Format(vulnerability.DateLayout),
		})
	}
	open := []scanUndecidedModel{}
	for _, u := range undecided {
		open = append(open, scanUndecidedModel{Package: u.Package.Name, Version: textOrNull(u.Package.Version), Reason: u.Reason})
	}
	var more [4]diag.Diagnostics
	m.Findings, more[0] = types.ListValueFrom(ctx, scanType("findings"), findings)
	m.Ignored, more[1] = types.ListValueFrom(ctx, scanType("ignored"), ignored)
	m.Undecided, more[2] = types.ListValueFrom(ctx, scanType("undecided"), open)
	m.Counts, more[3] = countsValue(verdict.Counts)
	for _, d := range more {
		diags.Append(d...)
	}
}

func findingModel(f vulnerability.Finding) scanFindingModel {
	severities := map[string]string{}
	for source, severity := range f.Severities {
		severities[source] = severity.String()
	}
	return scanFindingModel{
		ID: f.ID, VendorIDs: orEmpty(f.VendorIDs), Severity: f.Severity.String(), SeveritySource: textOrNull(f.SeveritySource), Severities: severities,
		Package: f.Package.Name, SourcePackage: textOrNull(f.Package.SourceName), Ecosystem: textOrNull(string(f.Package.Ecosystem)),
		Installed: textOrNull(f.Package.Version), Fixed: textOrNull(f.Fixed), Status: string(f.Status), Source: textOrNull(f.Source),
		Title: textOrNull(f.Title), URL: textOrNull(f.URL), Path: textOrNull(f.Package.Path), Layer: textOrNull(f.Package.LayerDigest),
	}
}
