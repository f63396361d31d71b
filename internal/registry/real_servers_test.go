//go:build registries

package registry_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

const (
	realUser     = "ci"
	realPassword = "pass-word"
	// realPasswordHash is realPassword with bcrypt at its lowest cost, as htpasswd -B -C 5 writes it.
	realPasswordHash = "$2b$05$qY61Gw/IwTMvgIScMabxv.55VP0qvSEAKKcYzI3VfPvqMFQJBDKwi"
)

// realServer is a registry that was not written for these tests.
type realServer struct {
	host     string
	settings registry.RegistryConfig // a right client's
	guarded  bool                    // credentials are asked for
	own      *registrytest.Server    // nil: it is Distribution
}

// access is how a registry is protected.
type access struct {
	tls, basic, token bool
}

func accesses() map[string]access {
	return map[string]access{"plain": {}, "TLS": {tls: true}, "TLS and basic auth": {tls: true, basic: true}, "TLS and tokens": {tls: true, token: true}}
}

// realServers start the registries that the suite runs against.
func realServers() map[string]func(*testing.T, access) realServer {
	return map[string]func(*testing.T, access) realServer{"distribution": startDistribution, "go-containerregistry": startOwn}
}

// startOwn starts go-containerregistry's registry, in registrytest's server.
func startOwn(t *testing.T, a access) realServer {
	t.Helper()
	var options []registrytest.Option
	if a.tls {
		options = append(options, registrytest.WithTLS())
	}
	if a.basic {
		options = append(options, registrytest.WithBasicAuth(realUser, realPassword))
	}
	if a.token {
		options = append(options, registrytest.WithBearerAuth(realUser, realPassword))
	}
	srv := registrytest.Start(t, append(options, registrytest.WithReferrers())...)
	return realServer{host: srv.Host(), settings: realSettings(a, srv.CertificatePEM()), guarded: a.basic || a.token, own: srv}
}

func realSettings(a access, ca string) registry.RegistryConfig {
	settings := registry.RegistryConfig{CACertificatePEM: ca}
	if a.basic || a.token {
		settings.Username, settings.Password = realUser, realPassword
	}
	return settings
}

// startDistribution starts Debian's docker-registry, which is CNCF Distribution.
func startDistribution(t *testing.T, a access) realServer {
	t.Helper()
	dir, addr := t.TempDir(), freeAddress(t)
	config := map[string]any{
		"version": "0.1",
		"log":     map[string]any{"level": "warn", "accesslog": map[string]any{"disabled": true}},
		"storage": map[string]any{
			"filesystem": map[string]any{"rootdirectory": filepath.Join(dir, "store")},
			"delete":     map[string]any{"enabled": true},
		},
	}
	serving := map[string]any{"addr": addr}
	config["http"] = serving
	var ca string
	if a.tls {
		authority := newAuthority(t)
		ca = authority.pem
		certificate, key := authority.issue(t)
		serving["tls"] = map[string]any{"certificate": writeFile(t, dir, "cert.pem", certificate), "key": writeFile(t, dir, "key.pem", key)}
		if a.token {
			tokens := startTokenServer(t, authority)
			config["auth"] = map[string]any{"token": map[string]any{
				"realm": tokens.realm, "service": tokenService, "issuer": tokenIssuer, "rootcertbundle": writeFile(t, dir, "tokens.pem", tokens.authority.pem),
			}}
		}
	}
	if a.basic {
		config["auth"] = map[string]any{"htpasswd": map[string]any{"realm": "test", "path": writeFile(t, dir, "htpasswd", realUser+":"+realPasswordHash+"\n")}}
	}
	raw, err := json.Marshal(config) // JSON is YAML.
	if err != nil {
		t.Fatal(err)
	}
	serve(t, addr, exec.CommandContext(t.Context(), distribution(t), "serve", writeFile(t, dir, "config.yml", string(raw)))) //nolint:gosec // The program that was looked for.
	return realServer{host: addr, settings: realSettings(a, ca), guarded: a.basic || a.token}
}

// distribution returns the program, which is installed where that is possible.
func distribution(t *testing.T) string {
	t.Helper()
	path, err := installed()
	if err != nil {
		t.Fatalf("these tests need Debian's docker-registry: run apt-get install docker-registry (%v)", err)
	}
	return path
}

var installed = sync.OnceValues(func() (string, error) {
	if path, err := exec.LookPath("docker-registry"); err == nil || os.Geteuid() != 0 {
		return path, err
	}
	for _, args := range [][]string{{"update", "-qq"}, {"install", "-y", "-qq", "docker-registry"}} {
		if out, err := exec.Command("apt-get", args...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("apt-get %s: %w: %s", args[0], err, out)
		}
	}
	return exec.LookPath("docker-registry")
})

// serve runs a server until the test ends, and waits until it listens.
func serve(t *testing.T, addr string, cmd *exec.Cmd) {
	t.Helper()
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
		if t.Failed() {
			t.Logf("%s wrote:\n%s", cmd.Path, output.String())
		}
	})
	for range 200 {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err == nil {
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
			return
		}
		select {
		case err := <-done:
			done <- err
			t.Fatalf("%s ended: %v\n%s", cmd.Path, err, output.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("%s does not listen on %s", cmd.Path, addr)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // Its address is all that is wanted.
	return listener.Addr().String()
}

func writeFile(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// authority is a certificate authority of our own.
type authority struct {
	pem         string
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), certificate, key}
}

// issue makes a certificate for a server on loopback.
func (a authority) issue(t *testing.T) (certificatePEM, keyPEM string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "registry"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
}

const tokenService, tokenIssuer = "registry under test", "issuer under test"

// tokenServer hands out tokens as Distribution takes them: JSON Web Tokens, signed with a certificate that it was told of.
// Source: distribution v2.8.2, docs/spec/auth/jwt.md and registry/auth/token/token.go.
type tokenServer struct {
	realm     string
	authority authority
}

func startTokenServer(t *testing.T, serverAuthority authority) tokenServer {
	t.Helper()
	certificate, key := serverAuthority.issue(t)
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	s := tokenServer{authority: newAuthority(t)}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(t, w, r) }))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	server.StartTLS()
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s.realm = "https://localhost:" + port + "/token"
	return s
}

func (s tokenServer) serve(t *testing.T, w http.ResponseWriter, r *http.Request) {
	username, password, ok := r.BasicAuth()
	if ok && (username != realUser || password != realPassword) {
		http.Error(w, `{"details":"incorrect username or password"}`, http.StatusUnauthorized)
		return
	}
	access := []map[string]any{}
	for _, scope := range r.URL.Query()["scope"] {
		parts := strings.Split(scope, ":")
		if ok && len(parts) == 3 { // Without credentials there is a token that allows nothing.
			access = append(access, map[string]any{"type": parts[0], "name": parts[1], "actions": strings.Split(parts[2], ",")})
		}
	}
	now := time.Now()
	claims := map[string]any{
		"iss": tokenIssuer, "sub": username, "aud": tokenService, "jti": fmt.Sprint(now.UnixNano()), "access": access,
		"iat": now.Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}
	header := map[string]any{"typ": "JWT", "alg": "ES256", "x5c": []string{base64.StdEncoding.EncodeToString(s.authority.certificate.Raw)}}
	token := encodePart(t, header) + "." + encodePart(t, claims)
	sum := sha256.Sum256([]byte(token))
	sigR, sigS, err := ecdsa.Sign(rand.Reader, s.authority.key, sum[:])
	if err != nil {
		t.Error(err)
		return
	}
	signature := slices.Concat(sigR.FillBytes(make([]byte, 32)), sigS.FillBytes(make([]byte, 32)))
	token += "." + base64.RawURLEncoding.EncodeToString(signature)
	if err := json.NewEncoder(w).Encode(map[string]any{"token": token, "expires_in": 300}); err != nil {
		t.Log(err)
	}
}

func encodePart(t *testing.T, part any) string {
	raw, err := json.Marshal(part)
	if err != nil {
		t.Error(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}
