// Package chart holds the Helm chart that renders a workload's objects.
//
// The chart lies in files/ and is an ordinary chart: `helm lint`, `helm template`
// and `helm install` take it as it is, with files/values.yaml as an example. It is embedded in
// the program, and [Files] gives it back to a user who wants it.
//
// Its rule is: decisions in Go, text in templates. The values are a list of
// objects per kind, with every decision made, and whatever has no names of its own in
// the values is in Kubernetes' own shape. A template writes a list down and
// decides nothing: no `default`, no condition on two values, no function that
// depends on the clock, on chance, on the network or on a cluster. Since all
// values are lists, Helm replaces them as a whole and never merges the example
// into a user's values.
//
// Three functions write values, and which one matters:
//
//   - toYamlPretty for text that a user writes freely (arguments, variables,
//     annotations, probe requests) and for ports: it keeps every string a string, writes several
//     lines as a block, and does not fold long lines. It would write a number of
//     a million or more, read from a values file, as 1e+06.
//   - toYaml for Kubernetes data with such numbers, whose strings were validated
//     to be names, quantities and words. Given a control character it writes
//     nothing at all, so it gets no free text.
//   - int64 for a single number.
//
// Package render fills the values; nothing here knows what a workload is.
package chart
