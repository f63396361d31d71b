package registry_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestCache_SecondRunAsksOnlyForTheDigest(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Index("linux/amd64", "linux/arm64"))
	dir := t.TempDir()
	ref := mustRef(t, srv.Host()+"/a:1")
	first := mustImage(t, newClient(t, withCache(dir)), ref)
	if got := counts(srv); got != "1 HEAD, 3 manifests, 2 blobs" {
		t.Errorf("first run: %s", got)
	}
	srv.ForgetRequests()
	second := mustImage(t, newClient(t, withCache(dir)), ref)
	if got := counts(srv); got != "1 HEAD, 0 manifests, 0 blobs" {
		t.Errorf("second run: %s", got)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the cache changed the image (-first +second):\n%s", diff)
	}
	srv.ForgetRequests()
	pinned, err := ref.WithDigest(first.Digest)
	if err != nil {
		t.Fatal(err)
	}
	mustImage(t, newClient(t, withCache(dir)), pinned)
	if n := srv.Count("", ""); n != 0 {
		t.Errorf("a pinned reference in the cache made %d requests", n)
	}
}

func TestCache_FilesAreForTheUserAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // File modes say nothing there.
	}
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	dir := filepath.Join(t.TempDir(), "made", "by", "us")
	mustImage(t, newClient(t, withCache(dir)), mustRef(t, srv.Host()+"/a:1"))
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := os.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else {
			files++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil || files != 2 {
		t.Errorf("%d files, %v; want the manifest and the config", files, err)
	}
}

func TestCache_CorruptEntryIsFetchedAgain(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{"cut off": `{"schemaVersion`, "empty": "", "other content": `{"schemaVersion":2,"manifests":[]}`, "huge": strings.Repeat("x", 9<<20)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t)
			digest := srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
			dir := t.TempDir()
			ref := mustRef(t, srv.Host()+"/a:1")
			want := mustImage(t, newClient(t, withCache(dir)), ref)
			path := filepath.Join(dir, "sha256", strings.TrimPrefix(digest, "sha256:"))
			if err := os.WriteFile(path, []byte(damage), 0o600); err != nil {
				t.Fatal(err)
			}
			srv.ForgetRequests()
			if diff := cmp.Diff(want, mustImage(t, newClient(t, withCache(dir)), ref)); diff != "" {
				t.Errorf("image (-want +got):\n%s", diff)
			}
			if got := counts(srv); got != "1 HEAD, 1 manifests, 0 blobs" {
				t.Errorf("requests: %s", got)
			}
			if !cachedFiles(t, dir)[digest] {
				t.Error("the entry was not replaced")
			}
		})
	}
}

func TestCache_ThatCanNotBeUsedOnlyWarns(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	c := newClient(t, withCache(filepath.Join(file, "cache")), func(c *registry.Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	mustImage(t, c, mustRef(t, srv.Host()+"/a:1"))
	if n := strings.Count(log.String(), "the cache directory can not be used"); n != 1 {
		t.Errorf("%d warnings, want one:\n%s", n, &log)
	}
}

func TestCache_SharedByManyRuns(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	ref := mustRef(t, srv.Host()+"/a:1")
	srv.Push(t, "a:1", registrytest.Index("linux/amd64", "linux/arm64"))
	dir := t.TempDir()
	want := mustImage(t, newClient(t), ref)
	var group sync.WaitGroup
	for range 20 {
		c := newClient(t, withCache(dir))
		group.Go(func() {
			got, err := c.Image(context.Background(), ref)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v, image (-want +got):\n%s", err, diff)
			}
		})
	}
	group.Wait()
	if n := len(cachedFiles(t, dir)); n != 5 {
		t.Errorf("the cache holds %d entries, want 5", n)
	}
	left, err := filepath.Glob(filepath.Join(dir, "sha256", ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}
