package registry_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

const (
	benchRegistries = 10
	benchReferences = 1000
	// benchLatency is what each answer takes longer than on loopback, as over a network.
	benchLatency = 20 * time.Millisecond
)

// slowRegistries are registries with some tags each, that answer after benchLatency.
func slowRegistries(b *testing.B) (servers []*registrytest.Server, references []imageref.Reference) {
	b.Helper()
	for range benchRegistries {
		server := registrytest.New()
		b.Cleanup(server.Close)
		for i := range benchReferences / benchRegistries {
			tag := fmt.Sprintf("shop/api-%d:1.4.2", i)
			if _, err := server.PushImage(tag, registrytest.Single("linux/amd64")); err != nil {
				b.Fatal(err)
			}
			ref, err := imageref.Parse(server.Host() + "/" + tag)
			if err != nil {
				b.Fatal(err)
			}
			references = append(references, ref)
		}
		server.Inject(registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			time.Sleep(benchLatency)
			next.ServeHTTP(w, r)
		}))
		servers = append(servers, server)
	}
	return servers, references
}

// BenchmarkDigest_ThousandReferences resolves 1,000 references of 10 registries with 20 ms of latency, all
// at once. Its metric is the time against the ideal of the same run: plain HEAD requests, as many at a time as the
// client permits itself, on connections that are open. The aim is at most 1.3.
func BenchmarkDigest_ThousandReferences(b *testing.B) {
	servers, references := slowRegistries(b)
	ideal := headAll(b, servers, references)
	b.ResetTimer()
	for b.Loop() {
		client := newClient(b)
		var group sync.WaitGroup
		for _, ref := range references {
			group.Go(func() {
				if _, err := client.Digest(b.Context(), ref); err != nil {
					b.Error(err)
				}
			})
		}
		group.Wait()
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(ideal), "x-ideal")
	b.ReportMetric(float64(ideal.Milliseconds()), "ideal-ms")
}

// headAll asks for all references without our client, and returns how long it took once connections were open.
func headAll(b *testing.B, servers []*registrytest.Server, references []imageref.Reference) time.Duration {
	b.Helper()
	perRegistry := len(references) / len(servers)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: registry.DefaultMaxConcurrentRequests}}
	all := func() time.Duration {
		started := time.Now()
		var group sync.WaitGroup
		for s, server := range servers {
			numbers := make(chan int, perRegistry)
			for i := range perRegistry {
				numbers <- s*perRegistry + i
			}
			close(numbers)
			for range registry.DefaultMaxConcurrentRequests {
				group.Go(func() {
					for n := range numbers {
						request, err := http.NewRequestWithContext(b.Context(), http.MethodHead, fmt.Sprintf("%s/v2/shop/api-%d/manifests/1.4.2", server.URL(), n%perRegistry), nil)
						if err != nil {
							b.Error(err)
							return
						}
						response, err := client.Do(request)
						if err != nil || response.StatusCode != http.StatusOK {
							b.Errorf("HEAD: %v", err)
							return
						}
						_ = response.Body.Close()
					}
				})
			}
		}
		group.Wait()
		return time.Since(started)
	}
	all() // opens the connections
	return all()
}

// BenchmarkContents_SixImages reads what is inside six images at once, cold (every layer is downloaded and
// scanned) and warm (nothing but a HEAD each).
func BenchmarkContents_SixImages(b *testing.B) {
	server := registrytest.New()
	b.Cleanup(server.Close)
	var references []imageref.Reference
	for i := range 6 {
		image := registrytest.Single("linux/amd64")
		var files []registrytest.File
		for n := range 3000 {
			files = append(files, registrytest.File{Path: fmt.Sprintf("usr/share/doc/%d/%d", i, n), Content: fmt.Sprintf("text %d of image %d, which is some words long\n", n, i)})
		}
		image.Layers = [][]registrytest.File{files}
		if _, err := server.PushImage(fmt.Sprintf("base-%d:1.0", i), image); err != nil {
			b.Fatal(err)
		}
		ref, err := imageref.Parse(fmt.Sprintf("%s/base-%d:1.0", server.Host(), i))
		if err != nil {
			b.Fatal(err)
		}
		references = append(references, ref)
	}
	platform, err := imagefacts.ParsePlatform("linux/amd64")
	if err != nil {
		b.Fatal(err)
	}
	read := func(client *registry.Client) {
		var group sync.WaitGroup
		for _, ref := range references {
			group.Go(func() {
				if _, err := client.Contents(b.Context(), ref, platform); err != nil {
					b.Error(err)
				}
			})
		}
		group.Wait()
	}
	b.Run("cold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			read(newClient(b, withCache(b.TempDir())))
		}
	})
	b.Run("warm", func(b *testing.B) {
		b.ReportAllocs()
		dir := b.TempDir()
		read(newClient(b, withCache(dir)))
		for b.Loop() {
			read(newClient(b, withCache(dir)))
		}
	})
}
