package advisories

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aquasecurity/trivy-db/pkg/db"
	"github.com/aquasecurity/trivy-db/pkg/types"
	"github.com/aquasecurity/trivy-db/pkg/vulndb"
	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// A database that trivy-db itself wrote is read as it was meant: over the packages of this
// machine, what dpkg calls older than the fixed version is found, and nothing else.
func TestDatabase_OfTrivyDBsOwnWriter(t *testing.T) {
	t.Parallel()
	installed := installedPackages(t)
	dir := t.TempDir()
	want := writeDatabase(t, dir, installed)

	raw, err := os.ReadFile(filepath.Join(dir, "metadata.json"))
	if err != nil {
		t.Fatal(err)
	}
	metadata, err := vulnerability.ParseMetadata(raw)
	if err != nil || time.Since(metadata.UpdatedAt) > time.Hour {
		t.Fatalf("metadata: %v, %v", metadata, err)
	}
	file, err := os.Open(db.Path(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	database, err := vulnerability.OpenDatabase(file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	result, err := database.Match(vulnerability.Inventory{Distribution: distro.Distribution{ID: "debian", VersionID: "12.9"}, Packages: installed})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range result.Findings {
		got = append(got, fmt.Sprintf("%s %s %s %s", f.ID, f.Package.Name, f.Severity, f.Fixed))
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-dpkg +ours):\n%s", diff)
	}
	if len(result.Undecided) > 0 {
		t.Errorf("undecided: %v", result.Undecided)
	}
	t.Logf("%d packages, %d findings", len(installed), len(got))
}

// installedPackages are the packages of this machine.
func installedPackages(t *testing.T) []packages.Package {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Version} ${source:Package} ${source:Version} ${Architecture}\n").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []packages.Package
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) != 6 || f[0] != "installed" {
			continue
		}
		all = append(all, packages.Package{Ecosystem: packages.Deb, Name: f[1], Version: f[2], SourceName: f[3], SourceVersion: f[4], Arch: f[5]})
	}
	if len(all) < 50 {
		t.Fatalf("only %d packages", len(all))
	}
	return all
}

// writeDatabase has trivy-db write advisories for every source package: one fixed in the installed version,
// one fixed later, and one without a fix. It returns the findings that dpkg's order makes of them.
func writeDatabase(t *testing.T, dir string, installed []packages.Package) (want []string) {
	t.Helper()
	if err := db.Init(dir); err != nil {
		t.Fatal(err)
	}
	dbc := db.Config{}
	source := types.DataSource{ID: "debian", Name: "Debian Security Tracker", URL: "https://salsa.debian.org/security-tracker-team/security-tracker"}
	written := map[string]bool{}
	err := dbc.BatchUpdate(func(tx *bolt.Tx) error {
		if err := dbc.PutDataSource(tx, "debian 12", source); err != nil {
			return err
		}
		for _, p := range installed {
			later := p.SourceVersion + "+later1"
			for _, a := range []struct{ name, fixed string }{{"same", p.SourceVersion}, {"later", later}, {"never", ""}} {
				id := fmt.Sprintf("CVE-%s-%s", a.name, p.SourceName)
				if a.name != "same" && (a.fixed == "" || older(t, p.SourceVersion, a.fixed)) {
					want = append(want, fmt.Sprintf("%s %s %s %s", id, p.Name, vulnerability.High, a.fixed))
				}
				if written[id] {
					continue
				}
				written[id] = true
				if err := dbc.PutAdvisoryDetail(tx, id, p.SourceName, []string{"debian 12"}, types.Advisory{FixedVersion: a.fixed}); err != nil {
					return err
				}
				if err := dbc.PutVulnerabilityDetail(tx, id, "debian", types.VulnerabilityDetail{Severity: types.SeverityHigh, Title: "a title"}); err != nil {
					return err
				}
				if err := dbc.PutVulnerabilityID(tx, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := vulndb.New(dir, dir, time.Hour).Build(nil); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	return want
}

// older asks dpkg.
func older(t *testing.T, a, b string) bool {
	t.Helper()
	err := exec.CommandContext(t.Context(), "dpkg", "--compare-versions", a, "lt", b).Run()
	return err == nil
}
