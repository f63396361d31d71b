package advisories

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// seed is that of the versions drawn by chance.
const seed = 1

// pair is two versions to be ordered.
type pair struct{ a, b string }

// TestVersions_AsLibaptOrdersThem and its sibling compare the order of thousands of pairs: of versions
// that the machine's package lists really have, and of drawn ones that differ where it hurts.
func TestVersions_AsLibaptOrdersThem(t *testing.T) {
	t.Parallel()
	real := installedVersions(t)
	agree(t, packages.Deb, pairsOf(real, drawn(func(g *rand.Rand) string {
		return choose(g, "", "", "1:", "0:") + chunk(g, "0123456789", 1) + chunk(g, "0123456789.+~abcz", 6) + choose(g, "", "-"+chunk(g, "0123456789.+~abcz", 4)+"1")
	})), "import apt_pkg, sys\napt_pkg.init()\norder = apt_pkg.version_compare\n")
}

func TestVersions_AsLibrpmOrdersThem(t *testing.T) {
	t.Parallel()
	var real []string
	for _, version := range installedVersions(t) {
		if epoch, rest, found := strings.Cut(version, ":"); found {
			version = epoch + ":" + rest
		}
		if strings.Count(version, "-") == 1 {
			real = append(real, version)
		}
	}
	agree(t, packages.RPM, pairsOf(real, drawn(func(g *rand.Rand) string {
		return choose(g, "", "", "1:", "0:") + chunk(g, "0123456789", 1) + chunk(g, "0123456789.~^abcz_", 6) + "-" + chunk(g, "123", 1) + chunk(g, "0123456789.~^abcz", 4)
	})), `import rpm, sys
def split(v):
    epoch, _, rest = v.rpartition(":")
    version, _, release = rest.rpartition("-")
    return (epoch or "0", version, release)
def order(a, b):
    return rpm.labelCompare(split(a), split(b))
`)
}

// agree fails for each pair that we order otherwise than a library.
func agree(t *testing.T, ecosystem packages.Ecosystem, pairs []pair, program string) {
	t.Helper()
	var input bytes.Buffer
	for _, p := range pairs {
		fmt.Fprintf(&input, "%s %s\n", p.a, p.b)
	}
	python := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", program+`for line in sys.stdin:
    a, b = line.split()
    c = order(a, b)
    print((c > 0) - (c < 0))
`)
	python.Stdin = &input
	var stderr strings.Builder
	python.Stderr = &stderr
	out, err := python.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	answers := strings.Fields(string(out))
	if len(answers) != len(pairs) {
		t.Fatalf("%d answers to %d questions", len(answers), len(pairs))
	}
	different, equal := 0, 0
	for i, p := range pairs {
		got, err := vulnerability.CompareVersions(ecosystem, p.a, p.b)
		if err != nil {
			t.Errorf("%s, %s: %v", p.a, p.b, err)
			continue
		}
		want := map[string]int{"-1": -1, "0": 0, "1": 1}[answers[i]]
		if want == 0 {
			equal++
		}
		if sign(got) != want {
			if different++; different <= 20 {
				t.Errorf("%s, %s: %d, and the library says %d", p.a, p.b, sign(got), want)
			}
		}
	}
	t.Logf("seed %d: %d pairs, %d of them equal, %d ordered otherwise", seed, len(pairs), equal, different)
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// installedVersions are the versions of the packages of this machine.
func installedVersions(t *testing.T) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "dpkg-query", "-W", "-f", "${Version}\n").Output()
	if err != nil {
		t.Fatal(err)
	}
	versions := strings.Fields(string(out))
	slices.Sort(versions)
	return slices.Compact(versions)
}

// drawn draws versions, many of them alike.
func drawn(draw func(*rand.Rand) string) []string {
	g := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // to be repeated
	const many = 4000
	versions := make([]string, 0, 2*many)
	for range many {
		version := draw(g)
		versions = append(versions, version, altered(g, version))
	}
	return versions
}

// altered changes one character of a version, or adds some.
func altered(g *rand.Rand, version string) string {
	first := strings.Index(version, ":") + 2 // after the digit that a version begins with
	i := first + g.IntN(len(version))
	if i >= len(version) || version[i] == '-' {
		return version + choose(g, "0", ".0", "~", "a", "1")
	}
	return version[:i] + choose(g, "0", "1", ".", "~", "a") + version[i+1:]
}

func choose(g *rand.Rand, values ...string) string { return values[g.IntN(len(values))] }

// chunk draws up to most characters, and at least one.
func chunk(g *rand.Rand, alphabet string, most int) string {
	var b strings.Builder
	for range 1 + g.IntN(most) {
		b.WriteByte(alphabet[g.IntN(len(alphabet))])
	}
	return b.String()
}

// pairsOf pairs each version with the next ones.
func pairsOf(lists ...[]string) []pair {
	var pairs []pair
	for _, list := range lists {
		for i := range list {
			for _, next := range []int{1, 2} {
				if i+next < len(list) {
					pairs = append(pairs, pair{list[i], list[i+next]}, pair{list[i+next], list[i]})
				}
			}
		}
	}
	return pairs
}
