// Package trivyrun runs a Trivy executable that the user names by path and SHA-256, and returns the report that it prints.
//
// Nothing is ever downloaded, and nothing is searched for on PATH: a scanner was published with malware before
// (aquasecurity/trivy-action#541). The file is read, its digest compared, and what runs is a private copy of exactly those
// bytes, so that a file which is replaced in between does not run.
//
// The arguments are fixed. The environment is a short list of names ([Environment]), and the working directory an
// empty one: TRIVY_SEVERITY, trivy.yaml or .trivyignore could hide findings. Output and time are bounded.
//
// Not done on purpose: Trivy's own database and registry access are Trivy's affair; this provider's registries, credentials
// and caches are not handed over.
package trivyrun
