package provider

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clitest"
)

// A state that the first version of the provider wrote is read as it is: the workload is
// neither replaced nor rendered differently. Only what newer rules say is added, and then
// nothing is left to do. (testdata/state/schema-0.json was written by the commit
// "hardening: see secrets whose names end in a digit", before other kinds were known.)
func TestWorkload_StateOfTheFirstVersionIsTakenOver(t *testing.T) {
	t.Parallel()
	state, err := os.ReadFile("testdata/state/schema-0.json")
	if err != nil {
		t.Fatal(err)
	}
	text := string(state)
	if host := os.Getenv("TF_ACC_PROVIDER_HOST"); host != "" {
		text = strings.ReplaceAll(text, "registry.terraform.io", host)
	}
	w := clitest.New(t, map[string]string{
		"main.tf":           requiredProviders + `provider "seaworthy" { kubernetes_version = "1.34" }` + workloadConfig(t),
		"terraform.tfstate": text,
	})
	w.Run(t, "init")
	w.Run(t, "plan", "-out=plan")
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(w.Run(t, "show", "-json", "plan")), &plan); err != nil {
		t.Fatal(err)
	}
	change := plan.ResourceChanges[0].Change
	before, _ := change.Before.(map[string]any)
	after, _ := change.After.(map[string]any)
	var changed []string
	for name := range after {
		if !cmp.Equal(before[name], after[name]) {
			changed = append(changed, name)
		}
	}
	if change.Actions.Replace() || change.Actions.Create() || strings.Join(changed, " ") != "findings" {
		t.Errorf("%v of %v", change.Actions, changed)
	}
	if len(manifestsOf(before)) != 6 {
		t.Errorf("the state holds %d manifests", len(manifestsOf(before)))
	}
	w.Run(t, "apply", "plan")
	w.Run(t, "plan", "-detailed-exitcode") // fails unless nothing is left to do
}
