package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// checkpointBytes is the distance between the states that a digester keeps, and so the most that is read again from the source
// when an upload is taken up. A state has about a hundred bytes: a layer of 10 GiB needs 256 kB.
const checkpointBytes = 4 << 20

// digester computes the SHA-256 of a stream that may have to be read again from some place on, by keeping its state at regular offsets.
type digester struct {
	sum    hash.Hash
	offset int64
	marks  []hash.Cloner // after checkpointBytes, twice that, and so on
}

func newDigester() *digester { return &digester{sum: sha256.New()} }

// Write implements io.Writer. It never fails.
func (d *digester) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		part := rest[:min(int64(len(rest)), checkpointBytes-d.offset%checkpointBytes)]
		d.sum.Write(part)
		d.offset += int64(len(part))
		rest = rest[len(part):]
		if d.offset%checkpointBytes == 0 {
			d.marks = append(d.marks, cloneOf(d.sum))
		}
	}
	return len(p), nil
}

// rewind goes back to the last state that is not behind the offset, and returns where that is.
func (d *digester) rewind(offset int64) int64 {
	n := min(offset, d.offset) / checkpointBytes
	d.marks = d.marks[:n]
	d.offset = n * checkpointBytes
	d.sum = sha256.New()
	if n > 0 {
		d.sum = cloneOf(d.marks[n-1])
	}
	return d.offset
}

// digest returns the digest of what was written.
func (d *digester) digest() string { return "sha256:" + hex.EncodeToString(d.sum.Sum(nil)) }

// cloneOf copies a state. The standard library's SHA-256 always can (hash.Cloner, since Go 1.25).
func cloneOf(h hash.Hash) hash.Cloner {
	clone, err := h.(hash.Cloner).Clone() //nolint:forcetypeassert // See above.
	if err != nil {
		panic(err)
	}
	return clone
}
