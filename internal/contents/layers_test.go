package contents_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
)

// item is one entry of a layer that a test builds.
type item struct {
	path, body, link string
	mode             int64
	kind             byte
}

func file(path, body string) item {
	return item{path: path, body: body, mode: 0o644, kind: tar.TypeReg}
}
func program(path string) item   { return item{path: path, body: "#!", mode: 0o755, kind: tar.TypeReg} }
func directory(path string) item { return item{path: path + "/", mode: 0o755, kind: tar.TypeDir} }
func link(path, target string) item {
	return item{path: path, link: target, mode: 0o777, kind: tar.TypeSymlink}
}

// archive returns the items as a tar archive.
func archive(t testing.TB, items ...item) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, i := range items {
		header := &tar.Header{Name: i.path, Linkname: i.link, Mode: i.mode, Typeflag: i.kind, Size: int64(len(i.body))}
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(i.body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gzipped(t testing.TB, raw []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zstandard(t testing.TB, raw []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(raw, nil)
}

func digestOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func blobOf(stored, raw []byte) contents.Blob {
	return contents.Blob{Digest: digestOf(stored), DiffID: digestOf(raw), Size: int64(len(stored))}
}

// scan builds a layer of the items and reads it.
func scan(t testing.TB, items ...item) contents.Layer {
	t.Helper()
	raw := archive(t, items...)
	stored := gzipped(t, raw)
	layer, err := contents.Scan(bytes.NewReader(stored), blobOf(stored, raw))
	if err != nil {
		t.Fatal(err)
	}
	return layer
}

// merge puts layers together; the first is the topmost.
func merge(t testing.TB, user string, layers ...contents.Layer) contents.Contents {
	t.Helper()
	m := contents.NewMerger()
	for _, l := range layers {
		// What is kept on disk must do as well as what was read.
		encoded, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := contents.DecodeLayer(encoded, l.Digest, l.DiffID)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Add(decoded); err != nil {
			t.Fatal(err)
		}
	}
	return m.Contents(user)
}

// newFastGzip compresses zeros about as fast as they come.
func newFastGzip(w io.Writer) *gzip.Writer {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}
