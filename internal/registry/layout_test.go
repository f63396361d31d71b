package registry_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestLayout_SameFactsAsFromARegistry(t *testing.T) {
	t.Parallel()
	image := registrytest.Index("linux/amd64", "linux/arm64")
	srv, dir := registrytest.Start(t), filepath.Join(t.TempDir(), "image")
	srv.Push(t, "a:1", image)
	registrytest.WriteLayout(t, dir, "1.4", image)
	c := newClient(t)
	want := mustImage(t, c, mustRef(t, srv.Host()+"/a:1"))
	for _, ref := range []string{"oci-layout:" + dir, "oci-layout:" + dir + ":1.4", "oci-layout:" + dir + ":1.4@" + want.Digest} {
		if diff := cmp.Diff(want, mustImage(t, c, mustRef(t, ref))); diff != "" {
			t.Errorf("%s (-registry +layout):\n%s", ref, diff)
		}
	}
}

func TestLayout_RelativeToTheWorkingDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	want := registrytest.WriteLayout(t, "image", "", registrytest.Single("linux/amd64"))
	if got := mustImage(t, newClient(t), mustRef(t, "oci-layout:./image")); got.Digest != want {
		t.Errorf("got %q, want %q", got.Digest, want)
	}
}

func TestLayout_Tags(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "image")
	registrytest.WriteLayout(t, dir, "1.4.2", registrytest.Single("linux/amd64").WithContent("1"))
	registrytest.WriteLayout(t, dir, "docker.io/shop/api:1.5.0", registrytest.Single("linux/amd64").WithContent("2"))
	registrytest.WriteLayout(t, dir, "", registrytest.Single("linux/amd64").WithContent("3"))
	c := newClient(t)
	got, err := c.Tags(context.Background(), mustRef(t, "oci-layout:"+dir))
	if diff := cmp.Diff([]string{"1.4.2", "1.5.0"}, got); diff != "" || err != nil {
		t.Errorf("%v, tags (-want +got):\n%s", err, diff)
	}
	newest, err := c.NewestTag(context.Background(), mustRef(t, "oci-layout:"+dir), mustConstraint(t, "~> 1.4"))
	if newest != "1.5.0" || err != nil {
		t.Errorf("newest: got %q, %v", newest, err)
	}
	mustImage(t, c, mustRef(t, "oci-layout:"+dir+":1.5.0"))
}

func TestLayout_WhenThingsGoWrong(t *testing.T) {
	t.Parallel()
	write := func(name, content string) func(*testing.T, string, string) {
		return func(t *testing.T, dir, digest string) {
			t.Helper()
			name := strings.ReplaceAll(name, "DIGEST", strings.TrimPrefix(digest, "sha256:"))
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(name string) func(*testing.T, string, string) {
		return func(t *testing.T, dir, digest string) {
			t.Helper()
			if err := os.RemoveAll(filepath.Join(dir, strings.ReplaceAll(name, "DIGEST", strings.TrimPrefix(digest, "sha256:")))); err != nil {
				t.Fatal(err)
			}
		}
	}
	another := func(tag string) func(*testing.T, string, string) {
		return func(t *testing.T, dir, _ string) {
			t.Helper()
			registrytest.WriteLayout(t, dir, tag, registrytest.Single("linux/amd64").WithContent("another"))
		}
	}
	tests := map[string]struct {
		damage func(t *testing.T, dir, digest string)
		tag    string
		kind   registry.Kind
		text   string
	}{
		"no directory":      {remove("."), "", registry.ErrNotFound, "relative to where Terraform runs"},
		"no marker":         {remove("oci-layout"), "", registry.ErrNotFound, "relative to where Terraform runs"},
		"other version":     {write("oci-layout", `{"imageLayoutVersion":"2.0.0"}`), "", registry.ErrInvalid, "imageLayoutVersion 1.0.0"},
		"no index":          {remove("index.json"), "", registry.ErrNotFound, "not complete"},
		"index is not JSON": {write("index.json", "{"), "", registry.ErrInvalid, "index.json is not an index"},
		"index is huge":     {write("index.json", strings.Repeat(" ", 4<<20+1)), "", registry.ErrInvalid, "more than 4194304 bytes"},
		"unknown tag":       {another("1.5"), ":1.6", registry.ErrNotFound, "nearest existing tags are 1.4, 1.5"},
		"two without a tag": {another("1.5"), "", registry.ErrInvalid, "names 2 manifests"},
		"two with one tag":  {another("1.4"), ":1.4", registry.ErrInvalid, "names 2 manifests"},
		"blob is missing":   {remove("blobs/sha256/DIGEST"), "", registry.ErrNotFound, "not complete"},
		"blob is other":     {write("blobs/sha256/DIGEST", "{}"), "", registry.ErrDigestMismatch, "does not match its name"},
		"blob is huge":      {write("blobs/sha256/DIGEST", strings.Repeat(" ", 4<<20+1)), "", registry.ErrTooLarge, "larger than 4194304 bytes"},
		"blob is a directory": {func(t *testing.T, dir, digest string) {
			t.Helper()
			remove("blobs/sha256/DIGEST")(t, dir, digest)
			if err := os.Mkdir(filepath.Join(dir, "blobs", "sha256", strings.TrimPrefix(digest, "sha256:")), 0o700); err != nil {
				t.Fatal(err)
			}
		}, "", registry.ErrInvalid, "is a directory"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "image")
			digest := registrytest.WriteLayout(t, dir, "1.4", registrytest.Single("linux/amd64"))
			tt.damage(t, dir, digest)
			ref := mustRef(t, "oci-layout:"+dir+tt.tag)
			_, err := newClient(t).Image(context.Background(), ref)
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.text) || !strings.HasPrefix(err.Error(), ref.String()+": ") {
				t.Errorf("got %v, want %v with %q", err, tt.kind, tt.text)
			}
		})
	}
}
