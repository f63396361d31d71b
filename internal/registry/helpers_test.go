package registry_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

func mustRef(t testing.TB, s string) imageref.Reference {
	t.Helper()
	ref, err := imageref.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func mustPlatform(t testing.TB, s string) imagefacts.Platform {
	t.Helper()
	p, err := imagefacts.ParsePlatform(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// newClient returns a client that retries twice, without noticeable waits.
func newClient(t testing.TB, edit ...func(*registry.Config)) *registry.Client {
	t.Helper()
	config := registry.Config{MaxRetries: 2, RetryDelay: time.Millisecond, RequestTimeout: 10 * time.Second}
	for _, f := range edit {
		f(&config)
	}
	c, err := registry.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func withCache(dir string) func(*registry.Config) {
	return func(c *registry.Config) { c.CacheDir = dir }
}

func withRegistry(host string, r registry.RegistryConfig) func(*registry.Config) {
	return func(c *registry.Config) {
		if c.Registries == nil {
			c.Registries = map[string]registry.RegistryConfig{}
		}
		c.Registries[host] = r
	}
}

// cachedFiles returns the digests of everything in a cache directory, and fails if a file does not match its name.
func cachedFiles(t *testing.T, dir string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	paths, err := filepath.Glob(filepath.Join(dir, "sha256", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(raw)
		if name := hex.EncodeToString(sum[:]); name != filepath.Base(path) {
			t.Errorf("cache file %s has the digest %s", path, name)
		}
		found["sha256:"+filepath.Base(path)] = true
	}
	return found
}

func mustImage(t testing.TB, c *registry.Client, ref imageref.Reference, platforms ...imagefacts.Platform) imagefacts.Image {
	t.Helper()
	image, err := c.Image(context.Background(), ref, platforms...)
	if err != nil {
		t.Fatal(err)
	}
	return image
}
