package imageref_test

import (
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

func mustParse(t *testing.T, s string) imageref.Reference {
	t.Helper()
	ref, err := imageref.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestReference_Pinned(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"nginx:1.27":                "",
		"nginx:1.27@" + digestA:     "docker.io/library/nginx:1.27@" + digestA,
		"nginx@" + digestA:          "docker.io/library/nginx@" + digestA,
		"oci-layout:a:1@" + digestA: "oci-layout:a:1@" + digestA,
	} {
		ref := mustParse(t, in)
		if got := ref.Pinned(); got != want || ref.IsPinned() != (want != "") {
			t.Errorf("%q: Pinned() = %q, IsPinned() = %v; want %q", in, got, ref.IsPinned(), want)
		}
	}
}

func TestReference_WithDigest(t *testing.T) {
	t.Parallel()
	ref := mustParse(t, "nginx:1.27@"+digestA)
	got, err := ref.WithDigest(digestB)
	if want := mustParse(t, "nginx:1.27@"+digestB); got != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if ref.Digest() != digestA {
		t.Errorf("WithDigest changed its receiver to %q", ref)
	}
	if got, err := ref.WithDigest("sha256:short"); err == nil {
		t.Errorf("got %q for a bad digest; want an error", got)
	}
}

func TestReference_WithTag(t *testing.T) {
	t.Parallel()
	ref := mustParse(t, "nginx:1.27@"+digestA)
	got, err := ref.WithTag("1.28")
	if want := mustParse(t, "nginx:1.28"); got != want || err != nil {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if got, err := ref.WithTag("no tag"); err == nil {
		t.Errorf("got %q for a bad tag; want an error", got)
	}
}

func TestReference_Untagged(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"nginx:1.27@" + digestA, "nginx:1.27", "nginx"} {
		if got, want := mustParse(t, in).Untagged(), mustParse(t, "nginx"); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestReference_Equality(t *testing.T) {
	t.Parallel()
	if mustParse(t, "nginx:1") != mustParse(t, "index.docker.io/library/nginx:1") {
		t.Error("two spellings of one reference differ")
	}
	for _, other := range []string{"nginx", "nginx:2", "nginx:1@" + digestA, "ghcr.io/library/nginx:1", "oci-layout:nginx:1"} {
		if mustParse(t, "nginx:1") == mustParse(t, other) {
			t.Errorf("nginx:1 equals %q", other)
		}
	}
}

func TestReference_Floating(t *testing.T) {
	t.Parallel()
	floating := []string{"nginx", "nginx:latest", "nginx:Latest", "a/b:stable", "a/b:edge", "a/b:main", "a/b:master", "a/b:nightly", "node:22", "node:v1", "node:1"}
	for _, in := range floating {
		if ref := mustParse(t, in); !ref.IsFloating() || ref.FloatingReason() == "" {
			t.Errorf("%q does not float: %q", in, ref.FloatingReason())
		}
	}
	settled := []string{"nginx:1.27", "nginx:v1.2.3", "nginx:1-alpine", "debian:bookworm", "app:20260101", "app:2026", "nginx@" + digestA, "nginx:latest@" + digestA, "oci-layout:a", "oci-layout:a:latest"}
	for _, in := range settled {
		if ref := mustParse(t, in); ref.IsFloating() || ref.FloatingReason() != "" {
			t.Errorf("%q floats: %q", in, ref.FloatingReason())
		}
	}
}

func TestReference_ZeroNamesNothing(t *testing.T) {
	t.Parallel()
	var zero imageref.Reference
	if zero.String() != "" || zero.IsPinned() || zero.IsFloating() || zero.IsLayout() {
		t.Errorf("the zero reference prints as %q", zero)
	}
}
