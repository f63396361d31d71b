package registrytest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// File is an entry of a layer.
type File struct {
	// Path is the name in the archive; one that ends in a slash is a directory.
	Path    string
	Content string
	// Link makes the entry a symbolic link.
	Link string
	// Mode is the permission bits; 0 means 0644, and 0755 for a directory.
	Mode int64
}

// header returns the entry as tar has it.
func (f File) header() *tar.Header {
	h := &tar.Header{Name: f.Path, Linkname: f.Link, Mode: f.Mode, Size: int64(len(f.Content)), ModTime: Created, Typeflag: tar.TypeReg}
	fallback := int64(0o644)
	switch {
	case f.Link != "":
		h.Typeflag = tar.TypeSymlink
	case f.Path[len(f.Path)-1] == '/':
		h.Typeflag, fallback = tar.TypeDir, 0o755
	}
	if h.Mode == 0 {
		h.Mode = fallback
	}
	return h
}

// layer returns a gzipped tar archive of the files, and the digest of the archive.
func layer(files []File) (compressed []byte, diffID v1.Hash, err error) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, f := range files {
		if err := w.WriteHeader(f.header()); err != nil {
			return nil, v1.Hash{}, fmt.Errorf("writing a layer: %w", err)
		}
		if _, err := w.Write([]byte(f.Content)); err != nil {
			return nil, v1.Hash{}, fmt.Errorf("writing a layer: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, v1.Hash{}, fmt.Errorf("writing a layer: %w", err)
	}
	diffID, _, err = v1.SHA256(bytes.NewReader(archive.Bytes()))
	if err != nil {
		return nil, v1.Hash{}, err
	}
	var out bytes.Buffer
	gz, err := gzip.NewWriterLevel(&out, gzip.NoCompression)
	if err != nil {
		return nil, v1.Hash{}, err
	}
	if _, err := gz.Write(archive.Bytes()); err != nil {
		return nil, v1.Hash{}, err
	}
	if err := gz.Close(); err != nil {
		return nil, v1.Hash{}, err
	}
	return out.Bytes(), diffID, nil
}
