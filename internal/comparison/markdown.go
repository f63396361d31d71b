package comparison

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// unknownText is what stands in a table for a value that is not known.
const unknownText = "?"

// columns are the columns of the table, in order.
var columns = []struct {
	title string
	right bool
	value func(Result) string
}{
	{"image", false, func(r Result) string { return "`" + r.Reference + "`" }},
	{"distribution", false, distributionText},
	{"size", true, func(r Result) string { return megabytes(r.SizeBytes) }},
	{"unpacked", true, func(r Result) string { return orUnknown(r.UncompressedBytes, megabytes) }},
	{"packages", true, func(r Result) string { return orUnknown(r.PackageCount, strconv.Itoa) }},
	{"vulnerabilities (C/H/M/L)", true, vulnerabilityText},
	{"libc", false, func(r Result) string {
		if r.Libc == nil {
			return unknownText
		}
		return string(*r.Libc)
	}},
	{"shell", false, shellText},
	{"package manager", false, func(r Result) string { return orUnknown(r.PackageManager, func(s string) string { return s }) }},
	{"root", false, func(r Result) string { return yesNo(r.RunsAsRoot) }},
	{"supported until", false, func(r Result) string {
		if r.Support == nil {
			return unknownText
		}
		return r.Support.EndOfLife
	}},
	{"wasted", true, func(r Result) string { return orUnknown(r.WastedBytes, megabytes) }},
}

// Markdown returns the comparison as a table, the best candidate first, and below it the reasons of those that are not
// eligible and of what is not known. It is made for a pull request.
func (r Report) Markdown() string {
	var b strings.Builder
	head, rule := "| | candidate |", "|--:|---|"
	for _, c := range columns {
		head += " " + c.title + " |"
		rule += map[bool]string{true: "--:|", false: "---|"}[c.right]
	}
	b.WriteString(head + "\n" + rule + "\n")
	for i, name := range r.Ranking {
		result := r.Result(name)
		mark := strconv.Itoa(i + 1)
		if !result.Eligible {
			mark = "–"
		}
		title := cell(name)
		if name == r.Recommended {
			title = "**" + title + "**"
		}
		fmt.Fprintf(&b, "| %s | %s |", mark, title)
		for _, c := range columns {
			b.WriteString(" " + cell(c.value(result)) + " |")
		}
		b.WriteString("\n")
	}
	r.writeReasons(&b)
	return b.String()
}

func (r Report) writeReasons(b *strings.Builder) {
	criteria := make([]string, len(r.RankBy))
	for i, c := range r.RankBy {
		criteria[i] = string(c)
	}
	fmt.Fprintf(b, "\nRanked by %s. %s is not known.\n", strings.Join(criteria, ", "), unknownText)
	for _, name := range r.Ranking {
		for _, reason := range r.Result(name).Reasons {
			fmt.Fprintf(b, "\n- %s is not eligible: %s", cell(name), cell(reason))
		}
	}
	for _, name := range r.Ranking {
		result := r.Result(name)
		byReason := map[string]bool{}
		for _, fact := range sortedKeys(result.Unknowns) {
			if reason := result.Unknowns[fact]; fact != "estimated_pull_seconds" && !byReason[reason] {
				byReason[reason] = true
				fmt.Fprintf(b, "\n- %s: %s is not known: %s", cell(name), fact, cell(reason))
			}
		}
	}
	b.WriteString("\n")
}

// cell makes text safe inside a table: a pipe would end the cell, and a line break the row.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ", "<", "&lt;").Replace(text)
}

// megabytes writes a size in MB, millions of bytes, with one digit behind the point below 100.
func megabytes(n int64) string {
	mb := float64(n) / 1e6
	if mb < 100 {
		return strconv.FormatFloat(mb, 'f', 1, 64) + " MB"
	}
	return strconv.FormatFloat(mb, 'f', 0, 64) + " MB"
}

func orUnknown[V any](value *V, text func(V) string) string {
	if value == nil {
		return unknownText
	}
	return text(*value)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func distributionText(r Result) string {
	if r.Distribution == nil {
		return unknownText
	}
	return r.Distribution.String()
}

func shellText(r Result) string {
	if r.Shells == nil {
		return unknownText
	}
	return yesNo(len(r.Shells) > 0)
}

func vulnerabilityText(r Result) string {
	return orUnknown(r.Vulnerabilities, func(v vulnerability.Counts) string {
		return fmt.Sprintf("%d/%d/%d/%d", v.Critical, v.High, v.Medium, v.Low+v.Unknown)
	})
}
