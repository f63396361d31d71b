package comparison

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

// Report is a comparison.
type Report struct {
	// Results are sorted by name.
	Results []Result
	// Ranking holds all names: those of eligible candidates first, each group in the order of the criteria.
	Ranking []string
	// Recommended is the first eligible candidate's name, or empty.
	Recommended string
	// RankBy are the criteria that were used.
	RankBy []Criterion
}

// Compare compares candidates. Their names must differ.
func Compare(candidates []Candidate, o Options) Report {
	if len(o.RankBy) == 0 {
		o.RankBy = DefaultRanking()
	}
	report := Report{RankBy: o.RankBy}
	for _, c := range candidates {
		r := o.result(c)
		r.Reasons = o.Requirements.unmet(r)
		r.Eligible = len(r.Reasons) == 0
		report.Results = append(report.Results, r)
	}
	slices.SortFunc(report.Results, func(a, b Result) int { return strings.Compare(a.Name, b.Name) })
	for _, r := range rank(report.Results, o.RankBy) {
		report.Ranking = append(report.Ranking, r.Name)
		if r.Eligible && report.Recommended == "" {
			report.Recommended = r.Name
		}
	}
	return report
}

// Result returns the result with the name. The name must be one of the candidates'.
func (r Report) Result(name string) Result {
	i := slices.IndexFunc(r.Results, func(x Result) bool { return x.Name == name })
	return r.Results[i]
}

// result collects what is known of a candidate.
func (o Options) result(c Candidate) Result {
	r := Result{
		Name: c.Name, Reference: c.Reference, Pinned: c.Pinned, Digest: c.Digest, Platforms: c.Platforms,
		SizeBytes: c.Facts.SizeBytes, LayerCount: c.Facts.LayerCount, User: c.Facts.User, RunsAsRoot: c.Facts.RunsAsRoot,
		Vulnerabilities: c.Vulnerabilities, Unknowns: map[string]string{},
	}
	o.age(&r, c.Facts.Created)
	o.pull(&r, c)
	if c.Vulnerabilities == nil {
		r.Unknowns["vulnerabilities"] = c.VulnerabilitiesUnknown
	}
	if c.Contents == nil {
		for _, name := range fromContents {
			r.Unknowns[name] = c.ContentsUnknown
		}
		return r
	}
	o.inside(&r, *c.Contents)
	return r
}

// fromContents are the attributes that only the layers can tell.
var fromContents = []string{
	"advice", "efficiency", "elf", "end_of_life", "family", "findings", "libc", "os_id", "package_count", "package_manager",
	"setuid_files", "shells", "uncompressed_bytes", "wasted_bytes", "world_writable",
}

func (o Options) age(r *Result, created string) {
	built, err := time.Parse(time.RFC3339, created)
	today, todayErr := time.Parse(time.DateOnly, o.Today)
	if err != nil || todayErr != nil {
		r.Unknowns["created"] = "the image states no time of its build, or one of the fixed dates that reproducible builds write"
		return
	}
	days := int(math.Floor(today.Sub(built.Truncate(24*time.Hour)).Hours() / 24))
	r.Created, r.AgeDays = &created, &days
}

// pull estimates how long a node takes to download what it lacks, a layer that stands twice in the image once. Unpacking, which
// goes on beside it, is not counted.
func (o Options) pull(r *Result, c Candidate) {
	pulled := map[string]bool{}
	for _, l := range c.Facts.Layers {
		if !o.Present[l.Digest] && !pulled[l.Digest] {
			r.PullBytes += l.SizeBytes
		}
		pulled[l.Digest] = true
	}
	if o.BandwidthMbps <= 0 {
		r.Unknowns["estimated_pull_seconds"] = "no bandwidth is given; set bandwidth_mbps"
		return
	}
	seconds := math.Round(float64(r.PullBytes)*8/(o.BandwidthMbps*1e6)*100) / 100
	r.EstimatedPullSeconds = &seconds
}

// inside takes over what the layers told.
func (o Options) inside(r *Result, c contents.Contents) {
	r.Shells, r.SetuidFiles, r.WorldWritable = c.Shells, c.Setuid, c.WorldWritable
	r.Findings, r.Advice = c.Findings, c.Advice
	r.UncompressedBytes, r.WastedBytes, r.Efficiency, r.ELF = &c.ExpandedBytes, &c.WastedBytes, &c.Efficiency, &c.ELF
	r.PackageManager = &c.PackageManager
	if c.UserID != nil {
		r.RunsAsRoot = *c.UserID == 0
	}
	count := len(c.Packages)
	r.PackageCount, r.Packages = &count, c.Packages
	if reason := c.Unknowns[contents.FactPackages]; reason != "" {
		r.PackageCount, r.Packages, r.Unknowns["package_count"] = nil, nil, reason
	}
	r.Libc = &c.Libc
	if reason := c.Unknowns[contents.FactLibc]; reason != "" {
		r.Libc, r.Unknowns["libc"] = nil, reason
	}
	o.release(r, c)
}

func (o Options) release(r *Result, c contents.Contents) {
	d := c.Distribution
	if reason := c.Unknowns[contents.FactDistribution]; reason != "" {
		r.Unknowns["os_id"], r.Unknowns["end_of_life"] = reason, reason
	} else {
		r.Distribution = &d
		support, reason := o.Releases.Support(d)
		if reason != "" {
			r.Unknowns["end_of_life"] = reason
		} else {
			r.Support = &support
		}
	}
	signs := distro.Signs{
		Distribution: d, Manager: c.PackageManager, HasInit: c.HasSystemd,
		HasBusybox:  slices.ContainsFunc(c.Shells, func(s string) bool { return strings.HasSuffix(s, "/busybox") }),
		HasPackages: slices.ContainsFunc(c.Packages, func(p packages.Package) bool { return p.Ecosystem.IsDistribution() }),
	}
	if family, ok := distro.FamilyOf(o.Families, signs); ok {
		r.Family = &family
	} else {
		r.Unknowns["family"] = "the image shows the signs of no family in the catalogue"
	}
}
