package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// requestsOf counts what was asked of a server and its mirror.
func requestsOf(servers ...*registrytest.Server) map[string]int {
	counts := map[string]int{}
	for _, s := range servers {
		for _, r := range s.Requests() {
			switch {
			case r.Path == "/v2/":
				counts["how to authenticate"]++
			case strings.Contains(r.Path, "/blobs/"):
				counts[r.Method+" blob"]++
			default:
				counts[r.Method+" manifest"]++
			}
		}
		s.ForgetRequests()
	}
	return counts
}

// TestImage_RequestsOfALargePlan asserts what a plan with 200 references costs a registry: once the cache holds the manifests and configs, one HEAD
// request for each reference, and one to learn how the registry authenticates. Carrying out a saved plan asks nothing.
func TestImage_RequestsOfALargePlan(t *testing.T) {
	t.Parallel()
	const repositories, tags = 20, 10
	server, mirror := registrytest.Start(t), registrytest.Start(t)
	var refs []string
	for r := range repositories {
		for tag := range tags {
			name := fmt.Sprintf("shop/service-%d:1.0.%d", r, tag)
			image := registrytest.Single("linux/amd64").WithContent(name)
			server.Push(t, name, image)
			mirror.Push(t, "cache/"+name, image)
			refs = append(refs, fmt.Sprintf("%q", server.Host()+"/"+name))
		}
	}
	config := func(arguments string) string {
		return requiredProviders + fmt.Sprintf(`
data "seaworthy_image" "all" {
  for_each = toset([%s])
  ref      = each.value
  %s
}
# What is asked twice is looked up once.
data "seaworthy_image" "again" {
  for_each  = { for ref, image in data.seaworthy_image.all : ref => image if image.tag == "1.0.0" }
  ref       = each.value.ref
  platforms = ["linux/amd64"]
}
resource "terraform_data" "digests" {
  input = { for ref, image in data.seaworthy_image.all : ref => image.digest }
}
`, strings.Join(refs, ","), arguments)
	}
	w := clitest.New(t, map[string]string{"main.tf": config("")})
	w.Setenv("SEAWORTHY_CACHE_DIR", t.TempDir())
	w.Run(t, "init")
	requestsOf(server, mirror)
	check := func(what string, want map[string]int) {
		t.Helper()
		if diff := cmp.Diff(want, requestsOf(server, mirror)); diff != "" {
			t.Errorf("requests of %s (-want +got):\n%s", what, diff)
		}
	}
	w.Run(t, "plan")
	check("the first plan", map[string]int{"how to authenticate": 1, http.MethodHead + " manifest": 200, http.MethodGet + " manifest": 200, http.MethodGet + " blob": 200})
	w.Run(t, "plan", "-out=saved")
	check("the second plan", map[string]int{"how to authenticate": 1, http.MethodHead + " manifest": 200})
	w.Run(t, "apply", "saved")
	check("carrying out the saved plan", map[string]int{})

	w.Write(t, "main.tf", config(fmt.Sprintf("mirrors = [%q]", mirror.Host()+"/cache")))
	w.Run(t, "plan")
	check("a plan with a mirror to check", map[string]int{"how to authenticate": 2, http.MethodHead + " manifest": 400})
}
