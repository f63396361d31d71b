package advisorydb

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// Names of the files of a database. Source: aquasecurity/trivy-db@v0.0.0-20260813095258-0e0340a01b57, pkg/db/db.go and
// pkg/metadata/metadata.go.
const (
	databaseName = "trivy.db"
	metadataName = "metadata.json"
)

// Limits on a database. The public one has some 55 MB as an archive and 500 MB unpacked (2024, growing).
const (
	maxArchiveBytes  = 1 << 30
	maxDatabaseBytes = 4 << 30
	maxMetadataBytes = 64 << 10
	maxEntries       = 16
)

// unpack reads an archive and writes its two files into a directory. It returns their digests by name.
func unpack(archive io.Reader, dir string, limit int64) (map[string]string, error) {
	compressed, err := gzip.NewReader(archive)
	if err != nil {
		return nil, broken("the archive is not gzip: %v", err)
	}
	files := tar.NewReader(compressed)
	written := map[string]string{}
	for entries := 0; ; entries++ {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, broken("the archive ends before its end: %v", err)
		}
		name := strings.TrimPrefix(header.Name, "./")
		size := limit
		if name == metadataName {
			size = maxMetadataBytes
		}
		switch {
		case entries == maxEntries:
			return nil, broken("the archive has more than %d entries", maxEntries)
		case name != databaseName && name != metadataName:
			continue
		case header.Typeflag != tar.TypeReg || written[name] != "" || header.Size > size:
			return nil, broken("the archive's %s is no file, is there twice, or has more than %d bytes", name, size)
		}
		if written[name], err = writeFile(filepath.Join(dir, name), archiveReader{files}, size); err != nil {
			return nil, err
		}
	}
	// gzip's own checksum stands at the end.
	if _, err := io.Copy(io.Discard, io.LimitReader(compressed, maxMetadataBytes)); err != nil {
		return nil, broken("the archive is damaged: %v", err)
	}
	if written[databaseName] == "" || written[metadataName] == "" {
		return nil, broken("the archive does not hold %s and %s", databaseName, metadataName)
	}
	return written, nil
}

// archiveReader tells errors of the archive from those of the disk that it is written to.
type archiveReader struct{ io.Reader }

// Read implements io.Reader.
func (r archiveReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = broken("the archive ends before its end: %v", err)
	}
	return n, err
}

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", vulnerability.ErrDatabase, fmt.Sprintf(format, args...))
}

// writeFile writes at most limit bytes into a new file and returns their digest.
func writeFile(path string, content io.Reader, limit int64) (digest string, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(content, limit+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("writing %s: %w", filepath.Base(path), err)
	}
	if n > limit {
		return "", broken("%s has more than %d bytes", filepath.Base(path), limit)
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}

// digestOf reads a file to its end.
func digestOf(f io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}
