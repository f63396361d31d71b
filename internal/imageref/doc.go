// Package imageref parses, normalises and compares container image references.
//
// A reference names an image by up to four parts, and this package keeps all of them:
//
//	docker.io/library/nginx:1.27@sha256:0123…
//	└registry┘└──path─────┘└tag┘└──digest──┘
//
// Most libraries drop the tag as soon as a digest is present. Here both are kept, because they answer different
// questions: the digest says exactly which bytes run, and the tag tells a reader of a plan what those bytes were called
// when somebody chose them.
//
// Words used throughout the project:
//
//   - pinned: the reference has a digest, so it names the same content for ever.
//   - floating: it has no digest, and a tag that publishers move on purpose (or no tag at all).
//   - layout: "oci-layout:PATH[:tag]", an OCI image layout directory on the local disk. It has no registry.
//
// Normal form. [Parse] accepts what users write and [Reference.String] prints one spelling of it: "nginx" becomes
// "docker.io/library/nginx", Docker Hub's other name "index.docker.io" becomes "docker.io", host names are lower case and
// IPv6 addresses are in their canonical form. A missing tag stays missing: writing ":latest" in its place would hide that nobody chose it.
// Parse(x.String()) gives x again.
//
// Equality. Reference is comparable: two references are equal exactly if their normal forms are the same text. Equal
// references name the same image, but unequal ones may still do so ("nginx:1.27" and its digest, "example.com" and
// "example.com:443", "oci-layout:a" and "oci-layout:./a"): only a registry can tell, and this package does no I/O.
//
// The grammar is that of the OCI distribution specification v1.1.1 ("Pulling manifests": name, tag, digest) with the
// reading of short names that Docker has; only sha256 digests are accepted, because nothing below us verifies others.
package imageref
