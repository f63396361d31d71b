package provider

import (
	"fmt"
	"regexp"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// What the image data source says of a platform is taken as it is, and a plan fails where
// it cannot go together with what the container is asked to do.
func TestWorkload_IsJudgedByTheFactsOfItsImage(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	image := registrytest.Index("linux/amd64")
	image.Config = func(_ string, c *v1.ConfigFile) {
		c.Config.User, c.Config.ExposedPorts = "1001", map[string]struct{}{"9000/tcp": {}}
	}
	server.Push(t, "shop/api:1.4.2", image)
	config := func(facts string, changes ...string) string {
		changes = append(changes,
			`image = "registry.example.com/shop/api:1.4.2@`+testDigest+`"`, "image = data.seaworthy_image.api.pinned",
			"  disruption_budget", "  image_facts = { api = "+facts+" }\n  disruption_budget")
		return imageConfig(t, "", server.Host()+"/shop/api:1.4.2", "") + workloadConfig(t, changes...)
	}
	const known = `data.seaworthy_image.api.images["linux/amd64"]`
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config:      config(fmt.Sprintf("merge(%s, { shells = [] })", known), `["cat", "/tmp/alive"]`, `["sh", "-c", "test -e /tmp/alive"]`),
				ExpectError: regexp.MustCompile(`(?s)liveness_probe.*calls.sh,.and.the.image.has.no.shell.*image with the.shell\.\s*$`),
			},
			{
				Config:      config(`{ entrypoint = [], command = [] }`),
				ExpectError: regexp.MustCompile(`(?s)has.no.command,.and.its.image.has.neither`),
			},
			{
				Config: config(known),
				ConfigStateChecks: []statecheck.StateCheck{
					finding(0, "image-ports", `containers["api"].ports`),
					finding(1, "image-user", `containers["api"].image`),
				},
			},
		},
	})
}

func finding(i int, rule, path string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New("findings").AtSliceIndex(i), knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"rule_id": knownvalue.StringExact(rule), "path": knownvalue.StringExact(path),
	}))
}
