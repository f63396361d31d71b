package lockfile

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
)

// maxFileBytes bounds what is read; 100,000 entries have about 20 MiB.
const maxFileBytes = 32 << 20

// File is a lock file. Its methods are safe for concurrent use, in several processes too. Make one with Open.
type File struct {
	path string

	mu      sync.Mutex
	seen    decisions // as this process last read or wrote the file
	pending decisions // to be written with the next commit

	writing sync.Mutex // held while the file is written
}

// Open reads the file. A file that does not exist is an empty one, and is made when something is decided. The error says
// what is wrong with the file and what to do.
func Open(path string) (*File, error) {
	f := &File{path: path, pending: decisions{}}
	// A link stays a link: what it leads to is replaced.
	if target, err := filepath.EvalSymlinks(path); err == nil {
		f.path = target
	}
	seen, err := f.read()
	f.seen = seen
	return f, err
}

// Image returns what the reference, in normal form with its tag, was resolved to.
func (f *File) Image(reference string) (Image, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, ok := f.seen[key{name: reference}]
	return d.Image, ok
}

// Tag returns the tag that the constraint chose among those of the repository.
func (f *File) Tag(repository, constraint string) (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, ok := f.seen[key{repository, constraint}]
	return d.tag, ok
}

// SetImage writes what the reference was resolved to and returns what stands in the file then: another process may have decided first.
func (f *File) SetImage(reference string, image Image) (Image, error) {
	d, err := f.set(key{name: reference}, decision{Image: image})
	return d.Image, err
}

// SetTag writes the tag that a constraint chose and returns what stands in the file then.
func (f *File) SetTag(repository, constraint, tag string) (string, error) {
	d, err := f.set(key{repository, constraint}, decision{tag: tag})
	return d.tag, err
}

// set hands the decision to the next commit and waits for it. Whoever comes first commits for all who wait.
func (f *File) set(k key, d decision) (decision, error) {
	f.mu.Lock()
	f.pending[k] = d
	f.mu.Unlock()

	f.writing.Lock()
	defer f.writing.Unlock()
	f.mu.Lock()
	_, waiting := f.pending[k]
	batch, seen := maps.Clone(f.pending), f.seen
	f.mu.Unlock()
	if !waiting {
		return seen[k], nil
	}
	stands, err := f.commit(seen, batch)

	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		delete(f.pending, k)
		return decision{}, fmt.Errorf("writing the lock file %s: %w", f.path, err)
	}
	f.seen = stands
	for done := range batch {
		delete(f.pending, done)
	}
	return stands[k], nil
}

// commit merges the batch into the file as it is now and returns what stands in it then.
func (f *File) commit(seen, batch decisions) (decisions, error) {
	unlock, err := lockFolder(f.path)
	if err != nil {
		return nil, err
	}
	defer unlock()
	stands, err := f.read()
	if err != nil {
		return nil, err
	}
	changed := false
	for k, d := range batch {
		if now, ok := stands[k]; ok && (now != seen[k] || now == d) {
			continue // Another process has decided, or there is nothing to do.
		}
		stands[k], changed = d, true
	}
	if !changed {
		return stands, nil
	}
	raw, err := stands.encode()
	if err != nil {
		return nil, err
	}
	return stands, f.replace(raw)
}

// read returns the file's decisions.
func (f *File) read() (decisions, error) {
	info, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return decisions{}, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileBytes {
		return nil, fmt.Errorf("%s is not a file of at most %d bytes", f.path, maxFileBytes)
	}
	raw, err := os.ReadFile(f.path)
	if err != nil {
		return nil, err
	}
	all, err := decode(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	return all, nil
}

// replace writes the file beside and renames it. It keeps the mode that the file has.
func (f *File) replace(raw []byte) error {
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(f.path); err == nil {
		mode = info.Mode().Perm()
	}
	temporary, err := os.CreateTemp(filepath.Dir(f.path), "."+filepath.Base(f.path)+"-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(raw)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), f.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
