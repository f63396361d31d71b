// Package comparison puts images side by side, says which of them meet what is required and why others do not, and ranks
// them, so that a base image can be chosen with reasons in a plan.
//
// Words:
//
//   - candidate: an image to compare, with what is known of it.
//   - requirement: something a candidate must have. A candidate that fails one, or of which it can not be known, is not eligible,
//     and a reason says which and why.
//   - criterion: what candidates are ranked by, the first one first. Less is better for all of them, except for efficiency and for
//     the end of life.
//   - unknown: a fact that could not be had. It is nil in a [Result], stands in Unknowns with its reason, and ranks behind every
//     known value.
//
// Invariants. The same candidates give the same report, whatever order they come in: the ranking is total (the name decides at
// last) and stable. Nothing unknown counts as met. Everything is a pure function: the day of the comparison is given.
//
// The report has three forms: values ([Result]), a table in Markdown for a pull request ([Report.Markdown]), and a chart
// ([Report.Chart]).
package comparison
