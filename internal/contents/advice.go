package contents

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Advice is one way to make an image smaller.
type Advice struct {
	// ID names the advice for programs.
	ID string `json:"id"`
	// Bytes is what it saves, uncompressed.
	Bytes int64 `json:"bytes"`
	// Text says what is there and what to do, as a sentence.
	Text string `json:"text"`
	// Paths are the largest examples, at most three.
	Paths []string `json:"paths"`
}

// minAdviceBytes is the saving below which nobody should bother.
const minAdviceBytes = 64 << 10

// group is files that can go together.
type group struct {
	bytes int64
	paths map[string]int64 // by directory
}

// groupRule says which files are in a group and what to do about them.
type groupRule struct {
	id, text string
	// prefixes and suffixes match paths; inside matches a directory anywhere in them.
	prefixes, suffixes, inside []string
	// stored counts files of all layers, since deleting them later does not help; otherwise only visible ones count.
	stored bool
}

// groupRules are tried in order; a file is in the first group that matches.
var groupRules = []groupRule{
	{
		id: "package_cache", stored: true,
		text:     "Caches and indexes of the package manager are stored. Delete them in the same RUN that fills them, or mount a cache: RUN --mount=type=cache",
		prefixes: []string{"var/lib/apt/lists/", "var/cache/apt/", "var/cache/apk/", "var/cache/dnf/", "var/cache/yum/", "var/cache/zypp/", "var/cache/pacman/", "var/cache/libdnf5/"},
	},
	{
		id: "language_cache", stored: true,
		text: "Caches of language tools are stored. Build in a stage of its own and copy the result, or mount a cache: RUN --mount=type=cache",
		inside: []string{
			"/.cache/pip/", "/.npm/_cacache/", "/.cache/go-build/", "/go/pkg/mod/", "/.cache/yarn/", "/.yarn/cache/", "/.pnpm-store/", "/.cargo/registry/",
			"/.m2/repository/", "/.gradle/caches/", "/.cache/uv/", "/.nuget/packages/", "/.composer/cache/",
		},
	},
	{
		id: "version_control", stored: true,
		text:   "A folder of version control is stored, with the project's history. Add it to .dockerignore",
		inside: []string{"/.git/", "/.hg/", "/.svn/", "/.bzr/"},
	},
	{
		id:       "build_tools",
		text:     "Compilers, headers and static libraries are in the image. Build in a stage of its own and copy only the result: COPY --from=build",
		prefixes: []string{"usr/lib/gcc/", "usr/lib/gcc-cross/", "usr/libexec/gcc/", "usr/include/", "usr/local/go/", "usr/lib/go/", "usr/lib/go-", "usr/lib/llvm", "usr/local/cargo/", "usr/local/rustup/", "usr/lib/rustlib/"},
		suffixes: []string{".a", ".o"},
	},
	{
		id:       "bytecode",
		text:     "Compiled Python files are in the image, which Python writes again by itself. Set PYTHONDONTWRITEBYTECODE=1, or install with pip --no-compile, where start-up time does not matter",
		suffixes: []string{".pyc"},
	},
	{
		id:       "documentation",
		text:     "Manual pages, documentation and translations are in the image. Start from a slim base image, or exclude them: dpkg's path-exclude, rpm's --excludedocs; licences have to stay",
		prefixes: []string{"usr/share/man/", "usr/share/info/", "usr/share/locale/", "usr/share/gtk-doc/", "usr/share/help/"},
	},
}

// docPrefix holds documentation and, in the files named copyright, the licences that must be kept.
const docPrefix = "usr/share/doc/"

// match returns the rule that a path falls under, or nil.
func match(name string) *groupRule {
	if strings.HasPrefix(name, docPrefix) && path.Base(name) != "copyright" {
		return &groupRules[len(groupRules)-1]
	}
	for i := range groupRules {
		r := &groupRules[i]
		if inOneOf(name, r.prefixes) || slices.ContainsFunc(r.suffixes, func(s string) bool { return strings.HasSuffix(name, s) }) ||
			slices.ContainsFunc(r.inside, func(d string) bool { return strings.Contains("/"+name, d) }) {
			return r
		}
	}
	return nil
}

// group adds a file to the group that it falls under.
func (f *facts) group(e entry, hidden bool) {
	if e.kind != file || e.size == 0 {
		return
	}
	r := match(e.path)
	if r == nil || (hidden && !r.stored) {
		return
	}
	g := f.groups[r.id]
	if g == nil {
		g = &group{paths: map[string]int64{}}
		f.groups[r.id] = g
	}
	g.bytes += e.size
	count(g.paths, folder(e.path), e.size)
}

// folder returns the first three directories of a path, which say what it belongs to.
func folder(name string) string {
	parts := strings.Split(name, "/")
	return strings.Join(parts[:min(3, max(1, len(parts)-1))], "/")
}

// maxFolders bounds the folders of a group that are counted one by one.
const maxFolders = 1000

func count(folders map[string]int64, name string, size int64) {
	if _, known := folders[name]; known || len(folders) < maxFolders {
		folders[name] += size
	}
}

// waste is what the layers above hide of a layer's files.
type waste struct {
	layer   int
	folders map[string]int64
}

// waste counts a file that is not visible.
func (f *facts) waste(e entry, layer int, size int64) {
	if size == 0 {
		return
	}
	f.wastedBytes += size
	w := f.wasted[layer]
	if w == nil {
		w = &waste{layer: layer, folders: map[string]int64{}}
		f.wasted[layer] = w
	}
	if r := match(e.path); r == nil || !r.stored {
		count(w.folders, folder(e.path), size)
	}
}

// advice turns groups and waste into advice. What a group with its own advice covers is not repeated as waste.
func (f *facts) advice() []Advice {
	list := []Advice{}
	for _, r := range groupRules {
		if g := f.groups[r.id]; g != nil && g.bytes >= minAdviceBytes {
			list = append(list, Advice{ID: r.id, Bytes: g.bytes, Text: r.text + ".", Paths: largest(g.paths)})
		}
	}
	for _, w := range f.wasted {
		var bytes int64
		for _, n := range w.folders {
			bytes += n
		}
		if bytes < minAdviceBytes {
			continue
		}
		list = append(list, Advice{
			ID: "hidden_files", Bytes: bytes, Paths: largest(w.folders),
			Text: fmt.Sprintf("Layer %d from the top holds files that layers above it delete or replace. Delete or write them in the RUN that creates them, "+
				"or copy the result from a build stage; for changed permissions, use COPY --chmod and --chown.", w.layer+1),
		})
	}
	slices.SortFunc(list, func(a, b Advice) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Text, b.Text))
	})
	return list
}

// largest returns the three largest folders.
func largest(folders map[string]int64) []string {
	names := slices.SortedFunc(maps.Keys(folders), func(a, b string) int {
		return cmp.Or(cmp.Compare(folders[b], folders[a]), cmp.Compare(a, b))
	})
	names = names[:min(3, len(names))]
	for i, n := range names {
		names[i] = display(n)
	}
	return names
}
