package provider

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// The environment stands in for settings that the configuration leaves out, and
// is checked as they are.
func TestProvider_Environment(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ variable, value, settings, want string }{
		"version":                      {"SEAWORTHY_KUBERNETES_VERSION", "1.29", "", `"1.29" is not supported`},
		"version that is set wins":     {"SEAWORTHY_KUBERNETES_VERSION", "1.29", `kubernetes_version = "1.35"`, ""},
		"time-out":                     {"SEAWORTHY_REQUEST_TIMEOUT_SECONDS", "soon", "", `SEAWORTHY_REQUEST_TIMEOUT_SECONDS is "soon"`},
		"time-out below one":           {"SEAWORTHY_REQUEST_TIMEOUT_SECONDS", "0", "", `SEAWORTHY_REQUEST_TIMEOUT_SECONDS is "0"`},
		"retries":                      {"SEAWORTHY_MAX_RETRIES", "-1", "", `SEAWORTHY_MAX_RETRIES is "-1"`},
		"retries that are set win":     {"SEAWORTHY_MAX_RETRIES", "-1", "max_retries = 0", ""},
		"negative retries":             {"SEAWORTHY_MAX_RETRIES", "1", "max_retries = -1", "max_retries is -1"},
		"lock mode without a file":     {"SEAWORTHY_LOCK_MODE", "readonly", "", "set lock_file"},
		"lock mode that is none":       {"SEAWORTHY_LOCK_FILE", "images.lock.json", `lock_mode = "upgrade"`, "none of update, readonly and off"},
		"empty lock file":              {"SEAWORTHY_MAX_RETRIES", "1", `lock_file = ""`, "lock_file is empty"},
		"lock file that is none":       {"SEAWORTHY_LOCK_FILE", "main.tf", "", "not JSON"},
		"upgrade without a lock file":  {"SEAWORTHY_LOCK_UPGRADE", "all", "", "SEAWORTHY_LOCK_UPGRADE: there is no lock file to upgrade"},
		"empty cache directory":        {"SEAWORTHY_CACHE_DIR", "", `cache_dir = ""`, "Invalid cache directory"},
		"entry that is no registry":    {"SEAWORTHY_MAX_RETRIES", "1", `registries = { "not a host" = {} }`, `registries["not a host"]`},
		"mirror that is no host":       {"SEAWORTHY_MAX_RETRIES", "1", `registries = { "a.example.com" = { mirrors = ["https://b.example.com"] } }`, "mirrors"},
		"half of a client certificate": {"SEAWORTHY_MAX_RETRIES", "1", `registries = { "a.example.com" = { client_key_pem = "x" } }`, "client_certificate_pem"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := clitest.New(t, map[string]string{"main.tf": requiredProviders + "provider \"seaworthy\" {\n" + tt.settings + "\n}\n" + workloadConfig(t)})
			w.Setenv(tt.variable, tt.value)
			w.Run(t, "init")
			output, err := w.Try(t.Context(), "plan", "-no-color")
			if (err != nil) != (tt.want != "") {
				t.Fatalf("plan: %v\n%s", err, output)
			}
			if tt.want != "" && !message(tt.want).MatchString(output) {
				t.Errorf("%q is not in:\n%s", tt.want, output)
			}
		})
	}
}

// A provider setting that is known only after apply leaves workloads plannable;
// an image cannot be read until then, and the error says so.
func TestProvider_UnknownSettings(t *testing.T) {
	t.Parallel()
	later := `resource "terraform_data" "later" { input = %q }` + "\n"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(later, "1.34") + "provider \"seaworthy\" { kubernetes_version = terraform_data.later.output }\n" + workloadConfig(t),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(address, tfjsonpath.New("manifests"), knownvalue.MapSizeExact(6)),
			}},
		}},
	})
	server := registrytest.Start(t)
	server.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
	config := strings.Replace(imageConfig(t, fmt.Sprintf("registries = { %q = { username = \"ci\", password = LATER } }", server.Host()), server.Host()+"/shop/api:1.4.2", ""),
		"LATER", "terraform_data.later.output", 1)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps:                    []resource.TestStep{{Config: fmt.Sprintf(later, "secret") + config, ExpectError: message("registry settings are known only after apply")}},
	})
}

// A mirror serves what the registry would; a digest that it changes is refused.
func TestProvider_Mirror(t *testing.T) {
	t.Parallel()
	mirror := registrytest.Start(t)
	digest := mirror.Push(t, "cache/shop/api:1.4.2", registrytest.Single("linux/amd64"))
	settings := fmt.Sprintf("max_retries = 0\n registries = { \"registry.example.com\" = { mirrors = [\"%s/cache\"] } }", mirror.Host())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: imageConfig(t, settings, "registry.example.com/shop/api:1.4.2", ""),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("pinned"), knownvalue.StringExact("registry.example.com/shop/api:1.4.2@"+digest)),
			},
		}},
	})
	lying := registrytest.Start(t)
	lying.Push(t, "cache/shop/api:1.4.2", registrytest.Single("linux/amd64"))
	lying.Inject(registrytest.Alter(func(body []byte) []byte { return append(body, ' ') }).On("GET", "/manifests/"))
	settings = strings.Replace(settings, mirror.Host(), lying.Host(), 1)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: imageConfig(t, settings, "registry.example.com/shop/api:1.4.2@"+digest, ""), ExpectError: regexp.MustCompile("digest mismatch"),
		}},
	})
}

// No state and no plan holds a credential of the provider.
func TestProvider_CredentialsAreNotStored(t *testing.T) {
	t.Parallel()
	const password = "pa55-w0rd-that-nobody-may-see"
	server := registrytest.Start(t, registrytest.WithBasicAuth("ci", password))
	server.Push(t, "shop/api:1.4.2", registrytest.Single("linux/amd64"))
	w := clitest.New(t, map[string]string{"main.tf": requiredProviders + `
variable "password" { sensitive = true }
` + strings.Replace(imageConfig(t, fmt.Sprintf("registries = { %q = { username = \"ci\", password = PASSWORD } }", server.Host()),
		server.Host()+"/shop/api:1.4.2", ""), "PASSWORD", "var.password", 1) + workloadConfig(t, `"registry.example.com/shop/api:1.4.2@`+testDigest+`"`, imageAddress+".pinned")})
	w.Setenv("TF_VAR_password", password)
	w.Run(t, "init")
	for _, command := range [][]string{{"plan", "-out=plan"}, {"apply", "plan"}, {"show", "-json"}, {"show"}} {
		if output := w.Run(t, command...); strings.Contains(output, password) {
			t.Errorf("%v shows the password", command)
		}
	}
	if state := w.Read(t, "terraform.tfstate"); !strings.Contains(state, server.Host()) || strings.Contains(state, password) {
		t.Error("the state holds the password, or nothing at all")
	}
}
