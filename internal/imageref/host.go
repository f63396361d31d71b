package imageref

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// hostPattern is a DNS name or an IPv4 address, after distribution/reference v0.6.0 (domain-name).
var hostPattern = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$`)

// ParseRegistry returns the normal form of a registry's host, as Reference.Registry gives it.
// The empty string and "index.docker.io" mean Docker Hub. A single word other than "localhost" needs a port, because
// without one a reference can not tell it from the first element of a path.
func ParseRegistry(s string) (string, error) {
	if s == "" {
		return DockerHub, nil
	}
	invalid := fmt.Errorf("registry %q is not valid; write host, host:port or [IPv6 address]:port", s)
	host, port, err := splitPort(s)
	if err != nil {
		return "", invalid
	}
	if strings.HasPrefix(host, "[") {
		addr, err := netip.ParseAddr(strings.TrimSuffix(host[1:], "]"))
		if err != nil || !strings.HasSuffix(host, "]") || addr.Zone() != "" || !addr.Is6() {
			return "", invalid
		}
		return "[" + addr.String() + "]" + port, nil
	}
	host = strings.ToLower(host)
	if !hostPattern.MatchString(host) {
		return "", invalid
	}
	if port == "" && host != "localhost" && !strings.Contains(host, ".") {
		return "", fmt.Errorf("registry %q can not be told from a repository's path; write it with its port or its full host name", s)
	}
	if host == "index.docker.io" && port == "" {
		host = DockerHub
	}
	return host + port, nil
}

// splitPort cuts ":port" from the end, keeping the colon, and refuses a number that is no port.
func splitPort(s string) (host, port string, err error) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || i < strings.LastIndexByte(s, ']') {
		return s, "", nil
	}
	n, err := strconv.ParseUint(s[i+1:], 10, 16)
	if err != nil {
		return "", "", err
	}
	if n == 0 {
		return "", "", fmt.Errorf("port 0 of %q", s)
	}
	return s[:i], ":" + strconv.FormatUint(n, 10), nil
}
