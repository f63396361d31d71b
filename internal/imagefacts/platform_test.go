package imagefacts_test

import (
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imagefacts"
)

func mustPlatform(t *testing.T, s string) imagefacts.Platform {
	t.Helper()
	p, err := imagefacts.ParsePlatform(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParsePlatform_PrintsWhatItRead(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"linux/amd64", "linux/arm64/v8", "linux/arm/v7", "windows/amd64:10.0.20348.2700"} {
		if got := mustPlatform(t, s).String(); got != s {
			t.Errorf("got %q, want %q", got, s)
		}
	}
	for _, s := range []string{"", "linux", "linux/", "/amd64", "linux/amd64/", "linux/a/b/c", "Linux/amd64", "linux/amd64\n", "linux/*"} {
		if p, err := imagefacts.ParsePlatform(s); err == nil {
			t.Errorf("ParsePlatform(%q) = %q; want an error", s, p)
		}
	}
}

func TestPlatform_Satisfies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		have, want string
		ok         bool
	}{
		{"linux/amd64", "linux/amd64", true},
		{"linux/amd64", "linux/arm64", false},
		{"linux/amd64", "windows/amd64", false},
		{"linux/arm64/v8", "linux/arm64", true},
		{"linux/arm64", "linux/arm64/v8", true},
		{"linux/arm", "linux/arm/v7", true},
		{"linux/arm/v6", "linux/arm/v7", false},
		{"linux/amd64/v1", "linux/amd64", true},
		{"linux/amd64/v3", "linux/amd64", false},
		{"linux/riscv64", "linux/riscv64", true},
		{"windows/amd64:10.0.20348.1", "windows/amd64", true},
		{"windows/amd64:10.0.20348.1", "windows/amd64:10.0.20348.1", true},
		{"windows/amd64:10.0.20348.1", "windows/amd64:10.0.17763.1", false},
		{"windows/amd64", "windows/amd64:10.0.17763.1", false},
	}
	for _, tt := range tests {
		if got := mustPlatform(t, tt.have).Satisfies(mustPlatform(t, tt.want)); got != tt.ok {
			t.Errorf("%q satisfies %q: got %v, want %v", tt.have, tt.want, got, tt.ok)
		}
	}
}

func TestPlatformOf(t *testing.T) {
	t.Parallel()
	got := imagefacts.PlatformOf(&v1.Platform{OS: "linux", Architecture: "arm", Variant: "v7"})
	if want := mustPlatform(t, "linux/arm/v7"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := imagefacts.PlatformOf(nil); got != (imagefacts.Platform{}) {
		t.Errorf("no platform became %q", got)
	}
}
