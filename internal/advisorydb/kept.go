package advisorydb

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// keptDatabases is how many unpacked databases stay in the cache.
const keptDatabases = 2

// digestName is the file beside an unpacked database that holds the digests of its files. It is written last.
const digestName = "digests.json"

// keep unpacks an archive under its digest, unless it is there, and returns the directory.
func (s *Store) keep(archiveDigest string, download func(io.Writer) error) (string, error) {
	root, err := s.cacheRoot()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, strings.ReplaceAll(archiveDigest, ":", "-"))
	if isWhole(dir) {
		return dir, nil
	}
	fresh, err := os.MkdirTemp(root, ".new-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh) //nolint:errcheck // What is left of a failure is in the way of nobody.
	if err := s.fetch(fresh, download); err != nil {
		return "", err
	}
	// Another process may have been faster: then its work serves.
	if err := os.Rename(fresh, dir); err != nil {
		if !isWhole(dir) {
			return "", err
		}
	}
	s.prune(root, dir)
	return dir, nil
}

func isWhole(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, digestName))
	return err == nil
}

// fetch downloads the archive, which verifies it, and only then unpacks it.
func (s *Store) fetch(dir string, download func(io.Writer) error) error {
	archive, err := os.CreateTemp(dir, ".archive-*")
	if err != nil {
		return err
	}
	defer os.Remove(archive.Name()) //nolint:errcheck // The directory is removed or the file is gone.
	defer archive.Close()           //nolint:errcheck // It is read by then.
	if err := download(archive); err != nil {
		return err
	}
	if _, err := archive.Seek(0, io.SeekStart); err != nil {
		return err
	}
	digests, err := unpack(archive, dir, maxDatabaseBytes)
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(digests)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, digestName), encoded, 0o600)
}

// cacheRoot makes the directory of all databases.
func (s *Store) cacheRoot() (string, error) {
	if s.config.CacheDir == "" {
		return "", errors.New("an advisory database needs a directory to be kept in, and this machine has no cache directory; set cache_dir")
	}
	root := filepath.Join(s.config.CacheDir, "advisories")
	return root, os.MkdirAll(root, 0o700)
}

// prune removes all but the newest databases. One that is open on Windows can not be removed, and waits for the next time.
func (s *Store) prune(root, current string) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(modified(b), modified(a)) })
	kept := 1
	for _, e := range entries {
		path := filepath.Join(root, e.Name())
		if path == current || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if kept++; kept > keptDatabases {
			s.log.Debug("an older advisory database is removed", "path", path, "error", os.RemoveAll(path))
		}
	}
}

func modified(e fs.DirEntry) int64 {
	info, err := e.Info()
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}

// openKept opens an unpacked database after it has read all of it and compared the digests.
func openKept(dir string) (*os.File, []byte, error) {
	encoded, err := readSmall(filepath.Join(dir, digestName))
	if err != nil {
		return nil, nil, err
	}
	var digests map[string]string
	if err := json.Unmarshal(encoded, &digests); err != nil {
		return nil, nil, err
	}
	metadata, err := readSmall(filepath.Join(dir, metadataName))
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(filepath.Join(dir, databaseName))
	if err != nil {
		return nil, nil, err
	}
	database, err := digestOf(f)
	if err == nil {
		var stated string
		if stated, err = digestOf(bytes.NewReader(metadata)); err == nil && (database != digests[databaseName] || stated != digests[metadataName]) {
			err = errors.New("a kept file has changed")
		}
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, metadata, nil
}

// readSmall reads a file of the size of metadata.json.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // It is only read.
	raw, err := io.ReadAll(io.LimitReader(f, maxMetadataBytes+1))
	if err == nil && len(raw) > maxMetadataBytes {
		err = broken("%s has more than %d bytes", filepath.Base(path), maxMetadataBytes)
	}
	return raw, err
}
