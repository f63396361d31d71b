package packages_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

const dpkgStatus = `Package: libc-bin
Essential: yes
Status: install ok installed
Architecture: amd64
Multi-Arch: foreign
Source: glibc
Version: 2.36-9+deb12u10
Description: GNU C Library: Binaries
 This package contains utility programs
 Version: 9.9 of nothing, since the line is indented

Package: libgcc-s1
Status: hold ok installed
Architecture: amd64
Source: gcc-12 (12.2.0-14)
Version: 1:12.2.0-14+b1

Package: gone
Status: deinstall ok config-files
Version: 1.0
Architecture: all

Package: half
Status: install reinstreq half-installed
Version: 2.0
Architecture: all
`

func TestReadDpkg_NamesSourcesAndLeavesOutWhatWasRemoved(t *testing.T) {
	t.Parallel()
	got, err := packages.ReadDpkg(strings.NewReader(dpkgStatus))
	if err != nil {
		t.Fatal(err)
	}
	want := []packages.Package{
		{Ecosystem: "deb", Name: "libc-bin", Version: "2.36-9+deb12u10", SourceName: "glibc", SourceVersion: "2.36-9+deb12u10", Arch: "amd64"},
		{Ecosystem: "deb", Name: "libgcc-s1", Version: "1:12.2.0-14+b1", SourceName: "gcc-12", SourceVersion: "12.2.0-14", Arch: "amd64"},
		{Ecosystem: "deb", Name: "half", Version: "2.0", SourceName: "half", SourceVersion: "2.0", Arch: "all"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadDpkg_RecordWithoutStatusIsInstalled(t *testing.T) {
	t.Parallel()
	got, err := packages.ReadDpkg(strings.NewReader("Package: tzdata\nVersion: 2024a-0\nArchitecture: all\n"))
	if err != nil || len(got) != 1 || got[0].Name != "tzdata" {
		t.Errorf("got %v, %v", got, err)
	}
}

const apkInstalled = `C:Q1abc=
P:musl
V:1.2.5-r1
A:x86_64
S:407278
o:musl
L:MIT
F:lib
R:libc.musl-x86_64.so.1

P:libcrypto3
V:3.3.2-r0
A:x86_64
o:openssl
`

func TestReadApk_NamesTheOriginAsSource(t *testing.T) {
	t.Parallel()
	got, err := packages.ReadApk(strings.NewReader(apkInstalled))
	if err != nil {
		t.Fatal(err)
	}
	want := []packages.Package{
		{Ecosystem: "apk", Name: "musl", Version: "1.2.5-r1", SourceName: "musl", SourceVersion: "1.2.5-r1", Arch: "x86_64"},
		{Ecosystem: "apk", Name: "libcrypto3", Version: "3.3.2-r0", SourceName: "openssl", SourceVersion: "3.3.2-r0", Arch: "x86_64"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReaders_RefuseWhatIsNoInventory(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		read     packages.Reader
		in, want string
	}{
		"dpkg without version":      {packages.ReadDpkg, "Package: a\nStatus: install ok installed\n", "no version"},
		"dpkg without name":         {packages.ReadDpkg, "Version: 1\n", "no package name"},
		"dpkg with an odd status":   {packages.ReadDpkg, "Package: a\nStatus: installed\nVersion: 1\n", "status"},
		"dpkg with an escape":       {packages.ReadDpkg, "Package: a\x1b[2J\nVersion: 1\n", "control characters"},
		"dpkg with a long line":     {packages.ReadDpkg, "Package: " + strings.Repeat("a", 2<<20), "longer than"},
		"dpkg with a long name":     {packages.ReadDpkg, "Package: " + strings.Repeat("a", 600) + "\nVersion: 1\n", "too long"},
		"apk without version":       {packages.ReadApk, "P:a\n", "no version"},
		"apk with many names":       {packages.ReadApk, strings.Repeat("P:a\n", 100), "lines of interest"},
		"apk with too many records": {packages.ReadApk, strings.Repeat("P:a\nV:1\n\n", packages.MaxPackages+1), "more than 50000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if list, err := tc.read(strings.NewReader(tc.in)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %d packages and the error %v, want an error with %q", len(list), err, tc.want)
			}
		})
	}
}

func TestReaderFor_KnowsInventoriesByPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"var/lib/dpkg/status": true, "var/lib/dpkg/status.d/base": true, "lib/apk/db/installed": true,
		"usr/lib/apk/db/installed": true, "var/lib/dpkg/status.d/base.md5sums": false, "var/lib/dpkg/status-old": false,
		"home/var/lib/dpkg/status": false, "etc/passwd": false,
	} {
		if got := packages.ReaderFor(path) != nil; got != want {
			t.Errorf("ReaderFor(%q) found: %v, want %v", path, got, want)
		}
	}
}

func TestDistinct_KeepsOneOfEachAndTheFirstOrigin(t *testing.T) {
	t.Parallel()
	got := packages.Distinct([]packages.Package{
		{Ecosystem: "golang", Name: "b", Version: "v1", Path: "bin/z"}, {Ecosystem: "golang", Name: "b", Version: "v1", Path: "bin/a"},
		{Ecosystem: "deb", Name: "c", Version: "1", Arch: "amd64"}, {Ecosystem: "deb", Name: "c", Version: "1", Arch: "i386"},
	})
	if text := fmt.Sprint(got); len(got) != 3 || got[2].Path != "bin/a" {
		t.Errorf("got %s", text)
	}
}

func FuzzReadDpkg(f *testing.F) {
	f.Add([]byte(dpkgStatus))
	fuzzReader(f, packages.ReadDpkg)
}

func FuzzReadApk(f *testing.F) {
	f.Add([]byte(apkInstalled))
	fuzzReader(f, packages.ReadApk)
}

// fuzzReader holds that a reader never panics and never lets a nameless or unprintable package pass.
func fuzzReader(f *testing.F, read packages.Reader) {
	f.Helper()
	f.Fuzz(func(t *testing.T, in []byte) {
		list, err := read(bytes.NewReader(in))
		if err != nil && list != nil {
			t.Error("an inventory that is an error is not empty")
		}
		for _, p := range list {
			if p.Name == "" || strings.ContainsAny(p.String(), "\x00\x1b\n") {
				t.Errorf("got %+v", p)
			}
		}
	})
}
