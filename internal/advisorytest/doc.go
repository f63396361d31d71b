// Package advisorytest writes small advisory databases for tests, in the format of trivy-db.
//
//	raw := advisorytest.Database{
//		Advisories: map[string]advisorytest.Packages{"debian 12": {"openssl": {"CVE-2024-1": {"FixedVersion": "3.0.11-1~deb12u2"}}}},
//		Severities: map[string]map[string]int{"CVE-2024-1": {"nvd": 4}},
//	}.Write(t)
//
// The file is written by bbolt, as trivy-db's own. That the keys are trivy-db's is proved in tools/advisories, where
// trivy-db itself writes.
package advisorytest
