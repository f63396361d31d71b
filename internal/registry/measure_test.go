package registry_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestSelectSamples(t *testing.T) {
	t.Parallel()
	sample := func(digest string, size int64) registry.PullSample {
		return registry.PullSample{Layer: imagefacts.Layer{Digest: digest, SizeBytes: size}}
	}
	all := []registry.PullSample{sample("d", 5), sample("c", 40), sample("a", 200), sample("c", 40), sample("b", 40)}
	for budget, want := range map[int64]string{1000: "abcd", 100: "bcd", 80: "bc", 44: "b", 45: "bd", 4: "", 0: ""} {
		got := ""
		for _, s := range registry.SelectSamples(all, budget) {
			got += s.Layer.Digest
		}
		if got != want {
			t.Errorf("%d bytes: got %q, want %q", budget, got, want)
		}
	}
}

// samplesOf are the layers of an image that was just pushed.
func samplesOf(t *testing.T, c *registry.Client, reference string) []registry.PullSample {
	t.Helper()
	ref := mustRef(t, reference)
	var samples []registry.PullSample
	for _, facts := range mustImage(t, c, ref).Images {
		for _, l := range facts.Layers {
			samples = append(samples, registry.PullSample{Ref: ref, Layer: l})
		}
	}
	return samples
}

// Every measurement downloads anew, whatever the cache has, and takes as long as the registry does.
func TestMeasurePull(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	image := registrytest.Single("linux/amd64")
	image.Layers = [][]registrytest.File{{{Path: "a", Content: strings.Repeat("a", 100_000)}}, {{Path: "b", Content: "b"}}}
	srv.Push(t, "a:1", image)
	c := newClient(t, withCache(t.TempDir()))
	samples := samplesOf(t, c, srv.Host()+"/a:1")
	const delay = 50 * time.Millisecond
	srv.Inject(registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		time.Sleep(delay)
		next.ServeHTTP(w, r)
	}).On("GET", "/blobs/"))
	for range 2 {
		before := srv.Count(http.MethodGet, "/blobs/")
		got, err := c.MeasurePull(t.Context(), samples)
		if err != nil || got.Layers != 2 || got.Bytes < 100_000 || got.Elapsed < delay || got.PerSecond() > float64(got.Bytes)/delay.Seconds() {
			t.Errorf("got %+v, %v bytes a second, %v", got, got.PerSecond(), err)
		}
		if n := srv.Count(http.MethodGet, "/blobs/") - before; n != 2 {
			t.Errorf("%d blobs were asked for", n)
		}
	}
}

func TestMeasurePull_AlteredLayerIsAnError(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	c := newClient(t)
	samples := samplesOf(t, c, srv.Host()+"/a:1")
	srv.Inject(registrytest.Custom(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		_, _ = w.Write(make([]byte, samples[0].Layer.SizeBytes))
	}).On("GET", "/blobs/"))
	if _, err := c.MeasurePull(t.Context(), samples); !errors.Is(err, registry.ErrDigestMismatch) {
		t.Errorf("got %v", err)
	}
}
