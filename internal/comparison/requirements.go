package comparison

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// Requirements are what candidates must have. A nil or empty one requires nothing.
type Requirements struct {
	// Libc is the C library that must be there; an image with both has either.
	Libc *contents.Libc
	// Shell and PackageManager require that there is one, or that there is none.
	Shell, PackageManager *bool
	// NonRoot requires a user other than root.
	NonRoot bool
	// Platforms must all be there.
	Platforms []imagefacts.Platform
	// MaxSizeBytes bounds the compressed size; 0 is no bound.
	MaxSizeBytes int64
	// MaxAgeDays bounds the time since the build.
	MaxAgeDays *int
	// SupportedUntil is a day, YYYY-MM-DD, on which the distribution must still get its free updates.
	SupportedUntil string
	// HostOS is the distribution of the nodes; the image's must be of the same family.
	HostOS string
	// MaxVulnerabilities bounds the known vulnerabilities.
	MaxVulnerabilities vulnerability.Limits
}

// unmet returns a reason for each requirement that a candidate does not meet, or of which it can not be known.
func (q Requirements) unmet(r Result) []string {
	reasons := []string{}
	check := func(reason string) {
		if reason != "" {
			reasons = append(reasons, reason)
		}
	}
	check(q.libc(r))
	check(q.shell(r))
	check(q.packageManager(r))
	if q.NonRoot && r.RunsAsRoot {
		check("non_root: the image runs as root")
	}
	check(q.platforms(r))
	if q.MaxSizeBytes > 0 && r.SizeBytes > q.MaxSizeBytes {
		check(fmt.Sprintf("max_size_bytes: the image has %d bytes, %d more than %d", r.SizeBytes, r.SizeBytes-q.MaxSizeBytes, q.MaxSizeBytes))
	}
	check(q.age(r))
	check(q.support(r))
	check(q.host(r))
	reasons = append(reasons, q.vulnerabilities(r)...)
	return reasons
}

func undecided(requirement, reason string) string {
	return fmt.Sprintf("%s: it is not known: %s", requirement, reason)
}

func (q Requirements) libc(r Result) string {
	switch {
	case q.Libc == nil:
		return ""
	case r.Libc == nil:
		return undecided("libc", r.Unknowns["libc"])
	case *r.Libc == *q.Libc, *r.Libc == contents.BothLibc && *q.Libc != contents.NoLibc:
		return ""
	}
	return fmt.Sprintf("libc: the image has %s, not %s", *r.Libc, *q.Libc)
}

func (q Requirements) shell(r Result) string {
	switch {
	case q.Shell == nil:
		return ""
	case r.Shells == nil:
		return undecided("shell", r.Unknowns["shells"])
	case *q.Shell && len(r.Shells) == 0:
		return "shell: the image has none"
	case !*q.Shell && len(r.Shells) > 0:
		return "shell: the image has " + strings.Join(r.Shells[:min(3, len(r.Shells))], ", ")
	}
	return ""
}

func (q Requirements) packageManager(r Result) string {
	switch {
	case q.PackageManager == nil:
		return ""
	case r.PackageManager == nil:
		return undecided("package_manager", r.Unknowns["package_manager"])
	case *q.PackageManager && *r.PackageManager == contents.NoManager:
		return "package_manager: the image has none"
	case !*q.PackageManager && *r.PackageManager != contents.NoManager:
		return "package_manager: the image has " + *r.PackageManager
	}
	return ""
}

func (q Requirements) platforms(r Result) string {
	var have []imagefacts.Platform
	for _, p := range r.Platforms {
		if platform, err := imagefacts.ParsePlatform(p); err == nil {
			have = append(have, platform)
		}
	}
	var missing []string
	for _, want := range q.Platforms {
		if !slices.ContainsFunc(have, func(p imagefacts.Platform) bool { return p.Satisfies(want) }) {
			missing = append(missing, want.String())
		}
	}
	if missing == nil {
		return ""
	}
	return fmt.Sprintf("platforms: the image has no %s; it has %s", strings.Join(missing, ", "), strings.Join(r.Platforms, ", "))
}

func (q Requirements) age(r Result) string {
	switch {
	case q.MaxAgeDays == nil:
		return ""
	case r.AgeDays == nil:
		return undecided("max_age_days", r.Unknowns["created"])
	case *r.AgeDays > *q.MaxAgeDays:
		return fmt.Sprintf("max_age_days: the image is %d days old, more than %d", *r.AgeDays, *q.MaxAgeDays)
	}
	return ""
}

func (q Requirements) support(r Result) string {
	switch {
	case q.SupportedUntil == "":
		return ""
	case r.Support == nil:
		return undecided("supported_until", r.Unknowns["end_of_life"])
	case r.Support.EndOfLife < q.SupportedUntil:
		return fmt.Sprintf("supported_until: %s reaches its end of life on %s, before %s", r.Distribution, r.Support.EndOfLife, q.SupportedUntil)
	}
	return ""
}

func (q Requirements) host(r Result) string {
	switch {
	case q.HostOS == "":
		return ""
	case r.Distribution == nil:
		return undecided("host_os", r.Unknowns["os_id"])
	case !distro.SameLine(*r.Distribution, q.HostOS):
		return fmt.Sprintf("host_os: the image is %s, which is not of the family of %s", r.Distribution.ID, q.HostOS)
	}
	return ""
}

func (q Requirements) vulnerabilities(r Result) []string {
	if len(q.MaxVulnerabilities) == 0 {
		return nil
	}
	if r.Vulnerabilities == nil {
		return []string{undecided("max_vulnerabilities", r.Unknowns["vulnerabilities"])}
	}
	var reasons []string
	for _, exceeded := range q.MaxVulnerabilities.Exceeded(*r.Vulnerabilities) {
		reasons = append(reasons, "max_vulnerabilities: "+exceeded)
	}
	return reasons
}
