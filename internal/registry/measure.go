package registry

import (
	"cmp"
	"context"
	"io"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

// pullsAtOnce is how many layers are downloaded at the same time, as a node does.
// Source: containerd v2, max_concurrent_downloads, whose default is 3.
const pullsAtOnce = 3

// PullSample is a layer to measure with, in the repository of a reference.
type PullSample struct {
	Ref   imageref.Reference
	Layer imagefacts.Layer
}

// Throughput is what a measurement found.
type Throughput struct {
	// Layers and Bytes are what was downloaded, as it is stored.
	Layers int
	Bytes  int64
	// Elapsed is from the first request to the last byte.
	Elapsed time.Duration
}

// PerSecond returns bytes a second.
func (t Throughput) PerSecond() float64 {
	return float64(t.Bytes) / max(t.Elapsed, time.Microsecond).Seconds()
}

// SelectSamples chooses layers whose bytes together are within the budget: the largest first, since small ones measure how long
// a request takes, and each digest once. It chooses whole layers, because only those can be verified; there may be none that fits.
func SelectSamples(samples []PullSample, budgetBytes int64) []PullSample {
	sorted := slices.Clone(samples)
	slices.SortStableFunc(sorted, func(a, b PullSample) int {
		return cmp.Or(cmp.Compare(b.Layer.SizeBytes, a.Layer.SizeBytes), cmp.Compare(a.Layer.Digest, b.Layer.Digest))
	})
	var chosen []PullSample
	seen := map[string]bool{}
	for _, s := range sorted {
		if seen[s.Layer.Digest] || s.Layer.SizeBytes > budgetBytes {
			continue
		}
		seen[s.Layer.Digest] = true
		budgetBytes -= s.Layer.SizeBytes
		chosen = append(chosen, s)
	}
	return chosen
}

// MeasurePull downloads the layers, verifies them by their digests and throws them away, so nothing comes from the cache and nothing
// goes there. Mirrors of the registries are used as they are for everything else. An error is an *Error, or the context's.
func (c *Client) MeasurePull(ctx context.Context, samples []PullSample) (Throughput, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(pullsAtOnce)
	measured := Throughput{Layers: len(samples)}
	begin := time.Now()
	for _, s := range samples {
		measured.Bytes += s.Layer.SizeBytes
		group.Go(func() error {
			return c.Download(ctx, s.Ref, ArtifactLayer{Digest: s.Layer.Digest, SizeBytes: s.Layer.SizeBytes}, io.Discard)
		})
	}
	err := group.Wait()
	measured.Elapsed = time.Since(begin)
	return measured, err
}
