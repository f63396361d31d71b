package signature_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sigstore/sigstore/pkg/signature/options"

	subject "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/signature"
)

const signs = "https://sigstore.dev/cosign/sign/v1"

func TestCheck_EveryKindOfKeyAndDocument(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]publisher{
		"ECDSA P-256":                    ecdsaPublisher(t, elliptic.P256(), crypto.SHA256),
		"ECDSA P-384 as cosign signs":    ecdsaPublisher(t, elliptic.P384(), crypto.SHA256),
		"ECDSA P-384 with its own hash":  ecdsaPublisher(t, elliptic.P384(), crypto.SHA384),
		"ECDSA P-521 with its own hash":  ecdsaPublisher(t, elliptic.P521(), crypto.SHA512),
		"RSA 2048":                       rsaPublisher(t, 2048),
		"RSA 3072":                       rsaPublisher(t, 3072),
		"Ed25519":                        ed25519Publisher(t),
		"Ed25519, over the message hash": ed25519Publisher(t, options.WithED25519ph()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, d := range []subject.Document{p.simple(t, payload(image)), p.bundle(t, statement(signs, another, image))} {
				proofs, err := check([]subject.Document{d}, nil, p.key)
				want := []subject.Proof{{KeyID: p.key.ID(), Origin: d.Origin}}
				if diff := cmp.Diff(want, proofs); diff != "" || err != nil {
					t.Errorf("%s: %v (-want +got):\n%s", d.Origin, err, diff)
				}
			}
		})
	}
}

func TestCheck_AttestationsAreNeededBesideTheSignature(t *testing.T) {
	t.Parallel()
	p, other := ecdsaPublisher(t, elliptic.P256(), crypto.SHA256), ed25519Publisher(t)
	documents := []subject.Document{p.simple(t, payload(image)), other.envelope(t, statement(sbom, image)), other.envelope(t, statement(sbom, image))}
	proofs, err := check(documents, []string{sbom}, p.key, other.key)
	want := []subject.Proof{{KeyID: p.key.ID(), Origin: "sig"}, {PredicateType: sbom, KeyID: other.key.ID(), Origin: "att"}}
	if diff := cmp.Diff(want, proofs); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := check(documents[1:], []string{sbom}, p.key, other.key); !errors.Is(err, subject.ErrNone) {
		t.Errorf("an attestation passes for a signature: %v", err)
	}
	_, err = check(documents, []string{sbom, "https://slsa.dev/provenance/v1"}, p.key, other.key)
	var lacking *subject.Error
	if !errors.As(err, &lacking) || lacking.PredicateType != "https://slsa.dev/provenance/v1" || lacking.Kind != subject.ErrNone {
		t.Errorf("one of two attestations is missing: %v", err)
	}
}

// Whatever an attacker who can write to the registry puts there is no proof.
func TestCheck_WhatProvesNothing(t *testing.T) {
	t.Parallel()
	p, other := ecdsaPublisher(t, elliptic.P256(), crypto.SHA256), rsaPublisher(t, 2048)
	signed := p.simple(t, payload(another))
	forged := signed
	forged.Content = []byte(payload(image)) // the signature of another payload
	swapped := p.envelope(t, statement(signs, another))
	swapped.Content = bytes.Replace(swapped.Content, []byte(base64.StdEncoding.EncodeToString([]byte(statement(signs, another)))),
		[]byte(base64.StdEncoding.EncodeToString([]byte(statement(signs, image)))), 1)
	many := p.bundle(t, statement(signs, image))
	many.Content = bytes.Replace(many.Content, []byte(`"signatures":[`), []byte(`"signatures":[`+strings.Repeat(`{"sig":"AAAA"},`, 1000)), 1)
	for name, tt := range map[string]struct {
		document subject.Document
		want     error
		text     string
	}{
		"another key":                   {other.simple(t, payload(image)), subject.ErrOtherKey, "by the key; not by it are: sig"},
		"another key, bundle":           {other.bundle(t, statement(signs, image)), subject.ErrOtherKey, "bundle"},
		"copied from another image":     {signed, subject.ErrOtherDigest, `sig is about "` + another + `"`},
		"copied statement":              {p.bundle(t, statement(signs, another)), subject.ErrOtherDigest, another},
		"statement about nothing":       {p.bundle(t, statement(signs)), subject.ErrOtherDigest, "no digest"},
		"other digest under the sig":    {forged, subject.ErrOtherKey, "sig"},
		"other payload in the envelope": {swapped, subject.ErrOtherKey, "att"},
		"attestation of another type":   {p.bundle(t, statement(sbom, image)), subject.ErrNone, "cosign sign --key"},
		"payload of another kind":       {p.simple(t, strings.Replace(payload(image), "cosign container image", "atomic container", 1)), subject.ErrUnreadable, "atomic"},
		"text that is signed":           {p.simple(t, "hello"), subject.ErrUnreadable, "no JSON"},
		"statement as a payload":        {p.simple(t, statement(signs, image)), subject.ErrUnreadable, `the type ""`},
		"envelope of another payload":   {subject.Document{Origin: "att", MediaType: subject.EnvelopeType, Content: []byte(`{"payloadType":"text/plain","payload":"","signatures":[{"sig":"AAAA"}]}`)}, subject.ErrUnreadable, "text/plain"},
		"no signature at all":           {subject.Document{Origin: "att", MediaType: subject.EnvelopeType, Content: []byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[]}`)}, subject.ErrOtherKey, "att"},
		"thousand signatures":           {many, subject.ErrUnreadable, "1001 signatures"},
		"annotation without signature":  {subject.Document{Origin: "sig", MediaType: subject.PayloadType, Content: []byte(payload(image))}, subject.ErrUnreadable, "dev.cosignproject.cosign/signature"},
		"bundle without envelope":       {subject.Document{Origin: "b", MediaType: subject.BundleType, Content: []byte(`{"messageSignature":{}}`)}, subject.ErrUnreadable, "no DSSE envelope"},
		"bundle of null":                {subject.Document{Origin: "b", MediaType: subject.BundleType, Content: []byte(`{"dsseEnvelope":null}`)}, subject.ErrUnreadable, "type \"\""},
		"no JSON":                       {subject.Document{Origin: "b", MediaType: subject.BundleType, Content: []byte(`{`)}, subject.ErrUnreadable, "no JSON"},
		"too large":                     {subject.Document{Origin: "b", MediaType: subject.BundleType, Content: make([]byte, subject.MaxDocumentBytes+1)}, subject.ErrUnreadable, "more than"},
		"statement of another version":  {p.envelope(t, strings.Replace(statement(signs, image), "Statement/v1", "Statement/v9", 1)), subject.ErrUnreadable, "v9"},
		"statement without predicate":   {p.envelope(t, statement("", image)), subject.ErrUnreadable, "no predicate type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proofs, err := check([]subject.Document{tt.document}, nil, p.key)
			if !errors.Is(err, tt.want) || proofs != nil {
				t.Fatalf("got %v, %v; want %v", proofs, err, tt.want)
			}
			if !strings.Contains(err.Error(), tt.text) {
				t.Errorf("%q lacks %q", err, tt.text)
			}
			good := p.simple(t, payload(image))
			if _, err := check([]subject.Document{tt.document, good}, nil, p.key); err != nil {
				t.Errorf("it hides a good signature: %v", err)
			}
		})
	}
	if _, err := check([]subject.Document{p.simple(t, payload(image))}, nil); err == nil {
		t.Error("a check without keys passes")
	}
	if _, err := check(nil, nil, subject.Key{}); !errors.Is(err, subject.ErrNone) {
		t.Errorf("nothing was found: %v", err)
	}
}

// An error lists a few documents, however many there are.
func TestError_IsShort(t *testing.T) {
	t.Parallel()
	p, other := ed25519Publisher(t), ed25519Publisher(t)
	documents := make([]subject.Document, 100)
	for i := range documents {
		documents[i] = other.simple(t, payload(image))
		documents[i].Origin = fmt.Sprint("sig", i)
	}
	_, err := check(documents, nil, p.key, ed25519Publisher(t).key)
	if err == nil || !strings.Contains(err.Error(), "and 95 more") || !strings.Contains(err.Error(), "one of the 2 keys") || len(err.Error()) > 500 {
		t.Errorf("got %v", err)
	}
}

func FuzzCheck(f *testing.F) {
	key, err := subject.ParseKey(vectorKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(subject.PayloadType, []byte(payload(image)), "AAAA")
	f.Add(subject.EnvelopeType, []byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AAAA"}]}`), "")
	f.Add(subject.BundleType, []byte(`{"dsseEnvelope":{"payloadType":"application/vnd.in-toto+json","payload":"e30","signatures":[{"sig":""}]}}`), "")
	f.Fuzz(func(t *testing.T, mediaType string, content []byte, sig string) {
		proofs, err := check([]subject.Document{{Origin: "o", MediaType: mediaType, Content: content, Signature: sig}}, nil, key)
		if err == nil {
			t.Fatalf("proven without the private key: %v", proofs)
		}
		if raw, err := json.Marshal(err.Error()); err != nil || len(raw) > 4096 {
			t.Errorf("a message of %d bytes, %v", len(raw), err)
		}
	})
}
