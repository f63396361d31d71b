package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
)

// The acceptance tests drive a real Terraform or OpenTofu CLI. Without one they
// fail: terraform-plugin-testing would try to download it.
func TestMain(m *testing.M) {
	cli, err := clitest.FindCLI()
	if err != nil {
		fmt.Fprintln(os.Stderr, "internal/provider:", err)
		os.Exit(1)
	}
	settings := map[string]string{"TF_ACC_TERRAFORM_PATH": cli, "CHECKPOINT_DISABLE": "1"}
	if strings.Contains(filepath.Base(cli), "tofu") {
		settings["TF_ACC_PROVIDER_HOST"] = "registry.opentofu.org"
	}
	for name, value := range settings {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(clitest.Main(m))
}

// factories serve this package's provider to the CLI.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"seaworthy": providerserver.NewProtocol6WithError(New("test")()),
}

// message matches a text in the CLI's output, which breaks lines and draws a
// frame at their beginning.
func message(text string) *regexp.Regexp {
	var parts []string
	for _, word := range strings.Fields(text) {
		parts = append(parts, regexp.QuoteMeta(word))
	}
	return regexp.MustCompile(strings.Join(parts, `[\s│]+`))
}

const testDigest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// workloadConfig is a complete workload; each pair of from and to changes one thing.
func workloadConfig(t *testing.T, changes ...string) string {
	t.Helper()
	config := `
resource "seaworthy_workload" "api" {
  name      = "api"
  namespace = "shop"
  kind      = "Deployment"

  containers = {
    api = {
      image = "registry.example.com/shop/api:1.4.2@` + testDigest + `"
      ports = { http = { container_port = 8080 } }
      env   = { LOG_LEVEL = "info" }
      resources = {
        requests = { cpu = "200m", memory = "128Mi" }
        limits   = { memory = "256Mi" }
      }
      startup_probe   = { http_get = { path = "/healthz", port = "http" }, failure_threshold = 30 }
      readiness_probe = { http_get = { path = "/ready", port = "http" } }
      liveness_probe  = { exec = { command = ["cat", "/tmp/alive"] }, initial_delay_seconds = 10, period_seconds = 10 }
    }
  }

  autoscaling       = { min_replicas = 3, max_replicas = 10, cpu_utilization = 50 }
  disruption_budget = { max_unavailable = 1 }
  strategy          = { rolling = { max_surge = "25%", max_unavailable = 0 } }
}
`
	for i := 0; i+1 < len(changes); i += 2 {
		changed := strings.Replace(config, changes[i], changes[i+1], 1)
		if changed == config {
			t.Fatalf("%q is not in the configuration", changes[i])
		}
		config = changed
	}
	return config
}
