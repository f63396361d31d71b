package registry_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/lockfile"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func withLock(path string, mode registry.LockMode, upgrade ...string) func(*registry.Config) {
	return func(c *registry.Config) { c.LockFile, c.LockMode, c.LockUpgrade = path, mode, upgrade }
}

func lockPath(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "images.lock.json")
}

func mustResolve(t *testing.T, c *registry.Client, ref string) registry.Resolution {
	t.Helper()
	got, err := c.Resolve(t.Context(), mustRef(t, ref))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A tag that moves keeps its locked digest, in this run and in the next, until the user asks for the new one.
func TestLock_WinsUntilItIsUpgraded(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	was := srv.Push(t, "shop/api:1", registrytest.Single("linux/amd64"))
	other := srv.Push(t, "shop/web:1", registrytest.Single("linux/amd64"))
	path, ref, web := lockPath(t), srv.Host()+"/shop/api:1", srv.Host()+"/shop/web:1"
	update := withLock(path, registry.LockUpdate)
	for range 2 {
		if got := mustResolve(t, newClient(t, update), ref); got != (registry.Resolution{Digest: was}) {
			t.Errorf("got %+v, want %s", got, was)
		}
	}
	if got := mustResolve(t, newClient(t, update), web); got.Digest != other {
		t.Errorf("got %+v, want %s", got, other)
	}
	is := srv.Push(t, "shop/api:1", registrytest.Single("linux/amd64").WithContent("new"))
	webIs := srv.Push(t, "shop/web:1", registrytest.Single("linux/amd64").WithContent("new"))
	c := newClient(t, update)
	if got := mustResolve(t, c, ref); got != (registry.Resolution{Digest: was, Moved: is}) {
		t.Errorf("moved tag: got %+v, want %s with %s", got, was, is)
	}
	if got := mustImage(t, c, mustRef(t, ref)); got.Digest != was {
		t.Errorf("the image is %s, want the locked %s", got.Digest, was)
	}
	for _, upgrade := range []string{ref, srv.Host() + "/shop/api"} {
		if got := mustResolve(t, newClient(t, withLock(path, registry.LockUpdate, upgrade)), ref); got != (registry.Resolution{Digest: is}) {
			t.Errorf("upgrade of %s: got %+v, want %s", upgrade, got, is)
		}
	}
	if got := mustResolve(t, newClient(t, withLock(path, registry.LockUpdate, ref)), web); got != (registry.Resolution{Digest: other, Moved: webIs}) {
		t.Errorf("another entry was upgraded too: %+v", got)
	}
	if got := mustResolve(t, newClient(t, withLock(path, registry.LockUpdate, registry.UpgradeAll)), web); got != (registry.Resolution{Digest: webIs}) {
		t.Errorf("upgrade of all: got %+v, want %s", got, webIs)
	}
	if got := mustResolve(t, newClient(t, withLock(path, registry.LockOff)), ref); got != (registry.Resolution{Digest: is}) {
		t.Errorf("lock off: got %+v, want %s", got, is)
	}
}

// One HEAD for a locked reference finds out whether it moved; a read-only lock asks nothing.
func TestLock_Requests(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	digest := srv.Push(t, "a:1.4.2", registrytest.Index("linux/amd64"))
	path, cache := lockPath(t), t.TempDir()
	constraint, err := registry.ParseConstraint("~>  1.4")
	if err != nil {
		t.Fatal(err)
	}
	repository := mustRef(t, srv.Host()+"/a")
	plan := func(mode registry.LockMode) {
		c := newClient(t, withLock(path, mode), withCache(cache))
		tag, err := c.NewestTag(t.Context(), repository, constraint)
		if tag != "1.4.2" || err != nil {
			t.Fatalf("%s: got %q, %v", mode, tag, err)
		}
		if got := mustImage(t, c, mustRef(t, srv.Host()+"/a:"+tag)); got.Digest != digest {
			t.Errorf("%s: got %s, want %s", mode, got.Digest, digest)
		}
	}
	plan(registry.LockUpdate)
	srv.ForgetRequests()
	plan(registry.LockUpdate)
	if heads, all := srv.Count("HEAD", "/manifests/"), srv.Count("", "/manifests/")+srv.Count("", "/blobs/")+srv.Count("", "/tags/"); heads != 1 || all != 1 {
		t.Errorf("update: %d HEADs and %d requests in all, want one", heads, all)
	}
	srv.ForgetRequests()
	plan(registry.LockReadOnly)
	if requests := srv.Requests(); len(requests) > 0 {
		t.Errorf("readonly: %v, want no request", requests)
	}
	srv.Close() // With the network cut, a complete lock and cache are enough in both modes.
	plan(registry.LockUpdate)
	plan(registry.LockReadOnly)
}

func TestLock_ReadOnlyRefusesWhatIsMissing(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1.4.2", registrytest.Single("linux/amd64"))
	path := lockPath(t)
	c := newClient(t, withLock(path, registry.LockReadOnly))
	ref := mustRef(t, srv.Host()+"/a:1.4.2")
	_, err := c.Resolve(t.Context(), ref)
	constraint, constraintErr := registry.ParseConstraint("~> 1.4")
	if constraintErr != nil {
		t.Fatal(constraintErr)
	}
	_, versionErr := c.NewestTag(t.Context(), ref.Untagged(), constraint)
	for name, err := range map[string]error{ref.String(): err, `the version "~> 1.4" of ` + ref.Repository(): versionErr} {
		if !errors.Is(err, registry.ErrNotLocked) {
			t.Fatalf("got %v, want ErrNotLocked", err)
		}
		for _, text := range []string{path, name, "SEAWORTHY_LOCK_MODE=update terraform plan"} {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%q lacks %q", err, text)
			}
		}
	}
	if len(srv.Requests()) > 0 {
		t.Errorf("the registry was asked: %v", srv.Requests())
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file was made: %v", err)
	}
	// What has a digest needs no entry.
	digest := "sha256:" + strings.Repeat("1", 64)
	if got := mustResolve(t, c, srv.Host()+"/a:1@"+digest); got.Digest != digest {
		t.Errorf("got %+v", got)
	}
}

func TestLock_VersionStaysUntilItIsUpgraded(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1.4.2", registrytest.Single("linux/amd64"))
	path := lockPath(t)
	constraint, err := registry.ParseConstraint("~> 1.4")
	if err != nil {
		t.Fatal(err)
	}
	newest := func(upgrade ...string) string {
		tag, err := newClient(t, withLock(path, registry.LockUpdate, upgrade...)).NewestTag(t.Context(), mustRef(t, srv.Host()+"/a"), constraint)
		if err != nil {
			t.Fatal(err)
		}
		return tag
	}
	first := newest()
	srv.Push(t, "a:1.5.0", registrytest.Single("linux/amd64"))
	if second, third := newest(), newest(srv.Host()+"/a"); first != "1.4.2" || second != "1.4.2" || third != "1.5.0" {
		t.Errorf("got %s, %s, and after the upgrade %s", first, second, third)
	}
}

// The entry names who answered, so that a review sees a mirror's decision.
func TestLock_NamesTheMirrorThatAnswered(t *testing.T) {
	t.Parallel()
	origin, first, _, config := mirrored(t)
	digest := first.Push(t, "cache/a:latest", registrytest.Single("linux/amd64"))
	path := lockPath(t)
	mustResolve(t, newClient(t, config, withLock(path, registry.LockUpdate)), origin.Host()+"/a")
	file, err := lockfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	want := lockfile.Image{Digest: digest, Origin: first.Host() + "/cache/a"}
	if got, _ := file.Image(origin.Host() + "/a:latest"); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestLock_DigestThatIsGone(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	path := lockPath(t)
	file, err := lockfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	gone := "sha256:" + strings.Repeat("1", 64)
	if _, err := file.SetImage(srv.Host()+"/a:1", lockfile.Image{Digest: gone, Origin: srv.Host() + "/a"}); err != nil {
		t.Fatal(err)
	}
	_, err = newClient(t, withLock(path, registry.LockUpdate)).Image(t.Context(), mustRef(t, srv.Host()+"/a:1"))
	if !errors.Is(err, registry.ErrNotFound) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "SEAWORTHY_LOCK_UPGRADE="+srv.Host()+"/a:1 terraform plan") {
		t.Errorf("got %v", err)
	}
}

// A layout is on the disk beside the configuration, and a registry that is down has nothing to lock.
func TestLock_LayoutsAndFailuresAreNotLocked(t *testing.T) {
	t.Parallel()
	dir, path := t.TempDir(), lockPath(t)
	registrytest.WriteLayout(t, dir, "1", registrytest.Single("linux/amd64"))
	c := newClient(t, withLock(path, registry.LockUpdate))
	mustResolve(t, c, "oci-layout:"+dir+":1")
	if _, err := c.Resolve(t.Context(), mustRef(t, registrytest.Start(t).Host()+"/a:1")); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file was made: %v", err)
	}
}

func TestLock_ThatCanNotBeWritten(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	path := filepath.Join(t.TempDir(), "no", "images.lock.json")
	_, err := newClient(t, withLock(path, registry.LockUpdate)).Resolve(t.Context(), mustRef(t, srv.Host()+"/a:1"))
	if !errors.Is(err, registry.ErrLockFile) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want ErrLockFile", err)
	}
}

func TestNew_LockSettings(t *testing.T) {
	t.Parallel()
	broken := lockPath(t)
	if err := os.WriteFile(broken, []byte("<<<<<<<"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		config      registry.Config
		field, text string
	}{
		"mode that is none":         {registry.Config{LockFile: "x", LockMode: "upgrade"}, "lock_mode", "none of update, readonly and off"},
		"mode without a file":       {registry.Config{LockMode: registry.LockReadOnly}, "lock_mode", "set lock_file"},
		"broken file":               {registry.Config{LockFile: broken}, "lock_file", "not JSON"},
		"upgrade of no reference":   {registry.Config{LockFile: "x", LockUpgrade: []string{"NO"}}, "lock_upgrade", "upper-case letters"},
		"upgrade of a digest":       {registry.Config{LockFile: "x", LockUpgrade: []string{"a@sha256:" + strings.Repeat("1", 64)}}, "lock_upgrade", "never locked"},
		"upgrade of nothing":        {registry.Config{LockUpgrade: []string{"all"}}, "lock_upgrade", "no lock file"},
		"upgrade of what is sealed": {registry.Config{LockFile: "x", LockMode: registry.LockReadOnly, LockUpgrade: []string{"all"}}, "lock_upgrade", "set lock_mode to update"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := registry.New(tt.config)
			var fault *registry.ConfigError
			if !errors.As(err, &fault) || fault.Field != tt.field || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v, want %s with %q", err, tt.field, tt.text)
			}
		})
	}
	if _, err := registry.New(registry.Config{LockFile: broken, LockMode: registry.LockOff}); err != nil {
		t.Errorf("off: the file was read: %v", err)
	}
}
