package imageref_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

var (
	hexA    = strings.Repeat("a", 64)
	digestA = "sha256:" + hexA
	digestB = "sha256:" + strings.Repeat("b", 64)
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in                                   string
		want, registry, repository, tag, dig string
	}{
		"hub short name":           {"nginx", "docker.io/library/nginx", "docker.io", "docker.io/library/nginx", "", ""},
		"hub short name with tag":  {"nginx:1.27", "docker.io/library/nginx:1.27", "docker.io", "docker.io/library/nginx", "1.27", ""},
		"hub user":                 {"grafana/loki:3.0", "docker.io/grafana/loki:3.0", "docker.io", "docker.io/grafana/loki", "3.0", ""},
		"hub by name":              {"docker.io/nginx", "docker.io/library/nginx", "docker.io", "docker.io/library/nginx", "", ""},
		"hub by its other name":    {"index.docker.io/library/nginx:1", "docker.io/library/nginx:1", "docker.io", "docker.io/library/nginx", "1", ""},
		"tag and digest":           {"nginx:1.27@" + digestA, "docker.io/library/nginx:1.27@" + digestA, "docker.io", "docker.io/library/nginx", "1.27", digestA},
		"digest only":              {"ghcr.io/a/b@" + digestA, "ghcr.io/a/b@" + digestA, "ghcr.io", "ghcr.io/a/b", "", digestA},
		"port":                     {"r.example.com:5000/a/b:c", "r.example.com:5000/a/b:c", "r.example.com:5000", "r.example.com:5000/a/b", "c", ""},
		"port without tag":         {"r.example.com:5000/a", "r.example.com:5000/a", "r.example.com:5000", "r.example.com:5000/a", "", ""},
		"short host with port":     {"registry:5000/a:b", "registry:5000/a:b", "registry:5000", "registry:5000/a", "b", ""},
		"host in upper case":       {"GHCR.io/a/b:C", "ghcr.io/a/b:C", "ghcr.io", "ghcr.io/a/b", "C", ""},
		"localhost":                {"localhost/a:1.0", "localhost/a:1.0", "localhost", "localhost/a", "1.0", ""},
		"localhost with port":      {"localhost:5000/a", "localhost:5000/a", "localhost:5000", "localhost:5000/a", "", ""},
		"localhost alone is a hub": {"localhost:5000", "docker.io/library/localhost:5000", "docker.io", "docker.io/library/localhost", "5000", ""},
		"IPv4":                     {"127.0.0.1:5000/a", "127.0.0.1:5000/a", "127.0.0.1:5000", "127.0.0.1:5000/a", "", ""},
		"IPv6":                     {"[::1]:5000/x", "[::1]:5000/x", "[::1]:5000", "[::1]:5000/x", "", ""},
		"IPv6 without port":        {"[::1]/x:t", "[::1]/x:t", "[::1]", "[::1]/x", "t", ""},
		"IPv6 in full":             {"[2001:DB8:0::1]:5000/x", "[2001:db8::1]:5000/x", "[2001:db8::1]:5000", "[2001:db8::1]:5000/x", "", ""},
		"separators":               {"a.b/c__d-e--f.g", "a.b/c__d-e--f.g", "a.b", "a.b/c__d-e--f.g", "", ""},
		"layout":                   {"oci-layout:./image", "oci-layout:./image", "", "oci-layout:./image", "", ""},
		"layout with tag":          {"oci-layout:/srv/a b:1.4", "oci-layout:/srv/a b:1.4", "", "oci-layout:/srv/a b", "1.4", ""},
		"layout with all":          {"oci-layout:x:1.4@" + digestA, "oci-layout:x:1.4@" + digestA, "", "oci-layout:x", "1.4", digestA},
		"layout with digest":       {"oci-layout:x@" + digestA, "oci-layout:x@" + digestA, "", "oci-layout:x", "", digestA},
		"layout here":              {"oci-layout:.", "oci-layout:.", "", "oci-layout:.", "", ""},
		"layout on Windows":        {`oci-layout:C:\image`, `oci-layout:C:\image`, "", `oci-layout:C:\image`, "", ""},
		"layout, at sign inside":   {"oci-layout:a@b/c:1", "oci-layout:a@b/c:1", "", "oci-layout:a@b/c", "1", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ref, err := imageref.Parse(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{ref.String(), ref.Registry(), ref.Repository(), ref.Tag(), ref.Digest()}
			want := []string{tt.want, tt.registry, tt.repository, tt.tag, tt.dig}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("Parse(%q): got %q, want %q", tt.in, got, want)
					break
				}
			}
			if ref.IsLayout() != strings.HasPrefix(tt.in, "oci-layout:") {
				t.Errorf("IsLayout() = %v", ref.IsLayout())
			}
		})
	}
}

func TestParse_Refused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, reason string }{
		"empty":                     {"", "it is empty"},
		"scheme":                    {"https://ghcr.io/a/b", `begins with "https://"`},
		"docker scheme":             {"docker://nginx", "without a scheme"},
		"upper case":                {"Shop/API:1", `write "shop/api"`},
		"space":                     {"ngi nx", "is not valid"},
		"trailing newline":          {"nginx\n", "is not valid"},
		"parent directory":          {"ghcr.io/../b", "is not valid"},
		"empty element":             {"ghcr.io//b", "is not valid"},
		"leading slash":             {"/b", "is not valid"},
		"trailing slash":            {"ghcr.io/", "repository is missing"},
		"tag missing":               {"nginx:", "tag behind the colon is missing"},
		"tag begins with a dash":    {"nginx:-1", `tag "-1" is not valid`},
		"tag too long":              {"nginx:" + strings.Repeat("a", 129), "at most 128"},
		"path too long":             {"ghcr.io/" + strings.Repeat("a", 256), "at most 255"},
		"digest missing":            {"nginx@", "digest"},
		"digest in upper case":      {"nginx@sha256:" + strings.Repeat("A", 64), "lower-case hexadecimal"},
		"digest too short":          {"nginx@sha256:" + strings.Repeat("a", 63), "64 lower-case"},
		"digest of another kind":    {"nginx@sha512:" + strings.Repeat("a", 128), "sha256"},
		"two digests":               {"nginx@" + digestA + "@" + digestB, "digest"},
		"image ID":                  {hexA, "image ID"},
		"port too large":            {"r.example.com:65536/a", "registry"},
		"port zero":                 {"r.example.com:0/a", "registry"},
		"port with sign":            {"r.example.com:+5/a", "registry"},
		"no port":                   {"r.example.com:/a", "registry"},
		"host with underscore":      {"a_b.example.com/a", "registry"},
		"credentials":               {"user:pw@ghcr.io/a", "digest"},
		"IPv6 without brackets":     {"::1/x", "registry"},
		"IPv6 with zone":            {"[fe80::1%eth0]:5000/x", "registry"},
		"IPv4 in brackets":          {"[127.0.0.1]:5000/x", "registry"},
		"layout without directory":  {"oci-layout:", "directory is missing"},
		"layout with only a tag":    {"oci-layout::1.4", "directory is missing"},
		"layout, tag missing":       {"oci-layout:a:", "tag behind the colon"},
		"layout, bad digest":        {"oci-layout:a@b", "digest"},
		"layout, control character": {"oci-layout:a\x00b/c", "control character"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ref, err := imageref.Parse(tt.in)
			var parseErr *imageref.ParseError
			if !errors.As(err, &parseErr) {
				t.Fatalf("Parse(%q) = %q, %v; want a *ParseError", tt.in, ref, err)
			}
			if parseErr.Input != tt.in || !strings.Contains(parseErr.Reason.Error(), tt.reason) {
				t.Errorf("got %v, want a reason with %q", err, tt.reason)
			}
		})
	}
}

func TestParseRegistry(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "docker.io", "docker.io": "docker.io", "index.docker.io": "docker.io", "GHCR.IO": "ghcr.io",
		"registry:5000": "registry:5000", "localhost": "localhost", "[::1]:05000": "[::1]:5000",
	} {
		if got, err := imageref.ParseRegistry(in); got != want || err != nil {
			t.Errorf("ParseRegistry(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"registry", "https://ghcr.io", "ghcr.io/x", "a..b", "-a.b", "[::1", "::1]", "a b.c"} {
		if got, err := imageref.ParseRegistry(in); err == nil {
			t.Errorf("ParseRegistry(%q) = %q; want an error", in, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"nginx", "nginx:1.27@" + digestA, "[::1]:5000/x:y", "[::ffff:1.2.3.4]:80/x", "index.docker.io/nginx",
		"docker.io:443/nginx", "localhost:5000/a__b", "oci-layout:./a:b@" + digestA, "oci-layout:./a/:b",
		`oci-layout:C:\x:1`, "oci-layout:a:b:c", "oci-layout:\xff", "oci-layout:oci-layout:x", "@", ":", "a:b:c", hexA,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ref, err := imageref.Parse(s)
		if err != nil {
			return
		}
		again, err := imageref.Parse(ref.String())
		if err != nil || again != ref {
			t.Fatalf("Parse(%q) printed %q, which parses as %#v, %v; want %#v", s, ref, again, err, ref)
		}
		pinned, err := ref.WithDigest(digestB)
		if err != nil {
			t.Fatal(err)
		}
		again, err = imageref.Parse(pinned.Pinned())
		if err != nil || again != pinned {
			t.Fatalf("%q pinned is %q, which parses as %#v, %v", s, pinned.Pinned(), again, err)
		}
	})
}
