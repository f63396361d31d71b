package signature

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/sigstore/sigstore/pkg/cryptoutils"
	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/sigstore/sigstore/pkg/signature/options"
)

// minRSABits is the shortest RSA key that is taken. Source: NIST SP 800-131A revision 2, table 2: shorter keys are disallowed.
const minRSABits = 2048

// Key is a public key. The zero value verifies nothing; see [ParseKey].
type Key struct {
	id        string
	verifiers []signature.Verifier
}

// ParseKey reads one public key in PEM, as cosign writes it to cosign.pub. The error says what else the text is, such as a
// private key or a certificate, and repeats nothing of it.
func ParseKey(text string) (Key, error) {
	block, rest := pem.Decode([]byte(text))
	switch {
	case block == nil:
		return Key{}, errors.New("the text is no PEM; write the content of a public key such as cosign.pub, which begins with -----BEGIN PUBLIC KEY-----")
	case len(bytes.TrimSpace(rest)) > 0:
		return Key{}, errors.New("something follows the first key; write each key as an element of its own")
	case strings.Contains(block.Type, "PRIVATE KEY"):
		return Key{}, errors.New("this is a private key, which has no place in a configuration; write the public key that belongs to it")
	case block.Type == "CERTIFICATE":
		return Key{}, errors.New("this is a certificate, and only keys are verified with; write its public key")
	}
	public, err := cryptoutils.UnmarshalPEMToPublicKey([]byte(text))
	if err != nil {
		return Key{}, fmt.Errorf("the public key can not be read: %w", err)
	}
	verifiers, err := verifiersOf(public)
	if err != nil {
		return Key{}, err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return Key{}, fmt.Errorf("the public key can not be read: %w", err)
	}
	sum := sha256.Sum256(der)
	return Key{id: "sha256:" + hex.EncodeToString(sum[:]), verifiers: verifiers}, nil
}

// ID returns the SHA-256 of the key's DER encoding, as "openssl pkey -pubin -outform DER | sha256sum" prints it.
func (k Key) ID() string { return k.id }

// verifiersOf returns what a signature by the key may look like.
// Source of the algorithms: sigstore/sigstore v1.10.8, pkg/signature/algorithm_registry.go; that cosign takes SHA-256 for every
// key is its pkg/signature/keys.go (LoadPublicKeyRaw).
func verifiersOf(public crypto.PublicKey) ([]signature.Verifier, error) {
	var choices [][]signature.LoadOption
	switch key := public.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() < minRSABits {
			return nil, fmt.Errorf("the RSA key has %d bits, which is too short to prove anything; use %d or more", key.N.BitLen(), minRSABits)
		}
		choices = [][]signature.LoadOption{{options.WithHash(crypto.SHA256)}}
	case *ecdsa.PublicKey:
		own, ok := map[string]crypto.Hash{"P-256": crypto.SHA256, "P-384": crypto.SHA384, "P-521": crypto.SHA512}[key.Curve.Params().Name]
		if !ok {
			return nil, fmt.Errorf("ECDSA keys on %s are not supported; use P-256", key.Curve.Params().Name)
		}
		choices = [][]signature.LoadOption{{options.WithHash(crypto.SHA256)}}
		if own != crypto.SHA256 {
			choices = append(choices, []signature.LoadOption{options.WithHash(own)})
		}
	case ed25519.PublicKey:
		choices = [][]signature.LoadOption{{}, {options.WithED25519ph()}}
	default:
		return nil, fmt.Errorf("keys of the type %T are not supported; use ECDSA P-256, RSA or Ed25519", public)
	}
	verifiers := make([]signature.Verifier, len(choices))
	for i, choice := range choices {
		verifier, err := signature.LoadVerifierWithOpts(public, choice...)
		if err != nil {
			return nil, fmt.Errorf("the public key can not be used: %w", err)
		}
		verifiers[i] = verifier
	}
	return verifiers, nil
}

// verifies reports whether the signature over the message is the key's.
func (k Key) verifies(message, sig []byte) bool {
	for _, v := range k.verifiers {
		if v.VerifySignature(bytes.NewReader(sig), bytes.NewReader(message)) == nil {
			return true
		}
	}
	return false
}
