package registry_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
)

func resolve(t *testing.T, host string) (authn.AuthConfig, error) {
	t.Helper()
	repo, err := name.NewRepository(host + "/a")
	if err != nil {
		t.Fatal(err)
	}
	auth, err := authn.Resolve(t.Context(), registry.DefaultKeychain(), repo)
	if err != nil {
		return authn.AuthConfig{}, err
	}
	config, err := auth.Authorization()
	if err != nil {
		t.Fatal(err)
	}
	return *config, nil
}

func TestDefaultKeychain_DockerConfiguration(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("DOCKER_CONFIG", dir)
	config := `{"auths":{"registry.example.com":{"auth":"Y2k6cGFzcy13b3Jk"},"https://index.docker.io/v1/":{"username":"hub","password":"hub-word"}}}`
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{"registry.example.com": "ci pass-word", "docker.io": "hub hub-word", "other.example.com": " "} {
		got, err := resolve(t, host)
		if err != nil || got.Username+" "+got.Password != want {
			t.Errorf("%s: got %q %q, %v; want %q", host, got.Username, got.Password, err, want)
		}
	}
}

func TestDefaultKeychain_CloudHelpers(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // The stand-ins below are shell scripts.
	}
	bin := t.TempDir()
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	const ecr, acr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com", "shop.azurecr.io"
	for _, host := range []string{ecr, acr} {
		if got, err := resolve(t, host); err != nil || got != (authn.AuthConfig{}) {
			t.Errorf("%s without a helper: got %+v, %v; want anonymous", host, got, err)
		}
	}
	helper := func(program, script string) {
		if err := os.WriteFile(filepath.Join(bin, program), []byte("#!/bin/sh\nread host\n"+script+"\n"), 0o700); err != nil { //nolint:gosec // It must be executable.
			t.Fatal(err)
		}
	}
	helper("docker-credential-ecr-login", `printf '{"ServerURL":"%s","Username":"AWS","Secret":"for-%s"}' "$host" "$host"`)
	helper("docker-credential-acr-env", `printf '{"Username":"<token>","Secret":"identity"}'`)
	for host, want := range map[string]authn.AuthConfig{
		ecr:              {Username: "AWS", Password: "for-" + ecr},
		"public.ecr.aws": {Username: "AWS", Password: "for-public.ecr.aws"},
		"123456789012.dkr-ecr.eu-central-1.on.aws":               {Username: "AWS", Password: "for-123456789012.dkr-ecr.eu-central-1.on.aws"},
		"123456789012.dkr.ecr-fips.us-east-1.amazonaws.com":      {Username: "AWS", Password: "for-123456789012.dkr.ecr-fips.us-east-1.amazonaws.com"},
		"123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.x": {},
		acr:                 {IdentityToken: "identity"},
		"ecr.example.com":   {},
		"shop.azurecr.io.x": {},
	} {
		if got, err := resolve(t, host); err != nil || got != want {
			t.Errorf("%s: got %+v, %v; want %+v", host, got, err, want)
		}
	}
	helper("docker-credential-ecr-login", `echo "credentials not found in native keychain"; exit 1`)
	if got, err := resolve(t, ecr); err != nil || got != (authn.AuthConfig{}) {
		t.Errorf("a helper that knows nothing: got %+v, %v; want anonymous", got, err)
	}
	helper("docker-credential-ecr-login", `echo "no AWS credentials"; exit 1`)
	if got, err := resolve(t, ecr); err == nil {
		t.Errorf("a helper that fails: got %+v, want an error", got)
	}
}
