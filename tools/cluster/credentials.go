package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// credentials are how the parts of a cluster trust each other. They are made for
// one cluster and end with it.
type credentials struct {
	// certificate is the API server's own, and the authority for it.
	certificate []byte
	// token belongs to an administrator.
	token string
	// Files in the cluster's folder. The key is the API server's and signs the
	// tokens of service accounts as well.
	certificateFile, keyFile, tokenFile string
}

// newCredentials makes credentials and writes them into dir.
func newCredentials(dir string) (credentials, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return credentials{}, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "seaworthy test cluster"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().AddDate(1, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return credentials{}, err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return credentials{}, err
	}
	c := credentials{
		certificate:     pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		token:           rand.Text(),
		certificateFile: filepath.Join(dir, "certificate.pem"),
		keyFile:         filepath.Join(dir, "key.pem"),
		tokenFile:       filepath.Join(dir, "tokens.csv"),
	}
	for file, content := range map[string][]byte{
		c.certificateFile: c.certificate,
		c.keyFile:         pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
		// token, user, user's ID, groups. The group may do everything.
		c.tokenFile: fmt.Appendf(nil, "%s,admin,admin,system:masters\n", c.token),
	} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return credentials{}, err
		}
	}
	return c, nil
}

// writeKubeconfig writes a file for kubectl and the parts of the cluster.
func (c credentials) writeKubeconfig(file, server string) error {
	return os.WriteFile(file, fmt.Appendf(nil, `apiVersion: v1
kind: Config
clusters:
  - {name: seaworthy, cluster: {server: %q, certificate-authority: %q}}
users:
  - {name: admin, user: {token: %q}}
contexts:
  - {name: seaworthy, context: {cluster: seaworthy, user: admin}}
current-context: seaworthy
`, server, c.certificateFile, c.token), 0o600)
}
