package advisorydb_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorydb"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

const (
	configType = "application/vnd.aquasec.trivy.config.v1+json"
	layerType  = "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip"
)

var sample = advisorytest.Database{Advisories: map[string]advisorytest.Packages{
	"debian 12": {"openssl": {"CVE-1": {"FixedVersion": "3.1"}}},
}}

// config is a Config with an hour between the database and now.
func config(t *testing.T) advisorydb.Config {
	t.Helper()
	return advisorydb.Config{
		WarnAge: advisorydb.DefaultWarnAge, MaxAge: advisorydb.DefaultMaxAge,
		Now: advisorytest.Updated.Add(time.Hour), CacheDir: t.TempDir(),
	}
}

func push(t *testing.T, server *registrytest.Server, archive []byte) imageref.Reference {
	t.Helper()
	server.PushArtifact(t, "aquasecurity/trivy-db:2", registrytest.Artifact{Type: configType, MediaType: layerType, Content: string(archive)})
	return reference(t, server.Host()+"/aquasecurity/trivy-db:2")
}

func reference(t *testing.T, text string) imageref.Reference {
	t.Helper()
	ref, err := imageref.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// client is a new client, as a new run of Terraform has.
func client(t *testing.T, cacheDir string) *registry.Client {
	t.Helper()
	c, err := registry.New(registry.Config{CacheDir: cacheDir})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// isUsable checks that the database finds what it holds.
func isUsable(t *testing.T, opened *advisorydb.Opened) {
	t.Helper()
	result, err := opened.Match(vulnerability.Inventory{
		Distribution: distro.Distribution{ID: "debian", VersionID: "12"},
		Packages:     []packages.Package{{Ecosystem: packages.Deb, Name: "libssl3", Version: "3.0", SourceName: "openssl", SourceVersion: "3.0"}},
	})
	if err != nil || len(result.Findings) != 1 {
		t.Errorf("got %+v, %v, want one finding", result, err)
	}
}

func TestStore_PullsOnceAndKeeps(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	c := config(t)
	c.Ref = push(t, server, sample.Archive(t))
	store := advisorydb.New(c, client(t, c.CacheDir))
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			opened, err := store.Open(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			isUsable(t, opened)
			if opened.Warning != "" || !strings.HasPrefix(opened.Source, c.Ref.String()+"@sha256:") || !opened.UpdatedAt.Equal(advisorytest.Updated) {
				t.Errorf("source %q, warning %q, updated %s", opened.Source, opened.Warning, opened.UpdatedAt)
			}
		})
	}
	group.Wait()
	if n := server.Count("GET", "/blobs/"); n != 1 {
		t.Errorf("%d blobs were downloaded, want 1", n)
	}
	server.ForgetRequests()
	if _, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := server.Count("GET", "/blobs/"); n != 0 {
		t.Errorf("a second run downloaded %d blobs", n)
	}
	info, err := os.Stat(filepath.Join(c.CacheDir, "advisories"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory has mode %v, %v", info.Mode(), err)
	}
}

func TestStore_PinnedAndKeptNeedsNoNetwork(t *testing.T) {
	t.Parallel()
	server := registrytest.New()
	c := config(t)
	c.Ref = push(t, server, sample.Archive(t))
	digest, err := client(t, "").Digest(context.Background(), c.Ref)
	if err != nil {
		t.Fatal(err)
	}
	if c.Ref, err = c.Ref.WithDigest(digest); err != nil {
		t.Fatal(err)
	}
	if _, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background()); err != nil {
		t.Fatal(err)
	}
	server.Close()
	opened, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	isUsable(t, opened)
}

func TestStore_KeptFilesThatChangedAreFetchedAgain(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"trivy.db", "metadata.json"} {
		server := registrytest.Start(t)
		c := config(t)
		c.Ref = push(t, server, sample.Archive(t))
		if _, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background()); err != nil {
			t.Fatal(err)
		}
		kept, err := filepath.Glob(filepath.Join(c.CacheDir, "advisories", "*", name))
		if err != nil || len(kept) != 1 {
			t.Fatalf("kept %v, %v", kept, err)
		}
		raw, err := os.ReadFile(kept[0])
		if err != nil {
			t.Fatal(err)
		}
		raw[len(raw)-2] ^= 1
		if err := os.WriteFile(kept[0], raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background()); !errors.Is(err, vulnerability.ErrDatabase) {
			t.Errorf("%s: a changed file was used: %v", name, err)
		}
		if _, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background()); err != nil {
			t.Errorf("%s: it was not fetched again: %v", name, err)
		}
	}
}

func TestStore_KeepsTheNewestTwo(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	c := config(t)
	for i := range 4 {
		database := sample
		database.UpdatedAt = advisorytest.Updated.Add(time.Duration(i) * time.Minute)
		c.Ref = push(t, server, database.Archive(t))
		if _, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadDir(filepath.Join(c.CacheDir, "advisories"))
	if err != nil || len(kept) != 2 {
		t.Errorf("%d databases are kept, %v; want 2", len(kept), err)
	}
}

func TestStore_Local(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sample.WriteDir(t, dir)
	archive := filepath.Join(t.TempDir(), "db.tar.gz")
	if err := os.WriteFile(archive, sample.Archive(t), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := func(path string) string {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(raw)
		return hex.EncodeToString(digest[:])
	}
	for name, tt := range map[string]struct{ path, sum, refused string }{
		"directory":                   {dir, "", ""},
		"directory, right sum":        {dir, sum(filepath.Join(dir, "trivy.db")), ""},
		"directory, wrong sum":        {dir, strings.Repeat("0", 64), "asks for 0000"},
		"archive":                     {archive, "", ""},
		"archive, right sum, capital": {archive, strings.ToUpper(sum(archive)), ""},
		"archive, wrong sum":          {archive, strings.Repeat("0", 64), "asks for 0000"},
		"nothing":                     {filepath.Join(dir, "missing"), "", "no such file"},
		"directory without database":  {t.TempDir(), "", "metadata.json"},
		"another file":                {filepath.Join(dir, "metadata.json"), "", "not gzip"},
	} {
		c := config(t)
		c.Path, c.SHA256 = tt.path, tt.sum
		opened, err := advisorydb.New(c, nil).Open(context.Background())
		if tt.refused != "" {
			if !errors.Is(err, vulnerability.ErrDatabase) || !strings.Contains(err.Error(), tt.refused) {
				t.Errorf("%s: got %v, want %q", name, err, tt.refused)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		isUsable(t, opened)
		if opened.Source != tt.path {
			t.Errorf("%s: source %q", name, opened.Source)
		}
	}
}

func TestStore_Age(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sample.WriteDir(t, dir)
	for name, tt := range map[string]struct {
		age           time.Duration
		warning, fail string
	}{
		"fresh":              {time.Hour, "", ""},
		"not worth a word":   {48 * time.Hour, "", ""},
		"old":                {50 * time.Hour, "50 hours ago", ""},
		"as old as may be":   {168 * time.Hour, "168 hours ago", ""},
		"too old":            {169 * time.Hour, "", "169 hours ago; pull a newer one"},
		"clocks that differ": {-2 * time.Hour, "", ""},
		"from the future":    {-48 * time.Hour, "", "correct the clock"},
	} {
		c := config(t)
		c.Path, c.Now = dir, advisorytest.Updated.Add(tt.age)
		opened, err := advisorydb.New(c, nil).Open(context.Background())
		if tt.fail != "" {
			var age *advisorydb.AgeError
			if !errors.As(err, &age) || !strings.Contains(err.Error(), tt.fail) {
				t.Errorf("%s: got %v, want %q", name, err, tt.fail)
			}
			continue
		}
		if err != nil || (tt.warning == "") != (opened.Warning == "") || !strings.Contains(opened.Warning, tt.warning) {
			t.Errorf("%s: got %+v, %v, want the warning %q", name, opened, err, tt.warning)
		}
	}
}

func TestStore_RefusedArchives(t *testing.T) {
	t.Parallel()
	database, metadata := sample.Write(t), sample.Metadata(t)
	whole := sample.Archive(t)
	other := sample
	other.Schema = 3
	files := map[string][]byte{}
	for i := range 20 {
		files[strings.Repeat("x", i+1)] = nil
	}
	for name, tt := range map[string]struct {
		archive []byte
		text    string
	}{
		"text":                    {[]byte("no archive"), "not gzip"},
		"cut off":                 {whole[:len(whole)/2], "before its end"},
		"without metadata":        {advisorytest.Archive(t, map[string][]byte{"trivy.db": database}), "does not hold"},
		"without database":        {advisorytest.Archive(t, map[string][]byte{"metadata.json": metadata}), "does not hold"},
		"in another directory":    {advisorytest.Archive(t, map[string][]byte{"../trivy.db": database, "metadata.json": metadata}), "does not hold"},
		"many files":              {advisorytest.Archive(t, files), "more than 16 entries"},
		"large metadata":          {advisorytest.Archive(t, map[string][]byte{"trivy.db": database, "metadata.json": make([]byte, 70_000)}), "more than 65536 bytes"},
		"another schema":          {other.Archive(t), "schema version 3"},
		"a database that is none": {advisorytest.Archive(t, map[string][]byte{"trivy.db": []byte("x"), "metadata.json": metadata}), "bbolt"},
	} {
		server := registrytest.Start(t)
		c := config(t)
		c.Ref = push(t, server, tt.archive)
		if _, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background()); !errors.Is(err, vulnerability.ErrDatabase) || !strings.Contains(err.Error(), tt.text) {
			t.Errorf("%s: got %v, want %q", name, err, tt.text)
		}
	}
}

func TestStore_RefusedArtifacts(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.PushArtifact(t, "x:chart", registrytest.Artifact{Type: "application/vnd.cncf.helm.config.v1+json", MediaType: layerType, Content: "x"})
	server.PushArtifact(t, "x:layer", registrytest.Artifact{Type: configType, MediaType: "text/plain", Content: "x"})
	for _, tag := range []string{"x:chart", "x:layer"} {
		c := config(t)
		c.Ref = reference(t, server.Host()+"/"+tag)
		if _, err := advisorydb.New(c, client(t, "")).Open(context.Background()); !errors.Is(err, vulnerability.ErrDatabase) || !strings.Contains(err.Error(), "no database of trivy-db") {
			t.Errorf("%s: %v", tag, err)
		}
	}
	c := config(t)
	c.Ref = reference(t, server.Host()+"/missing:2")
	store := advisorydb.New(c, client(t, ""))
	for range 2 {
		if _, err := store.Open(context.Background()); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("missing: %v", err)
		}
	}
}

// A blob that was changed on the way is not unpacked and not kept.
func TestStore_AlteredDownload(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	c := config(t)
	c.Ref = push(t, server, sample.Archive(t))
	server.Inject(registrytest.Alter(func(body []byte) []byte { body[len(body)/2] ^= 1; return body }).On("GET", "/blobs/").First(1))
	if _, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background()); !errors.Is(err, registry.ErrDigestMismatch) {
		t.Fatalf("got %v, want a digest mismatch", err)
	}
	kept, err := os.ReadDir(filepath.Join(c.CacheDir, "advisories"))
	if err != nil || len(kept) != 0 {
		t.Errorf("%v is kept, %v", kept, err)
	}
	if _, err := advisorydb.New(c, client(t, c.CacheDir)).Open(context.Background()); err != nil {
		t.Errorf("the next run: %v", err)
	}
}

func TestStore_CancelledIsNotRemembered(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	c := config(t)
	c.Ref = push(t, server, sample.Archive(t))
	store := advisorydb.New(c, client(t, c.CacheDir))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := store.Open(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := store.Open(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestStore_WithoutCacheDirectory(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	c := config(t)
	c.Ref, c.CacheDir = push(t, server, sample.Archive(t)), ""
	if _, err := advisorydb.New(c, client(t, "")).Open(context.Background()); err == nil || !strings.Contains(err.Error(), "set cache_dir") {
		t.Errorf("got %v", err)
	}
}

// A locked tag would name the same database until it is too old to be used.
func TestStore_TagIsNotLocked(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	c := config(t)
	c.Ref = push(t, server, sample.Archive(t))
	lock := filepath.Join(t.TempDir(), "images.lock.json")
	locked, err := registry.New(registry.Config{LockFile: lock, LockMode: registry.LockReadOnly})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := advisorydb.New(c, locked).Open(context.Background()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(lock); !os.IsNotExist(err) {
		t.Errorf("the lock file was written: %v", err)
	}
}
