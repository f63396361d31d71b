// Package report checks any YAML by the rules of package hardening and writes down
// what they say, for people and for programs.
//
// A [Report] is the findings over one set of manifests: each with the object, the
// field and the line that it is about. It is written in two forms besides the list
// itself:
//
//   - SARIF 2.1.0 ([Report.SARIF]), which code hosts show beside the lines of a change.
//     Every rule that found something is described in it, exceptions are suppressions
//     with their reason, and the fingerprints survive lines that move;
//   - Markdown ([Report.Markdown]), a table for a pull request. Whatever comes from the
//     manifests is escaped, since they may be somebody else's.
//
// What is read is bounded ([MaxObjects], and the sizes of package manifest), because the
// text may come from anywhere. Both forms depend on the input alone: no clock, no machine,
// the same bytes each time.
//
// What is not done: no file is read, nothing is sent anywhere. Whether a finding should
// stop somebody is for the caller to decide; [Report.Failing] counts what would.
package report
