package registry

import (
	"slices"
	"strings"
)

const (
	// nearestTagCount is how many similar tags an error names.
	nearestTagCount = 5
	// longestCompared bounds the tags that are compared; a tag has at most 128 characters.
	longestCompared = 128
)

// nearest returns the tags that resemble the wanted one most: the fewest changed characters first, then the longest common
// beginning, then by name.
func nearest(want string, tags []string) []string {
	type candidate struct {
		tag              string
		distance, prefix int
	}
	var candidates []candidate
	for _, tag := range tags {
		if len(tag) <= longestCompared {
			candidates = append(candidates, candidate{tag, distance(want, tag), commonPrefix(want, tag)})
		}
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		if a.distance != b.distance {
			return a.distance - b.distance
		}
		if a.prefix != b.prefix {
			return b.prefix - a.prefix
		}
		return strings.Compare(a.tag, b.tag)
	})
	var found []string
	for _, c := range candidates[:min(len(candidates), nearestTagCount)] {
		found = append(found, c.tag)
	}
	return found
}

// distance is the Levenshtein distance in bytes; tags are ASCII.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
