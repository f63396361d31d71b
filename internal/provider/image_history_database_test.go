package provider

import (
	"context"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// afterPlan does something between plan and apply.
type afterPlan func()

// CheckPlan implements plancheck.PlanCheck.
func (f afterPlan) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	f()
}

func pushDatabase(t *testing.T, server *registrytest.Server, d advisorytest.Database) {
	t.Helper()
	server.PushArtifact(t, "trivy-db:2", registrytest.Artifact{
		Type: "application/vnd.aquasec.trivy.config.v1+json", MediaType: "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip", Content: string(d.Archive(t)),
	})
}

// A database that is published between plan and apply does not make Terraform refuse what was planned.
func TestImageHistory_DatabaseMovesBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	image := pinnedAt(t, server, "shop/api:1.0.0", firstRelease)
	pushDatabase(t, server, releaseAdvisories(false))
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: fmt.Sprintf(`
provider "seaworthy" {
  cache_dir              = %q
  vulnerability_database = { ref = "%s/trivy-db:2", warn_age_hours = 87000, max_age_hours = 87001 }
}
resource "seaworthy_image_history" "api" {
  name     = "api"
  image    = %s
  platform = "linux/amd64"
}
`, t.TempDir(), server.Host(), image),
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{afterPlan(func() { pushDatabase(t, server, releaseAdvisories(true)) })},
		},
		ConfigStateChecks: []statecheck.StateCheck{historyCheck(textsExactly("CVE-2024-5535", "critical"), "vulnerabilities"), historyCheck(knownvalue.Null(), "changes")},
	}}})
}
