package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/compression"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// layerMaker makes a layer of an archive.
type layerMaker func(archive []byte) (v1.Layer, error)

func gzipLayer(archive []byte) (v1.Layer, error) { return layerOf(archive, types.OCILayer) }

func zstdLayer(archive []byte) (v1.Layer, error) {
	return layerOf(archive, types.OCILayerZStd, tarball.WithCompression(compression.ZStd))
}

func layerOf(archive []byte, mediaType types.MediaType, options ...tarball.LayerOption) (v1.Layer, error) {
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(archive)), nil }
	return tarball.LayerFromOpener(open, append(options, tarball.WithMediaType(mediaType))...)
}

// writeLayout makes an image of a tree, in one layer and with the tag "test", unless it is there.
func writeLayout(i image, makeLayer layerMaker) error {
	if _, err := os.Stat(filepath.Join(i.layout, "index.json")); err == nil {
		return nil
	}
	archive, err := archiveOf(i.root)
	if err != nil {
		return err
	}
	layer, err := makeLayer(archive)
	if err != nil {
		return err
	}
	built, err := mutate.AppendLayers(mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON), layer)
	if err != nil {
		return err
	}
	config, err := built.ConfigFile()
	if err != nil {
		return err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", "amd64"
	if strings.HasSuffix(i.name, "distroless") {
		config.Config.User = "65532"
	}
	if built, err = mutate.ConfigFile(built, config); err != nil {
		return err
	}
	path, err := layout.Write(i.layout, empty.Index)
	if err != nil {
		return err
	}
	return path.AppendImage(built, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": "test"}))
}

// archiveOf puts a tree into a tar archive: in the order of names, with one time for everything, without devices.
func archiveOf(root string) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() && (name == "proc" || name == "sys" || name == "dev") {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil || info.Mode()&(fs.ModeDevice|fs.ModeSocket|fs.ModeNamedPipe) != 0 {
			return err
		}
		return writeEntry(w, path, name, info)
	})
	if err != nil {
		return nil, fmt.Errorf("archiving %s: %w", root, err)
	}
	return out.Bytes(), w.Close()
}

func writeEntry(w *tar.Writer, path, name string, info fs.FileInfo) error {
	var link string
	if info.Mode()&fs.ModeSymlink != 0 {
		var err error
		if link, err = os.Readlink(path); err != nil {
			return err
		}
	}
	header, err := tar.FileInfoHeader(info, link)
	if err != nil {
		return err
	}
	header.Name, header.ModTime, header.Uname, header.Gname = name, time.Unix(0, 0), "", ""
	header.AccessTime, header.ChangeTime, header.Format = time.Time{}, time.Time{}, tar.FormatPAX
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		header.Uid, header.Gid = int(stat.Uid), int(stat.Gid)
	}
	if info.IsDir() {
		header.Name += "/"
	}
	if err := w.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
		return err
	}
	f, err := os.Open(path) //nolint:gosec // a file of the tree that was built
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // It is only read.
	_, err = io.Copy(w, f)
	return err
}
