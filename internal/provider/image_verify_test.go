package provider

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/signature"
)

const (
	shop, stranger registrytest.Publisher = "shop", "stranger"
	cyclonedxType                         = "https://cyclonedx.org/bom"
)

// verifyWith writes the argument verify.
func verifyWith(attestations string, publishers ...registrytest.Publisher) string {
	var keys []string
	for _, p := range publishers {
		keys = append(keys, fmt.Sprintf("%q", p.PublicKey()))
	}
	return fmt.Sprintf("verify = { keys = [%s], attestations = %s }", strings.Join(keys, ", "), attestations)
}

func TestImageVerify_Signed(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	digest := server.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64"))
	server.Sign(t, "shop/api", digest, shop)
	server.Attest(t, "shop/api", digest, cyclonedxType, `{"bomFormat":"CycloneDX"}`, shop)
	key, err := signature.ParseKey(shop.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	signed := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"predicate_type": knownvalue.Null(), "key_id": knownvalue.StringExact(key.ID()),
		"origin": knownvalue.StringExact(strings.ReplaceAll(digest, ":", "-") + ".sig"),
	})
	attested := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"predicate_type": knownvalue.StringExact(cyclonedxType), "key_id": knownvalue.StringExact(key.ID()), "origin": digestOtherThan(digest),
	})
	step := func(arguments string, verified knownvalue.Check) resource.TestStep {
		return resource.TestStep{
			Config:            imageConfig(t, "", server.Host()+"/shop/api:1.4.2", arguments),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("verified"), verified)},
			ConfigPlanChecks:  resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		}
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		step("", knownvalue.Null()),
		step(verifyWith("null", shop), knownvalue.ListExact([]knownvalue.Check{signed})),
		step(verifyWith(fmt.Sprintf("[%q]", cyclonedxType), stranger, shop), knownvalue.ListExact([]knownvalue.Check{signed, attested})),
	}})
}

// A key that is made in the same apply is waited for.
func TestImageVerify_UnknownKey(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.Sign(t, "shop/api", server.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64")), shop)
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: fmt.Sprintf("resource \"terraform_data\" \"key\" {\n  input = %q\n}\n", shop.PublicKey()) +
			imageConfig(t, "", server.Host()+"/shop/api:1.4.2", "verify = { keys = [terraform_data.key.output] }"),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(imageAddress, tfjsonpath.New("verified"), knownvalue.ListSizeExact(1))},
	}}})
}

// Each failure stands at the argument and says what was found instead.
func TestImageVerify_Errors(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	digest := server.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64"))
	server.Sign(t, "shop/api", digest, shop)
	copied := server.Push(t, "shop/api:copied", registrytest.Single("linux/amd64"))
	server.SignAs(t, "shop/api", copied, digest, shop)
	server.Push(t, "shop/api:unsigned", registrytest.Single("linux/arm64"))
	broken := registrytest.Start(t)
	broken.Push(t, "shop/api:1.4.2", registrytest.Index("linux/amd64"))
	broken.Inject(registrytest.Status(http.StatusForbidden, "DENIED", "no").On("GET", "/referrers/"))
	for name, tt := range map[string]struct {
		host, tag, verify, summary, detail string
	}{
		"none":              {server.Host(), "unsigned", verifyWith("null", shop), "not signed", "cosign sign --key"},
		"another key":       {server.Host(), "1.4.2", verifyWith("null", stranger), "signed by another key", "is by the key; not by it are: sha256-"},
		"another digest":    {server.Host(), "copied", verifyWith("null", shop), "signature of another image", "copied from another image"},
		"no attestation":    {server.Host(), "1.4.2", verifyWith(`["https://slsa.dev/provenance/v1"]`, shop), "not signed", `attestation of the type "https://slsa.dev/provenance/v1"`},
		"not readable":      {broken.Host(), "1.4.2", verifyWith("null", shop), "Unable to verify", "signatures could not be read"},
		"no keys":           {server.Host(), "1.4.2", "verify = { keys = [] }", "Invalid verification", "verify.keys: there are 0 keys"},
		"a private key":     {server.Host(), "1.4.2", `verify = { keys = ["-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] }`, "Invalid public key", "verify.keys[0]: this is a private key"},
		"a path as key":     {server.Host(), "1.4.2", `verify = { keys = ["cosign.pub"] }`, "Invalid public key", "no PEM"},
		"short type":        {server.Host(), "1.4.2", verifyWith(`["cyclonedx"]`, shop), "Invalid predicate type", `verify.attestations[0]: "cyclonedx" is no URI`},
		"many attestations": {server.Host(), "1.4.2", verifyWith("[for i in range(21) : \"https://example.com/${i}\"]", shop), "Invalid verification", "21 predicate types"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			detail := strings.ReplaceAll(regexp.QuoteMeta(tt.detail), " ", `\s+`)
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config:      imageConfig(t, "", tt.host+"/shop/api:"+tt.tag, "allow_floating_tag = true\n"+tt.verify),
				ExpectError: regexp.MustCompile(`(?s)` + tt.summary + `.*: +verify = \{.*` + detail),
			}}})
		})
	}
}
