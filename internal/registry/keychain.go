package registry

import (
	"fmt"
	"os/exec"
	"regexp"

	"github.com/docker/docker-credential-helpers/client"
	"github.com/docker/docker-credential-helpers/credentials"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/authn/github"
	"github.com/google/go-containerregistry/pkg/v1/google"
)

// DefaultKeychain finds credentials where users already have them, in this order:
//
//   - Docker's and Podman's configuration ($DOCKER_CONFIG or ~/.docker/config.json, $REGISTRY_AUTH_FILE,
//     containers/auth.json) with the credential helpers that it names;
//   - for Google's registries, Application Default Credentials, then the gcloud tool;
//   - for ghcr.io, the environment variable GITHUB_TOKEN;
//   - for Amazon ECR and Azure Container Registry, the cloud's credential helper, if it is on the PATH.
//
// It reads the environment and the home directory, and may run programs.
func DefaultKeychain() authn.Keychain {
	return authn.NewMultiKeychain(authn.DefaultKeychain, google.Keychain, github.Keychain, cloudHelpers{})
}

// cloudHelper names the credential helper that a cloud publishes for its own registries.
type cloudHelper struct {
	hosts   *regexp.Regexp
	program string
}

// Hosts after amazon-ecr-credential-helper v0.12.0 (ecr-login/api/client.go: ecrPattern, ecrPublicName and
// ecrPublicDualStackName) and docker-credential-acr-env 82a0ddb27589 (pkg/credhelper/helper.go: acrRE).
var knownHelpers = []cloudHelper{
	{regexp.MustCompile(`^\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:` +
		`amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn|` +
		`sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$`), "docker-credential-ecr-login"},
	{regexp.MustCompile(`^(?:public\.ecr\.aws|ecr-public\.aws\.com)$`), "docker-credential-ecr-login"},
	{regexp.MustCompile(`^[a-z0-9.-]+\.azurecr\.(?:io|cn|de|us)$`), "docker-credential-acr-env"},
}

// cloudHelpers is a keychain that runs a cloud's credential helper for that cloud's hosts only, so that no other
// reference waits for a metadata service. The helpers' code is not linked in, see the decision on cloud keychains.
type cloudHelpers struct{}

// Resolve returns Anonymous for other hosts, without the helper on the PATH, and if the helper knows no credentials.
func (cloudHelpers) Resolve(target authn.Resource) (authn.Authenticator, error) {
	host := target.RegistryStr()
	for _, helper := range knownHelpers {
		if !helper.hosts.MatchString(host) {
			continue
		}
		if _, err := exec.LookPath(helper.program); err != nil {
			return authn.Anonymous, nil
		}
		found, err := client.Get(client.NewShellProgramFunc(helper.program), host)
		switch {
		case credentials.IsErrCredentialsNotFound(err):
			return authn.Anonymous, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", helper.program, err)
		}
		return authn.FromConfig(helperConfig(found)), nil
	}
	return authn.Anonymous, nil
}

// helperConfig reads the user name "<token>" as Docker does: the secret is then an identity token.
func helperConfig(c *credentials.Credentials) authn.AuthConfig {
	if c.Username == "<token>" {
		return authn.AuthConfig{IdentityToken: c.Secret}
	}
	return authn.AuthConfig{Username: c.Username, Password: c.Secret}
}
