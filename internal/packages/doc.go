// Package packages reads the software inventory of an image: which packages are installed, in which version, and from
// which source package each was built.
//
// There is no common format. Every package manager keeps a database of its own, and compilers and language tools leave
// manifests. This package has one reader for each format; all of them return [Package] values, so that what counts,
// compares or matches packages does not care where they came from.
//
// Words:
//
//   - ecosystem: the rules by which a package is named and its versions are ordered ("deb", "apk", "rpm", "golang", …). The
//     names are those of package URLs, so that they can be joined with bills of materials.
//   - source package: what a distribution builds several packages from. Debian's libc6 and libc-bin are both built from
//     glibc, and Debian's security advisories speak of glibc. Where a format states no source, it is the package itself.
//   - origin: the file in the image that says that the package is there.
//
// Invariants. Everything here is a pure function of bytes, and the bytes belong to somebody else: lines, records and
// counts are bounded, names and versions that could not be real ones are an error, and nothing panics (the readers are
// fuzzed). An inventory is whole or it is an error. What a record does not state is empty, never guessed.
//
// Not done on purpose: no version is compared here, and no file on disk is opened. Which files of an image are
// inventories is asked of [ReaderFor]; the caller finds and reads them.
package packages
