package imageref

import "fmt"

// DockerHub is the registry of references that name none, as Reference.Registry spells it.
const DockerHub = "docker.io"

// layoutPrefix begins a reference to an OCI image layout directory.
const layoutPrefix = "oci-layout:"

// Reference is a parsed image reference in normal form.
// Make one with Parse; the zero value names nothing and prints as the empty string.
// References are comparable with ==, see the package documentation for what equality means.
type Reference struct {
	registry string
	path     string
	tag      string
	digest   string
	layout   string
}

// String returns the normal form, with the tag and the digest that the reference has.
func (r Reference) String() string {
	s := r.Repository()
	if r.tag != "" {
		s += ":" + r.tag
	}
	if r.digest != "" {
		s += "@" + r.digest
	}
	return s
}

// Registry returns the registry's host with its port if one was given, such as "docker.io" or "[::1]:5000".
// It is empty for a layout.
func (r Reference) Registry() string { return r.registry }

// Path returns the repository's path inside its registry, such as "library/nginx". It is empty for a layout.
func (r Reference) Path() string { return r.path }

// Repository returns the full name without tag and digest, such as "docker.io/library/nginx" or "oci-layout:./image".
func (r Reference) Repository() string {
	switch {
	case r.layout != "":
		return layoutPrefix + r.layout
	case r.registry != "":
		return r.registry + "/" + r.path
	default:
		return ""
	}
}

// Tag returns the tag, or the empty string if the reference has none.
func (r Reference) Tag() string { return r.tag }

// Digest returns the digest in the form "sha256:<64 hexadecimal digits>", or the empty string if there is none.
func (r Reference) Digest() string { return r.digest }

// IsLayout reports whether the reference names an OCI image layout on the local disk.
func (r Reference) IsLayout() bool { return r.layout != "" }

// LayoutPath returns the directory of a layout exactly as it was written, or the empty string if this is not a layout.
func (r Reference) LayoutPath() string { return r.layout }

// IsPinned reports whether the reference has a digest.
func (r Reference) IsPinned() bool { return r.digest != "" }

// Pinned returns the reference as a workload takes it: "repository:tag@digest", or "repository@digest" where there is no
// tag. It is empty if the reference is not pinned, so that an unpinned reference can not pass for a pinned one.
func (r Reference) Pinned() string {
	if !r.IsPinned() {
		return ""
	}
	return r.String()
}

// WithDigest returns a copy that has the given digest in place of its own. The tag stays.
func (r Reference) WithDigest(digest string) (Reference, error) {
	if err := checkDigest(digest); err != nil {
		return Reference{}, fmt.Errorf("image reference %q: %w", r, err)
	}
	r.digest = digest
	return r, nil
}

// WithTag returns a copy that has the given tag and no digest, since a digest belonged to the tag before.
func (r Reference) WithTag(tag string) (Reference, error) {
	if err := checkTag(tag); err != nil {
		return Reference{}, fmt.Errorf("image reference %q: %w", r, err)
	}
	r.tag, r.digest = tag, ""
	return r, nil
}

// Untagged returns a copy without tag and digest: the repository alone.
func (r Reference) Untagged() Reference {
	r.tag, r.digest = "", ""
	return r
}
