package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

// writeAdvisories writes a small database of vulnerabilities into dir, in trivy-db's format and with made-up
// entries for the stand-ins. People name a real one in vulnerability_database.
func writeAdvisories(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	db, err := bbolt.Open(filepath.Join(dir, "trivy.db"), 0o600, &bbolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		return errors.Join(
			put(tx, map[string]string{"ID": "debian", "Name": "the demo"}, "debian 13", "data-source"),
			put(tx, map[string]string{"FixedVersion": "0.5.12-13"}, "CVE-2026-0001", "debian 13", "dash"),
			put(tx, map[string]string{"FixedVersion": "3.0.3"}, "CVE-2026-0002", "debian 13", "apt"),
			// Without any advisory for Go nobody could say that the programs have no vulnerability, and the plan would say that.
			put(tx, map[string]any{"VulnerableVersions": []string{"<1.0.0"}}, "GHSA-0000-0000-0000", "go::the demo", "example.com/of-nobody"),
			put(tx, map[string]any{"Title": "a made-up fault of dash", "VendorSeverity": map[string]int{"debian": 4}}, "CVE-2026-0001", "vulnerability"),
		)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	metadata := fmt.Sprintf(`{"Version":2,"UpdatedAt":%q,"NextUpdate":%q}`, time.Now().UTC().Format(time.RFC3339), time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339))
	return os.WriteFile(filepath.Join(dir, "metadata.json"), []byte(metadata), 0o600)
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
		return err
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return bucket.Put([]byte(key), raw)
}

// scanConfig is what the scene adds to the configuration.
const scanConfig = `data "seaworthy_image_scan" "base" {
  ref      = "${var.registry}/bases/debian:1.0.0"
  platform = "linux/amd64"
  fail_on  = "high"
}
`

// scanBase finds a known vulnerability in a stand-in, and leaves the configuration as it was.
func (d *demo) scanBase(ctx context.Context) error {
	file := filepath.Join(d.work.Dir, "scan.tf")
	if err := os.WriteFile(file, []byte(scanConfig), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "\nscan.tf:\n  %s\n", strings.ReplaceAll(strings.TrimSpace(scanConfig), "\n", "\n  "))
	out, err := d.command(ctx, "plan")
	if err != nil {
		return err
	}
	if out.ExitCode != 1 || !strings.Contains(out.Stderr, "CVE-2026-0001") || strings.Contains(out.Stderr, "CVE-2026-0002") {
		return fmt.Errorf("exit code %d; want a refused plan that names CVE-2026-0001, and not what is fixed", out.ExitCode)
	}
	d.done("refused: dash has a critical vulnerability, and the error names the version that mends it; what is fixed counts no more")
	return os.Remove(file)
}
