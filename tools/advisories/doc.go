// Package advisories holds the matcher of vulnerabilities against what others do: the order of
// versions against libapt and librpm, and the reading of a database against trivy-db's own writer.
//
// It is a module of its own, so that trivy-db is no dependency of the provider's, and has tests only:
// `make test-advisories`. The libraries are asked through Debian's python3-apt and python3-rpm, which
// the target installs where they are missing.
//
// Not here: apk-tools, which Debian 12 does not have.
package advisories
