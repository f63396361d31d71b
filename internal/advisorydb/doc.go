// Package advisorydb brings an advisory database to this machine, keeps it, and opens it.
//
// A database is an OCI artifact in the format of trivy-db: one layer, a gzipped tar archive with trivy.db and metadata.json. It is
// pulled through the registry client, so mirrors, credentials and retries are those of images. Or it is such an archive, or
// a directory with both files, on the local disk, and no network is needed.
//
//	Store.Open  →  resolve the tag (decided.go)  →  cached?  →  download, verify, unpack, rename  →  verify, judge the age, open
//	                                                            (archive.go)                        (kept.go)
//
// Rules:
//
//   - Nothing is unpacked that was not downloaded whole and verified by its digest first. Both files have limits, and an archive
//     with anything surprising is refused.
//   - What is kept appears under the archive's digest when it is whole, never before. Beside it stands the digest of the
//     unpacked file, and every run reads the file once to compare: a disk that loses bits is noticed. Who can write to the
//     cache directory can replace both, so it belongs to one user (mode 0700).
//   - The newest two databases are kept. They are some 500 MB each.
//   - Age is what the database itself says, against the clock that is given. Beyond the maximum there is no database; a date
//     in the future is no date.
//   - An answer, an error too, is kept for the life of a Store, so that every scan of a run sees one database.
//   - What a tag stands for is decided once an hour, so that a plan and its apply, which are two processes, see one database, too.
//
// Not done on purpose: trivy-db's own download from a web page, and falling back to an older database when the registry does not
// answer. A plan that silently used last month's advisories would be worse than one that stops.
package advisorydb
