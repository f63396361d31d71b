package signature_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/sigstore/sigstore/pkg/signature/dsse"
	"github.com/sigstore/sigstore/pkg/signature/options"

	subject "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/signature"
)

const (
	image   = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	another = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	sbom    = "https://cyclonedx.org/bom"
)

// publisher is somebody who signs images.
type publisher struct {
	signer signature.Signer
	pem    string
	key    subject.Key
}

func newPublisher(t *testing.T, private crypto.Signer, opts ...signature.LoadOption) publisher {
	t.Helper()
	signer, err := signature.LoadSignerWithOpts(private, opts...)
	if err != nil {
		t.Fatal(err)
	}
	text, err := cryptoutils.MarshalPublicKeyToPEM(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	key, err := subject.ParseKey(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return publisher{signer, string(text), key}
}

func ecdsaPublisher(t *testing.T, curve elliptic.Curve, hash crypto.Hash) publisher {
	t.Helper()
	private, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return newPublisher(t, private, options.WithHash(hash))
}

func rsaPublisher(t *testing.T, bits int) publisher {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return newPublisher(t, private, options.WithHash(crypto.SHA256))
}

func ed25519Publisher(t *testing.T, opts ...signature.LoadOption) publisher {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return newPublisher(t, private, opts...)
}

// payload is what cosign 2 signs.
func payload(digest string) string {
	return fmt.Sprintf(`{"critical":{"identity":{"docker-reference":"registry.example.com/shop/api"},"image":{"docker-manifest-digest":%q},"type":"cosign container image signature"},"optional":null}`, digest)
}

func statement(predicateType string, digests ...string) string {
	subjects := []map[string]any{}
	for _, digest := range digests {
		subjects = append(subjects, map[string]any{"name": "registry.example.com/shop/api", "digest": map[string]string{"sha256": digest[len("sha256:"):]}})
	}
	raw, err := json.Marshal(map[string]any{"_type": "https://in-toto.io/Statement/v1", "subject": subjects, "predicateType": predicateType, "predicate": map[string]any{}})
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func (p publisher) simple(t *testing.T, text string) subject.Document {
	t.Helper()
	sig, err := p.signer.SignMessage(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return subject.Document{Origin: "sig", MediaType: subject.PayloadType, Content: []byte(text), Signature: base64.StdEncoding.EncodeToString(sig)}
}

func (p publisher) envelope(t *testing.T, text string) subject.Document {
	t.Helper()
	raw, err := dsse.WrapSigner(p.signer, "application/vnd.in-toto+json").SignMessage(bytes.NewReader([]byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return subject.Document{Origin: "att", MediaType: subject.EnvelopeType, Content: raw}
}

func (p publisher) bundle(t *testing.T, text string) subject.Document {
	t.Helper()
	raw := fmt.Appendf(nil, `{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"x"}},"dsseEnvelope":%s}`, p.envelope(t, text).Content)
	return subject.Document{Origin: "bundle", MediaType: "application/vnd.dev.sigstore.bundle.v0.3+json", Content: raw}
}

func check(documents []subject.Document, predicateTypes []string, keys ...subject.Key) ([]subject.Proof, error) {
	c := subject.NewCheck(image, keys, predicateTypes)
	for _, d := range documents {
		c.Add(d)
	}
	return c.Result()
}
