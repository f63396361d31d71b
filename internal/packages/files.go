package packages

import (
	"io"
	"path"
	"strings"
)

// Reader reads one kind of inventory.
type Reader func(io.Reader) ([]Package, error)

// ReaderFor returns the reader for a file of an image by its path without a leading slash, or nil if a file of that name
// is no inventory.
func ReaderFor(name string) Reader {
	switch name {
	case "var/lib/dpkg/status":
		return ReadDpkg
	case "lib/apk/db/installed", "usr/lib/apk/db/installed":
		return ReadApk
	}
	// distroless keeps checksums of the files beside each record.
	if path.Dir(name) == "var/lib/dpkg/status.d" && !strings.HasSuffix(name, ".md5sums") {
		return ReadDpkg
	}
	switch {
	case isRPMDatabase(name):
		return ReadRPM
	case isPythonMetadata(name):
		return ReadPython
	case isNodeManifest(name):
		return ReadNode
	}
	return nil
}
