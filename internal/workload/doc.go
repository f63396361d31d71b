// Package workload holds the one description of a workload: what a user writes
// in HCL, before anything is rendered.
//
// The JSON names of [Workload]'s fields are the attribute names of the resource
// seaworthy_workload, so one type serves the provider (which decodes a Terraform
// value into it), the golden inputs of the renderer (which are the same document
// in YAML) and every rule. Words are Kubernetes' field names in snake_case;
// quantities are strings, durations whole seconds, shares "25%". A nil pointer, map or
// slice means "not set"; what was not set is decided by [Workload.WithDefaults].
//
// The life of a description:
//
//	Validate      is each value well formed, and do the values fit each other?
//	WithDefaults  every open decision is made: hardened unless the user said otherwise
//	render        manifests (package render)
//	hardening     rules over the rendered objects, with Exceptions applied
//
// Validate refuses what Kubernetes itself would refuse, or what cannot mean
// anything; it is never excepted. Whether something well formed is also safe to
// run is a question for package hardening, where a written reason may say yes.
// Validate reports all violations at once, each at the attribute to blame.
//
// The description holds no secret: secrets are referenced by name and key.
// The package does no I/O and knows nothing of Helm or Terraform.
package workload
