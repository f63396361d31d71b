package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/comparison"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

// compare reads all images twice, the second time from the cache, and prints the table, the times and the memory.
func compare(ctx context.Context, dir string, images []image) error {
	cache := filepath.Join(dir, "cache")
	if err := os.RemoveAll(cache); err != nil {
		return err
	}
	var candidates []comparison.Candidate
	for _, temperature := range []string{"cold", "warm"} {
		client, err := registry.New(registry.Config{CacheDir: cache})
		if err != nil {
			return err
		}
		start, peak := time.Now(), watchMemory()
		if candidates, err = readAll(ctx, client, images); err != nil {
			return err
		}
		fmt.Printf("%d images %s: %v, at most %d MiB of heap\n", len(images), temperature, time.Since(start).Round(time.Millisecond), peak()>>20)
	}
	if err := gunzipAll(images); err != nil {
		return err
	}
	table, err := distro.EmbeddedTable()
	if err != nil {
		return err
	}
	families, err := distro.Families()
	if err != nil {
		return err
	}
	report := comparison.Compare(candidates, comparison.Options{
		RankBy: []comparison.Criterion{comparison.BySize}, Today: time.Now().UTC().Format(time.DateOnly), Releases: table, Families: families,
	})
	fmt.Printf("\n%s\n", report.Markdown())
	chart, err := report.Chart()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "comparison.svg"), []byte(chart), 0o600)
}

func readAll(ctx context.Context, client *registry.Client, images []image) ([]comparison.Candidate, error) {
	platform, err := imagefacts.ParsePlatform("linux/amd64")
	if err != nil {
		return nil, err
	}
	var candidates []comparison.Candidate
	for _, i := range images {
		ref, err := imageref.Parse("oci-layout:" + i.layout + ":test")
		if err != nil {
			return nil, err
		}
		found, err := client.Image(ctx, ref, platform)
		if err != nil {
			return nil, err
		}
		inside, err := client.Contents(ctx, ref, platform)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", i.name, err)
		}
		candidates = append(candidates, comparison.Candidate{
			Name: i.name, Reference: i.name + ":test", Digest: found.Digest, Platforms: found.Platforms,
			Facts: found.Images["linux/amd64"], Contents: keep(inside), VulnerabilitiesUnknown: "not counted here",
		})
	}
	return candidates, nil
}

func keep(c contents.Contents) *contents.Contents { return &c }

// gunzipAll decompresses the same layers and does nothing else, which is what reading them is measured by.
func gunzipAll(images []image) error {
	start := time.Now()
	var bytes int64
	for _, i := range images {
		blobs, err := filepath.Glob(filepath.Join(i.layout, "blobs/sha256/*"))
		if err != nil {
			return err
		}
		for _, blob := range blobs {
			n, err := gunzip(blob)
			if err != nil {
				return err
			}
			bytes += n
		}
	}
	fmt.Printf("plain gunzip of the gzip layers: %v, %d MB\n", time.Since(start).Round(time.Millisecond), bytes/1e6)
	return nil
}

// gunzip returns how much a file expands to, or 0 if it is not gzip.
func gunzip(name string) (int64, error) {
	f, err := os.Open(name) //nolint:gosec // a blob of a layout that was built
	if err != nil {
		return 0, err
	}
	defer f.Close() //nolint:errcheck // It is only read.
	z, err := gzip.NewReader(f)
	if err != nil {
		return 0, nil //nolint:nilerr // a manifest, a config or a zstd layer
	}
	return io.Copy(io.Discard, z)
}

// watchMemory samples the heap until the function that it returns is called, which tells the largest.
func watchMemory() func() uint64 {
	var largest atomic.Uint64
	done := make(chan struct{})
	go func() {
		var stats runtime.MemStats
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				runtime.ReadMemStats(&stats)
				largest.Store(max(largest.Load(), stats.HeapAlloc))
			}
		}
	}()
	return func() uint64 { close(done); return largest.Load() }
}
