package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

const (
	serviceAccount = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: api\n  namespace: shop\n"
)

// Each function is called with known values, with null, and with a value that is known only after apply.
func TestFunctions(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		call    string // with %s for the argument that varies
		known   string
		want    knownvalue.Check
		invalid string // an argument that is refused
		message string
	}{
		"parse_image": {
			call: "provider::seaworthy::parse_image(%s)", known: `"nginx:1.27@` + testDigest + `"`,
			want: knownvalue.ObjectExact(map[string]knownvalue.Check{
				"registry": knownvalue.StringExact("docker.io"), "repository": knownvalue.StringExact("docker.io/library/nginx"),
				"tag": knownvalue.StringExact("1.27"), "digest": knownvalue.StringExact(testDigest),
			}),
			invalid: `"NGINX"`, message: "NGINX",
		},
		"parse_image without tag": {
			call: "provider::seaworthy::parse_image(%s)", known: `"[::1]:5000/shop/api"`,
			want: knownvalue.ObjectExact(map[string]knownvalue.Check{
				"registry": knownvalue.StringExact("[::1]:5000"), "repository": knownvalue.StringExact("[::1]:5000/shop/api"),
				"tag": knownvalue.Null(), "digest": knownvalue.Null(),
			}),
			invalid: `""`, message: "Invalid",
		},
		"pin": {
			call: `provider::seaworthy::pin("nginx:1.27", %s)`, known: `"` + testDigest + `"`,
			want:    knownvalue.StringExact("docker.io/library/nginx:1.27@" + testDigest),
			invalid: `"sha256:abc"`, message: "sha256",
		},
		"pin replaces a digest": {
			call: `provider::seaworthy::pin(%s, "` + testDigest + `")`, known: `"nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000"`,
			want:    knownvalue.StringExact("docker.io/library/nginx@" + testDigest),
			invalid: `"a b"`, message: "a b",
		},
		"pin of a layout": {
			call: `provider::seaworthy::pin(%s, "` + testDigest + `")`, known: `"nginx:1.27"`,
			want:    knownvalue.StringExact("docker.io/library/nginx:1.27@" + testDigest),
			invalid: `"oci-layout:./x"`, message: "push the image to a registry",
		},
		"manifests_encode": {
			call: "provider::seaworthy::manifests_encode({ \"ServiceAccount/shop/api\" = %s })", known: fmt.Sprintf("%q", serviceAccount),
			want:    knownvalue.StringExact("---\n" + serviceAccount),
			invalid: `"kind: ServiceAccount\n"`, message: "ServiceAccount/shop/api",
		},
		"manifests_decode": {
			call: "provider::seaworthy::manifests_decode(%s)", known: fmt.Sprintf("%q", "# first\n---\n"+serviceAccount),
			want:    knownvalue.MapExact(map[string]knownvalue.Check{"ServiceAccount/shop/api": knownvalue.StringExact(serviceAccount)}),
			invalid: fmt.Sprintf("%q", serviceAccount+"spec: {}\n"), message: "spec",
		},
		"check_manifests": {
			call: "provider::seaworthy::check_manifests(%s, \"1.34\")", known: fmt.Sprintf("%q", "# An old budget.\n---\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: api\n  namespace: shop\n"),
			want: knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
				"rule_id": knownvalue.StringExact("api-version"), "severity": knownvalue.StringExact("error"),
				"object": knownvalue.StringExact("PodDisruptionBudget.policy/shop/api"), "field": knownvalue.StringExact("apiVersion"), "line": knownvalue.Int64Exact(3),
				"message":     knownvalue.StringExact("policy/v1beta1 PodDisruptionBudget is not served since Kubernetes 1.25: policy/v1 is"),
				"remediation": knownvalue.StringExact("use the API version that the message names, and adapt the fields that it renamed"),
			})}),
			invalid: fmt.Sprintf("%q", "kind: ServiceAccount\n"), message: "apiVersion or kind is missing",
		},
		"check_manifests for a version": {
			call: "provider::seaworthy::check_manifests(" + fmt.Sprintf("%q", serviceAccount+"automountServiceAccountToken: false\n") + ", %s)", known: `"1.34"`,
			want:    knownvalue.ListExact([]knownvalue.Check{}),
			invalid: `"1.20"`, message: "not supported",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output := func(argument string) string {
				return "output \"result\" { value = " + fmt.Sprintf(tt.call, argument) + " }\n"
			}
			resource.UnitTest(t, resource.TestCase{
				TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.RequireAbove(tfversion.Version1_8_0)},
				ProtoV6ProviderFactories: factories,
				Steps: []resource.TestStep{
					{Config: output(tt.known), ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("result", tt.want)}},
					{Config: output("null"), ExpectError: message("null")},
					{Config: output(tt.invalid), ExpectError: message(tt.message)},
					{
						Config: output("terraform_data.later.output") + "resource \"terraform_data\" \"later\" { input = " + tt.known + " }",
						ConfigPlanChecks: resource.ConfigPlanChecks{
							PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("result")},
						},
						ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("result", tt.want)},
					},
				},
			})
		})
	}
}

// What a workload renders goes through encode and decode unchanged.
func TestFunctions_EncodeAndDecodeAreInverse(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: workloadConfig(t) + `
output "same" {
  value = provider::seaworthy::manifests_decode(provider::seaworthy::manifests_encode(seaworthy_workload.api.manifests)) == seaworthy_workload.api.manifests
}
output "first" {
  value = split("\n", provider::seaworthy::manifests_encode(seaworthy_workload.api.manifests))[0]
}`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("same", knownvalue.Bool(true)),
				statecheck.ExpectKnownOutputValue("first", knownvalue.StringExact("---")),
			},
		}},
	})
}
