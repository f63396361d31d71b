package boltfile

import (
	"bytes"
	"encoding/binary"
)

// Bucket is a sorted map of keys to values and further buckets.
type Bucket struct {
	file   *File
	root   uint64 // zero for a bucket whose page is inline
	inline []byte
}

// Bucket returns the bucket under a key, and whether there is one.
func (b Bucket) Bucket(name string) (Bucket, bool, error) {
	e, found, err := b.find([]byte(name))
	if err != nil || !found || !e.isBucket {
		return Bucket{}, false, err
	}
	inner, err := b.open(e.value)
	return inner, err == nil, err
}

// open reads the value of a bucket's element: the number of its root page and a sequence, then an inline page if the number is zero.
func (b Bucket) open(value []byte) (Bucket, error) {
	if len(value) < headerBytes {
		return Bucket{}, corrupt("a bucket has %d bytes", len(value))
	}
	root := binary.LittleEndian.Uint64(value)
	if root == 0 {
		return Bucket{file: b.file, inline: value[headerBytes:]}, nil
	}
	return Bucket{file: b.file, root: root}, nil
}

// Get returns the value under a key, and whether there is one. A bucket is not a value.
func (b Bucket) Get(key string) ([]byte, bool, error) {
	e, found, err := b.find([]byte(key))
	if err != nil || !found || e.isBucket {
		return nil, false, err
	}
	return e.value, true, nil
}

// rootPage returns the page at which the bucket begins.
func (b Bucket) rootPage() (page, error) {
	if b.root == 0 {
		return parsePage(b.inline)
	}
	return b.file.page(b.root)
}

// find goes down the tree to the element with the key.
func (b Bucket) find(key []byte) (element, bool, error) {
	p, err := b.rootPage()
	for depth := 0; err == nil && p.branch; depth++ {
		if depth == maxDepth {
			return element{}, false, corrupt("a tree is deeper than %d pages", maxDepth)
		}
		p, err = b.child(p, key)
	}
	if err != nil {
		return element{}, false, err
	}
	i, err := p.lowerBound(key)
	if err != nil || i == p.count {
		return element{}, false, err
	}
	e, err := p.element(i)
	return e, err == nil && bytes.Equal(e.key, key), err
}

// child reads the page below a branch that has the key.
func (b Bucket) child(p page, key []byte) (page, error) {
	i, err := p.childFor(key)
	if err != nil {
		return page{}, err
	}
	e, err := p.element(i)
	if err != nil {
		return page{}, err
	}
	return b.file.page(e.child)
}

// Walk calls visit for each key that begins with the prefix, in order, with its value, or with no value and isBucket for
// a bucket. It ends at the first error, which it returns. The bytes of key and value may be kept.
func (b Bucket) Walk(prefix string, visit func(key string, value []byte, isBucket bool) error) error {
	p, err := b.rootPage()
	if err != nil {
		return err
	}
	w := walk{bucket: b, prefix: []byte(prefix), visit: visit}
	return w.page(p, 0)
}

// walk is one walk over a bucket.
type walk struct {
	bucket Bucket
	prefix []byte
	visit  func(key string, value []byte, isBucket bool) error
	read   uint64 // pages so far
}

func (w *walk) page(p page, depth int) error {
	if w.read++; depth > maxDepth || w.read > w.bucket.file.pages {
		return corrupt("a tree has a page twice, or is deeper than %d pages", maxDepth)
	}
	first, err := p.lowerBound(w.prefix)
	if p.branch && err == nil {
		first, err = p.childFor(w.prefix)
	}
	if err != nil {
		return err
	}
	for i := first; i < p.count; i++ {
		e, err := p.element(i)
		if err != nil {
			return err
		}
		inRange := bytes.HasPrefix(e.key, w.prefix)
		if !inRange && bytes.Compare(e.key, w.prefix) > 0 {
			return nil
		}
		if err := w.element(p, e, inRange, depth); err != nil {
			return err
		}
	}
	return nil
}

// element visits a key, or walks the page below one of a branch. The first key of a branch is the lowest below it, so keys
// in range may stand below one that is not.
func (w *walk) element(p page, e element, inRange bool, depth int) error {
	switch {
	case p.branch:
		below, err := w.bucket.file.page(e.child)
		if err != nil {
			return err
		}
		return w.page(below, depth+1)
	case !inRange:
		return nil
	case e.isBucket:
		return w.visit(string(e.key), nil, true)
	default:
		return w.visit(string(e.key), e.value, false)
	}
}
