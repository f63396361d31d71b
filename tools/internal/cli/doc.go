// Package cli drives a Terraform-compatible command line the way a user would.
//
// Three programs of this module need the same things: a CLI to run, the
// provider of this work tree in a place from which `init` installs it, and a
// working folder whose outcome depends on nothing but the files in it. They are
// the demo (tools/demo), the benchmark (tools/bench) and the test wrapper
// (tools/withcli).
//
// A CLI is terraform or tofu on PATH, in this order, provided it is new enough
// to call provider functions. Where there is neither, OpenTofu is built from
// its Go module (tools/opentofu) into the user's cache folder, once for each
// version.
//
// The provider is offered through a filesystem mirror and not through
// `dev_overrides`: with an override `init` has nothing to install, so the lock
// file and the version constraint of a configuration would never be tried. The
// mirror holds the provider under both public registry hosts, because OpenTofu
// reads the short address "seaworthy-dev/seaworthy" as registry.opentofu.org/…
// and Terraform as registry.terraform.io/….
//
// The commands get no proxy, credential or TF_* setting of the caller that
// could change what a run shows: see [Workspace].
package cli
