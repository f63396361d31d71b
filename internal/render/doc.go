// Package render turns the description of a workload into the manifests of its
// objects, through Helm.
//
//	workload.Workload
//	  Validate, WithDefaults   every decision is made
//	  values                   the decisions as plain data, one list of objects per kind
//	  Helm's engine            over the embedded chart (package chart), which decides nothing
//	  manifest.Parse           each document decoded strictly into its type
//	  hardening                the rules, over the objects that will reach the cluster
//
// [Render] is a pure function: the same description gives the same bytes, on
// every machine and in every run. It reads no clock, no environment and no
// cluster; the Kubernetes version is an argument. What it renders is, byte for byte, what
// `helm template` makes of the same chart and values.
//
// The text of a manifest is Helm's, never encoded again. That text is checked
// instead: a document must decode into its type without an unknown or repeated
// field, and the rules judge the decoded objects. A mistake in a
// template can so be an error, but not a manifest that lacks a field.
//
// [Encode] joins manifests into one stream in the order of installation and
// [Decode] takes a stream apart.
//
// Only this package and package chart know Helm, so that its engine can be
// replaced in one place.
package render
