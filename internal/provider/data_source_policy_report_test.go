package provider

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

const reportAddress = "data.seaworthy_policy_report.all"

// oldBudget breaks the rules api-version and, where it may be read, no other.
const oldBudget = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: api, namespace: shop}\n"

func reportConfig(arguments string) string {
	return "provider \"seaworthy\" {\n  kubernetes_version = \"1.34\"\n}\ndata \"seaworthy_policy_report\" \"all\" {\n" + arguments + "\n}\n"
}

func reportCounts(errors, warnings, infos, excepted int64) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"error": knownvalue.Int64Exact(errors), "warning": knownvalue.Int64Exact(warnings),
		"info": knownvalue.Int64Exact(infos), "excepted": knownvalue.Int64Exact(excepted),
	})
}

func TestPolicyReport_OverYAML(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: reportConfig(fmt.Sprintf("yaml = %q", "---\n"+oldBudget)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("findings"), knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectExact(map[string]knownvalue.Check{
						"rule_id": knownvalue.StringExact("api-version"), "severity": knownvalue.StringExact("error"),
						"object": knownvalue.StringExact("PodDisruptionBudget.policy/shop/api"), "field": knownvalue.StringExact("apiVersion"),
						"line":        knownvalue.Int64Exact(2),
						"message":     knownvalue.StringExact("policy/v1beta1 PodDisruptionBudget is not served since Kubernetes 1.25: policy/v1 is"),
						"remediation": knownvalue.StringExact("use the API version that the message names, and adapt the fields that it renamed"),
						"reason":      knownvalue.Null(),
					}),
				})),
				statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("counts"), reportCounts(1, 0, 0, 0)),
				statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("passed"), knownvalue.Bool(false)),
				statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("sarif"), knownvalue.StringRegexp(regexp.MustCompile(`"uri": "manifests.yaml"`))),
				statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("markdown"), knownvalue.StringRegexp(regexp.MustCompile(`\| error \| api-version \|`))),
			},
		}},
	})
}

// What a workload renders passes, and so does an API version for a cluster that has it.
func TestPolicyReport_OverManifests(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: workloadConfig(t) + "data \"seaworthy_policy_report\" \"all\" {\n  manifests = seaworthy_workload.api.manifests\n  fail_on = \"warning\"\n  minimum_severity = \"warning\"\n}\n",
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue(reportAddress, tfjsonpath.New("sarif"))},
				},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("counts"), reportCounts(0, 0, 0, 0)),
					statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("passed"), knownvalue.Bool(true)),
				},
			},
		},
	})
}

func TestPolicyReport_ExceptionsAndFailures(t *testing.T) {
	t.Parallel()
	secret := "apiVersion: v1\nkind: Secret\nmetadata: {name: api, namespace: shop}\nstringData: {password: hunter2}\n"
	yaml := fmt.Sprintf("yaml = %q\n", secret)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: reportConfig(yaml + "fail_on = \"error\""), ExpectError: message("no-secret-object")},
			{Config: reportConfig(yaml + "fail_on = \"severe\""), ExpectError: message("is not a severity")},
			{Config: reportConfig(yaml + "minimum_severity = \"none\""), ExpectError: message("is not a severity")},
			{Config: reportConfig(yaml + "kubernetes_version = \"1.20\""), ExpectError: message("is not supported")},
			{Config: reportConfig(yaml + "file = \"\""), ExpectError: message("Name the file")},
			{Config: reportConfig(yaml + "manifests = {}"), ExpectError: message("Keep one of them")},
			{Config: reportConfig(""), ExpectError: message("Set yaml or manifests")},
			{Config: reportConfig("yaml = \"a: b: c\""), ExpectError: message("Invalid manifests")},
			{Config: reportConfig("manifests = { \"Secret/shop/other\" = \"" + "apiVersion: v1" + "\" }"), ExpectError: message("Secret/shop/other")},
			{Config: reportConfig(yaml + "exceptions = { no-secret-objects = \"x\" }"), ExpectError: message("no-secret-object")},
			{
				Config: reportConfig(yaml + "fail_on = \"error\"\nexceptions = { no-secret-object = \"a test\" }"),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("counts"), reportCounts(0, 0, 0, 1)),
					statecheck.ExpectKnownValue(reportAddress, tfjsonpath.New("passed"), knownvalue.Bool(true)),
				},
			},
		},
	})
}
