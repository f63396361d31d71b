package boltfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// ErrCorrupt is what every error of this package is, unless the reader itself failed.
var ErrCorrupt = errors.New("not a valid bbolt file")

// Constants of the format. Source: go.etcd.io/bbolt@v1.5.0, internal/common/types.go and meta.go.
const (
	magic         = 0xED0CDAED
	formatVersion = 2
	headerBytes   = 16 // of a page, of an element, and of a bucket
	metaBytes     = 64 // with its checksum, behind the page's header
	smallestPage  = 1 << 10
	largestPage   = 1 << 16
)

// Limits beyond which a file is not honest. trivy-db, which this package is for, has values of some hundred kilobytes and
// trees of depth four.
const (
	maxPageBytes = 64 << 20
	maxDepth     = 24
)

// File is an open file. It is safe for concurrent use if its reader is.
type File struct {
	reader   io.ReaderAt
	size     int64
	pageSize int64
	pages    uint64 // the pages in use have lower numbers
	root     uint64
}

// Open reads the meta pages of a file of the given size in bytes.
func Open(reader io.ReaderAt, size int64) (*File, error) {
	f := &File{reader: reader, size: size}
	best, found := meta{}, false
	for pageSize := int64(smallestPage); pageSize <= largestPage; pageSize <<= 1 {
		for _, at := range []int64{0, pageSize} {
			m, err := f.meta(at)
			if err != nil {
				return nil, err
			}
			if m.valid && m.pageSize == pageSize && (!found || m.txid > best.txid) {
				best, found = m, true
			}
		}
	}
	if !found {
		return nil, corrupt("it has no meta page of version %d", formatVersion)
	}
	f.pageSize, f.pages, f.root = best.pageSize, best.pages, best.root
	if f.root >= f.pages || f.pages > uint64(size/f.pageSize) {
		return nil, corrupt("it is %d bytes long and names %d pages of %d bytes", size, f.pages, f.pageSize)
	}
	return f, nil
}

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...))
}

// meta is what a meta page says.
type meta struct {
	valid             bool
	pageSize          int64
	pages, root, txid uint64
}

// meta reads the meta page at an offset. One that is not there or not valid is no error: the other one may be.
func (f *File) meta(at int64) (meta, error) {
	if at+headerBytes+metaBytes > f.size {
		return meta{}, nil
	}
	raw := make([]byte, metaBytes)
	if _, err := f.reader.ReadAt(raw, at+headerBytes); err != nil {
		return meta{}, err
	}
	sum := fnv.New64a()
	_, _ = sum.Write(raw[:metaBytes-8])
	return meta{
		valid: binary.LittleEndian.Uint32(raw) == magic &&
			binary.LittleEndian.Uint32(raw[4:]) == formatVersion &&
			binary.LittleEndian.Uint64(raw[metaBytes-8:]) == sum.Sum64(),
		pageSize: int64(binary.LittleEndian.Uint32(raw[8:])),
		root:     binary.LittleEndian.Uint64(raw[16:]),
		pages:    binary.LittleEndian.Uint64(raw[40:]),
		txid:     binary.LittleEndian.Uint64(raw[48:]),
	}, nil
}

// Root returns the bucket that holds all others.
func (f *File) Root() Bucket { return Bucket{file: f, root: f.root} }

// page reads a page with those that continue it.
func (f *File) page(number uint64) (page, error) {
	if number < 2 || number >= f.pages {
		return page{}, corrupt("page %d is not among the pages 2 to %d", number, f.pages-1)
	}
	at := int64(number) * f.pageSize //nolint:gosec // Below f.pages, whose size in bytes was checked.
	header := make([]byte, headerBytes)
	if _, err := f.reader.ReadAt(header, at); err != nil {
		return page{}, err
	}
	size := (int64(binary.LittleEndian.Uint32(header[12:])) + 1) * f.pageSize
	if size > maxPageBytes || size > f.size-at {
		return page{}, corrupt("page %d claims %d bytes", number, size)
	}
	if id := binary.LittleEndian.Uint64(header); id != number {
		return page{}, corrupt("page %d says to be page %d", number, id)
	}
	raw := make([]byte, size)
	if _, err := f.reader.ReadAt(raw, at); err != nil {
		return page{}, err
	}
	return parsePage(raw)
}
