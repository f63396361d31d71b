package registry_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// questions counts how often a server was asked how it authenticates, and how many tokens it was asked for.
func questions(server *registrytest.Server) (asked, tokens int) {
	for _, r := range server.Requests() {
		switch r.Path {
		case "/v2/":
			asked++
		case registrytest.TokenPath:
			tokens++
		}
	}
	return asked, tokens
}

// How a host authenticates is asked once, whatever it answers and however many repositories are read at a time;
// a token is for one repository, so it is asked for each.
func TestSession_AsksTheHostOnce(t *testing.T) {
	t.Parallel()
	const repositories = 5
	for name, tt := range map[string]struct {
		options []registrytest.Option
		tokens  int
	}{
		"open":   {nil, 0},
		"basic":  {[]registrytest.Option{registrytest.WithBasicAuth("ci", "secret")}, 0},
		"tokens": {[]registrytest.Option{registrytest.WithBearerAuth("ci", "secret")}, repositories},
		"tls":    {[]registrytest.Option{registrytest.WithTLS(), registrytest.WithBearerAuth("ci", "secret")}, repositories},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := registrytest.Start(t, tt.options...)
			for i := range repositories {
				server.Push(t, fmt.Sprintf("shop/api-%d:1.0", i), registrytest.Single("linux/amd64"))
			}
			server.ForgetRequests()
			settings := registry.RegistryConfig{}
			if tt.options != nil {
				settings.Username, settings.Password = "ci", "secret"
			}
			if name == "tls" {
				settings.CACertificatePEM = server.CertificatePEM()
			}
			client := newClient(t, withRegistry(server.Host(), settings))
			var group sync.WaitGroup
			for i := range repositories {
				group.Go(func() {
					if _, err := client.Digest(t.Context(), mustRef(t, fmt.Sprintf("%s/shop/api-%d:1.0", server.Host(), i))); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			if asked, tokens := questions(server); asked != 1 || tokens != tt.tokens {
				t.Errorf("asked %d times how to authenticate, and for %d tokens; want 1 and %d", asked, tokens, tt.tokens)
			}
		})
	}
}

// A host that does not answer after all retries is not asked again for the next repository.
func TestSession_GivesUpOnAHostOnce(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.Inject(registrytest.Status(http.StatusInternalServerError, "UNKNOWN", "out of order").On("", "/v2/"))
	client := newClient(t)
	var counts []int
	for i := range 2 {
		if _, err := client.Digest(t.Context(), mustRef(t, fmt.Sprintf("%s/shop/api-%d:1.0", server.Host(), i))); err == nil {
			t.Fatal("a digest from a registry that is out of order")
		}
		counts = append(counts, len(server.Requests()))
	}
	if counts[0] == 0 || counts[1] != counts[0] {
		t.Errorf("requests after the first and the second reference: %v", counts)
	}
}
