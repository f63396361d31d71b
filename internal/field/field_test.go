package field_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

func TestPath_IsWrittenAsInHCL(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		path field.Path
		want string
	}{
		{field.Path{}, ""},
		{field.Root("name"), "name"},
		{field.Root("containers").Key("web").Attr("image"), `containers["web"].image`},
		{field.Root("topology_spread").Index(2).Attr("max_skew"), "topology_spread[2].max_skew"},
		{field.Root("labels").Key(`a"b`), `labels["a\"b"]`},
	} {
		if got := tt.path.String(); got != tt.want {
			t.Errorf("String() = %q, want %q", got, tt.want)
		}
	}
}

func TestPath_ExtendingOneLeavesItsSiblingsAlone(t *testing.T) {
	t.Parallel()
	base := field.Root("containers").Key("web").Attr("ports")
	first, second := base.Key("http"), base.Key("admin")
	if got := first.String() + " " + second.String(); got != `containers["web"].ports["http"] containers["web"].ports["admin"]` {
		t.Errorf("siblings share steps: %s", got)
	}
}

func TestPath_HasPrefix(t *testing.T) {
	t.Parallel()
	web := field.Root("containers").Key("web")
	if !web.Attr("image").HasPrefix(web) || !web.HasPrefix(web) || !web.HasPrefix(field.Path{}) {
		t.Error("a path is not below its own parents")
	}
	if web.HasPrefix(web.Attr("image")) || field.Root("containers").Key("webby").HasPrefix(web) {
		t.Error("a path is below a path that is not its parent")
	}
}

func TestAll_TakesJoinedErrorsApart(t *testing.T) {
	t.Parallel()
	plain := errors.New("plain")
	wrapped := fmt.Errorf("wrapped: %w", plain)
	err := errors.Join(
		field.Errorf(field.Root("name"), "is %d characters long", 70),
		errors.Join(wrapped, field.Errorf(field.Root("replicas"), "is negative")),
	)
	fields, others := field.All(err)
	var got []string
	for _, f := range fields {
		got = append(got, f.Error())
	}
	if diff := cmp.Diff([]string{"name: is 70 characters long", "replicas: is negative"}, got); diff != "" {
		t.Error(diff)
	}
	if len(others) != 1 || !errors.Is(others[0], plain) {
		t.Errorf("others = %v", others)
	}
	if fields, others := field.All(nil); fields != nil || others != nil {
		t.Error("nil holds errors")
	}
}
