package registry_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func mustConstraint(t testing.TB, s string) registry.Constraint {
	t.Helper()
	c, err := registry.ParseConstraint(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewestTag(t *testing.T) {
	t.Parallel()
	common := []string{"1", "1.3.9", "1.4", "1.4.2", "1.4.10", "1.5.0", "2.0.0-rc.1", "2.0.0", "2.1.0-rc.1", "latest", "1.9.9-alpine", "sha-abc", "20260101"}
	tests := []struct {
		constraint string
		tags       []string
		want       string
	}{
		{"~> 1.4", common, "1.5.0"},    // Terraform's meaning: up to 2.
		{"~> 1.4.0", common, "1.4.10"}, // Numbers, not text.
		{"~> 1", common, "1.5.0"},
		{"~> v1.4", common, "1.5.0"},
		{"~> 1.4, != 1.5.0", common, "1.4.10"},
		{"~> 1.3.0 || ~> 1.4.0", common, "1.4.10"},
		{"~1.4", common, "1.4.10"},
		{"^1.3", common, "1.5.0"},
		{">= 1.3, < 1.4", common, "1.3.9"},
		{"*", common, "2.0.0"},
		{">= 2.0.0-0", common, "2.1.0-rc.1"},
		{"~> 2.0.0-rc.1", common, "2.0.0"}, // Pre-releases are let in, but 2.1.0-rc.1 is of the next version.
		{"~> 1.9.0-0", common, "1.9.9-alpine"},
		{"1.4.2", common, "1.4.2"},
		{"1.4", []string{"1.4", "v1.4.0", "1.4.0"}, "1.4.0"},
		{"1.4", []string{"v1.4.0", "1.4"}, "v1.4.0"},
		{"1.4", []string{"v1.4", "1.4"}, "1.4"},
		{"~> 16.3", []string{"16", "16.3", "16.4", "17.0"}, "16.4"},
	}
	for _, tt := range tests {
		t.Run(tt.constraint+" of "+strings.Join(tt.tags, " "), func(t *testing.T) {
			t.Parallel()
			srv := registrytest.Start(t)
			for _, tag := range tt.tags {
				srv.Push(t, "a:"+tag, registrytest.Single("linux/amd64"))
			}
			got, err := newClient(t).NewestTag(context.Background(), mustRef(t, srv.Host()+"/a"), mustConstraint(t, tt.constraint))
			if got != tt.want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestNewestTag_None(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t)
	for _, tag := range []string{"1.4.2", "2.0.0-rc.1", "latest"} {
		srv.Push(t, "a:"+tag, registrytest.Single("linux/amd64"))
	}
	_, err := newClient(t).NewestTag(context.Background(), mustRef(t, srv.Host()+"/a"), mustConstraint(t, "~> 2.0"))
	if !errors.Is(err, registry.ErrNotFound) {
		t.Fatalf("got %v, want ErrNotFound", err)
	}
	for _, part := range []string{srv.Host() + "/a: ", `none of the 3 tags is a version that satisfies "~> 2.0"`, "the highest release is 1.4.2", "pre-release"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q lacks %q", err, part)
		}
	}
}

func TestParseConstraint_Refused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "  ", "newest", "~> ", "1.4 and more", ">> 1", strings.Repeat("1 ", 1000)} {
		if c, err := registry.ParseConstraint(s); err == nil {
			t.Errorf("ParseConstraint(%q) = %v; want an error", s, c)
		}
	}
	if got := mustConstraint(t, "~> 1.4").String(); got != "~> 1.4" {
		t.Errorf("the constraint prints as %q", got)
	}
}
