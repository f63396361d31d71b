package distro

// lines are the families in which distributions share packages, package formats and advisories, by ID: what os-release's ID_LIKE
// says for images, for the names of hosts, of which only the ID is given.
var lines = map[string]string{
	"debian": "debian", "ubuntu": "debian", "linuxmint": "debian", "raspbian": "debian", "kali": "debian",
	"rhel": "rhel", "centos": "rhel", "rocky": "rhel", "almalinux": "rhel", "ol": "rhel", "fedora": "rhel", "amzn": "rhel",
	"opensuse-leap": "suse", "opensuse-tumbleweed": "suse", "sles": "suse", "sl-micro": "suse", "suse": "suse",
	"alpine": "alpine", "postmarketos": "alpine",
	"wolfi": "wolfi", "chainguard": "wolfi",
	"arch": "arch", "azurelinux": "azurelinux", "mariner": "azurelinux",
}

// SameLine reports whether a distribution and a host's are of one family: the same, one made from the other, or both made from a
// third, such as Ubuntu and Debian, or Rocky Linux and Amazon Linux.
func SameLine(d Distribution, host string) bool {
	if d.Is(host) {
		return true
	}
	line, known := lines[host]
	if !known {
		return false
	}
	for _, id := range append([]string{d.ID}, d.Like...) {
		if lines[id] == line {
			return true
		}
	}
	return false
}

// KnownHost reports whether an ID is that of a distribution whose family is known.
func KnownHost(id string) bool { return lines[id] != "" }
