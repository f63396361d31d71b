//go:build registries

package registry_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// TestReal runs everything that is asked of a registry against registries of others, in every way in which they are protected.
// What is copied is pulled and checked with go-containerregistry's own client, which shares nothing with ours but the authentication.
func TestReal(t *testing.T) {
	t.Parallel()
	for kind, start := range realServers() {
		for protection, a := range accesses() {
			t.Run(kind+"/"+protection, func(t *testing.T) {
				t.Parallel()
				srv := start(t, a)
				origin := registrytest.Start(t)
				image := registrytest.Index("linux/amd64", "linux/arm64")
				image.Layers = [][]registrytest.File{{{Path: "etc/os-release", Content: "ID=debian\nVERSION_ID=\"13\"\n"}}, {{Path: "app", Content: strings.Repeat("content ", 1000)}}}
				digest := origin.Push(t, "shop/api:1.4.2", image)
				origin.Attach(t, "shop/api", digest, sbom("one"))
				origin.Attach(t, "shop/api", digest, sbom("two"))
				s := &realSuite{realServer: srv, origin: origin, digest: digest}
				t.Run("copy", s.copy)
				t.Run("resolve", s.resolve)
				t.Run("contents", s.contents)
				t.Run("referrers", s.referrers)
				t.Run("mirror", s.mirror)
				t.Run("copy within", s.copyWithin)
				t.Run("refusals", s.refusals)
				t.Run("delete", s.delete)
			})
		}
	}
}

// realSuite is the suite against one server. Its tests build on each other.
type realSuite struct {
	realServer
	origin *registrytest.Server
	digest string
}

func (s *realSuite) client(t *testing.T, edit ...func(*registry.Config)) *registry.Client {
	t.Helper()
	return newClient(t, append([]func(*registry.Config){withRegistry(s.host, s.settings)}, edit...)...)
}

func (s *realSuite) copy(t *testing.T) {
	target := mustRef(t, s.host+"/cache/shop/api:1.4.2")
	got, err := s.client(t).Copy(t.Context(), mustRef(t, s.origin.Host()+"/shop/api:1.4.2@"+s.digest), target, registry.CopyOptions{Referrers: true})
	if err != nil {
		t.Fatal(err)
	}
	// Two configs and two layers, and of the referrers a config, which they share, and two documents.
	if got.Blobs != 7 || got.Referrers != 2 {
		t.Errorf("copied %+v, want 7 blobs and 2 referrers", got)
	}
	s.pull(t, target.String())
	again, err := s.client(t).Copy(t.Context(), mustRef(t, s.origin.Host()+"/shop/api:1.4.2@"+s.digest), target, registry.CopyOptions{Referrers: true})
	if err != nil || again.Blobs+again.Manifests+again.Mounted != 0 {
		t.Errorf("the second copy sent %+v, %v", again, err)
	}
}

// pull reads an image to the last byte with another client.
func (s *realSuite) pull(t *testing.T, text string) {
	t.Helper()
	ref, err := name.ParseReference(text)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.settings.CACertificatePEM))
	index, err := remote.Index(ref,
		remote.WithTransport(&http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}),
		remote.WithAuth(authn.FromConfig(authn.AuthConfig{Username: s.settings.Username, Password: string(s.settings.Password)})))
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Error(err)
	}
	if got, err := index.Digest(); err != nil || got.String() != s.digest {
		t.Errorf("another client pulls %s, %v; want %s", got, err, s.digest)
	}
}

func (s *realSuite) resolve(t *testing.T) {
	c := s.client(t)
	ref := mustRef(t, s.host+"/cache/shop/api:1.4.2")
	if got, err := c.Digest(t.Context(), ref); got != s.digest || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, s.digest)
	}
	if got := mustImage(t, c, ref); !slices.Equal(got.Platforms, []string{"linux/amd64", "linux/arm64"}) {
		t.Errorf("got the platforms %v", got.Platforms)
	}
	constraint, err := registry.ParseConstraint("~> 1.4")
	if err != nil {
		t.Fatal(err)
	}
	if tag, err := c.NewestTag(t.Context(), ref.Untagged(), constraint); tag != "1.4.2" || err != nil {
		t.Errorf("newest tag: got %q, %v", tag, err)
	}
	var e *registry.Error
	if _, err := c.Digest(t.Context(), mustRef(t, s.host+"/cache/shop/api:1.4.3")); !errors.As(err, &e) || e.Kind != registry.ErrNotFound || !slices.Contains(e.NearestTags, "1.4.2") {
		t.Errorf("missing tag: got %v", err)
	}
	if _, err := c.Digest(t.Context(), mustRef(t, s.host+"/no/such:1")); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("missing repository: got %v", err)
	}
}

func (s *realSuite) contents(t *testing.T) {
	found, err := s.client(t).Contents(t.Context(), mustRef(t, s.host+"/cache/shop/api:1.4.2"), mustPlatform(t, "linux/arm64"))
	if err != nil || found.Distribution.ID != "debian" {
		t.Errorf("got %+v, %v", found.Distribution, err)
	}
}

func (s *realSuite) referrers(t *testing.T) {
	c := s.client(t)
	ref := mustRef(t, s.host+"/cache/shop/api@"+s.digest)
	want, err := newClient(t).Referrers(t.Context(), mustRef(t, s.origin.Host()+"/shop/api@"+s.digest), sbomType)
	if err != nil || len(want) != 2 {
		t.Fatalf("the source has %v, %v", want, err)
	}
	got, err := c.Referrers(t.Context(), ref, sbomType)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(digestsOf(want))), slices.Sorted(slices.Values(digestsOf(got)))); diff != "" {
		t.Errorf("referrers (-want +got):\n%s", diff)
	}
	for _, r := range got {
		artifact, err := c.Artifact(t.Context(), withDigest(t, ref, r.Digest))
		if err != nil || artifact.Subject != s.digest {
			t.Errorf("got %+v, %v", artifact, err)
			continue
		}
		if text, err := c.Attachment(t.Context(), ref, artifact.Layers[0], 1000); err != nil || len(text) != 3 {
			t.Errorf("got %q, %v", text, err)
		}
	}
}

// mirror has the server stand in for an origin that is down, and be asked whether it has the image.
func (s *realSuite) mirror(t *testing.T) {
	down := freeAddress(t)
	c := s.client(t, withRegistry(down, registry.RegistryConfig{Mirrors: []string{s.host + "/cache"}}))
	if got := mustImage(t, c, mustRef(t, down+"/shop/api:1.4.2")); got.Digest != s.digest {
		t.Errorf("got %q, want %q", got.Digest, s.digest)
	}
	image := mustImage(t, c, mustRef(t, s.host+"/cache/shop/api:1.4.2"))
	has, err := c.Presence(t.Context(), mustRef(t, s.host+"/cache/shop/api:1.4.2@"+s.digest), image.Images["linux/amd64"].Digest, image.Images["linux/arm64"].Digest)
	if err != nil || !has.IsComplete() {
		t.Errorf("got %+v, %v", has, err)
	}
	other := "sha256:" + strings.Repeat("0", 64)
	has, err = c.Presence(t.Context(), mustRef(t, s.host+"/cache/shop/api:1.4.2@"+other))
	if diff := cmp.Diff(registry.Presence{Missing: []string{other}, Tagged: s.digest}, has); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// copyWithin copies from one repository of the server to another: with Distribution, nothing is sent.
func (s *realSuite) copyWithin(t *testing.T) {
	target := mustRef(t, s.host+"/promoted/api:stable")
	got, err := s.client(t).Copy(t.Context(), mustRef(t, s.host+"/cache/shop/api:1.4.2@"+s.digest), target, registry.CopyOptions{})
	if err != nil || (s.own == nil && (got.Mounted != 4 || got.Blobs != 0)) {
		t.Errorf("got %+v, %v", got, err)
	}
	s.pull(t, target.String())
}

func (s *realSuite) refusals(t *testing.T) {
	ref := mustRef(t, s.host+"/cache/shop/api:1.4.2")
	if s.settings.CACertificatePEM != "" {
		settings := s.settings
		settings.CACertificatePEM = ""
		if _, err := newClient(t, withRegistry(s.host, settings)).Digest(t.Context(), ref); !errors.Is(err, registry.ErrTLS) {
			t.Errorf("unknown authority: got %v", err)
		}
	}
	if !s.guarded {
		return
	}
	wrong, nobody := s.settings, s.settings
	wrong.Password = "wrong"
	nobody.Username, nobody.Password = "", ""
	for name, settings := range map[string]registry.RegistryConfig{"wrong password": wrong, "nobody": nobody} {
		c := newClient(t, withRegistry(s.host, settings))
		if _, err := c.Digest(t.Context(), ref); !errors.Is(err, registry.ErrUnauthorized) {
			t.Errorf("%s reads: got %v", name, err)
		}
		if _, err := c.Copy(t.Context(), mustRef(t, s.origin.Host()+"/shop/api@"+s.digest), mustRef(t, s.host+"/other"), registry.CopyOptions{}); !errors.Is(err, registry.ErrUnauthorized) {
			t.Errorf("%s copies: got %v", name, err)
		}
	}
}

func (s *realSuite) delete(t *testing.T) {
	c := s.client(t)
	ref := mustRef(t, s.host+"/promoted/api@"+s.digest)
	for range 2 {
		if err := c.Delete(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
		if has, err := c.Presence(t.Context(), ref); err != nil || has.IsComplete() {
			t.Errorf("got %+v, %v", has, err)
		}
	}
	s.pull(t, s.host+"/cache/shop/api:1.4.2")
}

// TestReal_BrokenUpload cuts the connection to Distribution once in the middle of a layer. Distribution can not go on with an upload whose PATCH
// broke, so the layer is sent again, and nothing else is.
func TestReal_BrokenUpload(t *testing.T) {
	t.Parallel()
	for protection, a := range accesses() {
		t.Run(protection, func(t *testing.T) {
			t.Parallel()
			srv := startDistribution(t, a)
			_, _, source := pair(t, largeImage())
			const after, size = 6 << 20, 10 << 20
			proxy := startCutter(t, srv.host, after)
			var log bytes.Buffer
			c := newClient(t, withRegistry(proxy.addr, srv.settings), func(c *registry.Config) {
				c.Logger = slog.New(slog.NewTextHandler(&log, nil))
			})
			if _, err := c.Copy(t.Context(), source, mustRef(t, proxy.addr+"/cache/api:1"), registry.CopyOptions{}); err != nil {
				t.Fatalf("%v\n%s", err, log.String())
			}
			if sent := proxy.sent.Load(); strings.Count(log.String(), "taken up again") != 1 || sent < size || sent > after+size+size/10 {
				t.Errorf("%d bytes were sent for a layer of %d:\n%s", sent, size, log.String())
			}
			mustBeWhole(t, mustRef(t, srv.host+"/cache/api:1"), source.Digest(), withRegistry(srv.host, srv.settings))
		})
	}
}

// cutter passes connections on, and cuts the first that carries more than a number of bytes to the server.
type cutter struct {
	addr string
	sent atomic.Int64
	left atomic.Int64
}

func startCutter(t *testing.T, to string, after int64) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	c := &cutter{addr: listener.Addr().String()}
	c.left.Store(after)
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				_ = client.Close()
				continue
			}
			go func() { _, _ = io.Copy(client, server); _ = client.Close() }()
			go func() { c.pass(server, client) }()
		}
	}()
	return c
}

func (c *cutter) pass(server, client net.Conn) {
	defer server.Close() //nolint:errcheck // A proxy for a test.
	defer client.Close() //nolint:errcheck // As above.
	buffer := make([]byte, 32<<10)
	for {
		n, err := client.Read(buffer)
		if _, writeErr := server.Write(buffer[:n]); err != nil || writeErr != nil {
			return
		}
		c.sent.Add(int64(n))
		if left := c.left.Add(-int64(n)); left <= 0 && left > -int64(n) {
			return // The one that crosses the line is cut.
		}
	}
}
