package lockfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/lockfile"
)

var (
	one   = "sha256:" + strings.Repeat("1", 64)
	two   = "sha256:" + strings.Repeat("2", 64)
	image = lockfile.Image{Digest: one, Origin: "docker.io/library/nginx"}
)

func open(t *testing.T, path string) *lockfile.File {
	t.Helper()
	f, err := lockfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func setImage(t *testing.T, f *lockfile.File, ref string, want lockfile.Image) {
	t.Helper()
	if got, err := f.SetImage(ref, want); got != want || err != nil {
		t.Fatalf("got %v, %v; want %v", got, err, want)
	}
}

func text(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The file is sorted whatever the order of decisions, one entry's change is one entry's lines, and nothing is left beside it.
func TestFile_IsSortedAndAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "images.lock.json")
	f := open(t, path)
	if tag, err := f.SetTag("registry.example.com/shop/api", ">= 1.4, < 2", "1.4.10"); tag != "1.4.10" || err != nil {
		t.Fatalf("got %q, %v", tag, err)
	}
	setImage(t, f, "registry.example.com/shop/api:1.4.10", lockfile.Image{Digest: two, Origin: "registry.example.com/shop/api"})
	setImage(t, f, "docker.io/library/nginx:1.28.0", image)
	want := fmt.Sprintf(`{
  "version": 1,
  "images": {
    "docker.io/library/nginx:1.28.0": {
      "digest": %q,
      "origin": "docker.io/library/nginx"
    },
    "registry.example.com/shop/api:1.4.10": {
      "digest": %q,
      "origin": "registry.example.com/shop/api"
    }
  },
  "versions": {
    "registry.example.com/shop/api": {
      ">= 1.4, < 2": "1.4.10"
    }
  }
}
`, one, two)
	if diff := cmp.Diff(want, text(t, path)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the file lies something: %v, %v", entries, err)
	}
	again := open(t, path)
	if got, ok := again.Image("docker.io/library/nginx:1.28.0"); got != image || !ok {
		t.Errorf("read again: %v, %v", got, ok)
	}
	if got, ok := again.Tag("registry.example.com/shop/api", ">= 1.4, < 2"); got != "1.4.10" || !ok {
		t.Errorf("read again: %v, %v", got, ok)
	}
	if got, ok := again.Tag("registry.example.com/shop/api", "~> 1.4"); ok {
		t.Errorf("another constraint has the tag %q", got)
	}
}

// What is decided already is not written again: the file's time stays, and a read-only folder is no fault.
func TestFile_SameDecisionWritesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "images.lock.json")
	setImage(t, open(t, path), "a.example/b:1", image)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	setImage(t, open(t, path), "a.example/b:1", image)
	after, err := os.Stat(path)
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("the file was replaced, %v", err)
	}
}

// Two processes that read the file before either wrote agree on the first one's decision, and keep each other's entries.
func TestFile_FirstDecisionStands(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "images.lock.json")
	first, second := open(t, path), open(t, path)
	setImage(t, first, "a.example/b:1", image)
	got, err := second.SetImage("a.example/b:1", lockfile.Image{Digest: two, Origin: "a.example/b"})
	if got != image || err != nil {
		t.Errorf("got %v, %v; want the first decision", got, err)
	}
	setImage(t, second, "a.example/c:1", image)
	setImage(t, first, "a.example/d:1", image)
	for _, ref := range []string{"a.example/b:1", "a.example/c:1", "a.example/d:1"} {
		if _, ok := open(t, path).Image(ref); !ok {
			t.Errorf("%s is lost", ref)
		}
	}
	// A decision that this process has seen may be replaced, and one that was deleted meanwhile is made again.
	setImage(t, first, "a.example/b:1", lockfile.Image{Digest: two, Origin: "a.example/b"})
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	setImage(t, first, "a.example/b:1", image)
}

// Many goroutines of several processes add entries at the same time, and none is lost.
func TestFile_ManyAtOnce(t *testing.T) {
	t.Parallel()
	const processes, entries = 4, 50
	path := filepath.Join(t.TempDir(), "images.lock.json")
	var group sync.WaitGroup
	for p := range processes {
		f := open(t, path)
		for e := range entries {
			group.Go(func() {
				if _, err := f.SetImage(fmt.Sprintf("a.example/p%d:%d", p, e), image); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	f := open(t, path)
	for p := range processes {
		for e := range entries {
			if _, ok := f.Image(fmt.Sprintf("a.example/p%d:%d", p, e)); !ok {
				t.Errorf("entry %d of process %d is lost", e, p)
			}
		}
	}
}

func TestFile_KeepsModeAndLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "real.json"), filepath.Join(dir, "images.lock.json")
	setImage(t, open(t, target), "a.example/b:1", image)
	if err := os.Chmod(target, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.json", link); err != nil {
		t.Fatal(err)
	}
	setImage(t, open(t, link), "a.example/c:1", image)
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
	if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v, %v", info, err)
	}
	if _, ok := open(t, target).Image("a.example/c:1"); !ok {
		t.Error("the link's target has not the entry")
	}
}

func TestFile_FolderThatIsNotThere(t *testing.T) {
	t.Parallel()
	f := open(t, filepath.Join(t.TempDir(), "no", "images.lock.json"))
	if _, err := f.SetImage("a.example/b:1", image); err == nil || !strings.Contains(err.Error(), "writing the lock file") {
		t.Errorf("got %v", err)
	}
}

// A file that can not be understood is left as it is.
func TestOpen_RefusesWhatItCanNotUnderstand(t *testing.T) {
	t.Parallel()
	entry := func(name, digest string) string {
		return fmt.Sprintf(`{"version":1,"images":{%q:{"digest":%q,"origin":"a.example/b"}}}`, name, digest)
	}
	for name, tt := range map[string]struct{ content, want string }{
		"conflict markers":        {"<<<<<<< HEAD\n{}", "not JSON of the right form"},
		"empty":                   {"", "not JSON of the right form"},
		"unknown field":           {`{"version":1,"imgaes":{}}`, `unknown field "imgaes"`},
		"two documents":           {`{"version":1} {"version":1}`, "behind the end"},
		"newer version":           {`{"version":2}`, "its version is 2"},
		"no version":              {`{"images":{}}`, "its version is 0"},
		"digest that is none":     {entry("a.example/b:1", "sha256:12"), `images["a.example/b:1"]`},
		"short name":              {entry("nginx:1", one), "write the key as a full reference"},
		"key with a digest":       {entry("a.example/b:1@"+one, one), "without a digest"},
		"layout":                  {entry("oci-layout:./x:1", one), "write the key as a full reference"},
		"tag of a constraint":     {`{"version":1,"versions":{"a.example/b":{"~> 1":"no tag"}}}`, `versions["a.example/b"]["~> 1"]`},
		"constraint that is none": {`{"version":1,"versions":{"a.example/b":{"":"1"}}}`, "constraint is empty"},
		"repository with a tag":   {`{"version":1,"versions":{"a.example/b:1":{"~> 1":"1"}}}`, "without tag and digest"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "images.lock.json")
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := lockfile.Open(path)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want the path and %q", err, tt.want)
			}
			if got := text(t, path); got != tt.content {
				t.Errorf("the file was changed to %q", got)
			}
		})
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"version":1,"images":{"a.example/b:1":{"digest":"` + one + `","origin":"a.example/b"}},"versions":{"a.example/b":{"~> 1":"1"}}}`))
	f.Add([]byte(`{"version":1,"images":null}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "images.lock.json")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := lockfile.Open(path)
		if err != nil {
			return
		}
		// What was understood can be added to and is understood again.
		setImage(t, file, "fuzz.example/entry:1", image)
		if got, ok := open(t, path).Image("fuzz.example/entry:1"); got != image || !ok {
			t.Errorf("got %v, %v", got, ok)
		}
	})
}
