package registry_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestTLS_AuthorityMustBeKnown(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithTLS())
	want := srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	ref := mustRef(t, srv.Host()+"/a:1")

	_, err := newClient(t).Digest(context.Background(), ref)
	if !errors.Is(err, registry.ErrTLS) || !strings.Contains(err.Error(), `set registries["`+srv.Host()+`"].ca_certificate_pem`) {
		t.Errorf("got %v, want ErrTLS", err)
	}
	c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{CACertificatePEM: srv.CertificatePEM()}))
	if got := mustImage(t, c, ref); got.Digest != want {
		t.Errorf("got %q, want %q", got.Digest, want)
	}
}

func TestTLS_ClientCertificate(t *testing.T) {
	t.Parallel()
	certificate, key := registrytest.NewClientCertificate(t)
	srv := registrytest.Start(t, registrytest.WithClientCertificate(certificate))
	want := srv.Push(t, "a:1", registrytest.Single("linux/amd64"))
	ref := mustRef(t, srv.Host()+"/a:1")

	c := newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{
		CACertificatePEM: srv.CertificatePEM(), ClientCertificatePEM: certificate, ClientKeyPEM: registry.Secret(key),
	}))
	if got := mustImage(t, c, ref); got.Digest != want {
		t.Errorf("got %q, want %q", got.Digest, want)
	}
	c = newClient(t, withRegistry(srv.Host(), registry.RegistryConfig{CACertificatePEM: srv.CertificatePEM()}))
	if _, err := c.Digest(context.Background(), ref); !errors.Is(err, registry.ErrTLS) || !strings.Contains(err.Error(), "asks for a client certificate") {
		t.Errorf("without a certificate: got %v, want ErrTLS", err)
	}
}

func TestTLS_CertificateForAnotherHost(t *testing.T) {
	t.Parallel()
	srv := registrytest.Start(t, registrytest.WithTLS())
	host := strings.Replace(srv.Host(), "127.0.0.1", "localhost", 1)
	c := newClient(t, withRegistry(host, registry.RegistryConfig{CACertificatePEM: srv.CertificatePEM()}))
	_, err := c.Digest(context.Background(), mustRef(t, host+"/a:1"))
	if !errors.Is(err, registry.ErrTLS) || !strings.Contains(err.Error(), "another host") {
		t.Errorf("got %v, want ErrTLS", err)
	}
}
