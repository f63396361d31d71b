package comparison_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/comparison"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/golden"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

func ptr[V any](v V) *V { return &v }

// inventory returns n packages of a distribution.
func inventory(n int) []packages.Package { return make([]packages.Package, n) }

func debs(n int) []packages.Package {
	list := inventory(n)
	for i := range list {
		list[i].Ecosystem = packages.Deb
	}
	return list
}

// candidates are three images as people compare them, and one of which little is known.
func candidates() []comparison.Candidate {
	return []comparison.Candidate{
		{
			Name: "debian", Reference: "docker.io/library/debian:13-slim", Platforms: []string{"linux/amd64", "linux/arm64/v8"},
			Facts: imagefacts.Facts{SizeBytes: 29_800_000, LayerCount: 1, Created: "2026-11-01T00:00:00Z", RunsAsRoot: true,
				Layers: []imagefacts.Layer{{Digest: "sha256:a", SizeBytes: 29_800_000}}},
			Contents: &contents.Contents{
				Distribution: distro.Distribution{ID: "debian", VersionID: "13"}, Libc: contents.Glibc, Shells: []string{"/usr/bin/bash", "/usr/bin/sh"},
				PackageManager: "apt", Packages: debs(78), UserID: ptr[uint32](0), Setuid: []string{"/usr/bin/su"}, ExpandedBytes: 78_600_000, Efficiency: 1,
			},
			Vulnerabilities: &vulnerability.Counts{High: 2, Medium: 9, Low: 41},
		},
		{
			Name: "distroless", Reference: "gcr.io/distroless/base-debian13:nonroot", Platforms: []string{"linux/amd64", "linux/arm64/v8"},
			Facts: imagefacts.Facts{SizeBytes: 9_100_000, LayerCount: 12, User: "65532",
				Layers: []imagefacts.Layer{{Digest: "sha256:a", SizeBytes: 9_000_000}, {Digest: "sha256:b", SizeBytes: 100_000}}},
			Contents: &contents.Contents{
				Distribution: distro.Distribution{ID: "debian", VersionID: "13"}, Libc: contents.Glibc, Shells: []string{}, PackageManager: contents.NoManager,
				Packages: debs(7), UserID: ptr[uint32](65532), Setuid: []string{}, ExpandedBytes: 23_000_000, Efficiency: 1, WastedBytes: 1_200,
			},
			Vulnerabilities: &vulnerability.Counts{Low: 13},
		},
		{
			Name: "alpine", Reference: "docker.io/library/alpine:3.22", Platforms: []string{"linux/amd64"},
			Facts: imagefacts.Facts{SizeBytes: 3_800_000, LayerCount: 1, Created: "2026-06-01T10:00:00Z", RunsAsRoot: true},
			Contents: &contents.Contents{
				Distribution: distro.Distribution{ID: "alpine", VersionID: "3.22.1"}, Libc: contents.Musl, Shells: []string{"/bin/busybox", "/bin/sh"},
				PackageManager: "apk", Packages: inventory(16), UserID: ptr[uint32](0), ExpandedBytes: 8_300_000, Efficiency: 1,
			},
			VulnerabilitiesUnknown: "no database is configured",
		},
		{
			Name: "bomb", Reference: "registry.example.com/bomb:1", Platforms: []string{"linux/amd64"},
			Facts:           imagefacts.Facts{SizeBytes: 1_000_000, LayerCount: 1, User: "app"},
			ContentsUnknown: "layer sha256:c: it expands to more than 200 times its size, as decompression bombs do", VulnerabilitiesUnknown: "the packages are not known",
		},
	}
}

func options(t testing.TB, q comparison.Requirements) comparison.Options {
	t.Helper()
	table, err := distro.EmbeddedTable()
	if err != nil {
		t.Fatal(err)
	}
	families, err := distro.Families()
	if err != nil {
		t.Fatal(err)
	}
	return comparison.Options{Requirements: q, Today: "2026-11-26", BandwidthMbps: 100, Releases: table, Families: families}
}

func platform(t *testing.T, s string) imagefacts.Platform {
	t.Helper()
	p, err := imagefacts.ParsePlatform(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCompare_RequirementsSayWhoFailsAndWhy(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		require comparison.Requirements
		want    map[string]string // by candidate, the reason's beginning; absent is eligible
	}{
		"nothing":           {comparison.Requirements{}, nil},
		"glibc":             {comparison.Requirements{Libc: ptr(contents.Glibc)}, map[string]string{"alpine": "libc: the image has musl, not glibc", "bomb": "libc: it is not known: layer"}},
		"no shell":          {comparison.Requirements{Shell: ptr(false)}, map[string]string{"alpine": "shell: the image has /bin/busybox", "debian": "shell: ", "bomb": "shell: it is not known"}},
		"a shell":           {comparison.Requirements{Shell: ptr(true)}, map[string]string{"distroless": "shell: the image has none", "bomb": "shell: it is not known"}},
		"no manager":        {comparison.Requirements{PackageManager: ptr(false)}, map[string]string{"alpine": "package_manager: the image has apk", "debian": "package_manager: the image has apt", "bomb": "package_manager: it is not known"}},
		"a manager":         {comparison.Requirements{PackageManager: ptr(true)}, map[string]string{"distroless": "package_manager: the image has none", "bomb": "package_manager: it is not known"}},
		"non-root":          {comparison.Requirements{NonRoot: true}, map[string]string{"alpine": "non_root: ", "debian": "non_root: "}},
		"platforms":         {comparison.Requirements{Platforms: []imagefacts.Platform{platform(t, "linux/arm64")}}, map[string]string{"alpine": "platforms: the image has no linux/arm64; it has linux/amd64", "bomb": "platforms: "}},
		"size":              {comparison.Requirements{MaxSizeBytes: 9_000_000}, map[string]string{"debian": "max_size_bytes: ", "distroless": "max_size_bytes: the image has 9100000 bytes, 100000 more than 9000000"}},
		"age":               {comparison.Requirements{MaxAgeDays: ptr(90)}, map[string]string{"alpine": "max_age_days: the image is 178 days old, more than 90", "distroless": "max_age_days: it is not known: the image states no time", "bomb": "max_age_days: it is not known"}},
		"age on the day":    {comparison.Requirements{MaxAgeDays: ptr(25)}, map[string]string{"alpine": "max_age_days: ", "distroless": "max_age_days: ", "bomb": "max_age_days: "}},
		"support":           {comparison.Requirements{SupportedUntil: "2027-06-30"}, map[string]string{"alpine": "supported_until: alpine 3.22.1 reaches its end of life on 2027-05-01, before 2027-06-30", "bomb": "supported_until: it is not known"}},
		"host":              {comparison.Requirements{HostOS: "ubuntu"}, map[string]string{"alpine": "host_os: the image is alpine, which is not of the family of ubuntu", "bomb": "host_os: it is not known"}},
		"vulnerabilities":   {comparison.Requirements{MaxVulnerabilities: vulnerability.Limits{vulnerability.High: 0}}, map[string]string{"debian": "max_vulnerabilities: 2 high vulnerabilities, at most 0 allowed", "alpine": "max_vulnerabilities: it is not known: no database", "bomb": "max_vulnerabilities: it is not known"}},
		"no limit exceeded": {comparison.Requirements{MaxVulnerabilities: vulnerability.Limits{vulnerability.Critical: 0}}, map[string]string{"alpine": "max_vulnerabilities: it is not known", "bomb": "max_vulnerabilities: it is not known"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, r := range comparison.Compare(candidates(), options(t, tc.require)).Results {
				want := tc.want[r.Name]
				if r.Eligible != (want == "") || (want != "" && (len(r.Reasons) != 1 || !strings.HasPrefix(r.Reasons[0], want))) {
					t.Errorf("%s: eligible %v, reasons %q, want %q", r.Name, r.Eligible, r.Reasons, want)
				}
			}
		})
	}
}

func TestCompare_RanksByCriteriaAndPutsTheUnknownLast(t *testing.T) {
	t.Parallel()
	for criterion, want := range map[comparison.Criterion]string{
		comparison.ByVulnerabilities: "distroless debian alpine bomb",
		comparison.BySize:            "bomb alpine distroless debian",
		comparison.ByPackages:        "distroless alpine debian bomb",
		comparison.ByUncompressed:    "alpine distroless debian bomb",
		comparison.ByPull:            "alpine bomb distroless debian",
		comparison.ByAge:             "debian alpine bomb distroless",
		comparison.BySupport:         "debian distroless alpine bomb",
		comparison.BySetuid:          "distroless debian alpine bomb",
		comparison.ByWaste:           "alpine debian distroless bomb",
		comparison.ByEfficiency:      "alpine debian distroless bomb",
		comparison.ByLayers:          "alpine bomb debian distroless",
	} {
		o := options(t, comparison.Requirements{})
		o.RankBy = []comparison.Criterion{criterion}
		for range 3 {
			list := candidates()
			slices.Reverse(list)
			got := comparison.Compare(list, o)
			if text := strings.Join(got.Ranking, " "); text != want || got.Recommended != got.Ranking[0] {
				t.Errorf("%s: got %s and %s, want %s", criterion, text, got.Recommended, want)
			}
		}
	}
}

func TestCompare_EligibleCandidatesComeFirst(t *testing.T) {
	t.Parallel()
	o := options(t, comparison.Requirements{Libc: ptr(contents.Glibc)})
	o.RankBy = []comparison.Criterion{comparison.BySize}
	got := comparison.Compare(candidates(), o)
	if text := strings.Join(got.Ranking, " "); text != "distroless debian bomb alpine" || got.Recommended != "distroless" {
		t.Errorf("got %s and %s", text, got.Recommended)
	}
	o.Requirements.MaxSizeBytes = 1
	if got := comparison.Compare(candidates(), o); got.Recommended != "" {
		t.Errorf("recommended %s, though none is eligible", got.Recommended)
	}
}

func TestCompare_LayersThatNodesHaveNeedNoPull(t *testing.T) {
	t.Parallel()
	o := options(t, comparison.Requirements{})
	o.Present = map[string]bool{"sha256:a": true}
	got := comparison.Compare(candidates(), o)
	for name, want := range map[string]float64{"debian": 0, "distroless": 0.01} {
		if r := got.Result(name); r.EstimatedPullSeconds == nil || *r.EstimatedPullSeconds != want {
			t.Errorf("%s: got %v, want %v", name, r.EstimatedPullSeconds, want)
		}
	}
	o.BandwidthMbps = 0
	if r := comparison.Compare(candidates(), o).Result("debian"); r.EstimatedPullSeconds != nil || r.Unknowns["estimated_pull_seconds"] == "" {
		t.Errorf("got %v without a bandwidth", r.EstimatedPullSeconds)
	}
}

// A layer that stands twice in an image, as empty ones do, is pulled once.
func TestCompare_RepeatedLayerIsPulledOnce(t *testing.T) {
	t.Parallel()
	twice := candidates()
	for i := range twice {
		twice[i].Facts.Layers = append(slices.Clone(twice[i].Facts.Layers), twice[i].Facts.Layers...)
	}
	once, got := comparison.Compare(candidates(), options(t, comparison.Requirements{})), comparison.Compare(twice, options(t, comparison.Requirements{}))
	for _, name := range []string{"debian", "distroless"} {
		if got.Result(name).PullBytes != once.Result(name).PullBytes {
			t.Errorf("%s: %d bytes are pulled, and %d of each layer once", name, got.Result(name).PullBytes, once.Result(name).PullBytes)
		}
	}
}

func TestCompare_NothingUnknownHasAValue(t *testing.T) {
	t.Parallel()
	r := comparison.Compare(candidates(), options(t, comparison.Requirements{})).Result("bomb")
	if r.Libc != nil || r.Shells != nil || r.PackageManager != nil || r.PackageCount != nil || r.Distribution != nil || r.Support != nil ||
		r.Family != nil || r.ELF != nil || r.SetuidFiles != nil || r.Vulnerabilities != nil || r.WastedBytes != nil || r.Efficiency != nil || r.Created != nil {
		t.Errorf("got %+v", r)
	}
	want := []string{
		"advice", "created", "efficiency", "elf", "end_of_life", "family", "findings", "libc", "os_id", "package_count", "package_manager",
		"setuid_files", "shells", "uncompressed_bytes", "vulnerabilities", "wasted_bytes", "world_writable",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(r.Unknowns))); diff != "" {
		t.Error(diff)
	}
}

func TestReport_Forms(t *testing.T) {
	t.Parallel()
	report := comparison.Compare(candidates(), options(t, comparison.Requirements{Libc: ptr(contents.Glibc)}))
	golden.Check(t, "testdata/table.md", report.Markdown())
	chart, err := report.Chart()
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/chart.svg", chart)
}

func TestMarkdown_NoTextBreaksTheTable(t *testing.T) {
	t.Parallel()
	c := candidates()[3]
	c.Name, c.ContentsUnknown = "a|b\n<script>", "x | y\nz"
	text := comparison.Compare([]comparison.Candidate{c}, options(t, comparison.Requirements{})).Markdown()
	row := strings.Split(text, "\n")[2]
	if strings.Contains(text, "<script>") || strings.Count(strings.ReplaceAll(row, `\|`, ""), "|") != strings.Count(strings.Split(text, "\n")[0], "|") {
		t.Errorf("got\n%s", text)
	}
}
