// Package imagefacts says what is known of a container image, from its manifests and configs alone.
//
// An image is published in one of two shapes. A single image is a manifest that names a config and layers. An index (an
// OCI image index or a Docker manifest list) names one such manifest for each platform. This package reads both shapes
// into one: an [Image] with a map of platform to [Facts], so that nothing above has to know which it was.
//
// Words:
//
//   - document: the bytes of a manifest or an index. Its digest is the SHA-256 of exactly those bytes.
//   - platform: operating system, architecture and variant, written "linux/amd64" or "linux/arm64/v8". Windows images
//     also carry a version: "windows/amd64:10.0.20348.2700".
//   - attestation: a manifest inside an index that describes another one (provenance, a bill of materials). BuildKit
//     marks it with the platform "unknown/unknown". It can not run, so it is not a platform.
//
// Invariants. Everything here is a pure function of bytes that somebody else has fetched and verified: no network, no
// disk, no clock. Input comes from a registry and is not trusted: counts and sizes are checked, a document that could be
// read as both shapes is refused, and nothing is guessed. A fact that an image does not state is empty.
//
// Not done on purpose: values of environment variables are not kept, since images in the wild carry secrets there and
// facts end up in a Terraform state; and layers are not read, so what is inside the files is not known here.
package imagefacts
