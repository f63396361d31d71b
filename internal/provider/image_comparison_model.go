package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/comparison"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// How deep candidates are read.
const (
	inspectConfig = "config"
	inspectLayers = "layers"
)

// defaultPlatform is compared where none is given: what most nodes are.
const defaultPlatform = "linux/amd64"

// maxCandidates bounds a comparison, whose table nobody could read beyond.
const maxCandidates = 50

// imageComparisonModel is the data source seaworthy_image_comparison.
type imageComparisonModel struct {
	Candidates           types.Map     `tfsdk:"candidates"`
	Platform             types.String  `tfsdk:"platform"`
	Inspect              types.String  `tfsdk:"inspect"`
	Require              types.Object  `tfsdk:"require"`
	RankBy               types.List    `tfsdk:"rank_by"`
	CountVulnerabilities types.Bool    `tfsdk:"count_vulnerabilities"`
	ListPackages         types.Bool    `tfsdk:"list_packages"`
	BandwidthMbps        types.Float64 `tfsdk:"bandwidth_mbps"`
	NodeImages           types.List    `tfsdk:"node_images"`
	AllowFloatingTag     types.Bool    `tfsdk:"allow_floating_tag"`
	MeasurePull          types.Bool    `tfsdk:"measure_pull"`
	MeasurePullMaxBytes  types.Int64   `tfsdk:"measure_pull_max_bytes"`
	Registries           types.Map     `tfsdk:"registries"`
	Results              types.Map     `tfsdk:"results"`
	Ranking              types.List    `tfsdk:"ranking"`
	Recommended          types.String  `tfsdk:"recommended"`
	Markdown             types.String  `tfsdk:"markdown"`
	ChartSVG             types.String  `tfsdk:"chart_svg"`
}

// namedReference is a candidate as the user writes it.
type namedReference struct {
	name string
	ref  imageref.Reference
}

// comparisonQuery is what the user asks, as far as it is known.
type comparisonQuery struct {
	candidates      []namedReference // by name
	platform        imagefacts.Platform
	layers          bool
	vulnerabilities bool
	nodeImages      []imageref.Reference
	measureBytes    int64 // to download from each registry; 0 is none
	options         comparison.Options
}

// toDomain converts the arguments and checks those that are known.
func (m imageComparisonModel) toDomain(ctx context.Context, diags *diag.Diagnostics) comparisonQuery {
	query := comparisonQuery{layers: m.Inspect.ValueString() != inspectConfig}
	if m.Inspect.IsUnknown() {
		query.layers = true
	}
	oneOf(path.Root("inspect"), m.Inspect, []string{inspectConfig, inspectLayers}, diags)
	m.candidates(&query, diags)
	m.images(&query, diags)
	m.measures(&query, diags)
	query.measureBytes = m.measurement(diags)
	m.ranking(&query, diags)
	query.options.Requirements = m.requirements(ctx, diags)
	m.vulnerabilities(&query, diags)
	if m.ListPackages.ValueBool() && !query.layers {
		diags.AddAttributeError(path.Root("list_packages"), "Invalid comparison", "Packages stand in the layers, which inspect = \"config\" does not read. Remove one of the two.")
	}
	return query
}

func (m imageComparisonModel) candidates(query *comparisonQuery, diags *diag.Diagnostics) {
	elements := m.Candidates.Elements()
	if !m.Candidates.IsUnknown() && (len(elements) == 0 || len(elements) > maxCandidates) {
		diags.AddAttributeError(path.Root("candidates"), "Invalid comparison", fmt.Sprintf("There are %d candidates. Name between 1 and %d images.", len(elements), maxCandidates))
	}
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		at := path.Root("candidates").AtMapKey(name)
		if strings.TrimSpace(name) == "" || len(name) > 63 {
			diags.AddAttributeError(at, "Invalid candidate", fmt.Sprintf("The name %q is empty or longer than 63 bytes. Write a short one, since it heads a row of the table.", name))
		}
		if ref, ok := m.reference(at, elements[name], diags); ok {
			query.candidates = append(query.candidates, namedReference{name, ref})
		}
	}
}

// reference reads an image reference, if it is known.
func (m imageComparisonModel) reference(at path.Path, value any, diags *diag.Diagnostics) (imageref.Reference, bool) {
	text, ok := value.(types.String)
	if !ok || text.IsUnknown() {
		return imageref.Reference{}, false
	}
	ref, err := imageref.Parse(text.ValueString())
	if err != nil {
		diags.AddAttributeError(at, "Invalid image reference", capitalised(stopped(err.Error())))
		return ref, false
	}
	if ref.IsFloating() && !m.AllowFloatingTag.ValueBool() && !m.AllowFloatingTag.IsUnknown() {
		diags.AddAttributeError(at, "Floating image tag", fmt.Sprintf("%q floats: %s. What is compared today would not be what is used tomorrow.\n\n"+
			"Name a release, such as a full version; or set allow_floating_tag = true if you mean it.", ref, ref.FloatingReason()))
		return ref, false
	}
	return ref, true
}

func (m imageComparisonModel) images(query *comparisonQuery, diags *diag.Diagnostics) {
	name := m.Platform.ValueString()
	if m.Platform.IsNull() {
		name = defaultPlatform
	}
	if !m.Platform.IsUnknown() {
		platform, err := imagefacts.ParsePlatform(name)
		if err != nil {
			diags.AddAttributeError(path.Root("platform"), "Invalid platform", capitalised(stopped(err.Error())))
		}
		query.platform = platform
	}
	for i, element := range m.NodeImages.Elements() {
		if ref, ok := m.reference(path.Root("node_images").AtListIndex(i), element, diags); ok {
			query.nodeImages = append(query.nodeImages, ref)
		}
	}
}

func (m imageComparisonModel) measures(query *comparisonQuery, diags *diag.Diagnostics) {
	at := path.Root("bandwidth_mbps")
	if m.BandwidthMbps.IsUnknown() || m.NodeImages.IsUnknown() {
		return
	}
	query.options.BandwidthMbps = m.BandwidthMbps.ValueFloat64()
	switch {
	case m.BandwidthMbps.IsNull():
		if len(m.NodeImages.Elements()) > 0 && !slices.Contains(m.rankBy(), string(comparison.ByPull)) {
			diags.AddAttributeError(path.Root("node_images"), "Unused argument", "Layers that nodes have change only how long a pull takes, and nothing asks for that. "+
				"Set bandwidth_mbps, or rank by \"pull\", or remove node_images.")
		}
	case query.options.BandwidthMbps <= 0 || query.options.BandwidthMbps > 1e6:
		diags.AddAttributeError(at, "Invalid bandwidth", "Write megabits a second, more than 0 and at most 1000000, such as 100.")
	}
}

// rankBy returns the criteria that are known.
func (m imageComparisonModel) rankBy() []string {
	var names []string
	for _, element := range m.RankBy.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() {
			names = append(names, text.ValueString())
		}
	}
	return names
}

func (m imageComparisonModel) ranking(query *comparisonQuery, diags *diag.Diagnostics) {
	if !m.RankBy.IsNull() && !m.RankBy.IsUnknown() && len(m.RankBy.Elements()) == 0 {
		diags.AddAttributeError(path.Root("rank_by"), "Invalid ranking", "The list is empty. Name a criterion, or leave the attribute out.")
	}
	seen := map[string]bool{}
	for i, element := range m.RankBy.Elements() {
		at := path.Root("rank_by").AtListIndex(i)
		text, ok := element.(types.String)
		if !ok || text.IsUnknown() {
			continue
		}
		oneOf(at, text, names(comparison.Criteria()), diags)
		if seen[text.ValueString()] {
			diags.AddAttributeError(at, "Invalid ranking", fmt.Sprintf("%q stands in the list twice, and the second one changes nothing. Remove it.", text.ValueString()))
		}
		seen[text.ValueString()] = true
		query.options.RankBy = append(query.options.RankBy, comparison.Criterion(text.ValueString()))
	}
}

// vulnerabilities decides whether the database is needed, which is tens of megabytes.
func (m imageComparisonModel) vulnerabilities(query *comparisonQuery, diags *diag.Diagnostics) {
	isAsked := len(query.options.Requirements.MaxVulnerabilities) > 0 || slices.Contains(m.rankBy(), string(comparison.ByVulnerabilities))
	query.vulnerabilities = m.CountVulnerabilities.ValueBool() || (isAsked && m.CountVulnerabilities.IsNull())
	switch {
	case m.CountVulnerabilities.IsUnknown() || m.CountVulnerabilities.IsNull():
	case isAsked && !m.CountVulnerabilities.ValueBool():
		diags.AddAttributeError(path.Root("count_vulnerabilities"), "Invalid comparison",
			"Vulnerabilities are not counted, but max_vulnerabilities or rank_by asks for their number. Remove one of the two.")
	case m.CountVulnerabilities.ValueBool() && !query.layers:
		diags.AddAttributeError(path.Root("count_vulnerabilities"), "Invalid comparison",
			"Vulnerabilities are counted in the packages of the layers, which inspect = \"config\" does not read. Remove one of the two.")
	}
}

// oneOf reports a text that is none of the allowed ones.
func oneOf(at path.Path, value types.String, allowed []string, diags *diag.Diagnostics) {
	if !value.IsNull() && !value.IsUnknown() && !slices.Contains(allowed, value.ValueString()) {
		diags.AddAttributeError(at, "Invalid value", fmt.Sprintf("%q is not one of the values that are known. Write one of: %s.", value.ValueString(), strings.Join(allowed, ", ")))
	}
}

// names returns the values of an enumeration as texts.
func names[S ~string](values []S) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return texts
}

// fromDomain fills in the computed attributes.
func (m *imageComparisonModel) fromDomain(ctx context.Context, report comparison.Report, diags *diag.Diagnostics) {
	chart, err := report.Chart()
	if err != nil {
		diags.AddError("Unable to compare images", "The chart could not be drawn. This is a defect of the provider: please report it.\n\nOriginal error: "+err.Error())
		return
	}
	m.Markdown, m.ChartSVG, m.Recommended = types.StringValue(report.Markdown()), types.StringValue(chart), textOrNull(report.Recommended)
	results := make(map[string]comparisonResultModel, len(report.Results))
	for _, r := range report.Results {
		result := comparedModel(r)
		if !m.ListPackages.ValueBool() {
			result.Packages = nil
		}
		results[r.Name] = result
	}
	var more diag.Diagnostics
	m.Ranking, more = types.ListValueFrom(ctx, types.StringType, report.Ranking)
	diags.Append(more...)
	element := imageComparisonSchema().Attributes["results"].GetType().(basetypes.MapType).ElemType //nolint:forcetypeassert // The schema is our own.
	m.Results, more = types.MapValueFrom(ctx, element, results)
	diags.Append(more...)
}
