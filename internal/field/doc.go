// Package field names the place in a user's configuration that a message is about.
//
// A [Path] is written as the user wrote the attribute in HCL:
//
//	containers["web"].readiness_probe.http_get.port
//	topology_spread[0].max_skew
//
// Domain packages build paths and attach them to errors; the provider turns the
// same steps into Terraform attribute paths, so that a diagnostic points at the
// line to change. Paths are values: extending one never changes another.
//
// An [Error] holds one violation. Validation collects all of them with
// [errors.Join], and [All] takes the joined tree apart again. Message texts are
// lower case, say what was found and what to do, and do not repeat the path.
//
// The package knows nothing of Kubernetes or Terraform, and does not parse
// paths: nothing reads one back from its text.
package field
