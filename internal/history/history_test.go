package history_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/history"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

type severities = map[string]vulnerability.Severity

var (
	before = history.Snapshot{
		Digest: "sha256:old", SizeBytes: 1000, Packages: map[string]string{"deb/a": "1", "deb/b": "1", "deb/c": "1"},
		Vulnerabilities: severities{"CVE-1": vulnerability.Critical, "CVE-2": vulnerability.Low},
	}
	after = history.Snapshot{
		Digest: "sha256:new", SizeBytes: 1100, Packages: map[string]string{"deb/a": "1", "deb/b": "2", "deb/d": "1"},
		Vulnerabilities: severities{"CVE-1": vulnerability.Critical, "CVE-3": vulnerability.High, "CVE-4": vulnerability.Unknown},
	}
)

func TestCompare(t *testing.T) {
	t.Parallel()
	percent := 10.0
	want := history.Changes{
		PreviousDigest: "sha256:old", SizeBytes: 100, SizePercent: &percent,
		Added: map[string]string{"deb/d": "1"}, Removed: map[string]string{"deb/c": "1"}, Changed: map[string]string{"deb/b": "1 -> 2"},
		New: severities{"CVE-3": vulnerability.High, "CVE-4": vulnerability.Unknown}, Fixed: severities{"CVE-2": vulnerability.Low},
	}
	if diff := cmp.Diff(want, history.Compare(before, after)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	empty := history.Compare(history.Snapshot{}, after)
	if empty.SizePercent != nil || empty.Added != nil || empty.New != nil {
		t.Errorf("changes from what is not known: %+v", empty)
	}
}

func TestLimits_Growth(t *testing.T) {
	t.Parallel()
	for limit, want := range map[string]string{
		"9.9%": "grown by 10.0%, and 9.9% are allowed", "10%": "", "0%": "has grown", "1000%": "",
	} {
		percent, err := history.ParsePercent(limit)
		if err != nil {
			t.Fatal(err)
		}
		got := history.Limits{MaxGrowth: &percent}.Growth(before, after)
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: got %q", limit, got)
		}
	}
	if got := (history.Limits{}).Growth(before, after); got != "" {
		t.Errorf("no limit: got %q", got)
	}
	none := 0.0
	if got := (history.Limits{MaxGrowth: &none}).Growth(after, before); got != "" {
		t.Errorf("an image that shrinks: got %q", got)
	}
	if got := (history.Limits{MaxGrowth: &none}).Growth(history.Snapshot{}, after); !strings.Contains(got, "grown by 1100 bytes") {
		t.Errorf("from nothing: got %q", got)
	}
	for _, text := range []string{"", "10", "%", "-1%", "1001%", "NaN%", "Inf%", "ten%", "10 %"} {
		if _, err := history.ParsePercent(text); err == nil {
			t.Errorf("%q passes", text)
		}
	}
}

func TestLimits_Vulnerabilities(t *testing.T) {
	t.Parallel()
	unknown := history.Snapshot{Unknowns: map[string]string{history.FactVulnerabilities: "there is no database"}}
	many := history.Snapshot{Vulnerabilities: severities{}}
	for i := range 12 {
		many.Vulnerabilities[fmt.Sprintf("CVE-%02d", i)] = vulnerability.Critical
	}
	for name, tt := range map[string]struct {
		before, after history.Snapshot
		limit         vulnerability.Severity
		want          string
	}{
		"none that is critical":     {before, after, vulnerability.Critical, ""},
		"one that is high":          {before, after, vulnerability.High, "had not: CVE-3 (high)"},
		"unrated ones never fail":   {before, after, vulnerability.Low, "had not: CVE-3 (high)"},
		"no limit":                  {before, unknown, vulnerability.Unknown, ""},
		"not known now":             {before, unknown, vulnerability.Critical, "not known: there is no database"},
		"not known before":          {unknown, after, vulnerability.Critical, "of the image before: there is no database"},
		"fixed ones":                {after, history.Snapshot{Vulnerabilities: severities{}}, vulnerability.Low, ""},
		"more than a message takes": {history.Snapshot{Vulnerabilities: severities{}}, many, vulnerability.Critical, "CVE-09 (critical) and 2 more"},
	} {
		got := history.Limits{FailOnNew: tt.limit}.Vulnerabilities(tt.before, tt.after, history.Compare(tt.before, tt.after))
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// What is kept in a state does not grow with the image.
func TestBounded(t *testing.T) {
	t.Parallel()
	huge := history.Snapshot{Packages: map[string]string{}, Vulnerabilities: severities{}}
	for i := range 6000 {
		huge.Packages[fmt.Sprint("deb/", i)] = "1"
		huge.Vulnerabilities[fmt.Sprint("CVE-", i)] = vulnerability.Severity(i % 5)
	}
	packages, vulnerabilities, unknowns := huge.Bounded()
	if packages != nil || len(vulnerabilities) != 2000 || !strings.Contains(unknowns[history.FactPackages], "6000") || !strings.Contains(unknowns[history.FactVulnerabilities], "4000 least") {
		t.Errorf("%d packages, %d vulnerabilities, %v", len(packages), len(vulnerabilities), unknowns)
	}
	for id, severity := range vulnerabilities {
		if severity < vulnerability.High {
			t.Fatalf("%s (%s) is kept before worse ones", id, severity)
		}
	}
	if counts := huge.Counts(); counts.Critical != 1200 || counts.Unknown != 1200 {
		t.Errorf("counts are of all: got %+v", counts)
	}
	changes := history.Compare(history.Snapshot{Packages: map[string]string{}, Vulnerabilities: severities{}}, huge).Bounded()
	if len(changes.Added) != 500 || len(changes.New) != 500 || changes.Omitted != 11000 {
		t.Errorf("%d added, %d new, %d omitted", len(changes.Added), len(changes.New), changes.Omitted)
	}
	if again := history.Compare(before, after); cmp.Diff(again, again.Bounded()) != "" {
		t.Error("small changes are not kept whole")
	}
}

func TestWorst(t *testing.T) {
	t.Parallel()
	got := history.Worst([]vulnerability.Finding{{ID: "CVE-1", Severity: vulnerability.High}, {ID: "CVE-1", Severity: vulnerability.Low}, {ID: "CVE-2"}})
	if diff := cmp.Diff(severities{"CVE-1": vulnerability.High, "CVE-2": vulnerability.Unknown}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
