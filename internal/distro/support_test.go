package distro_test

import (
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
)

func table(t *testing.T) *distro.Table {
	t.Helper()
	table, err := distro.EmbeddedTable()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestTable_KnowsReleases(t *testing.T) {
	t.Parallel()
	for release, want := range map[string]distro.Support{
		"debian 12":       {EndOfLife: "2026-07-11", Extended: "2033-06-30"},
		"debian 13":       {EndOfLife: "2028-08-09", Extended: "2035-06-30"},
		"ubuntu 24.04":    {EndOfLife: "2029-05-31", Extended: "2036-04-29"},
		"alpine 3.22.1":   {EndOfLife: "2027-05-01"},
		"rocky 9.4":       {EndOfLife: "2032-05-31"},
		"amzn 2023":       {EndOfLife: "2029-06-30"},
		"rhel 9.6":        {EndOfLife: "2032-05-31"},
		"amzn 2":          {EndOfLife: "2026-06-30"},
		"ubuntu 24.04.1":  {EndOfLife: "2029-05-31", Extended: "2036-04-29"},
		"fedora 43":       {EndOfLife: "2026-12-09"},
		"almalinux 8.10":  {EndOfLife: "2029-03-01"},
		"centos 7":        {EndOfLife: "2024-06-30"},
		"alpine 3.9.6":    {},
		"alpine 9.1":      {},
		"debian ":         {},
		"plan9 4":         {},
		"ubuntu 24.040.1": {},
	} {
		id, version, _ := strings.Cut(release, " ")
		got, reason := table(t).Support(distro.Distribution{ID: id, VersionID: version})
		if got.EndOfLife != want.EndOfLife || got.Extended != want.Extended || (got.EndOfLife == "") != (reason != "") {
			t.Errorf("%s: got %+v, %q; want %+v", release, got, reason, want)
		}
		if got.EndOfLife != "" && (got.Source == "" || !distro.IsDay(got.Read)) {
			t.Errorf("%s: the row does not say where and when it was read: %+v", release, got)
		}
	}
}

func TestTable_RowsOfTheUserWin(t *testing.T) {
	t.Parallel()
	table := table(t)
	err := table.Add(strings.NewReader("id,version,end_of_life,extended,source,read\nalpine,3.30,2030-01-01,,https://example.com,2026-12-01\ndebian,12,2027-01-01,,x,2026-12-01\n"))
	if err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]string{"3.30.2": "2030-01-01", "3.22.0": "2027-05-01"} {
		if got, _ := table.Support(distro.Distribution{ID: "alpine", VersionID: version}); got.EndOfLife != want {
			t.Errorf("alpine %s: got %+v", version, got)
		}
	}
	if got, _ := table.Support(distro.Distribution{ID: "debian", VersionID: "12"}); got.EndOfLife != "2027-01-01" {
		t.Errorf("debian 12: got %+v", got)
	}
}

func TestTable_RefusesABadFileByLine(t *testing.T) {
	t.Parallel()
	const head = "id,version,end_of_life,extended,source,read\n"
	for name, tc := range map[string]struct{ in, want string }{
		"empty":         {"", "EOF"},
		"another head":  {"a,b,c,d,e,f\n", "line 1"},
		"no day":        {head + "alpine,3.30,soon,,x,2026-12-01\n", "line 2"},
		"an odd month":  {head + "alpine,3.30,2026-13-01,,x,2026-12-01\n", "line 2"},
		"missing field": {head + "alpine,3.30,2026-12-01\n", "line 2"},
		"bad ID":        {head + "Alpine Linux,3.30,2026-12-01,,x,2026-12-01\n", "line 2"},
	} {
		if err := table(t).Add(strings.NewReader(tc.in)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, tc.want)
		}
	}
}

func TestFamilies_EachRowHasItsSourceAndDay(t *testing.T) {
	t.Parallel()
	families, err := distro.Families()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.ID == "" || f.Name == "" || f.Updates == "" || f.Source == "" || !distro.IsDay(f.Read) {
			t.Errorf("row %+v", f)
		}
	}
}

func TestFamilyOf_TakesTheMostSpecialFamily(t *testing.T) {
	t.Parallel()
	families, err := distro.Families()
	if err != nil {
		t.Fatal(err)
	}
	of := func(id string) distro.Distribution { return distro.Distribution{ID: id} }
	for want, signs := range map[string]distro.Signs{
		"debian":      {Distribution: of("debian"), Manager: "apt", HasPackages: true},
		"distroless":  {Distribution: of("debian"), Manager: "none", HasPackages: true},
		"ubi":         {Distribution: of("rhel"), Manager: "dnf", HasPackages: true},
		"ubi-minimal": {Distribution: of("rhel"), Manager: "microdnf", HasPackages: true},
		"ubi-init":    {Distribution: of("rhel"), Manager: "dnf", HasInit: true, HasPackages: true},
		"alpine":      {Distribution: of("alpine"), Manager: "apk", HasBusybox: true, HasPackages: true},
		"busybox":     {HasBusybox: true, Manager: "none"},
		"":            {Distribution: of("plan9")},
	} {
		if got, ok := distro.FamilyOf(families, signs); got.ID != want || ok != (want != "") {
			t.Errorf("got %q, want %q", got.ID, want)
		}
	}
}
