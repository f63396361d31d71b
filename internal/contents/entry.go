package contents

import (
	"archive/tar"
	"fmt"
	"path"
	"strings"
)

// kind is what an entry of a layer is.
type kind byte

// The kinds of entries.
const (
	file kind = iota + 1
	directory
	symlink
	hardlink
	device
	whiteout // deletes its path in the layers below
	opaque   // deletes everything in its path that is in the layers below
)

// Mode bits, as tar and Linux have them.
const (
	setuid        = 0o4000
	setgid        = 0o2000
	sticky        = 0o1000
	worldWritable = 0o002
	executable    = 0o111
	modeBits      = 0o7777
)

// entry is one entry of a layer.
type entry struct {
	path string // without a leading slash; never empty
	kind kind
	mode uint16
	size int64  // of a file; 0 for everything else
	link string // of a symlink as written, of a hardlink cleaned
}

// Prefixes of whiteouts. Source: OCI image specification v1.1.1, layer.md; names that begin with .wh..wh. and are not the
// opaque marker are bookkeeping of AUFS, which no runtime shows.
const (
	whiteoutPrefix = ".wh."
	opaqueMarker   = ".wh..wh..opq"
	aufsPrefix     = ".wh..wh."
)

// newEntry reads a tar header. ok is false for entries that are none: the root, and AUFS's own.
func newEntry(h *tar.Header) (e entry, ok bool, err error) {
	name, err := cleanPath(h.Name)
	if err != nil || name == "" {
		return entry{}, false, err
	}
	if h.Size < 0 {
		return entry{}, false, fmt.Errorf("entry %.80q has the impossible size %d", name, h.Size)
	}
	dir, base := path.Split(name)
	switch {
	case base == opaqueMarker:
		dir = strings.TrimSuffix(dir, "/")
		return entry{path: dir, kind: opaque}, true, nil
	case strings.HasPrefix(base, aufsPrefix):
		return entry{}, false, nil
	case strings.HasPrefix(base, whiteoutPrefix):
		hidden := strings.TrimPrefix(base, whiteoutPrefix)
		if hidden == "" || hidden == "." || hidden == ".." {
			return entry{}, false, fmt.Errorf("entry %.80q is a whiteout of nothing", name)
		}
		return entry{path: dir + hidden, kind: whiteout}, true, nil
	}
	e = entry{path: name, mode: uint16(h.Mode & modeBits)}
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeRegA, tar.TypeGNUSparse: //nolint:staticcheck // Old archives have TypeRegA.
		e.kind, e.size = file, h.Size
	case tar.TypeDir:
		e.kind = directory
	case tar.TypeSymlink:
		e.kind, e.link = symlink, bound(h.Linkname)
	case tar.TypeLink:
		e.kind = hardlink
		e.link, err = cleanPath(h.Linkname)
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		e.kind = device
	default:
		return entry{}, false, nil
	}
	return e, true, err
}

// cleanPath returns a path below the root, without a leading slash, as container runtimes read it: "./" and "/" in front
// mean nothing. A path that leaves the root is an error, since runtimes refuse the image.
func cleanPath(name string) (string, error) {
	if len(name) > maxPathBytes {
		return "", &LimitError{Reason: fmt.Sprintf("a path is longer than %d bytes: %.80q…", maxPathBytes, name)}
	}
	if strings.IndexByte(name, 0) >= 0 {
		return "", fmt.Errorf("the path %.80q holds a zero byte", name)
	}
	cleaned := path.Clean(strings.TrimLeft(name, "/"))
	if cleaned == ".." || strings.HasPrefix(cleaned, "../") {
		return "", fmt.Errorf("the path %.80q leaves the image's root; container runtimes refuse it", name)
	}
	if cleaned == "." {
		return "", nil
	}
	return cleaned, nil
}

// bound cuts a link's target to what a path can be; a longer one leads nowhere.
func bound(target string) string {
	if len(target) > maxPathBytes {
		return ""
	}
	return target
}
