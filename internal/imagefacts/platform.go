package imagefacts

import (
	"fmt"
	"regexp"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// platformPattern is os/architecture[/variant][:version], in the words of Go's GOOS and GOARCH.
var platformPattern = regexp.MustCompile(`^([a-z0-9]+)/([a-z0-9]+)(?:/([a-z0-9.]+))?(?::([0-9.]+))?$`)

// baselineVariants are the variants that an architecture has when none is written.
// Source: github.com/containerd/platforms v0.2.1, normalizeArch, and for amd64 the x86-64 psABI's level 1.
var baselineVariants = map[string]string{"amd64": "v1", "arm": "v7", "arm64": "v8"}

// Platform is what a node must be to run an image. It is comparable with ==; use Satisfies to compare meanings.
type Platform struct {
	os, architecture, variant, version string
}

// ParsePlatform reads "os/architecture", "os/architecture/variant" and, for Windows, "os/architecture:version".
func ParsePlatform(s string) (Platform, error) {
	m := platformPattern.FindStringSubmatch(s)
	if m == nil {
		return Platform{}, fmt.Errorf("platform %q is not valid; write os/architecture such as linux/amd64, or with a variant linux/arm/v7", s)
	}
	return Platform{os: m[1], architecture: m[2], variant: m[3], version: m[4]}, nil
}

// PlatformOf converts a platform as a descriptor states it. It is the zero Platform if the descriptor states none.
func PlatformOf(p *v1.Platform) Platform {
	if p == nil {
		return Platform{}
	}
	return Platform{os: p.OS, architecture: p.Architecture, variant: p.Variant, version: p.OSVersion}
}

// String returns the platform as ParsePlatform reads it, with the variant only if one was stated.
func (p Platform) String() string {
	s := p.os + "/" + p.architecture
	if p.variant != "" {
		s += "/" + p.variant
	}
	if p.version != "" {
		s += ":" + p.version
	}
	return s
}

// Satisfies reports whether an image for p is an image for want. A missing variant means the architecture's baseline
// (linux/arm64 and linux/arm64/v8 are the same); a version counts only if want has one. That a processor might run an
// older variant too does not count: which image is chosen then depends on the node.
func (p Platform) Satisfies(want Platform) bool {
	return p.os == want.os && p.architecture == want.architecture &&
		p.effectiveVariant() == want.effectiveVariant() &&
		(want.version == "" || p.version == want.version)
}

func (p Platform) effectiveVariant() string {
	if p.variant == "" {
		return baselineVariants[p.architecture]
	}
	return p.variant
}

// isAttestation reports whether the platform is BuildKit's mark for a manifest that describes another.
// Source: BuildKit docs/attestations/attestation-storage.md.
func (p Platform) isAttestation() bool { return p.os == "unknown" && p.architecture == "unknown" }

// PlatformError says that an image lacks platforms which are required of it.
type PlatformError struct {
	// Want are the required platforms that the image lacks.
	Want []string
	// Have are the platforms that the image has, sorted.
	Have []string
}

// Error names the missing platforms and lists those that exist.
func (e *PlatformError) Error() string {
	return fmt.Sprintf("the image has no %s; it has %s", strings.Join(e.Want, ", "), strings.Join(e.Have, ", "))
}
