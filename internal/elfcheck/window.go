package elfcheck

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"io"
)

// How much of a binary a Window keeps. Binaries up to headBytes, nearly all there are, are kept whole.
const (
	headBytes     = 8 << 20
	rangeBytes    = 1 << 20
	maxRangeBytes = 4 << 20
	tailBytes     = 1 << 20
)

// ErrNotKept says that a part of a large binary was asked for that a Window does not keep.
var ErrNotKept = errors.New("this part of the large file was not kept")

// Window takes a binary as a stream and keeps what Inspect and debug/buildinfo ask for: the first 8 MiB; of what comes after
// them, the beginning of each segment, the dynamic section and the section headers; and the last MiB. It never takes
// more than 14 MiB. The zero value is ready; Reset makes it so again and keeps its memory.
type Window struct {
	head   []byte
	wanted []span // sorted by nothing; few
	tail   []byte // the last bytes so far, at most twice tailBytes
	size   int64
}

// span is a part of the file beyond the head, and what has come of it.
type span struct {
	start, length int64
	data          []byte
}

// Reset forgets the file.
func (w *Window) Reset() { *w = Window{head: w.head[:0], tail: w.tail[:0]} }

// Size returns how many bytes were written.
func (w *Window) Size() int64 { return w.size }

// Write takes the next bytes of the file. It never fails.
func (w *Window) Write(p []byte) (int, error) {
	n := len(p)
	if room := headBytes - len(w.head); room > 0 {
		take := min(room, len(p))
		w.head = append(w.head, p[:take]...)
		w.size += int64(take)
		p = p[take:]
		if len(w.head) == headBytes {
			w.wanted = wantedSpans(w.head)
		}
	}
	if len(p) == 0 {
		return n, nil
	}
	for i := range w.wanted {
		w.wanted[i].take(w.size, p)
	}
	w.tail = append(w.tail, p...)
	if extra := len(w.tail) - tailBytes; extra > tailBytes {
		w.tail = append(w.tail[:0], w.tail[extra:]...)
	}
	w.size += int64(len(p))
	return n, nil
}

// take keeps the part of p, which begins at offset, that belongs to the span and follows what it has.
func (s *span) take(offset int64, p []byte) {
	next := s.start + int64(len(s.data))
	missing := s.length - int64(len(s.data))
	if missing <= 0 || next < offset || next >= offset+int64(len(p)) {
		return
	}
	p = p[next-offset:]
	s.data = append(s.data, p[:min(missing, int64(len(p)))]...)
}

// ReadAt implements io.ReaderAt. The error is ErrNotKept for a range that is not kept whole.
func (w *Window) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 || offset >= w.size {
		return 0, io.EOF
	}
	short := int64(len(p)) > w.size-offset
	if short {
		p = p[:w.size-offset]
	}
	from := func(start int64, data []byte) bool {
		return offset >= start && offset+int64(len(p)) <= start+int64(len(data)) && copy(p, data[offset-start:]) == len(p)
	}
	found := from(0, w.head) || from(w.size-int64(len(w.tail)), w.tail)
	for i := 0; i < len(w.wanted) && !found; i++ {
		found = from(w.wanted[i].start, w.wanted[i].data)
	}
	switch {
	case !found:
		return 0, ErrNotKept
	case short:
		return len(p), io.EOF
	}
	return len(p), nil
}

// wantedSpans reads from the ELF header which parts beyond the head will be asked for. A header that makes no sense
// wants nothing.
func wantedSpans(head []byte) []span {
	if len(head) < 64 || !bytes.HasPrefix(head, []byte(elf.ELFMAG)) {
		return nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	if elf.Data(head[elf.EI_DATA]) == elf.ELFDATA2MSB {
		order = binary.BigEndian
	}
	h := header64(head, order)
	if elf.Class(head[elf.EI_CLASS]) == elf.ELFCLASS32 {
		h = header32(head, order)
	}
	spans := []span{{start: int64(h.sectionOffset), length: int64(h.sectionSize) * int64(h.sections)}}
	for i := range int64(h.programs) {
		at := int64(h.programOffset) + i*int64(h.programSize)
		if at < 0 || at+56 > int64(len(head)) {
			break
		}
		kind, start, length := h.program(head[at:], order)
		if kind == elf.PT_LOAD || kind == elf.PT_DYNAMIC {
			spans = append(spans, span{start: start, length: length})
		}
	}
	return bounded(spans)
}

// bounded cuts spans to what may be kept.
func bounded(spans []span) []span {
	var kept []span
	room := int64(maxRangeBytes)
	for _, s := range spans {
		s.length = min(s.length, rangeBytes, room)
		if s.start < headBytes || s.length <= 0 || s.start+s.length < 0 {
			continue
		}
		room -= s.length
		kept = append(kept, s)
	}
	return kept
}

// elfHeader is the part of an ELF header that says where the tables are.
type elfHeader struct {
	programOffset, sectionOffset uint64
	programSize, programs        uint16
	sectionSize, sections        uint16
	offsetAt, lengthAt, width    int // within a program header
}

func header64(b []byte, order binary.ByteOrder) elfHeader {
	return elfHeader{
		programOffset: order.Uint64(b[32:]), sectionOffset: order.Uint64(b[40:]),
		programSize: order.Uint16(b[54:]), programs: order.Uint16(b[56:]),
		sectionSize: order.Uint16(b[58:]), sections: order.Uint16(b[60:]),
		offsetAt: 8, lengthAt: 32, width: 8,
	}
}

func header32(b []byte, order binary.ByteOrder) elfHeader {
	return elfHeader{
		programOffset: uint64(order.Uint32(b[28:])), sectionOffset: uint64(order.Uint32(b[32:])),
		programSize: order.Uint16(b[42:]), programs: order.Uint16(b[44:]),
		sectionSize: order.Uint16(b[46:]), sections: order.Uint16(b[48:]),
		offsetAt: 4, lengthAt: 16, width: 4,
	}
}

// program reads type, offset and size in the file from a program header.
func (h elfHeader) program(b []byte, order binary.ByteOrder) (kind elf.ProgType, start, length int64) {
	word := func(at int) int64 {
		if h.width == 4 {
			return int64(order.Uint32(b[at:]))
		}
		return int64(order.Uint64(b[at:]) & (1<<62 - 1))
	}
	return elf.ProgType(order.Uint32(b)), word(h.offsetAt), word(h.lengthAt)
}
