package main

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// entry is a file of a stand-in's layer.
type entry struct {
	path, content string
	mode          int64
}

// standIns are small images that have what base images of three kinds have: what a distribution leaves in files, around a program
// that Go can build anywhere. `make test-images` compares real ones.
func standIns(program string) map[string][][]entry {
	shell := entry{"bin/sh", program, 0o755}
	return map[string][][]entry{
		"distroless": {{
			{"usr/lib/os-release", "ID=debian\nVERSION_ID=13\nPRETTY_NAME=\"Distroless, a stand-in\"\n", 0o644},
			{"etc/os-release", "ID=debian\nVERSION_ID=13\nPRETTY_NAME=\"Distroless, a stand-in\"\n", 0o644},
			{"lib64/ld-linux-x86-64.so.2", program, 0o755},
			{"var/lib/dpkg/status.d/libc6", "Package: libc6\nVersion: 2.41-12\nArchitecture: amd64\nSource: glibc\n", 0o644},
		}},
		"alpine": {{
			{"etc/os-release", "ID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME=\"Alpine, a stand-in\"\n", 0o644},
			shell, {"sbin/apk", program, 0o755}, {"lib/ld-musl-x86_64.so.1", program, 0o755},
			{"lib/apk/db/installed", "P:musl\nV:1.2.5-r10\n\nP:busybox\nV:1.37.0-r18\n", 0o644},
		}},
		"debian": {
			{
				{"etc/os-release", "ID=debian\nVERSION_ID=13\nPRETTY_NAME=\"Debian, a stand-in\"\n", 0o644},
				shell, {"usr/bin/apt-get", program, 0o755}, {"usr/bin/su", program, 0o4755}, {"lib64/ld-linux-x86-64.so.2", program, 0o755},
				{"var/lib/dpkg/status", "Package: libc6\nVersion: 2.41-12\nArchitecture: amd64\n\nPackage: dash\nVersion: 0.5.12-12\nArchitecture: amd64\n\nPackage: apt\nVersion: 3.0.3\nArchitecture: amd64\n", 0o644},
			},
			{{"var/cache/apt/archives/gcc.deb", strings.Repeat("downloaded, and deleted in the next layer\n", 50_000), 0o644}},
			{{"var/cache/apt/archives/.wh.gcc.deb", "", 0o644}},
		},
	}
}

// pushStandIns builds the stand-ins and pushes them as bases/NAME:1.0.0.
func (d *demo) pushStandIns(ctx context.Context) error {
	program, err := buildServer(ctx, filepath.Join(d.root, "tools", "demo", "server"), "1.0.0", platforms[0])
	if err != nil {
		return err
	}
	for name, layers := range standIns(string(program)) {
		image, err := standIn(layers)
		if err != nil {
			return err
		}
		index := mutate.AppendManifests(mutate.IndexMediaType(empty.Index, types.OCIImageIndex),
			mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &platforms[0]}})
		if _, err := d.registry.Push(ctx, "bases/"+name, "1.0.0", index); err != nil {
			return err
		}
	}
	return nil
}

// standIn makes an image of layers.
func standIn(layers [][]entry) (v1.Image, error) {
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	for _, entries := range layers {
		content, err := archiveOf(entries)
		if err != nil {
			return nil, err
		}
		open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
		layer, err := tarball.LayerFromOpener(open, tarball.WithMediaType(types.OCILayer))
		if err != nil {
			return nil, err
		}
		if image, err = mutate.AppendLayers(image, layer); err != nil {
			return nil, err
		}
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = platforms[0].OS, platforms[0].Architecture, created
	return mutate.ConfigFile(image, config)
}

func archiveOf(entries []entry) ([]byte, error) {
	var content bytes.Buffer
	writer := tar.NewWriter(&content)
	for _, e := range entries {
		header := &tar.Header{Name: e.path, Mode: e.mode, Size: int64(len(e.content)), ModTime: created.Time, Typeflag: tar.TypeReg}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write([]byte(e.content)); err != nil {
			return nil, err
		}
	}
	return content.Bytes(), writer.Close()
}

// comparisonConfig is what the scene adds to the configuration.
const comparisonConfig = `data "seaworthy_image_comparison" "base" {
  candidates = {
    alpine     = "${var.registry}/bases/alpine:1.0.0"
    debian     = "${var.registry}/bases/debian:1.0.0"
    distroless = "${var.registry}/bases/distroless:1.0.0"
  }
  require = {
    libc            = "glibc"
    shell           = false
    supported_until = "2027-06-30"
  }
  rank_by = ["size", "packages"]
}

output "base_images" {
  value = data.seaworthy_image_comparison.base.markdown
}
`

// compareBases compares the stand-ins in a plan, and leaves the configuration as it was.
func (d *demo) compareBases(ctx context.Context) error {
	if err := d.pushStandIns(ctx); err != nil {
		return err
	}
	file := filepath.Join(d.work.Dir, "bases.tf")
	if err := os.WriteFile(file, []byte(comparisonConfig), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "\nbases.tf:\n  %s\n", strings.ReplaceAll(strings.TrimSpace(comparisonConfig), "\n", "\n  "))
	out, err := d.command(ctx, "plan")
	if err != nil {
		return err
	}
	for _, want := range []string{
		"| 1 | **distroless** |", "alpine is not eligible: libc: the image has musl, not glibc", "debian is not eligible: shell: the image has /bin/sh",
	} {
		if out.ExitCode != 0 || !strings.Contains(out.Stdout, want) {
			return fmt.Errorf("exit code %d; want a plan whose table says %q", out.ExitCode, want)
		}
	}
	d.done("one of three is eligible, and the table says why the others are not")
	return os.Remove(file)
}
