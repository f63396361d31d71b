package boltfile

import (
	"bytes"
	"encoding/binary"
	"sort"
)

// Kinds of pages, and the flag of an element that is a bucket.
const (
	branchPage    = 0x01
	leafPage      = 0x02
	bucketElement = 0x01
)

// page is the bytes of a branch or a leaf, of which the header was checked.
type page struct {
	raw    []byte
	branch bool
	count  int
}

func parsePage(raw []byte) (page, error) {
	if len(raw) < headerBytes {
		return page{}, corrupt("a page has %d bytes", len(raw))
	}
	flags := binary.LittleEndian.Uint16(raw[8:])
	p := page{raw: raw, branch: flags == branchPage, count: int(binary.LittleEndian.Uint16(raw[10:]))}
	if flags != branchPage && flags != leafPage {
		return page{}, corrupt("a page of a tree has the flags %#x", flags)
	}
	if headerBytes*(p.count+1) > len(raw) {
		return page{}, corrupt("a page of %d bytes claims %d elements", len(raw), p.count)
	}
	if p.branch && p.count == 0 {
		return page{}, corrupt("a branch has no elements")
	}
	return p, nil
}

// element is one key of a page with its value, or with the page below.
type element struct {
	key, value []byte
	child      uint64
	isBucket   bool
}

// element reads the element with the given index.
func (p page) element(i int) (element, error) {
	at := headerBytes * (i + 1)
	head := p.raw[at : at+headerBytes]
	if p.branch {
		key, err := p.slice(at, binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:]))
		return element{key: key, child: binary.LittleEndian.Uint64(head[8:])}, err
	}
	start, keySize := binary.LittleEndian.Uint32(head[4:]), binary.LittleEndian.Uint32(head[8:])
	both, err := p.slice(at, start, keySize, binary.LittleEndian.Uint32(head[12:]))
	if err != nil {
		return element{}, err
	}
	return element{
		key: both[:keySize], value: both[keySize:],
		isBucket: binary.LittleEndian.Uint32(head)&bucketElement != 0,
	}, nil
}

// slice returns the bytes from start, counted from the element, over the sum of the sizes.
func (p page) slice(at int, start uint32, sizes ...uint32) ([]byte, error) {
	from := int64(at) + int64(start)
	to := from
	for _, size := range sizes {
		to += int64(size)
	}
	if to > int64(len(p.raw)) {
		return nil, corrupt("an element ends at byte %d of a page of %d bytes", to, len(p.raw))
	}
	return p.raw[from:to], nil
}

// lowerBound returns the index of the first element whose key is not below the given one, which may be the count.
func (p page) lowerBound(key []byte) (int, error) {
	var failed error
	i := sort.Search(p.count, func(i int) bool {
		e, err := p.element(i)
		if err != nil {
			failed = err
			return true
		}
		return bytes.Compare(e.key, key) >= 0
	})
	return i, failed
}

// childFor returns the index of the element of a branch below which the key is, if it is anywhere.
func (p page) childFor(key []byte) (int, error) {
	i, err := p.lowerBound(key)
	if err != nil {
		return 0, err
	}
	if i < p.count {
		e, err := p.element(i)
		if err != nil || bytes.Equal(e.key, key) {
			return i, err
		}
	}
	return max(i-1, 0), nil
}
