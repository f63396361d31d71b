// Package signature decides whether an image is signed by one of the given keys.
//
// What cosign and its relatives leave beside an image in a registry comes in as documents, one after the other, and what
// comes out are proofs, or why there is none. Who reads the registry, and where documents are found there, is not known here.
//
// Words:
//
//   - document: what somebody put beside the image: a payload with a detached signature, a DSSE envelope, or a Sigstore
//     bundle that holds an envelope. Nothing of it is trusted before a key has verified it.
//   - signature: a document that says no more than that its signer stands by the digest.
//   - attestation: an in-toto statement that says something about the digest: its predicate, of a predicate type.
//   - proof: a document that one of the keys verifies and that names the image's digest.
//
// Invariants. Bytes are verified first and parsed after, and only the bytes that were verified are parsed. A document that
// verifies but names another digest is no proof: signatures can be copied from one image to another. Keys come from the caller
// and from nowhere else: a certificate or key that a document carries is not looked at. RSA keys have 2048 bits or more
// (PKCS #1 v1.5, SHA-256), ECDSA keys are on P-256, P-384 or P-521 (SHA-256, which cosign takes for every curve, or the hash of
// the curve's own size), and Ed25519 is plain or prehashed; the cryptography is that of github.com/sigstore/sigstore.
//
// Not done on purpose: no transparency log (Rekor) and no certificate authority (Fulcio) is asked or believed, so keyless
// signatures prove nothing here, and a signature does not expire: who no longer trusts a key takes it off the list. What a predicate says is
// not judged. See adr/0013-signatures.md.
package signature
