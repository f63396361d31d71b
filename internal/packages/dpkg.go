package packages

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// dpkgFields are the fields that are read. Source: dpkg 1.21, man page deb-control(5) and status(5).
var dpkgFields = []string{"Package", "Status", "Version", "Architecture", "Source"}

// ReadDpkg reads dpkg's database, /var/lib/dpkg/status, or one file of status.d, where images without dpkg (distroless)
// keep one record for each package. Packages that were removed and left their configuration behind do not count; a
// record without a status, as in status.d, does.
func ReadDpkg(r io.Reader) ([]Package, error) {
	var list []Package
	err := eachParagraph(r, isDpkgField, func(lines []string) error {
		p, installed, err := dpkgPackage(lines)
		if err != nil || !installed {
			return err
		}
		list, err = appendChecked(list, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("dpkg's database: %w", err)
	}
	return list, nil
}

// isDpkgField tells the fields that are read from others and from continuation lines, which begin with a blank.
func isDpkgField(line string) bool {
	name, _, found := strings.Cut(line, ":")
	return found && slices.ContainsFunc(dpkgFields, func(f string) bool { return strings.EqualFold(f, name) })
}

func dpkgPackage(lines []string) (p Package, installed bool, err error) {
	p = Package{Ecosystem: Deb}
	installed = true
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "package":
			p.Name = value
		case "version":
			p.Version = value
		case "architecture":
			p.Arch = value
		case "source":
			p.SourceName, p.SourceVersion = dpkgSource(value)
		case "status":
			// "want flag status", such as "install ok installed". The states in which files are unpacked count too:
			// their code is there.
			words := strings.Fields(value)
			if len(words) != 3 {
				return p, false, fmt.Errorf("package %.40q has the status %.60q, which is none", p.Name, value)
			}
			installed = !slices.Contains([]string{"not-installed", "config-files"}, words[2])
		}
	}
	if installed && p.Version == "" {
		return p, false, fmt.Errorf("package %.40q has no version", p.Name)
	}
	return p, installed, nil
}

// dpkgSource reads "glibc" or "glibc (2.36-9)". The version is stated only where it differs from the package's own.
func dpkgSource(value string) (name, version string) {
	name, rest, _ := strings.Cut(value, "(")
	version, _, _ = strings.Cut(rest, ")")
	return strings.TrimSpace(name), strings.TrimSpace(version)
}
