package signature

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/sigstore/sigstore/pkg/cryptoutils"
)

// Source: RFC 8032, section 7.1, test 3.
func TestKey_VerifiesTheVectorOfRFC8032(t *testing.T) {
	t.Parallel()
	key, err := ParseKey("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA/FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU=\n-----END PUBLIC KEY-----\n")
	if err != nil {
		t.Fatal(err)
	}
	sig, err := hex.DecodeString("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")
	if err != nil {
		t.Fatal(err)
	}
	if !key.verifies([]byte{0xaf, 0x82}, sig) {
		t.Error("the signature is refused")
	}
	if key.verifies([]byte{0xaf, 0x83}, sig) {
		t.Error("another message passes")
	}
	sig[0] ^= 1
	if key.verifies([]byte{0xaf, 0x82}, sig) {
		t.Error("another signature passes")
	}
}

// Source: secure-systems-lab/dsse, protocol.md, "Test Vectors".
func TestKey_VerifiesTheVectorOfDSSE(t *testing.T) {
	t.Parallel()
	x, _ := new(big.Int).SetString("46950820868899156662930047687818585632848591499744589407958293238635476079160", 10)
	y, _ := new(big.Int).SetString("5640078356564379163099075877009565129882514886557779369047442380624545832820", 10)
	text, err := cryptoutils.MarshalPublicKeyToPEM(&ecdsa.PublicKey{Curve: elliptic.P256(), X: x, Y: y}) //nolint:staticcheck // The vector gives coordinates.
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKey(string(text))
	if err != nil {
		t.Fatal(err)
	}
	sig, err := base64.StdEncoding.DecodeString("A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==")
	if err != nil {
		t.Fatal(err)
	}
	if !key.verifies(dsse.PAE("http://example.com/HelloWorld", []byte("hello world")), sig) {
		t.Error("the signature is refused")
	}
	if key.verifies(dsse.PAE("http://example.com/HelloWorl", []byte("dhello world")), sig) {
		t.Error("another split between type and payload passes")
	}
}
