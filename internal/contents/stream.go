package contents

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Blob is what a manifest and a config say of a layer.
type Blob struct {
	// Digest is that of the compressed bytes ("sha256:…"), and Size their number.
	Digest string
	Size   int64
	// DiffID is the digest of the archive.
	DiffID string
}

// counter counts and hashes what is read through it, and remembers an error that is not the end.
type counter struct {
	from   io.Reader
	hash   hash.Hash
	n      int64
	failed error
}

func newCounter(from io.Reader) *counter { return &counter{from: from, hash: sha256.New()} }

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	_, _ = c.hash.Write(p[:n])
	if err != nil && !errors.Is(err, io.EOF) {
		c.failed = err
	}
	return n, err
}

func (c *counter) digest() string { return "sha256:" + hex.EncodeToString(c.hash.Sum(nil)) }

// bombGuard stops an archive that grows out of all proportion to what it was made from.
type bombGuard struct {
	*counter
	compressed *counter
}

// Read implements io.Reader. The error is a *LimitError for a bomb.
func (g bombGuard) Read(p []byte) (int, error) {
	n, err := g.counter.Read(p)
	switch {
	case g.n > maxExpandedBytes:
		return n, &LimitError{Reason: fmt.Sprintf("it expands to more than %d bytes", int64(maxExpandedBytes))}
	case g.n > bombBytes && g.n/maxRatio > g.compressed.n:
		return n, &LimitError{Reason: fmt.Sprintf("it expands to more than %d times its size, as decompression bombs do", maxRatio)}
	}
	return n, err
}

// decompress returns the archive in a compressed stream. What it is is read from its first bytes, since media types are
// often wrong. close gives memory back.
func decompress(compressed io.Reader) (archive io.Reader, closer func(), err error) {
	buffered := bufio.NewReaderSize(compressed, 128<<10)
	magic, err := buffered.Peek(4)
	if err != nil && len(magic) == 0 {
		return nil, nil, fmt.Errorf("the layer is empty: %w", err)
	}
	switch {
	case len(magic) >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, nil, err
		}
		return z, func() { _ = z.Close() }, nil
	case len(magic) == 4 && isZstd(magic):
		z, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindowBytes))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	default:
		return buffered, func() {}, nil
	}
}

// isZstd tells a zstd frame or a skippable frame, with which zstd:chunked layers may begin. Source: RFC 8878, section 3.1.
func isZstd(magic []byte) bool {
	return (magic[0] == 0x28 && magic[1] == 0xb5 && magic[2] == 0x2f && magic[3] == 0xfd) ||
		(magic[0]&0xf0 == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d && magic[3] == 0x18)
}
