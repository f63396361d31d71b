package contents_test

import (
	"archive/tar"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
)

func TestMerge_OnlyWhatContainersSeeCounts(t *testing.T) {
	t.Parallel()
	base := []item{
		directory("bin"), program("bin/sh"), program("bin/bash"), directory("etc"), file("etc/os-release", "ID=base\n"),
		directory("opt"), directory("opt/app"), file("opt/app/big", strings.Repeat("b", 100)),
	}
	for name, tc := range map[string]struct {
		upper    []item
		shells   []string
		id       string
		wasted   int64
		expanded int64
	}{
		"nothing above":              {nil, []string{"/bin/bash", "/bin/sh"}, "base", 0, 112},
		"a whiteout of a file":       {[]item{file("bin/.wh.bash", "")}, []string{"/bin/sh"}, "base", 2, 110},
		"a whiteout of a directory":  {[]item{file(".wh.bin", "")}, []string{}, "base", 4, 108},
		"an opaque directory":        {[]item{directory("opt"), file("opt/.wh..wh..opq", ""), file("opt/new", "n")}, []string{"/bin/bash", "/bin/sh"}, "base", 100, 13},
		"an opaque root":             {[]item{file(".wh..wh..opq", ""), file("a", "12345")}, []string{}, "", 112, 5},
		"another file":               {[]item{file("etc/os-release", "ID=other\n")}, []string{"/bin/bash", "/bin/sh"}, "other", 8, 113},
		"a file for a directory":     {[]item{file("opt", "now a file")}, []string{"/bin/bash", "/bin/sh"}, "base", 100, 22},
		"a link for a directory":     {[]item{link("bin", "opt")}, []string{}, "base", 4, 108},
		"a whiteout and a new file":  {[]item{file("opt/.wh.app", ""), directory("opt/app"), file("opt/app/small", "s")}, []string{"/bin/bash", "/bin/sh"}, "base", 100, 13},
		"a whiteout of nothing here": {[]item{file("opt/.wh.else", "")}, []string{"/bin/bash", "/bin/sh"}, "base", 0, 112},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := merge(t, "", scan(t, tc.upper...), scan(t, base...))
			if diff := cmp.Diff(tc.shells, got.Shells); diff != "" {
				t.Error(diff)
			}
			if got.Distribution.ID != tc.id || got.WastedBytes != tc.wasted || got.ExpandedBytes != tc.expanded {
				t.Errorf("got distribution %q, %d wasted and %d visible bytes", got.Distribution.ID, got.WastedBytes, got.ExpandedBytes)
			}
			if got.StoredBytes != got.WastedBytes+got.ExpandedBytes {
				t.Errorf("%d stored bytes are not %d wasted and %d visible ones", got.StoredBytes, got.WastedBytes, got.ExpandedBytes)
			}
		})
	}
}

func TestMerge_AWhiteoutLastsUntilTheFileComesBack(t *testing.T) {
	t.Parallel()
	with, without := scan(t, directory("d"), file("d/f", "12345")), scan(t, file(".wh.d", ""))
	again := scan(t, directory("d"), file("d/g", "1"))
	for want, layers := range map[string][]contents.Layer{
		"0 5": {without, with}, "5 0": {with}, "5 5": {with, without, with}, "1 5": {again, without, with}, "0 6": {without, again, with},
	} {
		got := merge(t, "", layers...)
		if text := fmt.Sprint(got.ExpandedBytes, " ", got.WastedBytes); text != want {
			t.Errorf("got %s visible and wasted bytes, want %s", text, want)
		}
	}
}

func TestMerge_TheLastEntryOfAnArchiveCounts(t *testing.T) {
	t.Parallel()
	got := merge(t, "", scan(t, file("etc/os-release", "ID=first\n"), file("etc/os-release", "ID=last\n")))
	if got.Distribution.ID != "last" || got.WastedBytes != 9 || got.ExpandedBytes != 8 {
		t.Errorf("got %+v", got)
	}
}

func TestMerge_EfficiencyIsThatOfDive(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		layers [][]item
		want   float64
	}{
		"nothing twice":          {[][]item{{file("a", "1234567890")}}, 1},
		"no files":               {[][]item{{directory("a")}}, 1},
		"the same file twice":    {[][]item{{file("a", "1234567890")}, {file("a", "1234567890")}}, 0.5},
		"a smaller one above":    {[][]item{{file("a", "12")}, {file("a", "12345678")}}, 0.2},
		"a deleted file":         {[][]item{{file(".wh.a", "")}, {file("a", "12345"), file("b", "12345")}}, 0.5},
		"deleted and back again": {[][]item{{file("a", "12345")}, {file(".wh.a", "")}, {file("a", "12345"), file("b", "1234567890")}}, 0.5},
		"in a deleted directory": {[][]item{{file(".wh.d", "")}, {file("d/a", "12345"), file("b", "12345")}}, 0.5},
		"a link in its place":    {[][]item{{link("a", "b")}, {file("a", "12345"), file("b", "12345")}}, 0.5},
	} {
		var layers []contents.Layer
		for _, items := range tc.layers {
			layers = append(layers, scan(t, items...))
		}
		if got := merge(t, "", layers...); got.Efficiency != tc.want {
			t.Errorf("%s: got %v, want %v", name, got.Efficiency, tc.want)
		}
	}
}

func TestMerge_LinksLeadWhereAProcessWouldGo(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		items  []item
		shells []string
	}{
		"a merged /usr":             {[]item{link("bin", "usr/bin"), directory("usr/bin"), program("usr/bin/sh")}, []string{"/usr/bin/sh"}},
		"an absolute link":          {[]item{link("bin/sh", "/bin/busybox"), program("bin/busybox")}, []string{"/bin/busybox", "/bin/sh"}},
		"a link to nothing":         {[]item{link("bin/sh", "/bin/dash")}, []string{}},
		"a link through a link":     {[]item{link("bin/sh", "../a/b/dash"), link("a", "x/y"), program("x/y/b/dash")}, []string{"/bin/sh"}},
		"links above the root":      {[]item{link("bin/sh", "../../../opt/dash"), program("opt/dash")}, []string{"/bin/sh"}},
		"a loop":                    {[]item{link("bin/sh", "/bin/ash"), link("bin/ash", "/bin/sh")}, []string{}},
		"a loop of itself":          {[]item{link("bin", "bin/bin"), link("usr/bin/sh", "sh")}, []string{}},
		"a shell that cannot run":   {[]item{file("bin/sh", "text")}, []string{}},
		"a shell in no search path": {[]item{program("opt/bin/sh")}, []string{}},
		"a hard link":               {[]item{program("bin/bash"), {path: "bin/sh", link: "bin/bash", mode: 0o755, kind: tar.TypeLink}}, []string{"/bin/bash", "/bin/sh"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.shells, merge(t, "", scan(t, tc.items...)).Shells); diff != "" {
				t.Error(diff)
			}
		})
	}
}
