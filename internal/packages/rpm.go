package packages

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxRPMBytes bounds an RPM database, which is held in memory while it is read: its records are scattered over the file.
// Databases of full installations have 20 to 35 MB.
const maxRPMBytes = 40 << 20

// rpmDirectories are where RPM keeps its database: in /var, or in /usr for systems with an immutable root.
var rpmDirectories = []string{"var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"}

// rpmDatabases are the file names of RPM's three formats: SQLite, its own (ndb), and Berkeley DB.
var rpmDatabases = []string{"rpmdb.sqlite", "Packages.db", "Packages"}

func isRPMDatabase(name string) bool {
	return slices.Contains(rpmDirectories, path.Dir(name)) && slices.Contains(rpmDatabases, path.Base(name))
}

// errRPM says that bytes are no RPM database that is known.
var errRPM = errors.New("it is damaged, or of a format that is not known")

// ReadRPM reads an RPM database of any of its formats. Each record is a header blob, whatever is around it. A database
// that changed and was not folded in (SQLite's write-ahead log) is read without the changes, as it lies in the image.
func ReadRPM(r io.Reader) (list []Package, err error) {
	raw, err := readSized(r, maxRPMBytes+1)
	if err != nil {
		return nil, err
	}
	if len(raw) > maxRPMBytes {
		return nil, fmt.Errorf("RPM's database: more than %d bytes", maxRPMBytes)
	}
	add := func(header []byte) error {
		p, isPackage, err := rpmPackage(header)
		if err != nil || !isPackage {
			return err
		}
		list, err = appendChecked(list, p)
		return err
	}
	switch {
	case bytes.HasPrefix(raw, []byte(sqliteMagic)):
		err = sqliteBlobs(raw, add)
	case bytes.HasPrefix(raw, []byte(ndbMagic)):
		err = ndbBlobs(raw, add)
	default:
		err = berkeleyBlobs(raw, add)
	}
	if err != nil {
		return nil, fmt.Errorf("RPM's database: %w", err)
	}
	return list, nil
}

// Sized is a reader that knows how much it will bring, so that no memory is taken twice while it is read.
type Sized interface {
	io.Reader
	Size() int64
}

// readSized reads everything, at most limit bytes.
func readSized(r io.Reader, limit int64) ([]byte, error) {
	var buffer bytes.Buffer
	if s, ok := r.(Sized); ok {
		buffer.Grow(int(min(max(s.Size(), 0), limit)) + bytes.MinRead)
	}
	_, err := buffer.ReadFrom(io.LimitReader(r, limit))
	return buffer.Bytes(), err
}

// Tags of RPM headers. Source: rpm 4.18, include/rpm/rpmtag.h.
const (
	tagName            = 1000
	tagVersion         = 1001
	tagRelease         = 1002
	tagEpoch           = 1003
	tagVendor          = 1011
	tagArch            = 1022
	tagSourceRPM       = 1044
	tagModularityLabel = 5096
)

// rpmPackage reads a package from a header. Public keys are records of their own ("gpg-pubkey"), and no packages.
func rpmPackage(header []byte) (p Package, isPackage bool, err error) {
	tags, err := rpmTags(header)
	if err != nil {
		return Package{}, false, err
	}
	text := func(tag uint32) string { return tags[tag] }
	if text(tagName) == "gpg-pubkey" {
		return Package{}, false, nil
	}
	version := text(tagVersion) + "-" + text(tagRelease)
	if epoch := text(tagEpoch); epoch != "" && epoch != "0" {
		version = epoch + ":" + version
	}
	if text(tagVersion) == "" || text(tagRelease) == "" {
		return Package{}, false, fmt.Errorf("package %.40q has no version or no release", text(tagName))
	}
	p = Package{
		Ecosystem: RPM, Name: text(tagName), Version: version, Arch: text(tagArch),
		Modularity: text(tagModularityLabel), Vendor: text(tagVendor),
	}
	p.SourceName, p.SourceVersion = rpmSource(text(tagSourceRPM))
	return p, true, nil
}

// rpmSource takes a source package's file name apart: NAME-VERSION-RELEASE.src.rpm. The name has no epoch in it, so
// neither has the version.
func rpmSource(file string) (name, version string) {
	base, isSource := strings.CutSuffix(file, ".src.rpm")
	if !isSource {
		return "", ""
	}
	release := strings.LastIndex(base, "-")
	if release < 1 {
		return "", ""
	}
	dash := strings.LastIndex(base[:release], "-")
	if dash < 1 {
		return "", ""
	}
	return base[:dash], base[dash+1:]
}

// number writes an epoch as text.
func number(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
