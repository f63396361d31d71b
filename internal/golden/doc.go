// Package golden compares what a test produced with a file that a person has
// reviewed, the golden file.
//
//	golden.Check(t, filepath.Join("testdata", name, "output.yaml"), got)
//
// A difference fails the test and is printed as a unified diff. `go test -update`
// writes the files instead; the change is then reviewed like any other. A file
// that does not exist is never created without -update: a test whose golden file
// was forgotten must not pass.
//
// Files are compared with LF line ends, since Git may check them out with CRLF.
//
// [CheckNoOrphans] fails for files that no test reads any more.
//
// Only tests import this package.
package golden
