package contents_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
)

func TestScan_ReadsEveryCompression(t *testing.T) {
	t.Parallel()
	raw := archive(t, directory("etc"), file("etc/os-release", "ID=x\n"))
	for name, stored := range map[string][]byte{"none": raw, "gzip": gzipped(t, raw), "zstd": zstandard(t, raw)} {
		layer, err := contents.Scan(bytes.NewReader(stored), blobOf(stored, raw))
		if err != nil || layer.Entries != 2 || layer.ExpandedBytes != int64(len(raw)) {
			t.Errorf("%s: %+v, %v", name, layer, err)
		}
	}
}

func TestScan_RefusesWhatIsNotTheLayer(t *testing.T) {
	t.Parallel()
	raw := archive(t, file("a", "content"))
	stored := gzipped(t, raw)
	good := blobOf(stored, raw)
	other := archive(t, file("a", "CONTENT"))
	for name, tc := range map[string]struct {
		stored []byte
		blob   contents.Blob
	}{
		"another archive":             {gzipped(t, other), good},
		"another diff ID":             {stored, contents.Blob{Digest: good.Digest, Size: good.Size, DiffID: digestOf(other)}},
		"another size":                {stored, contents.Blob{Digest: good.Digest, Size: good.Size + 1, DiffID: good.DiffID}},
		"cut off":                     {stored[:len(stored)-3], good},
		"cut off in the archive":      {gzipped(t, raw[:700]), good},
		"more behind the end":         {append(bytes.Clone(stored), "more"...), good},
		"another member behind it":    {append(bytes.Clone(stored), gzipped(t, []byte("more"))...), good},
		"nothing":                     {nil, good},
		"bytes behind the end marker": {gzipped(t, append(bytes.Clone(raw), file("b", "x").path...)), good},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			layer, err := contents.Scan(bytes.NewReader(tc.stored), tc.blob)
			if !errors.Is(err, contents.ErrDigest) || layer.Entries != 0 {
				t.Fatalf("got %+v and %v, want ErrDigest and nothing", layer, err)
			}
			if !strings.Contains(err.Error(), good.Digest) {
				t.Errorf("the error does not name the layer: %v", err)
			}
		})
	}
}

func TestScan_DamageThatWasPushedIsNoMismatch(t *testing.T) {
	t.Parallel()
	raw := archive(t, file("a", "content"))
	stored := gzipped(t, raw[:300])
	if _, err := contents.Scan(bytes.NewReader(stored), blobOf(stored, raw[:300])); err == nil || errors.Is(err, contents.ErrDigest) {
		t.Errorf("got %v", err)
	}
}

func TestScan_RefusesHostileArchives(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		items []item
		want  string
	}{
		"a path that leaves the root":       {[]item{file("../etc/passwd", "x")}, "leaves the image's root"},
		"the same, in the middle":           {[]item{file("a/../../b", "x")}, "leaves the image's root"},
		"a hard link that leaves the root":  {[]item{{path: "a", link: "../b", kind: tar.TypeLink}}, "leaves the image's root"},
		"a whiteout of nothing":             {[]item{file("a/.wh.", "")}, "whiteout of nothing"},
		"a whiteout of the directory above": {[]item{file("a/.wh...", "")}, "whiteout of nothing"},
		"a path longer than Linux has":      {[]item{file(strings.Repeat("a/", 3000)+"b", "x")}, "longer than 4096"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := archive(t, tc.items...)
			if _, err := contents.Scan(bytes.NewReader(raw), blobOf(raw, raw)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error with %q", err, tc.want)
			}
		})
	}
}

func TestScan_ReadsPathsAsRuntimesDo(t *testing.T) {
	t.Parallel()
	layer := scan(t, file("./etc/os-release", "ID=dotted\n"), file("/usr/lib/a", "x"))
	got := merge(t, "", layer)
	if got.Distribution.ID != "dotted" || got.StoredBytes != 11 {
		t.Errorf("got %+v", got)
	}
}

// zeros is an endless stream of zeros.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestScan_StopsBombs(t *testing.T) {
	t.Parallel()
	reader, writer := io.Pipe()
	go func() {
		// A file of 4 GiB of zeros: 4 MB of gzip.
		z := newFastGzip(writer)
		w := tar.NewWriter(z)
		_ = w.WriteHeader(&tar.Header{Name: "zeros", Typeflag: tar.TypeReg, Size: 4 << 30, Mode: 0o644})
		_, err := io.CopyN(w, zeros{}, 4<<30)
		_ = writer.CloseWithError(errors.Join(err, z.Close()))
	}()
	_, err := contents.Scan(reader, contents.Blob{Digest: digestOf(nil)})
	_ = reader.Close()
	var limit *contents.LimitError
	if !errors.As(err, &limit) || !strings.Contains(limit.Reason, "bombs") {
		t.Errorf("got %v, want a limit error", err)
	}
}

func TestScan_CountsEntriesInsteadOfKeepingThem(t *testing.T) {
	t.Parallel()
	reader, writer := io.Pipe()
	go func() {
		w := tar.NewWriter(writer)
		var err error
		for err == nil {
			err = w.WriteHeader(&tar.Header{Name: "d/", Typeflag: tar.TypeDir, Mode: 0o755})
		}
		_ = writer.CloseWithError(err)
	}()
	_, err := contents.Scan(reader, contents.Blob{Digest: digestOf(nil)})
	_ = reader.Close()
	var limit *contents.LimitError
	if !errors.As(err, &limit) || !strings.Contains(limit.Reason, "entries") {
		t.Errorf("got %v, want a limit error", err)
	}
}

func TestScan_AnErrorOfTheStreamIsAnError(t *testing.T) {
	t.Parallel()
	raw := archive(t, file("etc/os-release", "ID=x\n"), file("var/lib/dpkg/status", "Package: a\nVersion: 1\n"), file("z", strings.Repeat("z", 5000)))
	stored := gzipped(t, raw)
	broken := errors.New("connection lost")
	for n := range len(stored) {
		stream := io.MultiReader(bytes.NewReader(stored[:n]), failing{broken})
		if layer, err := contents.Scan(stream, blobOf(stored, raw)); !errors.Is(err, broken) || layer.Entries != 0 {
			t.Fatalf("after %d bytes: got %+v and %v", n, layer, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func FuzzScan(f *testing.F) {
	f.Add(archive(f, directory("bin"), program("bin/sh"), file("etc/os-release", "ID=x\n"), link("lib", "usr/lib"), file("a/.wh.b", "")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		layer, err := contents.Scan(bytes.NewReader(raw), blobOf(raw, raw))
		if err != nil {
			return
		}
		merge(t, "app", layer, layer)
	})
}

func FuzzDecodeLayer(f *testing.F) {
	good := scan(f, directory("bin"), program("bin/sh"), link("lib", "usr/lib"))
	encoded, err := good.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encoded)
	f.Fuzz(func(t *testing.T, in []byte) {
		if l, err := contents.DecodeLayer(in, good.Digest, good.DiffID); err == nil {
			merge(t, "", l)
		}
	})
}
