package comparison

import (
	"cmp"
	"slices"
	"strings"
)

// Criterion is what candidates are ranked by.
type Criterion string

// The criteria. ByVulnerabilities compares critical ones first, then high, medium, low and unrated ones. BySupport puts the
// latest end of life first, ByEfficiency the highest; for all others less is better.
const (
	ByVulnerabilities Criterion = "vulnerabilities"
	BySize            Criterion = "size"
	ByPackages        Criterion = "packages"
	ByUncompressed    Criterion = "uncompressed_size"
	ByPull            Criterion = "pull"
	ByAge             Criterion = "age"
	BySupport         Criterion = "end_of_life"
	BySetuid          Criterion = "setuid_files"
	ByWaste           Criterion = "wasted"
	ByEfficiency      Criterion = "efficiency"
	ByLayers          Criterion = "layers"
)

// Criteria returns all criteria.
func Criteria() []Criterion {
	return []Criterion{
		ByVulnerabilities, BySize, ByPackages, ByUncompressed, ByPull, ByAge, BySupport, BySetuid, ByWaste, ByEfficiency, ByLayers,
	}
}

// DefaultRanking is used where no criteria are given.
func DefaultRanking() []Criterion { return []Criterion{ByVulnerabilities, BySize, ByPackages} }

// rank returns the results in order: eligible ones first, then by the criteria, at last by name.
func rank(results []Result, criteria []Criterion) []Result {
	ranked := slices.Clone(results)
	slices.SortStableFunc(ranked, func(a, b Result) int {
		if a.Eligible != b.Eligible {
			if a.Eligible {
				return -1
			}
			return 1
		}
		for _, c := range criteria {
			if order := slices.CompareFunc(c.key(a), c.key(b), compareKnown); order != 0 {
				return order
			}
		}
		return strings.Compare(a.Name, b.Name)
	})
	return ranked
}

// compareKnown orders numbers, nil behind all others.
func compareKnown(a, b *float64) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

// number makes a comparable number of a value that may be unknown.
func number[N ~int | ~int64 | ~float64](value *N) []*float64 {
	if value == nil {
		return []*float64{nil}
	}
	f := float64(*value)
	return []*float64{&f}
}

// key returns what results are compared by, less being better.
func (c Criterion) key(r Result) []*float64 {
	switch c {
	case ByVulnerabilities:
		return vulnerabilityKey(r)
	case BySize:
		return number(&r.SizeBytes)
	case ByPackages:
		return number(r.PackageCount)
	case ByUncompressed:
		return number(r.UncompressedBytes)
	case ByPull:
		return number(&r.PullBytes)
	case ByAge:
		return number(r.AgeDays)
	case BySupport:
		return supportKey(r)
	case BySetuid:
		return lengthKey(r.SetuidFiles)
	case ByWaste:
		return number(r.WastedBytes)
	case ByEfficiency:
		return negated(number(r.Efficiency))
	case ByLayers:
		return number(&r.LayerCount)
	}
	return nil
}

func vulnerabilityKey(r Result) []*float64 {
	v := r.Vulnerabilities
	if v == nil {
		return []*float64{nil}
	}
	var key []*float64
	for _, n := range []int{v.Critical, v.High, v.Medium, v.Low, v.Unknown} {
		key = append(key, number(&n)...)
	}
	return key
}

// supportKey turns the day "2027-05-01" into the number -20270501.
func supportKey(r Result) []*float64 {
	if r.Support == nil {
		return []*float64{nil}
	}
	n := 0
	for _, digit := range strings.ReplaceAll(r.Support.EndOfLife, "-", "") {
		n = n*10 + int(digit-'0')
	}
	return negated(number(&n))
}

func lengthKey(list []string) []*float64 {
	if list == nil {
		return []*float64{nil}
	}
	n := len(list)
	return number(&n)
}

func negated(key []*float64) []*float64 {
	for _, n := range key {
		if n != nil {
			*n = -*n
		}
	}
	return key
}
