package registrytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"time"
)

func serverTLS() *tls.Config { return &tls.Config{MinVersion: tls.VersionTLS12} }

// WithClientCertificate makes the server speak TLS and refuse every client that does not show a certificate which the
// given one has signed, see NewClientCertificate.
func WithClientCertificate(authorityPEM string) Option {
	return func(s *Server) {
		WithTLS()(s)
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(authorityPEM))
		s.http.TLS.ClientAuth, s.http.TLS.ClientCAs = tls.RequireAndVerifyClientCert, pool
	}
}

// NewClientCertificate returns a new certificate, signed by itself, and its key.
func NewClientCertificate(t T) (certificatePEM, keyPEM string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatalf("making a client key: %v", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "client"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatalf("making a client certificate: %v", err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatalf("encoding a client key: %v", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
}
