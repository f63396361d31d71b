package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// workshop builds images in a directory.
type workshop struct{ dir string }

// image is one that was built.
type image struct {
	name string
	// layout is the OCI layout's directory, and root the tree that the image was made from.
	layout, root string
	// hasDpkg tells that dpkg-query can list the packages of the tree.
	hasDpkg bool
	// hasRPM tells that rpm can.
	hasRPM bool
}

// programs are the tools that are needed, with the Debian packages that bring them.
var programs = map[string]string{"debootstrap": "debootstrap", "checksec": "checksec", "readelf": "binutils", "dpkg-deb": "dpkg", "rpm": "rpm", "rpmbuild": "rpm"}

// prepare installs what is missing.
func (w *workshop) prepare(ctx context.Context) error {
	if err := os.MkdirAll(w.dir, 0o755); err != nil { //nolint:gosec // what is built is no secret
		return err
	}
	var missing []string
	for program, pkg := range programs {
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, pkg)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	fmt.Println("installing", strings.Join(missing, ", "))
	if _, err := command(ctx, "", "apt-get", "update", "-qq"); err != nil {
		return err
	}
	_, err := command(ctx, "", "apt-get", append([]string{"install", "-y", "-qq", "--no-install-recommends"}, missing...)...)
	return err
}

// buildAll builds the images of each suite, or takes those that are there.
func (w *workshop) buildAll(ctx context.Context, suites []string) ([]image, error) {
	var images []image
	for _, suite := range suites {
		built, err := w.buildSuite(ctx, suite)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", suite, err)
		}
		images = append(images, built...)
	}
	return images, nil
}

// buildSuite makes Debian's minimal system, the same without documentation, the same in zstd, and small images out of its
// packages.
func (w *workshop) buildSuite(ctx context.Context, suite string) ([]image, error) {
	root := filepath.Join(w.dir, suite)
	if _, err := os.Stat(filepath.Join(root, "built")); err != nil {
		fmt.Println("debootstrap", suite, "(takes minutes)")
		if err := os.RemoveAll(root); err != nil {
			return nil, err
		}
		if _, err := command(ctx, "", "debootstrap", "--variant=minbase", suite, filepath.Join(root, "minbase")); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(root, "built"), nil, 0o600); err != nil {
			return nil, err
		}
	}
	recipes := []struct {
		name string
		make func(context.Context, string, string) error
	}{
		{"minbase", nil}, {"slim", slim}, {"distroless", distroless}, {"busybox", busybox}, {"musl", musl}, {"rpm", rpm},
	}
	// Before other recipes: downloading packages for them leaves indexes in the tree.
	zstd := image{name: suite + "-minbase-zstd", root: filepath.Join(root, "minbase"), layout: filepath.Join(root, "minbase-zstd.oci")}
	if err := writeLayout(zstd, zstdLayer); err != nil {
		return nil, err
	}
	images := []image{zstd}
	for _, r := range recipes {
		tree := filepath.Join(root, r.name)
		if _, err := os.Stat(tree); err != nil {
			fmt.Println("building", suite, r.name)
			if err := r.make(ctx, filepath.Join(root, "minbase"), tree); err != nil {
				return nil, fmt.Errorf("%s: %w", r.name, err)
			}
		}
		built := image{name: suite + "-" + r.name, root: tree, layout: filepath.Join(root, r.name+".oci"), hasDpkg: r.name == "minbase" || r.name == "slim", hasRPM: r.name == "rpm"}
		if err := writeLayout(built, gzipLayer); err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
		images = append(images, built)
	}
	return images, nil
}

// command runs a program and returns what it printed.
func command(ctx context.Context, dir, program string, args ...string) (string, error) {
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...) //nolint:gosec // the programs are named in this package
	cmd.Dir, cmd.Stderr = dir, &stderr
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C")
	out, err := cmd.Output()
	if err != nil {
		text := strings.TrimSpace(stderr.String() + string(out))
		return "", fmt.Errorf("%s: %w: %s", program, err, text[max(0, len(text)-500):])
	}
	return string(out), nil
}
