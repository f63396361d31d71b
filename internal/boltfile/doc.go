// Package boltfile reads files of the bbolt key-value store without trusting them.
//
// An advisory database comes from a registry and is read inside the provider's process. The library bbolt maps such a file
// into memory and follows what it finds there: an offset that lies is a read anywhere in the process, and pages that name
// each other are an endless recursion, which no recover catches ([ADR 9] has the measurement). Reading needs little of
// what the library does, so this package does just that, with every offset checked.
//
// Words:
//
//   - page: the unit of the file, numbered from zero. A page that needs more room continues over the ones behind it.
//   - bucket: a sorted map of keys to values or to further buckets. It is a tree of pages or, where it is small, one page
//     inside its own value ("inline").
//   - meta: pages 0 and 1, which name the root bucket. The valid one with the higher transaction counts.
//
// Invariants. Only the reader that is given is read, at offsets inside its size. Whatever the bytes are, every call ends,
// with an error that is [ErrCorrupt] if they are no bbolt file: trees have a greatest depth, and one walk reads at most as
// many pages as the file has. A key that is not found is not an error. Nothing is written, locked or mapped.
//
// Not done on purpose: the list of free pages is not read, since a reader does not need it. Numbers are little-endian, as in
// every file that is published, whatever the byte order of this machine; a file of the other order has no valid meta page.
//
// Source of the format: go.etcd.io/bbolt@v1.5.0, internal/common/{page,meta,bucket}.go and cursor.go.
//
// [ADR 9]: https://github.com/seaworthy-dev/terraform-provider-seaworthy/blob/main/adr/0009-advisory-database.md
package boltfile
