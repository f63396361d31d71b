package contents

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
)

// index is the list of a layer's entries in archive order, as bytes. An entry shares the beginning of its path with the
// one before it, which is most of it in an archive: an index takes about 30 bytes for each entry, a tenth of what values do.
//
// One entry is: length shared with the path before, length of the rest, the rest, kind, mode, size, and for links length
// and target. Numbers are unsigned varints.
type index []byte

// errIndex says that bytes are no index.
var errIndex = errors.New("the index of a layer is damaged")

// indexWriter builds an index.
type indexWriter struct {
	bytes   index
	last    string
	entries int
}

// add appends an entry. The error is a *LimitError once there are too many.
func (w *indexWriter) add(e entry) error {
	if w.entries == MaxEntries || len(w.bytes) > maxIndexBytes {
		return &LimitError{Reason: fmt.Sprintf("more than %d entries, or entries with very long names", MaxEntries)}
	}
	shared := 0
	for shared < len(w.last) && shared < len(e.path) && w.last[shared] == e.path[shared] {
		shared++
	}
	b := binary.AppendUvarint(w.bytes, uint64(shared))
	b = binary.AppendUvarint(b, uint64(len(e.path)-shared))
	b = append(b, e.path[shared:]...)
	b = append(b, byte(e.kind))
	b = binary.AppendUvarint(b, uint64(e.mode))
	b = binary.AppendUvarint(b, uint64(e.size))
	if e.kind == symlink || e.kind == hardlink {
		b = binary.AppendUvarint(b, uint64(len(e.link)))
		b = append(b, e.link...)
	}
	w.bytes, w.last = b, e.path
	w.entries++
	return nil
}

// all yields the entries. The error, if there is one, comes last.
func (x index) all() iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		r := indexReader{rest: x}
		for len(r.rest) > 0 {
			e := r.next()
			if r.failed {
				yield(entry{}, errIndex)
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// indexReader reads an index from the beginning. Once failed, it stays so.
type indexReader struct {
	rest   []byte
	last   string
	failed bool
}

func (r *indexReader) next() entry {
	shared := r.number(uint64(len(r.last)))
	path := r.last[:shared] + r.text()
	e := entry{path: path}
	if len(r.rest) > 0 {
		e.kind, r.rest = kind(r.rest[0]), r.rest[1:]
	}
	e.mode = uint16(r.number(modeBits))
	e.size = int64(r.number(1<<63 - 1))
	if e.kind == symlink || e.kind == hardlink {
		e.link = r.text()
	}
	// The root itself is only ever opaque.
	if e.kind < file || e.kind > opaque || (path == "" && e.kind != opaque) || len(path) > maxPathBytes {
		r.failed = true
	}
	r.last = path
	return e
}

// number reads a number that is at most limit.
func (r *indexReader) number(limit uint64) uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > limit {
		r.failed = true
		r.rest = nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *indexReader) text() string {
	n := r.number(uint64(len(r.rest)))
	if r.failed || n > uint64(len(r.rest)) {
		r.failed = true
		return ""
	}
	text := string(r.rest[:n])
	r.rest = r.rest[n:]
	return text
}
