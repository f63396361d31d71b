package contents

import (
	"fmt"
	"hash/maphash"
	"math"
	"path"
	"strings"
)

// Merger puts the layers of one image together. Give it the layers from the top down, then ask for the Contents.
// It keeps 32 bytes for each path, and the facts; the layers themselves can be dropped one after the other.
type Merger struct {
	seed    maphash.Seed
	records map[uint64]record
	layer   int16 // number of layers so far; the topmost is 0
	entries int
	stored  int64 // bytes of files in all layers
	facts   facts
}

// record is what is known of a path from the layers so far. Paths are known by a hash: 64 bits with a seed of this
// process, so that nobody can make two paths collide, and among MaxEntries paths it happens once in 200 million images.
type record struct {
	size  int64 // of the visible file
	least int64 // smallest size in any layer, 0 if it was ever deleted
	// own is the topmost layer that has or deletes the path, and below the topmost that deletes what is below it.
	own, below int16
	gone       bool // the topmost word on the path is a deletion, of itself or of a directory that it is in
}

// none stands for no layer: below every real one.
const none = math.MaxInt16

// NewMerger returns a Merger without layers.
func NewMerger() *Merger {
	return &Merger{seed: maphash.MakeSeed(), records: map[uint64]record{}, facts: newFacts()}
}

// Add puts a layer below those that were added before. The error is a *LimitError if the image becomes too large.
func (m *Merger) Add(l Layer) error {
	if m.entries += l.Entries; m.entries > MaxEntries {
		return &LimitError{Reason: fmt.Sprintf("the image has more than %d entries in its layers", MaxEntries)}
	}
	for e, err := range l.index.all() {
		if err != nil {
			return err
		}
		if err := m.place(e, l); err != nil {
			return err
		}
	}
	m.facts.addInventories(l)
	m.layer++
	return nil
}

// place finds out whether an entry is visible, and remembers it.
func (m *Merger) place(e entry, l Layer) error {
	key := maphash.String(m.seed, e.path)
	r, known := m.records[key]
	if !known {
		r = record{least: math.MaxInt64, own: none, below: none}
	}
	switch e.kind {
	case opaque:
		r.below = min(r.below, m.layer)
		m.records[key] = r
		return nil
	case whiteout:
		r.below = min(r.below, m.layer)
		r.least = 0
		if r.own == none {
			r.own, r.gone = m.layer, true
		}
		m.records[key] = r
		return nil
	}
	buried := m.isBuried(e.path)
	hidden := buried || (r.own < m.layer && (r.gone || r.below < m.layer || e.kind != directory))
	m.stored += e.size
	if e.kind != directory {
		r.least = min(r.least, e.size)
	}
	if buried || (hidden && r.gone) {
		r.least = 0
	}
	m.facts.stored(e, hidden, l)
	if hidden {
		m.facts.waste(e, int(m.layer), e.size)
	} else {
		if r.own == m.layer && !r.gone {
			// The path comes a second time in one archive; the first is wasted.
			m.facts.waste(e, int(m.layer), r.size)
		}
		r.size, r.gone = e.size, false
		if err := m.facts.visible(e, l); err != nil {
			return err
		}
	}
	if r.own == none {
		r.own, r.gone = m.layer, buried
	}
	if e.kind != directory {
		r.below = min(r.below, m.layer)
	}
	m.records[key] = r
	return nil
}

// isBuried reports whether a layer above deletes or replaces a directory that the path is in.
func (m *Merger) isBuried(name string) bool {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if dir == "." {
			dir = "" // the root, which can be opaque
		}
		if r, ok := m.records[maphash.String(m.seed, dir)]; ok && r.below < m.layer {
			return true
		}
		if dir == "" {
			return false
		}
	}
}

// exists reports whether a path, without symbolic links in it, is visible.
func (m *Merger) exists(name string) bool {
	r, ok := m.records[maphash.String(m.seed, name)]
	return ok && r.own != none && !r.gone
}

// maxHops is how many symbolic links Linux follows in one path (path_resolution(7)).
const maxHops = 40

// resolve follows the symbolic links in a path, without a leading slash, as a process in the container would. ok is false
// if it leads nowhere.
func (m *Merger) resolve(name string) (resolved string, ok bool) {
	rest := strings.Split(name, "/")
	var at []string
	for hops := 0; len(rest) > 0; {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			at = at[:max(0, len(at)-1)]
			continue
		}
		at = append(at, part)
		here := strings.Join(at, "/")
		target, isLink := m.facts.links[here]
		if !isLink {
			continue
		}
		if hops++; hops > maxHops || len(rest) > maxPathBytes {
			return "", false
		}
		at = at[:len(at)-1]
		if strings.HasPrefix(target, "/") {
			at = nil
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	resolved = strings.Join(at, "/")
	return resolved, m.exists(resolved)
}
