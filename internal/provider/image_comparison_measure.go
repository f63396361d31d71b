package provider

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/comparison"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

// defaultMeasureBytes bounds what is downloaded from one registry to measure it: two seconds at 400 megabits a second.
const defaultMeasureBytes = 100_000_000

// pullMeasurer downloads layers to see how fast that is.
type pullMeasurer interface {
	MeasurePull(ctx context.Context, samples []registry.PullSample) (registry.Throughput, error)
}

// throughputModel is one element of registries.
type throughputModel struct {
	Layers         int64   `tfsdk:"layers"`
	Bytes          int64   `tfsdk:"bytes"`
	Seconds        float64 `tfsdk:"seconds"`
	BytesPerSecond int64   `tfsdk:"bytes_per_second"`
}

func measureAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"measure_pull": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether layers of the candidates are really downloaded, verified and thrown away, to measure how fast each registry is from the machine that plans, with the provider's mirrors; fills in `registries`. " +
				"Every plan downloads anew and finds other numbers, so look at them and let no resource depend on them. Default is `false`.",
		},
		"measure_pull_max_bytes": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("How many bytes `measure_pull` may download from each registry. Whole layers are taken, the largest that fit first. Default is `%d`.",
				defaultMeasureBytes),
		},
		"registries": schema.MapNestedAttribute{
			Computed: true,
			MarkdownDescription: "What `measure_pull` found, by the registry of the candidates; null if it is not set. A registry is missing, with a warning, if no layer is small enough. " +
				"Layers are downloaded three at a time, as containerd does, and registries one after the other.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"layers":           imageNumber("Number of layers that were downloaded."),
				"bytes":            imageNumber("Bytes that were downloaded."),
				"seconds":          schema.Float64Attribute{Computed: true, MarkdownDescription: "Seconds from the first request to the last byte, in milliseconds' precision."},
				"bytes_per_second": imageNumber("Bytes a second; divide by 125000 for megabits a second, as `bandwidth_mbps` takes them."),
			}},
		},
	}
}

// measurement converts the arguments: how many bytes to download, 0 for none.
func (m imageComparisonModel) measurement(diags *diag.Diagnostics) int64 {
	at, limit := path.Root("measure_pull_max_bytes"), m.MeasurePullMaxBytes
	if m.MeasurePull.IsUnknown() || limit.IsUnknown() {
		return 0
	}
	switch {
	case !m.MeasurePull.ValueBool():
		if !limit.IsNull() {
			diags.AddAttributeError(at, "Unused argument", "It bounds what measure_pull downloads, which is not asked for. Set measure_pull = true, or remove it.")
		}
		return 0
	case limit.IsNull():
		return defaultMeasureBytes
	case limit.ValueInt64() < 1:
		diags.AddAttributeError(at, "Invalid measurement", fmt.Sprintf("The limit is %d bytes. Use 1 or more, such as %d.", limit.ValueInt64(), defaultMeasureBytes))
	}
	return limit.ValueInt64()
}

// measure fills in the throughput of each registry.
func (d *imageComparisonDataSource) measure(ctx context.Context, query comparisonQuery, candidates []comparison.Candidate, model *imageComparisonModel, diags *diag.Diagnostics) {
	element := imageComparisonSchema().Attributes["registries"].GetType().(types.MapType).ElemType //nolint:forcetypeassert // The schema is our own.
	model.Registries = types.MapNull(element)
	if query.measureBytes == 0 {
		return
	}
	samples := map[string][]registry.PullSample{}
	for i, c := range query.candidates {
		for _, layer := range candidates[i].Facts.Layers {
			if !c.ref.IsLayout() {
				samples[c.ref.Registry()] = append(samples[c.ref.Registry()], registry.PullSample{Ref: c.ref, Layer: layer})
			}
		}
	}
	found := map[string]throughputModel{}
	for _, host := range slices.Sorted(maps.Keys(samples)) { // one after the other: they share this machine's bandwidth
		chosen := registry.SelectSamples(samples[host], query.measureBytes)
		if len(chosen) == 0 {
			diags.AddAttributeWarning(path.Root("measure_pull"), fmt.Sprintf("Unable to measure registry %q", host), fmt.Sprintf(
				"All layers there have more than %d bytes.\n\nRaise measure_pull_max_bytes.", query.measureBytes))
			continue
		}
		got, err := d.pulls.MeasurePull(ctx, chosen)
		if err != nil {
			addCandidateError(diags, path.Root("measure_pull"), chosen[0].Ref, err)
			continue
		}
		found[host] = throughputModel{
			Layers: int64(got.Layers), Bytes: got.Bytes, Seconds: math.Round(got.Elapsed.Seconds()*1000) / 1000, BytesPerSecond: int64(got.PerSecond()),
		}
	}
	var more diag.Diagnostics
	model.Registries, more = types.MapValueFrom(ctx, element, found)
	diags.Append(more...)
}
