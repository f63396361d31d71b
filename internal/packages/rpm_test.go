package packages_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

func database(t testing.TB, name string) []byte {
	t.Helper()
	stored, err := os.ReadFile(filepath.Join("testdata", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(stored))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

var libuuid = packages.Package{
	Ecosystem: "rpm", Name: "libuuid", Version: "2.32.1-42.el8_8", SourceName: "util-linux", SourceVersion: "2.32.1-42.el8_8",
	Arch: "x86_64", Vendor: "Red Hat, Inc.",
}

func TestReadRPM_ReadsAllFormats(t *testing.T) {
	t.Parallel()
	for name, count := range map[string]int{"berkeley": 1, "sqlite": 10, "ndb": 2} {
		got, err := packages.ReadRPM(bytes.NewReader(database(t, name)))
		if err != nil || len(got) != count {
			t.Errorf("%s: %d packages, %v; want %d", name, len(got), err, count)
			continue
		}
		found := false
		for _, p := range got {
			if p.Name == libuuid.Name {
				found = true
				if diff := cmp.Diff(libuuid, p); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
		}
		if !found {
			t.Errorf("%s: no libuuid in %v", name, got)
		}
	}
}

func TestReadRPM_NothingIsReadHalf(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"berkeley", "sqlite", "ndb"} {
		raw := database(t, name)
		for _, keep := range []int{0, 10, 100, 600, len(raw) / 3, len(raw) / 2, len(raw) * 3 / 4} {
			if got, err := packages.ReadRPM(bytes.NewReader(raw[:keep])); err == nil {
				t.Errorf("%s cut to %d of %d bytes: %d packages and no error", name, keep, len(raw), len(got))
			}
		}
	}
}

func FuzzReadRPM(f *testing.F) {
	for _, name := range []string{"ndb", "berkeley"} {
		f.Add(database(f, name)[:20_000])
	}
	fuzzReader(f, packages.ReadRPM)
}
