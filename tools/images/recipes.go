package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// slim is minbase without what Debian's own slim images leave out, and without indexes of packages.
func slim(ctx context.Context, minbase, tree string) error {
	if _, err := command(ctx, "", "cp", "-a", minbase, tree); err != nil {
		return err
	}
	for _, pattern := range []string{
		"usr/share/man/*", "usr/share/info/*", "usr/share/locale/*", "usr/share/lintian", "var/lib/apt/lists/*", "var/cache/apt/*.bin",
		"var/cache/apt/archives/*.deb", "usr/share/doc/*/changelog*", "usr/share/doc/*/NEWS*", "usr/share/doc/*/README*",
	} {
		found, err := filepath.Glob(filepath.Join(tree, pattern))
		if err != nil {
			return err
		}
		for _, path := range found {
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// unpack puts packages of minbase's suite into a tree, without their scripts. With records it leaves a file in status.d for
// each, as distroless images do.
func unpack(ctx context.Context, minbase, tree string, records bool, packages ...string) error {
	downloads := filepath.Join(minbase, "tmp", "debs")
	if err := os.MkdirAll(downloads, 0o777); err != nil { //nolint:gosec // apt downloads as a user of its own
		return err
	}
	defer os.RemoveAll(downloads) //nolint:errcheck // What is left over does no harm.
	script := "cd /tmp/debs && chmod 777 . && (apt-get download " + strings.Join(packages, " ") + " || (apt-get update && apt-get download " + strings.Join(packages, " ") + "))"
	if _, err := command(ctx, "", "chroot", minbase, "sh", "-ec", script); err != nil {
		return err
	}
	debs, err := filepath.Glob(filepath.Join(downloads, "*.deb"))
	if err != nil || len(debs) != len(packages) {
		return fmt.Errorf("%d of %d packages were downloaded (%w)", len(debs), len(packages), err)
	}
	for _, deb := range debs {
		if _, err := command(ctx, "", "dpkg-deb", "-x", deb, tree); err != nil {
			return err
		}
		if !records {
			continue
		}
		control, err := command(ctx, "", "dpkg-deb", "-f", deb)
		if err != nil {
			return err
		}
		name, _, _ := strings.Cut(filepath.Base(deb), "_")
		if err := writeFile(filepath.Join(tree, "var/lib/dpkg/status.d", name), control); err != nil {
			return err
		}
	}
	return nil
}

func distroless(ctx context.Context, minbase, tree string) error {
	return unpack(ctx, minbase, tree, true, "base-files", "netbase", "tzdata", "ca-certificates", "libc6", "libgcc-s1", "openssl")
}

// busybox is one static program with links, and no list of packages.
func busybox(ctx context.Context, minbase, tree string) error {
	if err := unpack(ctx, minbase, tree, false, "busybox-static"); err != nil {
		return err
	}
	for _, name := range []string{"sh", "ls", "cat"} {
		program := "busybox"
		if _, err := os.Stat(filepath.Join(tree, "bin", program)); err != nil {
			if err := os.MkdirAll(filepath.Join(tree, "bin"), 0o755); err != nil { //nolint:gosec // as in every image
				return err
			}
			program = "../usr/bin/busybox"
		}
		if err := os.Symlink(program, filepath.Join(tree, "bin", name)); err != nil {
			return err
		}
	}
	return nil
}

// musl has musl's loader and a database of apk that names what it is; the names of packages in it are Debian's.
func musl(ctx context.Context, minbase, tree string) error {
	if err := unpack(ctx, minbase, tree, false, "musl"); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(tree, "etc/os-release"), "ID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME=\"Alpine-like, made of Debian's musl\"\n"); err != nil {
		return err
	}
	return writeFile(filepath.Join(tree, "lib/apk/db/installed"), "P:musl\nV:1.2.5-r10\nA:x86_64\no:musl\n")
}

// rpmPackages are what the RPM image has installed: name, version and release, and the source package's.
var rpmPackages = [][3]string{{"bash", "5.1.8-9.el9", "bash"}, {"glibc", "2.34-125.el9", "glibc"}, {"libgcc", "11.5.0-5.el9", "gcc"}}

// rpm has programs of Debian's, and a database that rpm itself wrote, of packages that rpmbuild made: they have the names
// of an Enterprise Linux's and no files.
func rpm(ctx context.Context, minbase, tree string) error {
	if err := unpack(ctx, minbase, tree, false, "libc6", "libgcc-s1", "bash"); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(tree, "etc/os-release"), "ID=rocky\nVERSION_ID=9.6\nPRETTY_NAME=\"Enterprise-Linux-like, made of Debian's programs\"\n"); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "seaworthy-rpm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) //nolint:errcheck // What is left over does no harm.
	for _, p := range rpmPackages {
		version, release, _ := strings.Cut(p[1], "-")
		spec := filepath.Join(work, p[0]+".spec")
		text := fmt.Sprintf("Name: %s\nVersion: %s\nRelease: %s\nSummary: a package without files\nLicense: MIT\nVendor: seaworthy tests\n%%description\nNothing.\n%%files\n", p[0], version, release)
		if err := writeFile(spec, text); err != nil {
			return err
		}
		if _, err := command(ctx, work, "rpmbuild", "-bb", "--quiet", "--define", "_topdir "+work, spec); err != nil {
			return err
		}
	}
	built, err := filepath.Glob(filepath.Join(work, "RPMS", "*", "*.rpm"))
	if err != nil || len(built) != len(rpmPackages) {
		return fmt.Errorf("%d of %d packages were built (%w)", len(built), len(rpmPackages), err)
	}
	_, err = command(ctx, "", "rpm", append(rpmOf(tree, "-i", "--nodeps", "--noscripts", "--ignoreos", "--justdb"), built...)...)
	return err
}

// rpmOf are the arguments by which rpm works on the database of a tree.
func rpmOf(tree string, arguments ...string) []string {
	return append([]string{"--root", tree, "--dbpath", "/var/lib/rpm", "--define", "_db_backend sqlite"}, arguments...)
}

func writeFile(path, content string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // as in every image
		return err
	}
	return os.WriteFile(path, []byte(content), 0o644) //nolint:gosec // as in every image
}
