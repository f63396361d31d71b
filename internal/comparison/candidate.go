package comparison

import (
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// Candidate is an image to compare.
type Candidate struct {
	// Name is what the user calls it.
	Name string
	// Reference is the user's, and Pinned the same with its digest.
	Reference, Pinned string
	// Digest is that of the index where there is one, and Platforms all that the image has.
	Digest    string
	Platforms []string
	// Facts are what manifest and config of the compared platform say.
	Facts imagefacts.Facts
	// Contents are what is inside; nil if that is not known, and ContentsUnknown then says why.
	Contents        *contents.Contents
	ContentsUnknown string
	// Vulnerabilities are the known ones; nil if that is not known, and VulnerabilitiesUnknown then says why.
	Vulnerabilities        *vulnerability.Counts
	VulnerabilitiesUnknown string
}

// Options say how to compare.
type Options struct {
	Requirements Requirements
	// RankBy are the criteria; none means DefaultRanking.
	RankBy []Criterion
	// Today is the day of the comparison, YYYY-MM-DD.
	Today string
	// BandwidthMbps is how fast images are pulled, in megabits a second; 0 is unknown.
	BandwidthMbps float64
	// Present are the digests of layers that nodes have already, which need not be pulled.
	Present map[string]bool
	// Releases says when support ends, and Families who looks after images.
	Releases *distro.Table
	Families []distro.Family
}

// Result is what is known of a candidate, and the verdict. A nil value is unknown, and Unknowns says why.
type Result struct {
	Name, Reference, Pinned, Digest string
	Platforms                       []string
	SizeBytes                       int64
	LayerCount                      int
	Created                         *string
	AgeDays                         *int
	UncompressedBytes               *int64
	Distribution                    *distro.Distribution
	Support                         *distro.Support
	Family                          *distro.Family
	Libc                            *contents.Libc
	Shells                          []string // nil is unknown
	PackageManager                  *string
	PackageCount                    *int
	Packages                        []packages.Package // as far as they could be read
	User                            string
	RunsAsRoot                      bool
	SetuidFiles                     []string // nil is unknown
	WorldWritable                   []string
	Findings                        []contents.Finding
	ELF                             *contents.ELF
	Vulnerabilities                 *vulnerability.Counts
	WastedBytes                     *int64
	Efficiency                      *float64
	Advice                          []contents.Advice
	// PullBytes are the bytes of the layers that nodes do not have yet, and EstimatedPullSeconds the time they take.
	PullBytes            int64
	EstimatedPullSeconds *float64
	// Eligible tells whether all requirements are met; Reasons says which are not, sorted as the requirements are.
	Eligible bool
	Reasons  []string
	// Unknowns says why facts are unknown, by the attribute's name in the provider's schema.
	Unknowns map[string]string
}
