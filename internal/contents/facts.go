package contents

import (
	"fmt"
	"path"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/elfcheck"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

// maxLinkBytes bounds the symbolic links that are remembered. Debian's minimal system has 40 KiB of them.
const maxLinkBytes = 8 << 20

// facts collects, while layers are merged, what entries tell.
type facts struct {
	links       map[string]string // visible symbolic links
	linkBytes   int
	programs    []string // visible files and links with the name of a shell or a package manager
	loaders     []string // visible dynamic loaders and C libraries
	releases    map[string]distro.Distribution
	accounts    map[string]uint32
	binaries    []elfcheck.Binary
	inventories map[string]inventory
	origins     map[string]map[string]string // by path of an inventory and package: digest of the lowest layer that has it
	setuid      []string
	writable    []string
	findings    []Finding
	groups      map[string]*group
	wasted      map[int]*waste
	wastedBytes int64
}

func newFacts() facts {
	return facts{
		links: map[string]string{}, releases: map[string]distro.Distribution{}, inventories: map[string]inventory{},
		origins: map[string]map[string]string{}, groups: map[string]*group{}, wasted: map[int]*waste{},
	}
}

// visible takes an entry that containers see.
func (f *facts) visible(e entry, l Layer) error {
	if e.kind == symlink {
		if f.linkBytes += len(e.path) + len(e.link); f.linkBytes > maxLinkBytes {
			return &LimitError{Reason: fmt.Sprintf("more than %d bytes of symbolic links", maxLinkBytes)}
		}
		f.links[e.path] = e.link
	}
	base := path.Base(e.path)
	if e.kind != directory && isProgram(base) && (e.kind != file || e.mode&executable != 0) {
		f.programs = append(f.programs, e.path)
	}
	if e.kind != directory && libcOf(base) != "" {
		f.loaders = append(f.loaders, e.path)
	}
	f.permissions(e)
	if e.kind == directory {
		if p, ok := packages.FromNixPath(e.path); ok {
			f.inventories[e.path] = inventory{Packages: []packages.Package{p}}
		}
	}
	if e.kind != file {
		return nil
	}
	if release, ok := l.releases[e.path]; ok {
		f.releases[e.path] = release
	}
	if e.path == passwdPath {
		f.accounts = l.accounts
	}
	if binary, ok := l.binaries[e.path]; ok {
		f.binaries = append(f.binaries, binary)
	}
	if inventory, ok := l.inventories[e.path]; ok {
		f.inventories[e.path] = inventory
	}
	return nil
}

// permissions takes note of files that run with the rights of another user and of what everybody may write to.
// Directories such as /tmp, where only the owner may delete, are as they should be.
func (f *facts) permissions(e entry) {
	if (e.kind == file || e.kind == hardlink) && e.mode&(setuid|setgid) != 0 {
		f.setuid = append(f.setuid, e.path)
	}
	open := e.mode&worldWritable != 0
	if open && ((e.kind == file || e.kind == hardlink) || (e.kind == directory && e.mode&sticky == 0)) {
		f.writable = append(f.writable, e.path)
	}
}

// addInventories notes in which layer packages first appeared. Databases are rewritten whole, so the file that is
// visible says nothing of it; the same package in the same file of a lower layer does.
func (f *facts) addInventories(l Layer) {
	for path, found := range l.inventories {
		if _, visible := f.inventories[path]; !visible {
			continue
		}
		origins := f.origins[path]
		if origins == nil {
			origins = map[string]string{}
			f.origins[path] = origins
		}
		for _, p := range found.Packages {
			origins[p.Name+" "+p.Version+" "+p.Arch] = l.Digest
		}
	}
}

// list returns the packages, and why some could not be read.
func (f *facts) list() (list []packages.Package, unknown []string) {
	paths := make([]string, 0, len(f.inventories))
	for path := range f.inventories {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		found := f.inventories[path]
		if found.Unknown != "" {
			unknown = append(unknown, fmt.Sprintf("%s: %s", display(path), found.Unknown))
		}
		for _, p := range found.Packages {
			p.Path, p.LayerDigest = path, f.origins[path][p.Name+" "+p.Version+" "+p.Arch]
			list = append(list, p)
		}
	}
	return packages.Distinct(list), unknown
}
