package contents

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// maxFindings bounds how many findings are kept. Whoever has more has read enough of them.
const maxFindings = 200

// FindingKind is what a finding is about.
type FindingKind string

// The kinds of findings.
const (
	// SecretFile is a file that looks like a secret, by its name or its first line.
	SecretFile FindingKind = "secret"
	// VersionControl is the folder of a version control system, with a project's whole history.
	VersionControl FindingKind = "version_control"
)

// Finding is something that should not be in an image. It is reported where a later layer deletes it, too: whoever pulls the
// image has the layer.
type Finding struct {
	Kind FindingKind `json:"kind"`
	Path string      `json:"path"`
	// LayerDigest is the layer that brings it.
	LayerDigest string `json:"layer_digest"`
	// Hidden reports whether a layer above deletes or replaces it.
	Hidden bool `json:"hidden,omitempty"`
}

// secretNames are files that hold credentials, by their name or the end of their path. Sources: the documentation of each
// tool, and gitleaks v8.21 config/gitleaks.toml and detect-secrets for which of them leak in practice.
var secretNames = []string{
	"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_ecdsa_sk", "id_ed25519_sk", ".netrc", "_netrc", ".git-credentials", ".pgpass",
	".my.cnf", ".htpasswd", "terraform.tfstate", "credentials.tfrc.json", ".terraformrc", "secring.gpg", ".vault-token",
	".aws/credentials", ".docker/config.json", ".dockercfg", ".kube/config", ".azure/accessTokens.json", ".azure/msal_token_cache.json",
	".config/gcloud/application_default_credentials.json", ".config/gcloud/credentials.db", ".config/gh/hosts.yml", ".gem/credentials",
	".cargo/credentials.toml", ".m2/settings-security.xml", ".env.production", ".env.local",
}

// secretEndings are kinds of files that hold private keys or passwords.
var secretEndings = []string{".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk"}

// notSecret are places where packages keep public stores and examples under such names.
var notSecret = []string{"usr/share/", "etc/ssl/certs/", "etc/pki/ca-trust/", "etc/pki/java/", "etc/ssl/java/", "usr/lib/python", "usr/lib/go/", "usr/local/go/", "nix/store/"}

// versionControl are the folders of version control systems.
var versionControl = []string{".git", ".hg", ".svn", ".bzr", "CVS"}

// stored takes an entry of any layer, visible or not.
func (f *facts) stored(e entry, hidden bool, l Layer) {
	f.group(e, hidden)
	switch {
	case e.kind == file && isSecret(e, l.keys[e.path]):
		f.find(Finding{SecretFile, display(e.path), l.Digest, hidden})
	case e.kind == directory && slices.Contains(versionControl, path.Base(e.path)) && !inOneOf(e.path, notSecret):
		f.find(Finding{VersionControl, display(e.path), l.Digest, hidden})
	}
}

func isSecret(e entry, hasKey bool) bool {
	if e.size == 0 || inOneOf(e.path, notSecret) || strings.Contains(e.path, "/site-packages/") || strings.Contains(e.path, "/node_modules/") {
		return false
	}
	for _, name := range secretNames {
		if e.path == name || strings.HasSuffix(e.path, "/"+name) {
			return true
		}
	}
	return hasKey || slices.Contains(secretEndings, path.Ext(e.path))
}

func inOneOf(name string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

func (f *facts) find(found Finding) {
	if len(f.findings) < maxFindings {
		f.findings = append(f.findings, found)
	}
}

func (f *facts) sortedFindings() []Finding {
	sorted := slices.Clone(f.findings)
	slices.SortFunc(sorted, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Path, b.Path), cmp.Compare(a.LayerDigest, b.LayerDigest))
	})
	if sorted == nil {
		return []Finding{}
	}
	return sorted
}
