package registry_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

func TestNew_NamesTheSettingToBlame(t *testing.T) {
	t.Parallel()
	certificate, key := registrytest.NewClientCertificate(t)
	_, otherKey := registrytest.NewClientCertificate(t)
	const host = "registry.example.com"
	tests := map[string]struct {
		settings registry.RegistryConfig
		fields   []string
	}{
		"nothing":                  {registry.RegistryConfig{}, nil},
		"everything":               {registry.RegistryConfig{Username: "a", Password: "b", CACertificatePEM: certificate, ClientCertificatePEM: certificate, ClientKeyPEM: registry.Secret(key), Mirrors: []string{"mirror.example.com/cache/deep", "mirror.example.com:5000", "registry.example.com/own"}, MaxConcurrentRequests: 3}, nil},
		"username alone":           {registry.RegistryConfig{Username: "a"}, []string{"password"}},
		"password alone":           {registry.RegistryConfig{Password: "b"}, []string{"username"}},
		"token and username":       {registry.RegistryConfig{Username: "a", Password: "b", Token: "c"}, []string{"token"}},
		"authority is not PEM":     {registry.RegistryConfig{CACertificatePEM: "nonsense"}, []string{"ca_certificate_pem"}},
		"authority is a key":       {registry.RegistryConfig{CACertificatePEM: key}, []string{"ca_certificate_pem"}},
		"key without certificate":  {registry.RegistryConfig{ClientKeyPEM: registry.Secret(key)}, []string{"client_certificate_pem"}},
		"certificate without key":  {registry.RegistryConfig{ClientCertificatePEM: certificate}, []string{"client_key_pem"}},
		"key of another":           {registry.RegistryConfig{ClientCertificatePEM: certificate, ClientKeyPEM: registry.Secret(otherKey)}, []string{"client_certificate_pem"}},
		"mirror with scheme":       {registry.RegistryConfig{Mirrors: []string{"https://mirror.example.com"}}, []string{"mirrors"}},
		"mirror with credentials":  {registry.RegistryConfig{Mirrors: []string{"ci:hunter22@mirror.example.com"}}, []string{"mirrors"}},
		"mirror with tag":          {registry.RegistryConfig{Mirrors: []string{"mirror.example.com/cache:1"}}, []string{"mirrors"}},
		"mirror with slash at end": {registry.RegistryConfig{Mirrors: []string{"mirror.example.com/"}}, []string{"mirrors"}},
		"mirror in upper case":     {registry.RegistryConfig{Mirrors: []string{"mirror.example.com/Cache"}}, []string{"mirrors"}},
		"mirror is empty":          {registry.RegistryConfig{Mirrors: []string{""}}, []string{"mirrors"}},
		"mirror of itself":         {registry.RegistryConfig{Mirrors: []string{host}}, []string{"mirrors"}},
		"negative limit":           {registry.RegistryConfig{MaxConcurrentRequests: -1}, []string{"max_concurrent_requests"}},
		"several at once":          {registry.RegistryConfig{Username: "a", CACertificatePEM: "x", MaxConcurrentRequests: -1}, []string{"password", "max_concurrent_requests", "ca_certificate_pem"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := registry.New(registry.Config{Registries: map[string]registry.RegistryConfig{host: tt.settings}})
			var got []string
			for _, e := range configErrors(t, err) {
				if e.Registry != host || !strings.HasPrefix(e.Error(), `registries["`+host+`"].`+e.Field+": ") {
					t.Errorf("the error %q does not begin with its path", e)
				}
				got = append(got, e.Field)
			}
			if !slices.Equal(got, tt.fields) {
				t.Errorf("got %v (%v), want %v", got, err, tt.fields)
			}
			if err != nil && (strings.Contains(err.Error(), "hunter22") || strings.Contains(err.Error(), "PRIVATE KEY-----\n")) {
				t.Errorf("a secret leaks: %v", err)
			}
		})
	}
}

func TestNew_NamesTheEntryToBlame(t *testing.T) {
	t.Parallel()
	_, err := registry.New(registry.Config{
		MaxRetries: -1, RequestTimeout: -1,
		Registries: map[string]registry.RegistryConfig{"https://ghcr.io": {}, "docker.io": {}, "index.docker.io": {}},
	})
	var got []string
	for _, e := range configErrors(t, err) {
		got = append(got, e.Registry+"/"+e.Field)
	}
	slices.Sort(got)
	if want := []string{"/max_retries", "/request_timeout_seconds", "https://ghcr.io/", "index.docker.io/"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v: %v", got, want, err)
	}
}

// configErrors takes a joined error apart.
func configErrors(t *testing.T, err error) []*registry.ConfigError {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error }) //nolint:errorlint // The join itself is wanted.
	if !ok {
		t.Fatalf("%v is not a join", err)
	}
	var found []*registry.ConfigError
	for _, e := range joined.Unwrap() {
		var configErr *registry.ConfigError
		if !errors.As(e, &configErr) {
			t.Fatalf("%v is not a *ConfigError", e)
		}
		found = append(found, configErr)
	}
	return found
}
