package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
)

const (
	address           = "seaworthy_workload.api"
	requiredProviders = `terraform {
  required_providers { seaworthy = { source = "seaworthy-dev/seaworthy" } }
}
`
)

func TestWorkload_CreateUpdateReplace(t *testing.T) {
	t.Parallel()
	manifest := func(key string) tfjsonpath.Path { return tfjsonpath.New("manifests").AtMapKey(key) }
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: workloadConfig(t),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectKnownValue(address, manifest("Deployment.apps/shop/api"), knownvalue.StringRegexp(regexp.MustCompile(`(?m)^kind: "?Deployment"?$`))),
						plancheck.ExpectKnownValue(address, tfjsonpath.New("manifests"), knownvalue.MapSizeExact(6)),
					},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(address, tfjsonpath.New("images"), knownvalue.MapExact(map[string]knownvalue.Check{
						"api": knownvalue.StringExact("registry.example.com/shop/api:1.4.2@" + testDigest),
					})),
				},
			},
			{
				Config: workloadConfig(t, "period_seconds = 10", "period_seconds = 15"),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
						changedManifests{atMostLines: 5, keys: []string{"Deployment.apps/shop/api"}},
					},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
			},
			{
				Config: workloadConfig(t, `LOG_LEVEL = "info"`, `LOG_LEVEL = "info", REGION = "eu"`, "period_seconds = 10", "period_seconds = 15"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					changedManifests{atMostLines: 5, keys: []string{"Deployment.apps/shop/api"}},
				}},
			},
			{
				Config: workloadConfig(t, `namespace = "shop"`, `namespace = "store"`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionReplace),
				}},
			},
			{
				Config: workloadConfig(t, `namespace = "shop"`, `namespace = "store"`, `name      = "api"`, `name      = "web"`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionReplace),
				}},
			},
		},
	})
}

// changedManifests expects a change of exactly the named manifests and of few lines in all.
type changedManifests struct {
	keys        []string
	atMostLines int
}

// CheckPlan compares manifests before and after.
func (c changedManifests) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != address {
			continue
		}
		before, after := manifestsOf(change.Change.Before), manifestsOf(change.Change.After)
		var changed []string
		lines := 0
		for key, text := range after {
			if text != before[key] {
				changed = append(changed, key)
				lines += changedLines(before[key], text)
			}
		}
		if len(after) != len(before) || fmt.Sprint(changed) != fmt.Sprint(c.keys) || lines == 0 || lines > c.atMostLines {
			resp.Error = fmt.Errorf("%d lines changed in %v (%d manifests before, %d after)", lines, changed, len(before), len(after))
		}
		return
	}
	resp.Error = errors.New("the plan does not mention " + address)
}

func manifestsOf(value any) map[string]string {
	manifests := map[string]string{}
	members, _ := value.(map[string]any)["manifests"].(map[string]any)
	for key, text := range members {
		manifests[key], _ = text.(string)
	}
	return manifests
}

// changedLines counts the lines that only one of the texts has, as a diff shows them.
func changedLines(before, after string) int {
	count := map[string]int{}
	for line := range strings.Lines(before) {
		count[line]++
	}
	for line := range strings.Lines(after) {
		count[line]--
	}
	changed := 0
	for _, n := range count {
		changed += max(n, -n)
	}
	return changed
}

func TestWorkload_Import(t *testing.T) {
	t.Parallel()
	for id, kind := range map[string]string{"shop/api": "Deployment", "Deployment/shop/api": "Deployment", "StatefulSet/shop/api": "StatefulSet", "StatefulSet.apps/shop/api": "StatefulSet"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{{
					Config: fmt.Sprintf("import {\n to = %s\n id = %q\n}\n", address, id) + workloadConfig(t, `kind      = "Deployment"`, fmt.Sprintf("kind = %q", kind), `{ max_surge = "25%", max_unavailable = 0 }`, "{}"),
					ConfigPlanChecks: resource.ConfigPlanChecks{
						PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)},
						PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
					},
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue(address, tfjsonpath.New("kind"), knownvalue.StringExact(kind)),
						statecheck.ExpectKnownValue(address, tfjsonpath.New("manifests").AtMapKey(kind+".apps/shop/api"), knownvalue.NotNull()),
					},
				}},
			})
		})
	}
}

func TestWorkload_ImportRefusesAnotherID(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"api", "a/b/c/d", "/api", "Pod/shop/api", "Deployment.apps//api"} {
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: factories,
			Steps: []resource.TestStep{{
				Config:      fmt.Sprintf("import {\n to = %s\n id = %q\n}\n", address, id) + workloadConfig(t),
				ExpectError: message("imported by namespace/name"),
			}},
		})
	}
}

func TestWorkload_MovedKeepsTheState(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: workloadConfig(t, `"api" {`, `"before" {`)},
			{
				Config: "moved {\n from = seaworthy_workload.before\n to = " + address + "\n}\n" + workloadConfig(t),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop),
				}},
			},
		},
	})
}

// A digest that another resource makes in the same apply leaves the keys known,
// so that for_each works, and everything but the Deployment known text.
func TestWorkload_UnknownImage(t *testing.T) {
	t.Parallel()
	image := "registry.example.com/shop/api:1.4.2@" + testDigest
	w := clitest.New(t, map[string]string{"main.tf": requiredProviders + `
resource "terraform_data" "built" { input = "` + image + `" }
resource "terraform_data" "applied" {
  for_each = seaworthy_workload.api.manifests
  input    = each.value
}
` + workloadConfig(t, `"`+image+`"`, "terraform_data.built.output")})
	w.Run(t, "init")
	w.Run(t, "plan", "-out=plan")
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(w.Run(t, "show", "-json", "plan")), &plan); err != nil {
		t.Fatal(err)
	}
	unknown := map[string]bool{}
	for _, change := range plan.ResourceChanges {
		if change.Name == "applied" {
			after, _ := change.Change.AfterUnknown.(map[string]any)
			unknown[fmt.Sprint(change.Index)], _ = after["input"].(bool)
		}
	}
	want := map[string]bool{
		"Deployment.apps/shop/api": true, "Service/shop/api": false, "ServiceAccount/shop/api": false,
		"HorizontalPodAutoscaler.autoscaling/shop/api": false, "PodDisruptionBudget.policy/shop/api": false,
		"NetworkPolicy.networking.k8s.io/shop/api": false,
	}
	if diff := cmp.Diff(want, unknown); diff != "" {
		t.Errorf("unknown in the plan (-want +got):\n%s", diff)
	}
	w.Run(t, "apply", "plan")
	if output := w.Run(t, "plan", "-detailed-exitcode"); !strings.Contains(output, "No changes.") {
		t.Errorf("the second plan is not empty:\n%s", output)
	}
}

// An image that turns out to be bad is refused when it is known, before anything is made of it.
func TestWorkload_UnknownImageThatTurnsOutFloating(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: `resource "terraform_data" "built" { input = "registry.example.com/shop/api:latest" }` +
				workloadConfig(t, `"registry.example.com/shop/api:1.4.2@`+testDigest+`"`, "terraform_data.built.output"),
			ExpectError: message("rule image-digest"),
		}},
	})
}

func TestWorkload_KubernetesVersionFromProvider(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: `provider "seaworthy" { kubernetes_version = "1.20" }` + workloadConfig(t), ExpectError: message(`"1.20" is not supported: use 1.31 to 1.37`)},
			{Config: `provider "seaworthy" { kubernetes_version = "" }` + workloadConfig(t), ExpectError: message(`"" is not a Kubernetes version`)},
			{Config: `provider "seaworthy" { kubernetes_version = "1.36" }` + workloadConfig(t)},
		},
	})
}

// A missing argument is reported once, by Terraform's own words.
func TestWorkload_MissingArgumentIsReportedOnce(t *testing.T) {
	t.Parallel()
	w := clitest.New(t, map[string]string{"main.tf": requiredProviders + workloadConfig(t, `"registry.example.com/shop/api:1.4.2@`+testDigest+`"`, "null")})
	w.Run(t, "init")
	output, err := w.Try(t.Context(), "validate", "-no-color")
	if err == nil || strings.Count(output, "Error: ") != 1 {
		t.Errorf("validate: %v\n%s", err, output)
	}
}

// The source that Terraform shows with an error is as near as it can be: the
// container, where one is to blame, else the root argument.
func TestWorkload_ErrorsShowTheNearestSource(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ from, to, shown string }{
		{`"200m"`, `"lots"`, "api = {"},
		{"max_replicas = 10", "max_replicas = 2", "autoscaling "},
		{"strategy ", "tolerations = [{ effect = \"NoSchedule\" }]\n  strategy ", "tolerations = ["},
	} {
		w := clitest.New(t, map[string]string{"main.tf": requiredProviders + workloadConfig(t, tt.from, tt.to)})
		w.Run(t, "init")
		output, err := w.Try(t.Context(), "validate", "-no-color")
		if err == nil || !regexp.MustCompile(`(?m)^ *[0-9]+: +`+regexp.QuoteMeta(tt.shown)).MatchString(output) {
			t.Errorf("%q is not the source shown: %v\n%s", tt.shown, err, output)
		}
	}
}

// The rows of bad input that the documentation promises an answer to.
func TestWorkload_BadInput(t *testing.T) {
	t.Parallel()
	image := `"registry.example.com/shop/api:1.4.2@` + testDigest + `"`
	for name, tt := range map[string]struct {
		changes []string
		want    []string
	}{
		"image without digest": {
			[]string{image, `"registry.example.com/shop/api:1.4.2"`},
			[]string{"rule image-digest", `containers["api"].image`, "data.seaworthy_image", "pinned"},
		},
		"replicas with autoscaling": {
			[]string{"autoscaling ", "replicas = 3\n  autoscaling "},
			[]string{"replicas: is set together with autoscaling"},
		},
		"min over max": {
			[]string{"max_replicas = 10", "max_replicas = 2"},
			[]string{"autoscaling.max_replicas: is 2, less than min_replicas = 3"},
		},
		"CPU target without request": {
			[]string{`cpu = "200m", `, ""},
			[]string{"autoscaling.cpu_utilization:", `containers["api"].resources.requests.cpu`},
		},
		"budget that blocks every drain": {
			[]string{"{ max_unavailable = 1 }", "{ max_unavailable = 0 }"},
			[]string{"disruption_budget.max_unavailable:", "drain"},
		},
		"budget that leaves nothing to evict": {
			[]string{"{ max_unavailable = 1 }", "{ min_available = 3 }"},
			[]string{"disruption_budget.min_available:", "drain"},
		},
		"missing probe": {
			[]string{`readiness_probe = { http_get = { path = "/ready", port = "http" } }`, ""},
			[]string{`containers["api"].readiness_probe`},
		},
		"many at once, each on its attribute": {
			[]string{
				`name      = "api"`, `name = "` + strings.Repeat("a", 64) + `"`,
				`"200m"`, `"lots"`, `port = "http" } }`, `port = "https" } }`, `kind      = "Deployment"`, `kind = "Pod"`,
			},
			[]string{"name: ", "must be no more than 63", "is not a quantity", `"https" is not a declared port`, `kind: "Pod" is not supported`},
		},
		"exception for an unknown rule": {
			[]string{"strategy ", "exceptions = { no-such-rule = \"because\" }\n  strategy "},
			[]string{`exceptions["no-such-rule"]`},
		},
		"exception without a reason": {
			[]string{image, `"registry.example.com/shop/api:1.4.2"`, "strategy ", "exceptions = { image-digest = \" \" }\n  strategy "},
			[]string{`exceptions["image-digest"]`},
		},
		"exception that excuses nothing": {
			[]string{"strategy ", "exceptions = { image-digest = \"because\" }\n  strategy "},
			[]string{`exceptions["image-digest"]`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, want := range tt.want {
				resource.UnitTest(t, resource.TestCase{
					ProtoV6ProviderFactories: factories,
					Steps:                    []resource.TestStep{{Config: workloadConfig(t, tt.changes...), PlanOnly: true, ExpectError: message(want)}},
				})
			}
		})
	}
}

func TestWorkload_ExceptionShowsItsReason(t *testing.T) {
	t.Parallel()
	config := workloadConfig(t, `"registry.example.com/shop/api:1.4.2@`+testDigest+`"`, `"registry.example.com/shop/api:1.4.2"`,
		"strategy ", "exceptions = { image-digest = \"built on the spot\" }\n  strategy ")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("findings"), knownvalue.ListPartial(map[int]knownvalue.Check{
					0: knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"rule_id": knownvalue.StringExact("image-digest"),
						"reason":  knownvalue.StringExact("built on the spot"),
						"path":    knownvalue.StringExact(`containers["api"].image`),
					}),
				})),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("manifests").AtMapKey("Deployment.apps/shop/api"),
					knownvalue.StringRegexp(regexp.MustCompile(`exception\.seaworthy\.dev/image-digest: "?built on the spot"?`))),
			},
		}},
	})
}
