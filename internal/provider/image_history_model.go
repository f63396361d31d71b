package provider

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/history"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// How many images a history remembers. A state must stay small enough to be read.
const (
	defaultKeep = 10
	maxKeep     = 100
)

// imageHistoryModel is the resource seaworthy_image_history.
type imageHistoryModel struct {
	Name                 types.String `tfsdk:"name"`
	Image                types.String `tfsdk:"image"`
	Platform             types.String `tfsdk:"platform"`
	Keep                 types.Int64  `tfsdk:"keep"`
	Inspect              types.String `tfsdk:"inspect"`
	CountVulnerabilities types.Bool   `tfsdk:"count_vulnerabilities"`
	MaxGrowth            types.String `tfsdk:"max_growth"`
	FailOnNew            types.String `tfsdk:"fail_on_new"`
	Entries              types.List   `tfsdk:"entries"`
	Packages             types.Map    `tfsdk:"packages"`
	Vulnerabilities      types.Map    `tfsdk:"vulnerabilities"`
	Unknowns             types.Map    `tfsdk:"unknowns"`
	Changes              types.Object `tfsdk:"changes"`
}

// historyEntryModel is one element of entries. Nil is null.
type historyEntryModel struct {
	Image           string                 `tfsdk:"image"`
	Digest          string                 `tfsdk:"digest"`
	Platform        string                 `tfsdk:"platform"`
	Created         types.String           `tfsdk:"created"`
	SizeBytes       int64                  `tfsdk:"size_bytes"`
	LayerCount      int64                  `tfsdk:"layer_count"`
	PackageCount    *int64                 `tfsdk:"package_count"`
	Vulnerabilities *comparisonCountsModel `tfsdk:"vulnerabilities"`
}

// historyChangesModel is the attribute changes.
type historyChangesModel struct {
	PreviousDigest  string            `tfsdk:"previous_digest"`
	SizeBytes       int64             `tfsdk:"size_bytes"`
	SizePercent     *float64          `tfsdk:"size_percent"`
	PackagesAdded   map[string]string `tfsdk:"packages_added"`
	PackagesRemoved map[string]string `tfsdk:"packages_removed"`
	PackagesChanged map[string]string `tfsdk:"packages_changed"`
	New             map[string]string `tfsdk:"new_vulnerabilities"`
	Fixed           map[string]string `tfsdk:"fixed_vulnerabilities"`
	Omitted         int64             `tfsdk:"omitted"`
}

// historyQuery is what the user asks, as far as it is known.
type historyQuery struct {
	ref             imageref.Reference
	platform        *imagefacts.Platform // nil is the only one
	keep            int
	layers          bool
	vulnerabilities bool
	limits          history.Limits
}

// isKnown reports whether everything that decides what is remembered is known.
func (m imageHistoryModel) isKnown() bool {
	for _, value := range []attr.Value{m.Image, m.Platform, m.Keep, m.Inspect, m.CountVulnerabilities} {
		if value.IsUnknown() {
			return false
		}
	}
	return true
}

// toDomain converts the arguments and checks those that are known.
func (m imageHistoryModel) toDomain(diags *diag.Diagnostics) historyQuery {
	query := historyQuery{keep: defaultKeep, layers: m.Inspect.ValueString() != inspectConfig}
	query.vulnerabilities = query.layers && (m.CountVulnerabilities.IsNull() || m.CountVulnerabilities.ValueBool())
	if written(m.Name) && strings.TrimSpace(m.Name.ValueString()) == "" {
		diags.AddAttributeError(path.Root("name"), "Invalid image history", "The name is empty. Write what the images are for, such as the workload's name.")
	}
	if !m.Keep.IsNull() && !m.Keep.IsUnknown() {
		if n := m.Keep.ValueInt64(); n < 1 || n > maxKeep {
			diags.AddAttributeError(path.Root("keep"), "Invalid image history", fmt.Sprintf("keep is %d. Write a number from 1 to %d.", n, maxKeep))
		}
		query.keep = int(m.Keep.ValueInt64())
	}
	oneOf(path.Root("inspect"), m.Inspect, []string{inspectConfig, inspectLayers}, diags)
	m.where(&query, diags)
	m.limits(&query, diags)
	if !query.layers && m.CountVulnerabilities.ValueBool() {
		diags.AddAttributeError(path.Root("count_vulnerabilities"), "Invalid image history",
			"Vulnerabilities are counted in the packages of the layers, which inspect = \"config\" does not read. Remove one of the two.")
	}
	return query
}

func (m imageHistoryModel) where(query *historyQuery, diags *diag.Diagnostics) {
	if written(m.Platform) {
		platform, err := imagefacts.ParsePlatform(m.Platform.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("platform"), "Invalid platform", capitalised(stopped(err.Error())))
		}
		query.platform = &platform
	}
	if !written(m.Image) {
		return
	}
	ref, err := imageref.Parse(m.Image.ValueString())
	switch {
	case err != nil:
		diags.AddAttributeError(path.Root("image"), "Invalid image reference", capitalised(stopped(err.Error())))
	case !ref.IsPinned():
		diags.AddAttributeError(path.Root("image"), "Image without digest", fmt.Sprintf(
			"%q has no digest, so what it names can change without being seen.\n\nResolve it with the data source seaworthy_image and write its attribute pinned here.", ref))
	}
	query.ref = ref
}

func (m imageHistoryModel) limits(query *historyQuery, diags *diag.Diagnostics) {
	if written(m.MaxGrowth) {
		percent, err := history.ParsePercent(m.MaxGrowth.ValueString())
		if err != nil {
			diags.AddAttributeError(path.Root("max_growth"), "Invalid limit", capitalised(stopped(err.Error())))
		}
		query.limits.MaxGrowth = &percent
	}
	if !written(m.FailOnNew) {
		return
	}
	severity, err := vulnerability.ParseSeverity(m.FailOnNew.ValueString())
	if err != nil || severity == vulnerability.Unknown || m.FailOnNew.ValueString() != severity.String() {
		diags.AddAttributeError(path.Root("fail_on_new"), "Invalid severity", "Use critical, high, medium or low, or leave the attribute out.")
	}
	query.limits.FailOnNew = severity
	if !query.vulnerabilities && !m.Inspect.IsUnknown() && !m.CountVulnerabilities.IsUnknown() {
		diags.AddAttributeError(path.Root("fail_on_new"), "Invalid image history",
			"New vulnerabilities are asked for, but inspect or count_vulnerabilities says not to look for any. Remove one of the two.")
	}
}

// historyTypes are the types of the computed attributes.
func historyTypes() (entry attr.Type, changes map[string]attr.Type) {
	attributes := imageHistorySchema().Attributes
	entry = attributes["entries"].GetType().(basetypes.ListType).ElemType                 //nolint:forcetypeassert // The schema is our own.
	return entry, attributes["changes"].GetType().(basetypes.ObjectType).AttributeTypes() //nolint:forcetypeassert // The schema is our own.
}

// setUnknown makes what is computed unknown.
func (m *imageHistoryModel) setUnknown() {
	entry, changes := historyTypes()
	m.Entries, m.Changes = types.ListUnknown(entry), types.ObjectUnknown(changes)
	m.Packages, m.Vulnerabilities, m.Unknowns = types.MapUnknown(types.StringType), types.MapUnknown(types.StringType), types.MapUnknown(types.StringType)
}

// entries returns the images that are remembered.
func (m imageHistoryModel) entries(ctx context.Context, diags *diag.Diagnostics) []historyEntryModel {
	var entries []historyEntryModel
	if !m.Entries.IsNull() && !m.Entries.IsUnknown() {
		diags.Append(m.Entries.ElementsAs(ctx, &entries, false)...)
	}
	return entries
}

// recorded is the snapshot of the last image as the state has it.
func (m imageHistoryModel) recorded(ctx context.Context, last historyEntryModel, diags *diag.Diagnostics) history.Snapshot {
	s := history.Snapshot{
		Image: last.Image, Digest: last.Digest, Platform: last.Platform, SizeBytes: last.SizeBytes, LayerCount: int(last.LayerCount),
		Unknowns: map[string]string{},
	}
	diags.Append(m.Unknowns.ElementsAs(ctx, &s.Unknowns, true)...)
	if !m.Packages.IsNull() {
		diags.Append(m.Packages.ElementsAs(ctx, &s.Packages, false)...)
	}
	if m.Vulnerabilities.IsNull() {
		return s
	}
	var texts map[string]string
	diags.Append(m.Vulnerabilities.ElementsAs(ctx, &texts, false)...)
	s.Vulnerabilities = map[string]vulnerability.Severity{}
	for id, text := range texts {
		severity, _ := vulnerability.ParseSeverity(text) // A word that is none is an unknown severity.
		s.Vulnerabilities[id] = severity
	}
	return s
}

// fromDomain fills in what is computed: earlier entries, the image, and what changed.
func (m *imageHistoryModel) fromDomain(ctx context.Context, earlier []historyEntryModel, now history.Snapshot, changes *history.Changes, keep int, diags *diag.Diagnostics) {
	entries := append(slices.Clip(earlier), entryOf(now))
	m.setEntries(ctx, entries, keep, diags)
	packages, vulnerabilities, unknowns := now.Bounded()
	m.Packages, m.Unknowns = textsOrNull(ctx, packages, diags), textsOrNull(ctx, unknowns, diags)
	m.Vulnerabilities = textsOrNull(ctx, severityTexts(vulnerabilities), diags)
	_, objectTypes := historyTypes()
	m.Changes = types.ObjectNull(objectTypes)
	if changes == nil {
		return
	}
	c := changes.Bounded()
	model := historyChangesModel{
		PreviousDigest: c.PreviousDigest, SizeBytes: c.SizeBytes, PackagesAdded: c.Added, PackagesRemoved: c.Removed, PackagesChanged: c.Changed,
		New: severityTexts(c.New), Fixed: severityTexts(c.Fixed), Omitted: int64(c.Omitted),
	}
	if c.SizePercent != nil {
		rounded := math.Round(*c.SizePercent*100) / 100
		model.SizePercent = &rounded
	}
	var more diag.Diagnostics
	m.Changes, more = types.ObjectValueFrom(ctx, objectTypes, model)
	diags.Append(more...)
}

// setEntries keeps the newest entries.
func (m *imageHistoryModel) setEntries(ctx context.Context, entries []historyEntryModel, keep int, diags *diag.Diagnostics) {
	entry, _ := historyTypes()
	var more diag.Diagnostics
	m.Entries, more = types.ListValueFrom(ctx, entry, entries[max(0, len(entries)-keep):])
	diags.Append(more...)
}

func entryOf(s history.Snapshot) historyEntryModel {
	model := historyEntryModel{
		Image: s.Image, Digest: s.Digest, Platform: s.Platform, Created: textOrNull(s.Created), SizeBytes: s.SizeBytes, LayerCount: int64(s.LayerCount),
		Vulnerabilities: countsOf(s.Counts()),
	}
	if s.Packages != nil {
		count := int64(s.PackageCount)
		model.PackageCount = &count
	}
	return model
}

// textsOrNull converts a map; nil is null.
func textsOrNull(ctx context.Context, texts map[string]string, diags *diag.Diagnostics) types.Map {
	value, more := types.MapValueFrom(ctx, types.StringType, texts)
	diags.Append(more...)
	return value
}

func severityTexts(severities map[string]vulnerability.Severity) map[string]string {
	if severities == nil {
		return nil
	}
	texts := make(map[string]string, len(severities))
	for id, severity := range severities {
		texts[id] = severity.String()
	}
	return texts
}
