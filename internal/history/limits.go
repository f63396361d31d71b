package history

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// maxPercent bounds a limit on growth. An image that may grow tenfold has none.
const maxPercent = 1000

// shownVulnerabilities is how many a message lists.
const shownVulnerabilities = 10

// Limits are what a change may not exceed. The zero value has none.
type Limits struct {
	// MaxGrowth is in percent of the earlier image's size; nil is no limit.
	MaxGrowth *float64
	// FailOnNew is the least severity of a new vulnerability that is too much; Unknown is no limit.
	FailOnNew vulnerability.Severity
}

// ParsePercent reads a limit such as "10%" or "2.5%".
func ParsePercent(text string) (float64, error) {
	number, ok := strings.CutSuffix(text, "%")
	value, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || math.IsNaN(value) || value < 0 || value > maxPercent {
		return 0, fmt.Errorf("%q is no percentage; write a number from 0 to %d and the sign, such as \"10%%\"", text, maxPercent)
	}
	return value, nil
}

// Growth says that the image has grown too much; empty if it has not, or if nothing limits it.
func (l Limits) Growth(before, after Snapshot) string {
	if l.MaxGrowth == nil || float64(after.SizeBytes) <= float64(before.SizeBytes)*(1+*l.MaxGrowth/100) {
		return ""
	}
	return fmt.Sprintf("the image has %d bytes (compressed), and the one before had %d: it has grown by %s, and %s%% are allowed",
		after.SizeBytes, before.SizeBytes, growth(before, after), strconv.FormatFloat(*l.MaxGrowth, 'f', -1, 64))
}

func growth(before, after Snapshot) string {
	if before.SizeBytes == 0 {
		return fmt.Sprintf("%d bytes", after.SizeBytes)
	}
	return fmt.Sprintf("%.1f%%", float64(after.SizeBytes-before.SizeBytes)/float64(before.SizeBytes)*100)
}

// Vulnerabilities says which new vulnerabilities are too much, or that they can not be known; empty if there are none, or if nothing limits them.
func (l Limits) Vulnerabilities(before, after Snapshot, c Changes) string {
	if l.FailOnNew == vulnerability.Unknown {
		return ""
	}
	if c.New == nil {
		return "whether the image has new vulnerabilities is not known: " + reason(before, after)
	}
	var failing []string
	for _, id := range byWorst(c.New) {
		if c.New[id] >= l.FailOnNew {
			failing = append(failing, fmt.Sprintf("%s (%s)", id, c.New[id]))
		}
	}
	if len(failing) == 0 {
		return ""
	}
	shown := strings.Join(failing[:min(len(failing), shownVulnerabilities)], ", ")
	if more := len(failing) - shownVulnerabilities; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	return "the image has vulnerabilities that the one before had not: " + shown
}

func reason(before, after Snapshot) string {
	if after.Vulnerabilities == nil {
		return after.Unknowns[FactVulnerabilities]
	}
	return "of the image before: " + before.Unknowns[FactVulnerabilities]
}
