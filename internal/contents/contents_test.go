package contents_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
)

func TestContents_Libc(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		items []item
		want  contents.Libc
	}{
		"glibc by its loader":         {[]item{program("lib64/ld-linux-x86-64.so.2")}, contents.Glibc},
		"glibc by its library":        {[]item{program("usr/lib/x86_64-linux-gnu/libc.so.6")}, contents.Glibc},
		"glibc on arm":                {[]item{program("lib/ld-linux-aarch64.so.1")}, contents.Glibc},
		"musl":                        {[]item{program("lib/ld-musl-x86_64.so.1"), link("lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1")}, contents.Musl},
		"both":                        {[]item{program("lib/ld-musl-x86_64.so.1"), program("lib64/ld-linux-x86-64.so.2")}, contents.BothLibc},
		"musl under glibc's name":     {[]item{program("lib/ld-musl-x86_64.so.1"), link("lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1")}, contents.Musl},
		"a link to a loader not here": {[]item{link("lib64/ld-linux-x86-64.so.2", "/lib/gone")}, contents.NoLibc},
		"none":                        {[]item{program("app")}, contents.NoLibc},
	} {
		got := merge(t, "", scan(t, tc.items...))
		if got.Libc != tc.want || got.Unknowns[contents.FactLibc] != "" {
			t.Errorf("%s: got %q, unknown %q", name, got.Libc, got.Unknowns[contents.FactLibc])
		}
	}
}

func TestContents_PackageManagerIsTheOneThatPeopleCall(t *testing.T) {
	t.Parallel()
	for want, items := range map[string][]item{
		"apt":      {program("usr/bin/apt-get"), program("usr/bin/dpkg")},
		"apk":      {program("sbin/apk")},
		"microdnf": {program("usr/bin/microdnf"), program("usr/bin/rpm")},
		"dnf":      {program("usr/bin/dnf5"), program("usr/bin/rpm")},
		"dpkg":     {program("usr/bin/dpkg")},
		"none":     {program("opt/tool/apk"), file("usr/bin/apt", "not a program")},
	} {
		if got := merge(t, "", scan(t, items...)).PackageManager; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestContents_UserIsLookedUpInTheImage(t *testing.T) {
	t.Parallel()
	passwd := file("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/false\nadmin:x:0:0::/:/bin/sh\nbroken\n")
	for user, want := range map[string]int64{"": 0, "root": 0, "app": 1000, "app:app": 1000, "65532": 65532, "0:0": 0, "admin": 0, "nobody": -1} {
		got := merge(t, user, scan(t, passwd))
		if (want < 0) != (got.UserID == nil) || (got.UserID != nil && int64(*got.UserID) != want) || (got.UserID == nil) != (got.Unknowns[contents.FactUser] != "") {
			t.Errorf("user %q: got %v, unknown %q", user, got.UserID, got.Unknowns[contents.FactUser])
		}
	}
	if got := merge(t, "root", scan(t, file("a", "b"))); got.UserID == nil || *got.UserID != 0 {
		t.Error("root is not 0 in an image without accounts")
	}
}

func TestContents_PermissionsOfOthers(t *testing.T) {
	t.Parallel()
	suid, open, tmp, shared := program("usr/bin/su"), file("etc/open", "x"), directory("tmp"), directory("srv/shared")
	suid.mode, open.mode, tmp.mode, shared.mode = 0o4755, 0o666, 0o1777, 0o777
	wall := program("usr/bin/wall")
	wall.mode = 0o2755
	got := merge(t, "", scan(t, suid, wall, open, tmp, shared))
	if diff := cmp.Diff([]string{"/usr/bin/su", "/usr/bin/wall"}, got.Setuid); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"/etc/open", "/srv/shared"}, got.WorldWritable); diff != "" {
		t.Error(diff)
	}
	removed := merge(t, "", scan(t, file("usr/bin/.wh.su", "")), scan(t, suid))
	if len(removed.Setuid) != 0 {
		t.Errorf("a deleted file still counts: %v", removed.Setuid)
	}
}

func TestContents_SecretsStayInLayersThatLaterOnesHide(t *testing.T) {
	t.Parallel()
	key := "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
	lower := scan(t,
		file("root/.ssh/id_ed25519", key), file("srv/tls/server.pem", "-----BEGIN PRIVATE KEY-----\n"), file("root/.docker/config.json", "{}"),
		file("etc/ssl/certs/public.pem", "-----BEGIN CERTIFICATE-----\n"), file("usr/share/doc/x/example.pem", key), file("app/empty.p12", ""),
		directory("src/.git"), file("src/.git/config", "[core]"), file("srv/store.jks", "x"),
	)
	got := merge(t, "", scan(t, file("root/.ssh/.wh.id_ed25519", "")), lower)
	var lines []string
	for _, f := range got.Findings {
		line := string(f.Kind) + " " + f.Path
		if f.Hidden {
			line += " hidden"
		}
		if f.LayerDigest != lower.Digest {
			t.Errorf("%s is said to come from %s", f.Path, f.LayerDigest)
		}
		lines = append(lines, line)
	}
	want := []string{
		"secret /root/.docker/config.json", "secret /root/.ssh/id_ed25519 hidden", "secret /srv/store.jks", "secret /srv/tls/server.pem", "version_control /src/.git",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

func TestContents_AdviceSaysWhatIsSaved(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", 100_000)
	got := merge(t, "",
		scan(t, file("var/lib/apt/lists/.wh.deb", ""), file("opt/.wh.build", ""), file("usr/share/doc/a/copyright", big)),
		scan(t, file("var/lib/apt/lists/deb", big), file("opt/build/object", big+big), file("usr/lib/gcc/cc1", big), file("usr/share/man/a.1", big+"1"),
			file("root/.cache/pip/wheel", big), file("app/.git/pack", big), file("small/libx.a", "x")),
	)
	saved := map[string]int64{}
	for _, a := range got.Advice {
		saved[a.ID] = a.Bytes
		if a.Text == "" || len(a.Paths) == 0 {
			t.Errorf("%+v does not say what and where", a)
		}
	}
	want := map[string]int64{
		"package_cache": 100_000, "hidden_files": 200_000, "build_tools": 100_001, "documentation": 100_001, "language_cache": 100_000, "version_control": 100_000,
	}
	if diff := cmp.Diff(want, saved); diff != "" {
		t.Error(diff)
	}
	if !slices.IsSortedFunc(got.Advice, func(a, b contents.Advice) int { return int(b.Bytes - a.Bytes) }) {
		t.Errorf("the largest saving does not come first: %+v", got.Advice)
	}
}

func TestContents_PackagesKnowTheLayerThatBroughtThem(t *testing.T) {
	t.Parallel()
	const base, added = "Package: base\nVersion: 1\n", "\nPackage: added\nVersion: 2\n"
	lower := scan(t, file("var/lib/dpkg/status", base))
	upper := scan(t, file("var/lib/dpkg/status", base+added))
	got := merge(t, "", upper, lower)
	if len(got.Packages) != 2 || got.Packages[0].Name != "added" || got.Packages[0].LayerDigest != upper.Digest || got.Packages[1].LayerDigest != lower.Digest {
		t.Errorf("got %+v", got.Packages)
	}
}

func TestContents_AnInventoryThatCanNotBeReadIsUnknownAndNotEmpty(t *testing.T) {
	t.Parallel()
	got := merge(t, "", scan(t, file("var/lib/dpkg/status", "Package: a\nStatus: nonsense\nVersion: 1\n"), file("lib/apk/db/installed", "P:musl\nV:1\n")))
	if reason := got.Unknowns[contents.FactPackages]; !strings.Contains(reason, "/var/lib/dpkg/status") {
		t.Errorf("got %q", reason)
	}
	hidden := merge(t, "", scan(t, file("var/lib/dpkg/.wh.status", "")), scan(t, file("var/lib/dpkg/status", "Package: a\nStatus: nonsense\nVersion: 1\n")))
	if reason := hidden.Unknowns[contents.FactPackages]; reason != "" {
		t.Errorf("a deleted database is not part of the image: %q", reason)
	}
}

func TestContents_NamesWithControlCharactersAreQuoted(t *testing.T) {
	t.Parallel()
	odd := program("bin/\x1b[2J")
	odd.mode = 0o4755
	if got := merge(t, "", scan(t, odd)); len(got.Setuid) != 1 || strings.ContainsRune(got.Setuid[0], 0x1b) {
		t.Errorf("got %q", got.Setuid)
	}
}
