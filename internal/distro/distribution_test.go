package distro_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
)

func TestParseOSRelease(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		in   string
		want distro.Distribution
	}{
		"Debian": {
			"PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nID=debian\n",
			distro.Distribution{ID: "debian", VersionID: "12", Codename: "bookworm", Name: "Debian GNU/Linux 12 (bookworm)"},
		},
		"Rocky Linux, like others": {
			"ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.4\"\nPRETTY_NAME=\"Rocky Linux 9.4\"\n",
			distro.Distribution{ID: "rocky", VersionID: "9.4", Like: []string{"rhel", "centos", "fedora"}, Name: "Rocky Linux 9.4"},
		},
		"rolling, without version": {
			"# comment\nID=wolfi\nNAME='Wolfi'\n", distro.Distribution{ID: "wolfi", Name: "Wolfi"},
		},
		"escapes and trailing comment": {
			`ID=x` + "\n" + `PRETTY_NAME="a \"b\" \\ c" # not part` + "\n", distro.Distribution{ID: "x", Name: `a "b" \ c`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := distro.ParseOSRelease(strings.NewReader(tc.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmp.Transformer("like", func(l []string) string { return strings.Join(l, " ") })); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseOSRelease_RefusesWhatNoDistributionWrites(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"no ID":             {"NAME=x\n", "no ID"},
		"ID with a path":    {"ID=../x\n", "no identifier"},
		"control character": {"ID=x\nPRETTY_NAME=\"a\x1b[2Jb\"\n", "control characters"},
		"long value":        {"ID=x\nVERSION_ID=" + strings.Repeat("1", 300) + "\n", "too long"},
	} {
		if d, err := distro.ParseOSRelease(strings.NewReader(tc.in)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %+v and %v, want an error with %q", name, d, err, tc.want)
		}
	}
}

func TestDistribution_Is(t *testing.T) {
	t.Parallel()
	rocky := distro.Distribution{ID: "rocky", Like: []string{"rhel", "centos"}}
	if !rocky.Is("rocky") || !rocky.Is("rhel") || rocky.Is("debian") || (distro.Distribution{}).Is("") {
		t.Error("a distribution is itself and what it is like, and nothing is the unknown one")
	}
}

func FuzzParseOSRelease(f *testing.F) {
	f.Add([]byte("ID=debian\nVERSION_ID=\"12\"\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		d, err := distro.ParseOSRelease(bytes.NewReader(in))
		if (err == nil) == d.IsZero() || strings.ContainsFunc(d.Name+d.VersionID, unicode.IsControl) {
			t.Errorf("got %+v and %v", d, err)
		}
	})
}
