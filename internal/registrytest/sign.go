package registrytest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
)

// Publisher signs images with an Ed25519 key that is made of its name, so that it is the same on every machine. Everybody
// can make that key: it is for tests and examples.
type Publisher string

// PublicKey returns the key to verify with, in PEM.
func (p Publisher) PublicKey() string {
	der, err := x509.MarshalPKIXPublicKey(p.key().Public())
	if err != nil {
		panic(err) // An Ed25519 key always has this form.
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func (p Publisher) key() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(p))
	return ed25519.NewKeyFromSeed(seed[:])
}

// Sign puts the publisher's signature of the digest beside the image, as cosign 2 does: under a tag.
// Source: sigstore/cosign v2, specs/SIGNATURE_SPEC.md.
func (s *Server) Sign(t T, repository, digest string, publisher Publisher) {
	t.Helper()
	s.SignAs(t, repository, digest, digest, publisher)
}

// SignAs is Sign with a signature of another digest, as if it were copied from another image.
func (s *Server) SignAs(t T, repository, digest, signed string, publisher Publisher) {
	t.Helper()
	payload := fmt.Sprintf(`{"critical":{"identity":{"docker-reference":""},"image":{"docker-manifest-digest":%q},"type":"cosign container image signature"},"optional":null}`, signed)
	sig := ed25519.Sign(publisher.key(), []byte(payload))
	s.PushArtifact(t, repository+":"+strings.ReplaceAll(digest, ":", "-")+".sig", Artifact{
		Type: "application/vnd.oci.image.config.v1+json", MediaType: "application/vnd.dev.cosign.simplesigning.v1+json", Content: payload,
		LayerAnnotations: map[string]string{"dev.cosignproject.cosign/signature": base64.StdEncoding.EncodeToString(sig)},
	})
}

// Attest puts the publisher's attestation of the digest beside the image, as cosign 3 does: a bundle that refers to it.
// Source: sigstore/cosign v3, specs/BUNDLE_SPEC.md; secure-systems-lab/dsse, protocol.md.
func (s *Server) Attest(t T, repository, digest, predicateType, predicate string, publisher Publisher) {
	t.Helper()
	const payloadType = "application/vnd.in-toto+json"
	statement := fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"","digest":{"sha256":%q}}],"predicateType":%q,"predicate":%s}`,
		strings.TrimPrefix(digest, "sha256:"), predicateType, predicate)
	sig := ed25519.Sign(publisher.key(), fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(payloadType), payloadType, len(statement), statement))
	bundle := fmt.Sprintf(`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":""}},"dsseEnvelope":{"payload":%q,"payloadType":%q,"signatures":[{"sig":%q}]}}`,
		base64.StdEncoding.EncodeToString([]byte(statement)), payloadType, base64.StdEncoding.EncodeToString(sig))
	s.Attach(t, repository, digest, Artifact{
		Type: "application/vnd.dev.sigstore.bundle.v0.3+json", MediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", Content: bundle,
		Annotations: map[string]string{"dev.sigstore.bundle.content": "dsse-envelope", "dev.sigstore.bundle.predicateType": predicateType},
	})
}
