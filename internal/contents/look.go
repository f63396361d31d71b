package contents

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/elfcheck"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

// headBytes is how much of a file is looked at to tell what it is: enough for the first line of a key.
const headBytes = 64

// osReleasePaths are where a distribution says what it is. Source: os-release(5).
var osReleasePaths = []string{"etc/os-release", "usr/lib/os-release"}

// look reads the parts of a file that facts stand in, and leaves the rest to the caller to skip.
func (s *scanner) look(e entry, content io.Reader) error {
	if slices.Contains(osReleasePaths, e.path) {
		return s.lookAtRelease(e.path, content)
	}
	if e.path == passwdPath {
		w := &watched{Reader: content}
		s.layer.accounts = readAccounts(w)
		return w.err
	}
	if read := packages.ReaderFor(e.path); read != nil {
		return s.lookAtInventory(e, content, read)
	}
	head := make([]byte, min(headBytes, e.size))
	if _, err := io.ReadFull(content, head); err != nil {
		return fmt.Errorf("the archive: entry %.80q: %w", e.path, err)
	}
	switch {
	case bytes.HasPrefix(head, []byte(elfcheck.Magic)):
		return s.lookAtBinary(e.path, io.MultiReader(bytes.NewReader(head), content))
	case isPrivateKey(head):
		s.layer.keys[e.path] = true
	}
	return nil
}

// isPrivateKey tells the first line of a key file. Source: RFC 7468; PuTTY's own format.
func isPrivateKey(head []byte) bool {
	line, _, _ := strings.Cut(string(head), "\n")
	return (strings.HasPrefix(line, "-----BEGIN ") && strings.Contains(line, "PRIVATE KEY-----")) ||
		strings.HasPrefix(line, "PuTTY-User-Key-File-")
}

// watched tells errors of a file's content from those of the stream below it, which end everything.
type watched struct {
	io.Reader
	size int64
	err  error
}

// Size returns how long the file is.
func (w *watched) Size() int64 { return w.size }

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

func (s *scanner) lookAtRelease(path string, content io.Reader) error {
	w := &watched{Reader: content}
	release, err := distro.ParseOSRelease(w)
	if w.err != nil {
		return w.err
	}
	if err == nil {
		s.layer.releases[path] = release
	}
	return nil
}

func (s *scanner) lookAtInventory(e entry, content io.Reader, read packages.Reader) error {
	w := &watched{Reader: content, size: e.size}
	list, err := read(w)
	if w.err != nil {
		return w.err
	}
	return s.keepInventory(e.path, list, err)
}

// keepInventory stores what a file says about packages, or that it could not be read, which is no error of the layer.
func (s *scanner) keepInventory(path string, list []packages.Package, err error) error {
	if len(s.layer.inventories) == maxInventories {
		return &LimitError{Reason: fmt.Sprintf("more than %d files list packages", maxInventories)}
	}
	found := inventory{Packages: list}
	if err != nil {
		found = inventory{Unknown: err.Error()}
	}
	s.layer.inventories[path] = found
	return nil
}

func (s *scanner) lookAtBinary(path string, content io.Reader) error {
	s.window.Reset()
	if _, err := io.Copy(&s.window, content); err != nil {
		return err
	}
	binary, err := elfcheck.Inspect(&s.window)
	if errors.Is(err, elfcheck.ErrNotBinary) {
		return nil
	}
	if len(s.layer.binaries) == maxBinaries {
		return &LimitError{Reason: fmt.Sprintf("more than %d binaries", maxBinaries)}
	}
	// A damaged binary stays in the list with no answer, so that it is counted and not taken for a hardened one.
	s.layer.binaries[path] = binary
	if err != nil || !binary.Go {
		return nil
	}
	if list, err := packages.ReadGoBinary(&s.window); list != nil || err != nil {
		return s.keepInventory(path, list, err)
	}
	return nil
}
