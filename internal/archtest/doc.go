// Package archtest holds the import table of the module and the test that
// keeps to it.
//
// The table ([Rows]) says for every package what it may import beyond the
// standard library and what it must never reach. DESIGN.md shows the same table
// to readers; a test compares the two. Three questions are asked of a package:
//
//	Allowed  what it imports itself. Anything that no entry of the list covers
//	         is a violation, so a new dependency is a decision, not an accident.
//	Never    what it reaches, directly or through others. The message names the
//	         chain of imports that leads there.
//	Pure     whether its own code could do I/O: such a package imports no package
//	         of [Impure]. Rendering is a function of its input.
//
// Why "pure" looks at direct imports only: k8s.io/apimachinery and Helm's
// engine link net/http for parts of them that are not called here. Where the
// whole graph of a package is free of net/http, its row says so under Never.
//
// Only what a build of the module contains is looked at. Test files may import
// the packages that serve tests, and terraform-plugin-testing.
//
// A package without a row, a row of the wrong shape and a package whose name
// says nothing ([Nameless]) are violations too. Adding a package is adding a row.
package archtest
