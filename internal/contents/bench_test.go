package contents_test

import (
	"bytes"
	stdgzip "compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
)

// benchmarkLayer is like a layer of a distribution: large binaries, many small files, and a list of packages.
func benchmarkLayer(b *testing.B) (stored []byte, blob contents.Blob) {
	b.Helper()
	exe, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	binary, err := os.ReadFile(exe)
	if err != nil {
		b.Fatal(err)
	}
	items := []item{file("etc/os-release", "ID=debian\nVERSION_ID=13\n")}
	var status strings.Builder
	for i := range 200 {
		fmt.Fprintf(&status, "Package: package-%d\nStatus: install ok installed\nVersion: 1.%d\nArchitecture: amd64\n\n", i, i)
	}
	items = append(items, file("var/lib/dpkg/status", status.String()))
	for i := range 5000 {
		items = append(items, file(fmt.Sprintf("usr/share/doc/package-%d/file-%d", i/20, i), strings.Repeat(fmt.Sprintf("line %d of a text\n", i), 100)))
	}
	for i := range 4 {
		p := program(fmt.Sprintf("usr/bin/program-%d", i))
		p.body = string(binary)
		items = append(items, p)
	}
	raw := archive(b, items...)
	stored = gzipped(b, raw)
	b.SetBytes(int64(len(raw)))
	return stored, blobOf(stored, raw)
}

// BenchmarkScan reads a layer; BenchmarkGunzip decompresses it with the standard library and does nothing else. The aim is at
// least 0.6 of its throughput.
func BenchmarkScan(b *testing.B) {
	stored, blob := benchmarkLayer(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := contents.Scan(bytes.NewReader(stored), blob); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGunzip(b *testing.B) {
	stored, _ := benchmarkLayer(b)
	for b.Loop() {
		z, err := stdgzip.NewReader(bytes.NewReader(stored))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, z); err != nil {
			b.Fatal(err)
		}
	}
}
