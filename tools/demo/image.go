package main

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/tools/internal/cli"
)

// platforms are those that the demo's images are built for.
var platforms = []v1.Platform{{OS: "linux", Architecture: "amd64"}, {OS: "linux", Architecture: "arm64"}}

// created is the images' build date. It is fixed so that the same sources give
// the same digests in every run.
var created = v1.Time{Time: time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)}

// nonRoot is the user id that distroless images and their descendants run as.
const nonRoot = "65532:65532"

// buildIndex builds the server in serverDir for every platform and returns an
// image index as an ordinary build would make it. The version is linked into
// the program, so that two versions differ in their layers.
func buildIndex(ctx context.Context, serverDir, version string) (v1.ImageIndex, error) {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, platform := range platforms {
		program, err := buildServer(ctx, serverDir, version, platform)
		if err != nil {
			return nil, err
		}
		image, err := buildImage(program, version, platform)
		if err != nil {
			return nil, err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add:        image,
			Descriptor: v1.Descriptor{Platform: &platform},
		})
	}
	return index, nil
}

// buildServer compiles the server as a static program for one platform.
func buildServer(ctx context.Context, serverDir, version string, platform v1.Platform) (content []byte, err error) {
	dir, err := os.MkdirTemp("", "seaworthy-server-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program := filepath.Join(dir, "server")
	build := cli.Build{
		Dir:         serverDir,
		Package:     ".",
		LinkerFlags: "-s -w -X main.version=" + version,
		Env:         []string{"GOOS=" + platform.OS, "GOARCH=" + platform.Architecture},
		Output:      program,
	}
	if err := build.Run(ctx, io.Discard); err != nil {
		return nil, err
	}
	return os.ReadFile(program)
}

// buildImage wraps the program into an image of one layer.
func buildImage(program []byte, version string, platform v1.Platform) (v1.Image, error) {
	content, err := archive(program)
	if err != nil {
		return nil, err
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	layer, err := tarball.LayerFromOpener(open, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err = mutate.Append(image, mutate.Addendum{
		Layer:   layer,
		History: v1.History{Created: created, CreatedBy: "COPY server /server"},
	})
	if err != nil {
		return nil, err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = platform.OS, platform.Architecture, created
	config.Config = v1.Config{
		User:         nonRoot,
		Entrypoint:   []string{"/server"},
		WorkingDir:   "/",
		ExposedPorts: map[string]struct{}{"8080/tcp": {}},
		Labels: map[string]string{
			"org.opencontainers.image.title":   "shop api",
			"org.opencontainers.image.version": version,
		},
	}
	return mutate.ConfigFile(image, config)
}

// archive is a layer's content: the program, which anybody may run and nobody
// may change.
func archive(program []byte) ([]byte, error) {
	var content bytes.Buffer
	writer := tar.NewWriter(&content)
	header := &tar.Header{Name: "server", Mode: 0o555, Size: int64(len(program)), ModTime: created.Time}
	if err := writer.WriteHeader(header); err != nil {
		return nil, err
	}
	if _, err := writer.Write(program); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return content.Bytes(), nil
}
