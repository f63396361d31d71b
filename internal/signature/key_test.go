package signature_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/sigstore/sigstore/pkg/cryptoutils"

	subject "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/signature"
)

// vectorKey is the public key of RFC 8032, section 7.1, test 3, in PEM.
const vectorKey = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=
-----END PUBLIC KEY-----
`

func TestParseKey_WhatIsNoPublicKey(t *testing.T) {
	t.Parallel()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak := publicPEM(t, short.Public())
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":                          "no PEM",
		"cosign.pub":                "no PEM",
		vectorKey + vectorKey:       "something follows",
		vectorKey + "and a comment": "something follows",
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})):              "private key",
		string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED SIGSTORE PRIVATE KEY"})):       "private key",
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})):              "certificate",
		string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte{1, 2, 3}})):   "can not be read",
		string(pem.EncodeToMemory(&pem.Block{Type: "SSH2 PUBLIC KEY", Bytes: []byte{1, 2}})): "can not be read",
		weak:                        "1024 bits",
		publicPEM(t, p224.Public()): "P-224",
	} {
		if _, err := subject.ParseKey(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: got %v, want %q", text, err, want)
		}
	}
}

func publicPEM(t *testing.T, public crypto.PublicKey) string {
	t.Helper()
	text, err := cryptoutils.MarshalPublicKeyToPEM(public)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The ID is what "openssl pkey -pubin -outform DER | sha256sum" prints for the key.
func TestKey_ID(t *testing.T) {
	t.Parallel()
	key, err := subject.ParseKey(vectorKey)
	if err != nil {
		t.Fatal(err)
	}
	if want := "sha256:8d39ba50abe50f77b6bb8ae7b6927aff7ffbeba35ad2837c0e51e82bcbcc60d5"; key.ID() != want {
		t.Errorf("got %s, want %s", key.ID(), want)
	}
}
