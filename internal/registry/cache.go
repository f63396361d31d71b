package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
)

// cache keeps manifests and configs on disk, one file for each, named by its digest.
//
// Several processes may use one directory: a file appears under its name only when it is whole (it is written beside
// and renamed), and every read verifies it. A cache that can not be used makes a run slower and never makes it fail.
type cache struct {
	dir  string // empty: no cache
	log  *slog.Logger
	warn sync.Once
}

// get returns the content with the digest, or false if the cache does not have it. An entry that does not match its name
// counts as absent; put then replaces it.
func (c *cache) get(digest string, limit int64) ([]byte, bool) {
	if c.dir == "" {
		return nil, false
	}
	content, err := readVerified(c.path(digest), digest, limit)
	switch {
	case err == nil:
		return content, true
	case errors.Is(err, fs.ErrNotExist):
		return nil, false
	case errors.Is(err, ErrDigestMismatch) || errors.Is(err, ErrTooLarge):
		c.log.Warn("cache entry is corrupt and is fetched again", "digest", digest)
		return nil, false
	default:
		c.unusable(err)
		return nil, false
	}
}

// put stores content under its digest, which the caller has verified.
func (c *cache) put(digest string, content []byte) {
	if c.dir == "" {
		return
	}
	if err := c.write(c.path(digest), content); err != nil {
		c.unusable(err)
	}
}

func (c *cache) write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	// CreateTemp makes the file with mode 0600.
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func (c *cache) unusable(err error) {
	c.warn.Do(func() {
		c.log.Warn("the cache directory can not be used; everything is fetched from the registry", "dir", c.dir, "error", err)
	})
}

// path returns the file of a digest: <dir>/sha256/<hexadecimal digits>.
func (c *cache) path(digest string) string {
	algorithm, digits, _ := strings.Cut(digest, ":")
	return filepath.Join(c.dir, algorithm, digits)
}

// readVerified reads a file of at most limit bytes whose SHA-256 must be the digest.
func readVerified(path, digest string, limit int64) ([]byte, error) {
	content, err := readFile(path, limit)
	if err != nil {
		return nil, err
	}
	if got := digestOf(content); got != digest {
		return nil, fmt.Errorf("%w: the content has the digest %s", ErrDigestMismatch, got)
	}
	return content, nil
}

// readFile reads a file of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // The file is only read.
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = fmt.Errorf("%w: more than %d bytes", ErrTooLarge, limit)
	}
	return content, err
}

// digestOf returns the digest of content.
func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// getResult returns what is known of a layer from an earlier run, encoded, or false. What does not hold up counts as absent.
func (c *cache) getResult(digest, diffID string) ([]byte, bool) {
	if c.dir == "" {
		return nil, false
	}
	encoded, err := readFile(c.resultPath(digest), contents.MaxEncodedBytes)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false
	case err != nil:
		c.unusable(err)
		return nil, false
	}
	if _, err := contents.DecodeLayer(encoded, digest, diffID); err != nil {
		c.log.Warn("cache entry is corrupt and the layer is read again", "digest", digest, "error", err)
		return nil, false
	}
	return encoded, true
}

// putResult stores what is known of a layer.
func (c *cache) putResult(digest string, encoded []byte) {
	if c.dir == "" {
		return
	}
	if err := c.write(c.resultPath(digest), encoded); err != nil {
		c.unusable(err)
	}
}

// resultPath returns the file of a layer's result. Results of other versions of the analyser are in other directories.
func (c *cache) resultPath(digest string) string {
	algorithm, digits, _ := strings.Cut(digest, ":")
	return filepath.Join(c.dir, fmt.Sprintf("layers-v%d", contents.AnalyserVersion), algorithm, digits)
}
