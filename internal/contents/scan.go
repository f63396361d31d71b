package contents

import (
	"archive/tar"
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/elfcheck"
)

// ErrDigest says that a layer does not have the digest or the diff ID that the image states.
var ErrDigest = errors.New("digest mismatch")

// Scan reads a layer from a stream of its compressed bytes, to the end, and verifies it. The error is or holds a
// *LimitError for a layer above the limits, ErrDigest for one that is not what the image states, or what the stream returned.
// There is no partial result.
func Scan(stream io.Reader, blob Blob) (Layer, error) {
	l, err := scan(stream, blob)
	var limit *LimitError
	switch {
	case errors.As(err, &limit):
		return Layer{}, &LimitError{Digest: blob.Digest, Reason: limit.Reason}
	case err != nil:
		return Layer{}, fmt.Errorf("layer %s: %w", blob.Digest, err)
	}
	return l, nil
}

func scan(stream io.Reader, blob Blob) (Layer, error) {
	compressed := newCounter(stream)
	s := scanner{layer: Layer{
		Digest: blob.Digest, DiffID: blob.DiffID,
		releases: map[string]distro.Distribution{}, inventories: map[string]inventory{}, binaries: map[string]elfcheck.Binary{},
		keys: map[string]bool{},
	}}
	diffID, err := s.read(compressed)
	var limit *LimitError
	if compressed.failed != nil || errors.As(err, &limit) {
		return Layer{}, cmp.Or(compressed.failed, err)
	}
	// Compressed streams may go on behind their last block, and what is damaged is first of all not what was asked for.
	if _, drained := io.Copy(io.Discard, io.LimitReader(compressed, blob.Size+1-compressed.n)); drained != nil {
		return Layer{}, drained
	}
	if got := compressed.digest(); got != blob.Digest || compressed.n != blob.Size {
		return Layer{}, fmt.Errorf("%w: the bytes have the digest %s and are %d, but the image states %d", ErrDigest, got, compressed.n, blob.Size)
	}
	if err != nil {
		return Layer{}, err
	}
	if diffID != blob.DiffID {
		return Layer{}, fmt.Errorf("%w: the archive has the diff ID %s, but the image states %s", ErrDigest, diffID, blob.DiffID)
	}
	return s.layer, nil
}

// read reads the archive to its end and returns its digest.
func (s *scanner) read(compressed *counter) (diffID string, err error) {
	archive, closer, err := decompress(compressed)
	if err != nil {
		return "", err
	}
	defer closer()
	expanded := bombGuard{newCounter(archive), compressed}
	if err := s.walk(tar.NewReader(expanded)); err != nil {
		return "", err
	}
	// An archive may go on behind its end marker; all of it is in the digest.
	if _, err := io.Copy(io.Discard, expanded); err != nil {
		return "", err
	}
	s.layer.ExpandedBytes, s.layer.Entries, s.layer.index = expanded.n, s.index.entries, s.index.bytes
	return expanded.digest(), nil
}

// scanner is the state of one Scan.
type scanner struct {
	layer  Layer
	index  indexWriter
	window elfcheck.Window
}

func (s *scanner) walk(archive *tar.Reader) error {
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the archive: %w", err)
		}
		e, ok, err := newEntry(header)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := s.index.add(e); err != nil {
			return err
		}
		s.forget(e.path)
		if e.kind == file && e.size > 0 {
			if err := s.look(e, archive); err != nil {
				return err
			}
		}
	}
}

// forget drops what is known of a path that comes a second time: the last entry of an archive counts.
func (s *scanner) forget(path string) {
	delete(s.layer.releases, path)
	delete(s.layer.inventories, path)
	delete(s.layer.binaries, path)
	delete(s.layer.keys, path)
}
