package contents

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/distro"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/elfcheck"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
)

// Contents is what is inside an image. What Unknowns names has no meaning here, whatever its value.
type Contents struct {
	// Distribution is what the image says it is.
	Distribution distro.Distribution `json:"distribution"`
	// Libc is the C library.
	Libc Libc `json:"libc,omitempty"`
	// Shells are the paths of programs that run command lines, sorted.
	Shells []string `json:"shells"`
	// PackageManager is the package manager that a user of the image would call, or NoManager.
	PackageManager string `json:"package_manager,omitempty"`
	// HasSystemd tells that systemd is there, as in images that run several services.
	HasSystemd bool `json:"has_systemd,omitempty"`
	// Packages are the packages of all ecosystems, sorted, each once.
	Packages []packages.Package `json:"packages"`
	// UserID is the ID of the user that the image starts as; nil if its name is not in the image's /etc/passwd.
	UserID *uint32 `json:"user_id,omitempty"`
	// Setuid are the files that run with the rights of their owner or group, and WorldWritable the files and directories that
	// everybody may change; directories where only owners may delete (/tmp) are not among them. Sorted.
	Setuid        []string `json:"setuid"`
	WorldWritable []string `json:"world_writable"`
	// Findings are files that look like secrets, and folders of version control.
	Findings []Finding `json:"findings"`
	// ELF counts the binaries by how they were hardened.
	ELF ELF `json:"elf"`
	// ExpandedBytes is the size of the visible files.
	ExpandedBytes int64 `json:"expanded_bytes"`
	// StoredBytes is the size of the files of all layers, and WastedBytes that of those which are not visible.
	StoredBytes int64 `json:"stored_bytes"`
	WastedBytes int64 `json:"wasted_bytes"`
	// Efficiency is the sum of the smallest size that each path has in any layer, divided by the sum of all sizes; a path that
	// a layer deletes has the size 0. It is 1 where nothing is stored twice, and for an image without files.
	// Source: github.com/wagoodman/dive v0.13.1 dive/filetree/efficiency.go, which adds the size of a deleted directory to both
	// sums instead; here a deleted directory counts as its files deleted one by one.
	Efficiency float64 `json:"efficiency"`
	// Advice is how the image could become smaller, what saves most first.
	Advice []Advice `json:"advice"`
	// Unknowns says why a fact is not known, by the name of the fact.
	Unknowns map[string]string `json:"unknowns"`
}

// Names of facts in Unknowns.
const (
	FactDistribution = "distribution"
	FactLibc         = "libc"
	FactPackages     = "packages"
	FactUser         = "user"
)

// ELF counts binaries. PIE counts executables only, all others executables and libraries; what a binary can not tell is in
// none but Unknown.
type ELF struct {
	Binaries    int `json:"binaries"`
	Executables int `json:"executables"`
	PIE         int `json:"pie"`
	NX          int `json:"nx"`
	FullRelro   int `json:"full_relro"`
	Canary      int `json:"stack_canary"`
	Fortify     int `json:"fortify"`
	// RunPath counts binaries with RPATH or RUNPATH, UnsafeRunPath those where others may put libraries.
	RunPath       int `json:"runpath"`
	UnsafeRunPath int `json:"unsafe_runpath"`
	// NoCanary and NoFortify count binaries that could show the property and do not.
	NoCanary  int `json:"no_stack_canary"`
	NoFortify int `json:"no_fortify"`
	// Unreadable counts damaged binaries.
	Unreadable int `json:"unreadable"`
}

func (c *ELF) add(b elfcheck.Binary) {
	c.Binaries++
	if b.NX == "" {
		c.Unreadable++
		return
	}
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	count(&c.Executables, !b.Library)
	count(&c.PIE, b.PIE == elfcheck.Yes)
	count(&c.NX, b.NX == elfcheck.Yes)
	count(&c.FullRelro, b.Relro == elfcheck.RelroFull)
	count(&c.Canary, b.Canary == elfcheck.Yes)
	count(&c.NoCanary, b.Canary == elfcheck.No)
	count(&c.Fortify, b.Fortify == elfcheck.Yes)
	count(&c.NoFortify, b.Fortify == elfcheck.No)
	count(&c.RunPath, b.RPath != "" || b.RunPath != "")
	count(&c.UnsafeRunPath, b.UnsafePath() != "")
}

// Contents returns what the layers hold together. user is that of the image's config.
func (m *Merger) Contents(user string) Contents {
	f := &m.facts
	c := Contents{
		Shells: orEmpty(m.programs(shells)), PackageManager: m.manager(),
		Setuid: displayed(f.setuid), WorldWritable: displayed(f.writable), Findings: f.sortedFindings(),
		StoredBytes: m.stored, WastedBytes: f.wastedBytes, Efficiency: 1,
		Advice: f.advice(), Unknowns: map[string]string{},
	}
	for _, b := range f.binaries {
		c.ELF.add(b)
	}
	var least int64
	for _, r := range m.records {
		if !r.gone {
			c.ExpandedBytes += r.size
		}
		if r.least != math.MaxInt64 {
			least += r.least
		}
	}
	if m.stored > 0 {
		c.Efficiency = float64(least) / float64(m.stored)
	}
	m.distribution(&c)
	_, c.HasSystemd = m.resolve(systemdPath)
	var reason string
	if c.Libc, reason = m.libc(); reason != "" {
		c.Unknowns[FactLibc] = reason
	}
	var unread []string
	if c.Packages, unread = f.list(); len(unread) > 0 {
		c.Unknowns[FactPackages] = strings.Join(unread[:min(3, len(unread))], "; ")
	}
	if c.UserID = f.userID(user); c.UserID == nil {
		c.Unknowns[FactUser] = "the image's /etc/passwd does not hold the user " + strconv.Quote(user)
	}
	return c
}

func (m *Merger) distribution(c *Contents) {
	for _, path := range osReleasePaths {
		real, ok := m.resolve(path)
		if !ok {
			continue
		}
		if release, ok := m.facts.releases[real]; ok {
			c.Distribution = release
			return
		}
	}
	c.Unknowns[FactDistribution] = "the image has no readable os-release file"
}

// userID looks a config's user up ("name", "name:group", "1000", or nothing, which is root).
func (f *facts) userID(user string) *uint32 {
	name, _, _ := strings.Cut(user, ":")
	if name == "" {
		name = "0"
	}
	if id, ok := f.accounts[name]; ok {
		return &id
	}
	id, err := strconv.ParseUint(name, 10, 32)
	if err != nil {
		if name != "root" {
			return nil
		}
		id = 0
	}
	number := uint32(id)
	return &number
}

// display returns a path as people read it; one with control characters or broken encoding is quoted.
func display(path string) string {
	path = "/" + path
	if quoted := strconv.Quote(path); quoted != `"`+path+`"` {
		return quoted
	}
	return path
}

func displayed(paths []string) []string {
	shown := make([]string, len(paths))
	for i, p := range paths {
		shown[i] = display(p)
	}
	slices.Sort(shown)
	return slices.Compact(shown)
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
