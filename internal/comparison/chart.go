package comparison

import (
	"bytes"
	"fmt"
	"image/color"
	"maps"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Measures of the chart, in points.
const (
	panelWidth  = 230
	letterWidth = 5.2 // of names, at their size
	rowHeight   = 26
	headHeight  = 40
	barWidth    = 13
	margin      = 8
)

// Colours of bars: one for the recommended candidate, one for other eligible ones, one for the rest. They differ in lightness
// too, for readers who do not tell hues apart.
var (
	best       = color.RGBA{R: 0x1b, G: 0x7f, B: 0x5c, A: 0xff}
	eligible   = color.RGBA{R: 0x5b, G: 0x9b, B: 0xd5, A: 0xff}
	ineligible = color.RGBA{R: 0xbf, G: 0xbf, B: 0xbf, A: 0xff}
	ink        = color.RGBA{R: 0x22, G: 0x22, B: 0x22, A: 0xff}
)

// panel is one of the chart's parts: a measure with a bar for each candidate.
type panel struct {
	title string
	value func(Result) *float64 // nil is unknown
	label func(float64) string
}

var panels = []panel{
	{"compressed size (MB)", func(r Result) *float64 { mb := float64(r.SizeBytes) / 1e6; return &mb }, oneDigit},
	{"packages", func(r Result) *float64 { return number(r.PackageCount)[0] }, whole},
	{"critical and high vulnerabilities", func(r Result) *float64 {
		if r.Vulnerabilities == nil {
			return nil
		}
		n := float64(r.Vulnerabilities.Critical + r.Vulnerabilities.High)
		return &n
	}, whole},
}

func oneDigit(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
func whole(v float64) string    { return strconv.FormatFloat(v, 'f', 0, 64) }

// Chart returns the comparison as an SVG picture: size, packages and vulnerabilities side by side, a row for each candidate,
// the best one on top. What is not known has no bar and says so.
func (r Report) Chart() (string, error) {
	rows := make([]Result, 0, len(r.Ranking))
	var names vg.Length
	for _, name := range slices.Backward(r.Ranking) {
		rows = append(rows, r.Result(name)) // axes count from the bottom
		names = max(names, letterWidth*vg.Length(len(name)))
	}
	width := names + vg.Length(panelWidth*len(panels)) + 2*margin
	height := vg.Length(headHeight + rowHeight*len(rows))
	canvas := vgsvg.New(width, height)
	whole := draw.New(canvas)
	whole.SetColor(color.White)
	whole.Fill(whole.Rectangle.Path())
	for i, p := range panels {
		right := margin + names + vg.Length(panelWidth*(i+1))
		left := right - panelWidth
		if i == 0 {
			left = margin
		}
		part := draw.Crop(whole, left, right-width, margin, -margin)
		drawn, err := r.panel(p, rows, i == 0)
		if err != nil {
			return "", fmt.Errorf("drawing the chart: %w", err)
		}
		drawn.Draw(part)
	}
	var out bytes.Buffer
	_, err := canvas.WriteTo(&out)
	return out.String(), err
}

// panel draws one measure. The names stand in the first panel only.
func (r Report) panel(p panel, rows []Result, named bool) (*plot.Plot, error) {
	drawn := plot.New()
	drawn.Title.Text = p.title
	drawn.Title.Padding = 6
	sans := font.Font{Typeface: plot.DefaultFont.Typeface, Variant: "Sans", Size: 9}
	drawn.Title.TextStyle.Font, drawn.X.Tick.Label.Font, drawn.Y.Tick.Label.Font = bigger(sans), sans, sans
	drawn.X.Min, drawn.X.Max = 0, 1.25*largestOf(rows, p)
	drawn.Y.Min, drawn.Y.Max = -0.6, float64(len(rows))-0.4
	drawn.Y.LineStyle.Width, drawn.Y.Tick.LineStyle.Width = 0, 0
	drawn.X.Tick.Marker = plot.ConstantTicks{}
	drawn.X.LineStyle.Width = 0
	labels := plotter.XYLabels{}
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.Name
		if !named {
			names[i] = ""
		}
		value := p.value(row)
		words := "not known"
		if value != nil {
			words = p.label(*value)
			bar, err := plotter.NewBarChart(plotter.Values{*value}, barWidth)
			if err != nil {
				return nil, err
			}
			bar.Horizontal, bar.XMin, bar.Color, bar.LineStyle.Width = true, float64(i), r.colour(row), 0
			drawn.Add(bar)
		}
		labels.XYs = append(labels.XYs, plotter.XY{X: valueOr(value, 0), Y: float64(i)})
		labels.Labels = append(labels.Labels, words)
	}
	drawn.NominalY(names...)
	written, err := plotter.NewLabels(labels)
	if err != nil {
		return nil, err
	}
	for i := range written.TextStyle {
		written.TextStyle[i].Font, written.TextStyle[i].Color, written.TextStyle[i].YAlign = sans, ink, text.YCenter
	}
	written.Offset.X = 4
	drawn.Add(written)
	return drawn, nil
}

func bigger(f font.Font) font.Font {
	f.Size += 2
	return f
}

func (r Report) colour(row Result) color.Color {
	switch {
	case row.Name == r.Recommended:
		return best
	case row.Eligible:
		return eligible
	}
	return ineligible
}

// largestOf returns the largest known value, and 1 if there is none, so that there is an axis.
func largestOf(rows []Result, p panel) float64 {
	largest := 0.0
	for _, row := range rows {
		largest = max(largest, valueOr(p.value(row), 0))
	}
	if largest == 0 {
		return 1
	}
	return largest
}

func valueOr(value *float64, fallback float64) float64 {
	if value == nil {
		return fallback
	}
	return *value
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
