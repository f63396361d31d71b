// Package scanreport reads what other tools say about an image: scan results and bills of materials.
//
// A result holds findings (Trivy's JSON, SARIF); a bill of materials holds the image's packages (CycloneDX, SPDX), which
// then are matched like packages that were read from the layers. Both may stand in an attestation: an in-toto statement, alone,
// in a DSSE envelope or in a Sigstore bundle.
//
// Words:
//
//   - subject: the image that a document is about, by digest. Documents name the digest of an index, of a platform's manifest
//     or of a config, by which tool and from where the image was scanned.
//   - created: when the findings were made. An old result misses what became known since. A bill of materials does not
//     age: the image under a digest stays as it is.
//
// Invariants. A document counts only for the image that it names: [Report.Check] refuses one without a subject, or with
// another. Input comes from files and registries and is not trusted: it is bounded, strict where it matters, and never a
// panic (fuzzed). A document that does not say enough is an error, not an image without findings.
//
// Not done on purpose: signatures of envelopes and bundles are not verified here; who needs that verifies the image's attestations
// first. Severity filters that a tool was run with can not be seen in its report.
package scanreport
