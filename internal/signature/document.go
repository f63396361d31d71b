package signature

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// Media types of the layers that hold documents.
// Source: sigstore/cosign v3, specs/SIGNATURE_SPEC.md and specs/BUNDLE_SPEC.md; sigstore/protobuf-specs v0.5.0, sigstore_bundle.proto.
const (
	// PayloadType: a payload in the "simple signing" form. Its signature stands in the layer's annotation [SignatureKey].
	PayloadType = "application/vnd.dev.cosign.simplesigning.v1+json"
	// EnvelopeType: a DSSE envelope.
	EnvelopeType = "application/vnd.dsse.envelope.v1+json"
	// BundleType begins the media types of Sigstore bundles, which end with their version.
	BundleType = "application/vnd.dev.sigstore.bundle"
)

// SignatureKey is the annotation with the base64 signature of a payload.
const SignatureKey = "dev.cosignproject.cosign/signature"

// MaxDocumentBytes bounds one document. Envelopes hold SBOMs of large images in base64, which have tens of megabytes.
const MaxDocumentBytes = 32 << 20

// maxSignatures bounds how many signatures of one envelope are tried.
const maxSignatures = 20

// inTotoType is the type of envelope payloads that are statements. Source: in-toto attestation framework, spec/v1/envelope.md.
const inTotoType = "application/vnd.in-toto+json"

// Document is what somebody put beside an image.
type Document struct {
	// Origin says where it was found, for messages and proofs.
	Origin string
	// MediaType of the layer that held it.
	MediaType string
	Content   []byte
	// Signature is the base64 signature of a payload; empty for documents that hold their signatures.
	Signature string
}

// signed is a message with the signatures over it. Nothing vouches for it yet.
type signed struct {
	message    []byte // what the signatures are over
	payload    []byte // what is said
	signatures [][]byte
	isEnvelope bool
}

// open takes a document apart without believing any of it.
func (d Document) open() (signed, error) {
	switch {
	case len(d.Content) > MaxDocumentBytes:
		return signed{}, fmt.Errorf("it has %d bytes, more than %d", len(d.Content), MaxDocumentBytes)
	case d.MediaType == PayloadType:
		sig, err := base64.StdEncoding.DecodeString(d.Signature)
		if err != nil || len(sig) == 0 {
			return signed{}, fmt.Errorf("its annotation %s holds no base64 signature", SignatureKey)
		}
		return signed{message: d.Content, payload: d.Content, signatures: [][]byte{sig}}, nil
	case d.MediaType == EnvelopeType:
		return openEnvelope(d.Content)
	default:
		var bundle struct {
			Envelope json.RawMessage `json:"dsseEnvelope"`
		}
		if err := json.Unmarshal(d.Content, &bundle); err != nil {
			return signed{}, fmt.Errorf("the bundle is no JSON: %w", err)
		}
		if len(bundle.Envelope) == 0 {
			return signed{}, fmt.Errorf("the bundle holds no DSSE envelope")
		}
		return openEnvelope(bundle.Envelope)
	}
}

func openEnvelope(raw []byte) (signed, error) {
	var envelope dsse.Envelope
	if err := json.Unmarshal(raw, &envelope); err != nil {
		return signed{}, fmt.Errorf("the envelope is no JSON: %w", err)
	}
	switch {
	case envelope.PayloadType != inTotoType:
		return signed{}, fmt.Errorf("the envelope's payload is of the type %.80q, and not an in-toto statement", envelope.PayloadType)
	case len(envelope.Signatures) > maxSignatures:
		return signed{}, fmt.Errorf("the envelope has %d signatures, more than %d", len(envelope.Signatures), maxSignatures)
	}
	payload, err := envelope.DecodeB64Payload()
	if err != nil {
		return signed{}, fmt.Errorf("the envelope's payload is no base64")
	}
	s := signed{message: dsse.PAE(envelope.PayloadType, payload), payload: payload, isEnvelope: true}
	for _, each := range envelope.Signatures {
		if sig, err := base64.StdEncoding.DecodeString(each.Sig); err == nil {
			s.signatures = append(s.signatures, sig)
		}
	}
	return s, nil
}
