package contents

import (
	"path"
	"slices"
	"strings"
)

// Libc is a C library.
type Libc string

// The C libraries. NoLibc means that every program of the image is static.
const (
	Glibc    Libc = "glibc"
	Musl     Libc = "musl"
	BothLibc Libc = "both"
	NoLibc   Libc = "none"
)

// Libcs returns all values of Libc.
func Libcs() []Libc { return []Libc{Glibc, Musl, BothLibc, NoLibc} }

// NoManager is the package manager of an image that has none.
const NoManager = "none"

// shells are programs that run a script or a command line they are given. Source: /etc/shells of Debian, Fedora and Alpine,
// and PowerShell; busybox and toybox are shells whether or not a link calls them so.
var shells = []string{
	"ash", "bash", "busybox", "csh", "dash", "elvish", "fish", "hush", "ksh", "ksh93", "lksh", "mksh", "nu", "oksh", "posh", "pwsh",
	"rbash", "sh", "tcsh", "toybox", "xonsh", "yash", "zsh",
}

// managers are the package managers, those that people use before those that they use.
var managers = []string{"apk", "apt", "apt-get", "dnf", "dnf5", "microdnf", "tdnf", "yum", "zypper", "pacman", "opkg", "nix", "guix", "dpkg", "rpm"}

// managerNames are the names that reports use where the program has another one.
var managerNames = map[string]string{"apt-get": "apt", "dnf5": "dnf"}

// systemdPath is where systemd's init is, in every distribution that has it.
const systemdPath = "usr/lib/systemd/systemd"

// programDirectories are where programs are looked for: the PATH that container runtimes set, and what they are links to.
var programDirectories = []string{"bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin", "usr/local/sbin", "busybox", "usr/libexec/microdnf"}

func isProgram(base string) bool {
	return slices.Contains(shells, base) || slices.Contains(managers, base)
}

// libcOf tells a dynamic loader or C library by its name. Sources: glibc 2.41, shlib-versions of all architectures
// ("ld=…"); musl 1.2.5, ldso ("ld-musl-ARCH.so.1").
func libcOf(base string) Libc {
	switch {
	case strings.HasPrefix(base, "ld-musl-") || strings.HasPrefix(base, "libc.musl-"):
		return Musl
	case strings.HasPrefix(base, "ld-linux"), base == "ld64.so.1", base == "ld64.so.2", base == "ld.so.1", base == "libc.so.6", base == "libc.so.6.1":
		return Glibc
	}
	return ""
}

// programs returns the visible ones of the given names, each once, by its path with links in its directory followed:
// where /bin leads to usr/bin, /bin/sh is /usr/bin/sh.
func (m *Merger) programs(names []string) []string {
	var found []string
	for _, p := range m.facts.programs {
		dir, base := path.Split(p)
		dir = strings.TrimSuffix(dir, "/")
		if !slices.Contains(names, base) || !slices.Contains(programDirectories, dir) {
			continue
		}
		if _, ok := m.resolve(p); !ok {
			continue // a link to what is not there, or a file below a link that hides it
		}
		if real, ok := m.resolve(dir); ok {
			dir = real
		}
		found = append(found, "/"+dir+"/"+base)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// manager returns the package manager that a user of the image would call, or NoManager.
func (m *Merger) manager() string {
	found := m.programs(managers)
	for _, name := range managers {
		if slices.ContainsFunc(found, func(p string) bool { return path.Base(p) == name }) {
			if other, ok := managerNames[name]; ok {
				return other
			}
			return name
		}
	}
	return NoManager
}

// libc concludes from the loaders that are there, or from the programs if there are none. Without an answer it returns the reason.
func (m *Merger) libc() (Libc, string) {
	found := map[Libc]bool{}
	for _, p := range m.facts.loaders {
		// Alpine's gcompat gives musl's loader glibc's name.
		if real, ok := m.resolve(p); ok {
			if l := libcOf(path.Base(real)); l != "" {
				found[l] = true
			} else {
				found[libcOf(path.Base(p))] = true
			}
		}
	}
	switch {
	case found[Glibc] && found[Musl]:
		return BothLibc, ""
	case found[Glibc]:
		return Glibc, ""
	case found[Musl]:
		return Musl, ""
	}
	for _, b := range m.facts.binaries {
		if b.Interpreter != "" && !b.Library {
			return "", "programs ask for the loader " + b.Interpreter + ", which the image does not hold"
		}
	}
	return NoLibc, ""
}
