package registry_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// layered describes an image of two layers with a distribution, a shell that the upper one deletes, and some weight.
func layered() registrytest.Image {
	image := registrytest.Index("linux/amd64", "linux/arm64")
	image.Layers = [][]registrytest.File{
		{
			{Path: "etc/os-release", Content: "ID=debian\nVERSION_ID=12\n"},
			{Path: "bin/sh", Content: "#!", Mode: 0o755},
			{Path: "var/lib/dpkg/status", Content: "Package: base-files\nVersion: 12\nArchitecture: all\n"},
			{Path: "big", Content: strings.Repeat("0123456789abcdef", 40_000)},
		},
		{{Path: "bin/.wh.sh"}, {Path: "app", Content: "app", Mode: 0o755}},
	}
	return image
}

func readContents(t *testing.T, c *registry.Client, ref string) (contents.Contents, error) {
	t.Helper()
	return c.Contents(context.Background(), mustRef(t, ref), mustPlatform(t, "linux/amd64"))
}

func checkLayered(t *testing.T, got contents.Contents, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got.Distribution.String() != "debian 12" || len(got.Packages) != 1 || len(got.Shells) != 0 || got.WastedBytes != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestContents_ASecondRunReadsNoLayer(t *testing.T) {
	t.Parallel()
	s := registrytest.Start(t)
	s.Push(t, "shop/api:1", layered())
	dir := t.TempDir()
	got, err := readContents(t, newClient(t, withCache(dir)), s.Host()+"/shop/api:1")
	checkLayered(t, got, err)
	if n := s.Count(http.MethodGet, "/blobs/"); n != 3 {
		t.Errorf("the first run read %d blobs, want one config and two layers", n)
	}
	s.ForgetRequests()
	got, err = readContents(t, newClient(t, withCache(dir)), s.Host()+"/shop/api:1")
	checkLayered(t, got, err)
	if n := s.Count(http.MethodGet, "/blobs/"); n != 0 {
		t.Errorf("the second run read %d blobs", n)
	}
}

func TestContents_ImagesThatShareALayerReadItOnce(t *testing.T) {
	t.Parallel()
	s := registrytest.Start(t)
	s.Push(t, "shop/api:1", layered())
	other := layered()
	other.Layers[1] = []registrytest.File{{Path: "other", Content: "other"}}
	s.Push(t, "shop/api:2", other)
	c := newClient(t)
	for _, tag := range []string{"1", "2", "1"} {
		if _, err := readContents(t, c, s.Host()+"/shop/api:"+tag); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.Count(http.MethodGet, "/blobs/"); n != 5 {
		t.Errorf("%d blobs were read, want two configs and three layers", n)
	}
}

func TestContents_OfALayout(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "layout")
	registrytest.WriteLayout(t, dir, "1", layered())
	got, err := readContents(t, newClient(t), "oci-layout:"+dir+":1")
	checkLayered(t, got, err)
}

func TestContents_AStoredResultThatDoesNotHoldUpIsReadAgain(t *testing.T) {
	t.Parallel()
	s := registrytest.Start(t)
	s.Push(t, "shop/api:1", layered())
	dir := t.TempDir()
	_, err := readContents(t, newClient(t, withCache(dir)), s.Host()+"/shop/api:1")
	if err != nil {
		t.Fatal(err)
	}
	stored, err := filepath.Glob(filepath.Join(dir, "layers-v*", "sha256", "*"))
	if err != nil || len(stored) != 2 {
		t.Fatalf("stored results: %v, %v", stored, err)
	}
	// One is damaged, and one is the other's.
	whole, err := os.ReadFile(stored[0])
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{stored[0]: whole[:len(whole)/2], stored[1]: whole} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.ForgetRequests()
	got, err := readContents(t, newClient(t, withCache(dir)), s.Host()+"/shop/api:1")
	checkLayered(t, got, err)
	if n := s.Count(http.MethodGet, "/blobs/"); n != 2 {
		t.Errorf("%d layers were read again, want 2", n)
	}
}

// onLayers lets a fault strike the layers of the image only, since manifests and the config are read before.
func onLayers(s *registrytest.Server, client *registry.Client, t *testing.T, fault registrytest.Fault) {
	t.Helper()
	if _, err := client.Image(context.Background(), mustRef(t, s.Host()+"/shop/api:1"), mustPlatform(t, "linux/amd64")); err != nil {
		t.Fatal(err)
	}
	s.Inject(fault.On(http.MethodGet, "/blobs/"))
}

// breakOff sends half of a blob and closes the connection.
func breakOff(hide ...string) registrytest.Fault {
	return registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		for _, h := range hide {
			r.Header.Del(h)
		}
		next.ServeHTTP(&halfWriter{ResponseWriter: w}, r)
		panic(http.ErrAbortHandler)
	})
}

// halfWriter drops what is written after the first 100,000 bytes.
type halfWriter struct {
	http.ResponseWriter
	n int
}

func (h *halfWriter) Write(p []byte) (int, error) {
	if room := 100_000 - h.n; room < len(p) {
		_, err := h.ResponseWriter.Write(p[:max(0, room)])
		h.n += len(p)
		return len(p), err
	}
	h.n += len(p)
	return h.ResponseWriter.Write(p)
}

func TestContents_ABrokenDownloadGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	s := registrytest.Start(t)
	s.Push(t, "shop/api:1", layered())
	c := newClient(t)
	onLayers(s, c, t, breakOff().First(2))
	got, err := readContents(t, c, s.Host()+"/shop/api:1")
	checkLayered(t, got, err)
	ranges := 0
	for _, r := range s.Requests() {
		if r.Header.Get("Range") != "" {
			ranges++
		}
	}
	if ranges == 0 {
		t.Error("nothing was asked for by range")
	}
}

func TestContents_FaultsOfLayersAreErrorsAndLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	swapped := registrytest.Custom(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		_, _ = w.Write([]byte("something else"))
	})
	hanging := registrytest.Custom(func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	for name, tc := range map[string]struct {
		fault registrytest.Fault
		kind  registry.Kind
	}{
		"breaks off each time": {breakOff(), registry.ErrUnreachable},
		"another blob":         {swapped, registry.ErrDigestMismatch},
		"hangs":                {hanging, registry.ErrUnreachable},
		"is not there":         {registrytest.Status(http.StatusNotFound, "BLOB_UNKNOWN", "blob unknown"), registry.ErrNotFound},
		"is forbidden":         {registrytest.Status(http.StatusForbidden, "DENIED", "denied"), registry.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := registrytest.Start(t)
			s.Push(t, "shop/api:1", layered())
			dir := t.TempDir()
			c := newClient(t, withCache(dir), func(c *registry.Config) { c.RequestTimeout = 200 * time.Millisecond })
			onLayers(s, c, t, tc.fault)
			got, err := readContents(t, c, s.Host()+"/shop/api:1")
			if !errors.Is(err, tc.kind) || got.Distribution.ID != "" {
				t.Errorf("got %v, want %v", err, tc.kind)
			}
			// The small upper layer fits into what a connection brings before it breaks.
			if stored, _ := filepath.Glob(filepath.Join(dir, "layers-v*", "sha256", "*")); len(stored) > 1 {
				t.Errorf("stored: %v", stored)
			}
		})
	}
}

func TestContents_AnAlteredLayerIsADigestMismatch(t *testing.T) {
	t.Parallel()
	s := registrytest.Start(t)
	s.Push(t, "shop/api:1", layered())
	dir := t.TempDir()
	c := newClient(t, withCache(dir))
	onLayers(s, c, t, registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(&alteringWriter{ResponseWriter: w}, r)
	}))
	_, err := readContents(t, c, s.Host()+"/shop/api:1")
	if !errors.Is(err, registry.ErrDigestMismatch) {
		t.Errorf("got %v", err)
	}
	if stored, _ := filepath.Glob(filepath.Join(dir, "layers-v*", "sha256", "*")); len(stored) > 0 {
		t.Errorf("stored: %v", stored)
	}
}

// alteringWriter changes one byte in the padding behind the archive's last file, which no reader of files looks at.
type alteringWriter struct {
	http.ResponseWriter
}

func (a *alteringWriter) Write(p []byte) (int, error) {
	q := append([]byte(nil), p...)
	if len(q) > 700 {
		q[len(q)-20] ^= 1
	}
	return a.ResponseWriter.Write(q)
}

func TestContents_WhatCanNotBeLookedIntoIsALimit(t *testing.T) {
	t.Parallel()
	s := registrytest.Start(t)
	s.Push(t, "shop/api:1", registrytest.Single("windows/amd64"))
	_, err := newClient(t).Contents(context.Background(), mustRef(t, s.Host()+"/shop/api:1"), mustPlatform(t, "windows/amd64"))
	var limit *contents.LimitError
	if !errors.As(err, &limit) {
		t.Errorf("got %v, want a limit error", err)
	}
}

func TestContents_OfAPlatformThatIsNotThere(t *testing.T) {
	t.Parallel()
	s := registrytest.Start(t)
	s.Push(t, "shop/api:1", layered())
	_, err := newClient(t).Contents(context.Background(), mustRef(t, s.Host()+"/shop/api:1"), mustPlatform(t, "linux/s390x"))
	var missing *imagefacts.PlatformError
	if !errors.As(err, &missing) {
		t.Errorf("got %v, want a platform error", err)
	}
}
