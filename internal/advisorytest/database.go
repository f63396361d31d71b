package advisorytest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// T is the part of testing.TB that this package needs.
type T interface {
	Helper()
	TempDir() string
	Fatalf(format string, args ...any)
}

// Packages are advisories by the name of a package and the ID of a vulnerability. The values are encoded as JSON.
type Packages map[string]map[string]Advisory

// Advisory is the JSON of one advisory, with trivy-db's names: FixedVersion, VulnerableVersions, Status (a number), …
type Advisory map[string]any

// Updated is when every database claims to be made, unless it says otherwise.
var Updated = time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)

// Database is the content of a database.
type Database struct {
	// Advisories by bucket, such as "debian 12" or "npm::GitHub Security Advisory npm".
	Advisories map[string]Packages
	// Sources are the publishers' identifiers by bucket, such as "debian".
	Sources map[string]string
	// Severities by vulnerability and publisher, with trivy-db's numbers: 1 is low, 4 critical.
	Severities map[string]map[string]int
	// Titles by vulnerability.
	Titles map[string]string
	// Repositories are the indexes of Red Hat's products by repository.
	Repositories map[string][]int
	// UpdatedAt is when the database was made. The zero value means Updated.
	UpdatedAt time.Time
	// Schema is the version of the schema. Zero means 2.
	Schema int
}

// Write returns the file trivy.db.
func (d Database) Write(t T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trivy.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: 4096, NoSync: true})
	if err != nil {
		t.Fatalf("creating a database: %v", err)
	}
	if err := errors.Join(db.Update(d.fill), db.Close()); err != nil {
		t.Fatalf("writing a database: %v", err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return raw
}

// fill writes all buckets.
func (d Database) fill(tx *bbolt.Tx) error {
	for _, name := range []string{"data-source", "vulnerability"} {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	for bucket, byPackage := range d.Advisories {
		if _, err := tx.CreateBucketIfNotExists([]byte(bucket)); err != nil {
			return err
		}
		for name, byID := range byPackage {
			for id, advisory := range byID {
				if err := put(tx, advisory, id, bucket, name); err != nil {
					return err
				}
			}
		}
	}
	for bucket, source := range d.Sources {
		if err := put(tx, map[string]string{"ID": source, "Name": source, "URL": "https://example.com/" + source}, bucket, "data-source"); err != nil {
			return err
		}
	}
	for repository, products := range d.Repositories {
		if err := put(tx, products, repository, "Red Hat CPE", "repository"); err != nil {
			return err
		}
	}
	return d.fillDetails(tx)
}

func (d Database) fillDetails(tx *bbolt.Tx) error {
	ids := map[string]bool{}
	for id := range d.Severities {
		ids[id] = true
	}
	for id := range d.Titles {
		ids[id] = true
	}
	for id := range ids {
		details := map[string]any{"Title": d.Titles[id], "VendorSeverity": d.Severities[id]}
		if err := put(tx, details, id, "vulnerability"); err != nil {
			return err
		}
	}
	return nil
}

// put stores a value as JSON under a key, below nested buckets.
func put(tx *bbolt.Tx, value any, key string, buckets ...string) error {
	bucket, err := tx.CreateBucketIfNotExists([]byte(buckets[0]))
	for _, name := range buckets[1:] {
		if err == nil {
			bucket, err = bucket.CreateBucketIfNotExists([]byte(name))
		}
	}
	if err != nil {
		return fmt.Errorf("buckets %q: %w", buckets, err)
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return bucket.Put([]byte(key), raw)
}

// Metadata returns the file metadata.json.
func (d Database) Metadata(t T) []byte {
	t.Helper()
	updated, schema := d.UpdatedAt, d.Schema
	if updated.IsZero() {
		updated = Updated
	}
	if schema == 0 {
		schema = 2
	}
	raw, err := json.Marshal(map[string]any{"Version": schema, "UpdatedAt": updated, "NextUpdate": updated.Add(24 * time.Hour)})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return raw
}

// WriteDir writes trivy.db and metadata.json into a directory.
func (d Database) WriteDir(t T, dir string) {
	t.Helper()
	for name, content := range map[string][]byte{"trivy.db": d.Write(t), "metadata.json": d.Metadata(t)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatalf("%v", err)
		}
	}
}

// Archive returns the layer of the OCI artifact: a gzipped tar archive of both files.
func (d Database) Archive(t T) []byte {
	t.Helper()
	return Archive(t, map[string][]byte{"trivy.db": d.Write(t), "metadata.json": d.Metadata(t)})
}

// Archive returns a gzipped tar archive of the given files.
func Archive(t T, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	archive := tar.NewWriter(compressed)
	for name, content := range files {
		err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content)), Format: tar.FormatUSTAR})
		if err == nil {
			_, err = archive.Write(content)
		}
		if err != nil {
			t.Fatalf("writing %s: %v", name, err)
		}
	}
	if err := errors.Join(archive.Close(), compressed.Close()); err != nil {
		t.Fatalf("%v", err)
	}
	return out.Bytes()
}
