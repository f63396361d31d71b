package provider

import (
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// terraformValue writes plain data as a Terraform value of the type; what is missing is null.
func terraformValue(t *testing.T, data any, typ tftypes.Type) tftypes.Value {
	t.Helper()
	if data == nil {
		return tftypes.NewValue(typ, nil)
	}
	switch typ := typ.(type) {
	case tftypes.Object:
		members := map[string]tftypes.Value{}
		for name, inner := range typ.AttributeTypes {
			members[name] = terraformValue(t, data.(map[string]any)[name], inner)
		}
		return tftypes.NewValue(typ, members)
	case tftypes.Map:
		members := map[string]tftypes.Value{}
		for key, value := range data.(map[string]any) {
			members[key] = terraformValue(t, value, typ.ElementType)
		}
		return tftypes.NewValue(typ, members)
	case tftypes.List:
		members := []tftypes.Value{}
		for _, value := range data.([]any) {
			members = append(members, terraformValue(t, value, typ.ElementType))
		}
		return tftypes.NewValue(typ, members)
	}
	if n, ok := data.(float64); ok {
		return tftypes.NewValue(typ, big.NewFloat(n))
	}
	return tftypes.NewValue(typ, data)
}

func readDocument(t *testing.T, name string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var document map[string]any
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

func workloadValue(t *testing.T, document map[string]any) tftypes.Value {
	t.Helper()
	return terraformValue(t, document, workloadSchema().Type().TerraformType(t.Context()))
}

func TestPlanWorkload_KnownDescriptionIsKnownThroughout(t *testing.T) {
	t.Parallel()
	plan, err := planWorkload(workloadValue(t, readDocument(t, "testdata/every-argument.yaml")), kubeversion.Newest)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Deployment.apps/shop/api", "HorizontalPodAutoscaler.autoscaling/shop/api", "NetworkPolicy.networking.k8s.io/shop/api",
		"PodDisruptionBudget.policy/shop/api", "Service/shop/api", "ServiceAccount/shop/api",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(plan.manifests))); diff != "" {
		t.Error(diff)
	}
	for key, m := range plan.manifests {
		if !m.known || m.text == "" {
			t.Errorf("%s is not known", key)
		}
	}
	if !plan.digest.known || !plan.findingsKnown {
		t.Error("digest or findings are not known")
	}
}

// everyPath lists the path of each value in a resource value but the computed ones and the root.
func everyPath(t *testing.T, value tftypes.Value) []*tftypes.AttributePath {
	t.Helper()
	computed := workloadComputedAttributes()
	var paths []*tftypes.AttributePath
	err := tftypes.Walk(value, func(p *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		if len(p.Steps()) == 0 {
			return true, nil
		}
		if name, ok := p.Steps()[0].(tftypes.AttributeName); ok && computed[string(name)] != nil {
			return false, nil
		}
		paths = append(paths, p)
		return !v.IsNull(), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// makeUnknown replaces the value at one path.
func makeUnknown(t *testing.T, value tftypes.Value, at *tftypes.AttributePath) tftypes.Value {
	t.Helper()
	changed, err := tftypes.Transform(value, func(p *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if p.Equal(at) {
			return tftypes.NewValue(v.Type(), tftypes.UnknownValue), nil
		}
		return v, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// documents are workloads that together set every argument.
func documents(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	return names
}

// Arguments that decide which objects exist, or what they are called.
var decidesKeys = []string{
	`name`, `namespace`, `kind`, `config_files`, `config_map_name`, `containers`, `autoscaling`, `autoscaling.keda`, `vertical_autoscaling`,
	`alerts`, `monitoring`, `monitoring.prometheus`, `monitoring.prometheus.kind`, `disruption_budget`, `disruption_budget.enabled`,
	`strategy`, `strategy.engine`, `strategy.blue_green`, `strategy.canary`, `strategy.ab_test`, `strategy.alerts`,
	`strategy.blue_green.candidate`, `strategy.canary.candidate`, `strategy.ab_test.candidate`,
	`strategy.canary.candidate.replicas`, `strategy.blue_green.candidate.replicas`, `strategy.ab_test.candidate.replicas`, `strategy.canary.mirror_percent`, `strategy.blue_green.mirror_percent`,
	`traffic`, `traffic.provider`, `traffic.hosts`, `analysis`, `analysis.metrics`,
	`service`, `service.enabled`, `service_account`, `service_account.create`, `service_account.name`, `network_policy`, `network_policy.enabled`,
}

// With any one argument unknown, the plan is no error, and whatever the plan
// calls known is what the complete description renders: a value that a plan
// promises and apply does not keep is what Terraform calls an inconsistent plan.
func TestPlanWorkload_UnknownInEachArgumentInTurn(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, document := range documents(t) {
		complete := workloadValue(t, readDocument(t, document))
		truth, err := planWorkload(complete, kubeversion.Newest)
		if err != nil {
			t.Fatalf("%s: %v", document, err)
		}
		for _, at := range everyPath(t, complete) {
			seen++
			t.Run(filepath.Base(document)+"/"+pathText(at), func(t *testing.T) {
				t.Parallel()
				checkUnknown(t, complete, truth, at)
			})
		}
	}
	if seen < 300 {
		t.Errorf("only %d arguments were tried", seen)
	}
}

// checkUnknown plans with the value at one path unknown, and holds the plan against the truth.
func checkUnknown(t *testing.T, complete tftypes.Value, truth workloadPlan, at *tftypes.AttributePath) {
	t.Helper()
	plan, err := planWorkload(makeUnknown(t, complete, at), kubeversion.Newest)
	if err != nil {
		t.Fatalf("an error that is not certain: %v", err)
	}
	if plan.manifests == nil {
		if !slices.Contains(decidesKeys, pathText(at)) {
			t.Error("the keys of manifests are unknown, although names and kinds are known")
		}
		return
	}
	for key, m := range plan.manifests {
		if m.known && m.text != truth.manifests[key].text {
			t.Errorf("%s is called known, but is not what the complete description renders:\n%s", key, cmp.Diff(truth.manifests[key].text, m.text))
		}
	}
	if len(plan.manifests) != len(truth.manifests) {
		t.Errorf("keys = %v", slices.Sorted(maps.Keys(plan.manifests)))
	}
	if plan.digest.known && plan.digest.text != truth.digest.text {
		t.Error("the digest is called known, but is another")
	}
}

// With two arguments unknown at a time the same holds; a sample of pairs, since
// what one argument hides another may show.
func TestPlanWorkload_UnknownInPairsOfArguments(t *testing.T) {
	t.Parallel()
	complete := workloadValue(t, readDocument(t, "testdata/every-argument.yaml"))
	truth, err := planWorkload(complete, kubeversion.Newest)
	if err != nil {
		t.Fatal(err)
	}
	paths := everyPath(t, complete)
	for i := 0; i < len(paths); i += 3 {
		first, second := paths[i], paths[(i*7+11)%len(paths)]
		if strings.HasPrefix(pathText(first), pathText(second)) || strings.HasPrefix(pathText(second), pathText(first)) {
			continue
		}
		t.Run(pathText(first)+" and "+pathText(second), func(t *testing.T) {
			t.Parallel()
			plan, err := planWorkload(makeUnknown(t, makeUnknown(t, complete, first), second), kubeversion.Newest)
			if err != nil {
				t.Fatalf("an error that is not certain: %v", err)
			}
			for key, m := range plan.manifests {
				if m.known && m.text != truth.manifests[key].text {
					t.Errorf("%s is called known, but is another", key)
				}
			}
		})
	}
}

// pathText writes a path as in HCL.
func pathText(at *tftypes.AttributePath) string {
	var b strings.Builder
	for i, step := range at.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%q]", string(step))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&b, "[%d]", int64(step))
		}
	}
	return b.String()
}

func TestPlanWorkload_UnknownImageLeavesTheOtherObjectsKnown(t *testing.T) {
	t.Parallel()
	complete := workloadValue(t, readDocument(t, "testdata/every-argument.yaml"))
	image := tftypes.NewAttributePath().WithAttributeName("containers").WithElementKeyString("api").WithAttributeName("image")
	plan, err := planWorkload(makeUnknown(t, complete, image), kubeversion.Newest)
	if err != nil {
		t.Fatal(err)
	}
	for key, m := range plan.manifests {
		if m.known != (key != "Deployment.apps/shop/api") {
			t.Errorf("%s: known = %t", key, m.known)
		}
	}
	if plan.images["api"].known || !plan.images["sidecar"].known {
		t.Errorf("images = %v", plan.images)
	}
	if plan.digest.known || !plan.findingsKnown {
		t.Errorf("digest known = %t, findings known = %t", plan.digest.known, plan.findingsKnown)
	}
}

// An error that no unknown value can mend is reported although other values are unknown.
func TestPlanWorkload_CertainErrorsAreReportedBesideUnknowns(t *testing.T) {
	t.Parallel()
	document := readDocument(t, "testdata/every-argument.yaml")
	document["replicas"] = float64(3)
	document["containers"].(map[string]any)["sidecar"].(map[string]any)["liveness_probe"] = nil
	image := tftypes.NewAttributePath().WithAttributeName("containers").WithElementKeyString("api").WithAttributeName("image")
	_, err := planWorkload(makeUnknown(t, workloadValue(t, document), image), kubeversion.Newest)
	var got []string
	for _, e := range flatten(err) {
		path, _, _ := strings.Cut(e.Error(), ": ")
		got = append(got, path)
	}
	if diff := cmp.Diff([]string{"replicas"}, got); diff != "" {
		// While a description is invalid, its safety is not judged.
		t.Errorf("blamed (-want +got):\n%s%v", diff, err)
	}
	document["replicas"] = nil
	_, err = planWorkload(makeUnknown(t, workloadValue(t, document), image), kubeversion.Newest)
	if err == nil || !strings.HasPrefix(err.Error(), `containers["sidecar"].liveness_probe: `) {
		t.Errorf("the missing probe is not reported: %v", err)
	}
}

func TestPlanWorkload_NullElementIsRefused(t *testing.T) {
	t.Parallel()
	value := workloadValue(t, readDocument(t, "testdata/every-argument.yaml"))
	at := tftypes.NewAttributePath().WithAttributeName("containers").WithElementKeyString("api").WithAttributeName("env").WithElementKeyString("LOG_LEVEL")
	nulled, err := tftypes.Transform(value, func(p *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if p.Equal(at) {
			return tftypes.NewValue(v.Type(), nil), nil
		}
		return v, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = planWorkload(nulled, kubeversion.Newest)
	if err == nil || !strings.Contains(err.Error(), `containers["api"].env["LOG_LEVEL"]: is null`) {
		t.Errorf("got %v", err)
	}
}

// A ConfigMap that is named by what it holds has no name before that is known. With a name
// of its own, the other keys stay known.
func TestPlanWorkload_UnknownContentOfAConfigFile(t *testing.T) {
	t.Parallel()
	content := tftypes.NewAttributePath().WithAttributeName("config_files").WithElementKeyString("/etc/app.conf").WithAttributeName("content")
	document := readDocument(t, "testdata/volumes-and-variables.yaml")
	plan, err := planWorkload(makeUnknown(t, workloadValue(t, document), content), kubeversion.Newest)
	if err != nil || len(plan.manifests) != 5 || plan.manifests["ConfigMap/shop/api-files"].known || plan.manifests["Deployment.apps/shop/api"].known || !plan.manifests["ServiceAccount/shop/api"].known {
		t.Errorf("with a name: %v, %v", slices.Sorted(maps.Keys(plan.manifests)), err)
	}
	delete(document, "config_map_name")
	plan, err = planWorkload(makeUnknown(t, workloadValue(t, document), content), kubeversion.Newest)
	if err != nil || plan.manifests != nil {
		t.Errorf("without a name: %v, %v", slices.Sorted(maps.Keys(plan.manifests)), err)
	}
}

// While the provider's version is unknown, only what every version gets alike is known.
func TestPlanWorkload_UnknownVersionStillGivesKeys(t *testing.T) {
	t.Parallel()
	plan, err := planWorkload(workloadValue(t, readDocument(t, "testdata/every-argument.yaml")), kubeversion.Oldest, kubeversion.Newest)
	if err != nil || len(plan.manifests) != 6 {
		t.Errorf("manifests = %d, %v", len(plan.manifests), err)
	}
}

// patchPath is the path of one attribute of a patch.
func patchPath(i int, name string) *tftypes.AttributePath {
	return tftypes.NewAttributePath().WithAttributeName("patches").WithElementKeyInt(i).WithAttributeName(name)
}

// A patch that is not known yet may change its target, whatever that is, and what
// follows from it, and nothing else.
func TestPlanWorkload_UnknownPatches(t *testing.T) {
	t.Parallel()
	complete := workloadValue(t, readDocument(t, "testdata/every-argument.yaml"))
	for name, tt := range map[string]struct {
		at      *tftypes.AttributePath
		unknown func(key string) bool
	}{
		"strategic merge": {patchPath(0, "strategic_merge"), func(key string) bool { return key == "Deployment.apps/shop/api" }},
		"JSON patch":      {patchPath(1, "json_patch"), func(key string) bool { return key == "Service/shop/api" }},
		"target":          {patchPath(1, "target"), func(string) bool { return true }},
		"element":         {tftypes.NewAttributePath().WithAttributeName("patches").WithElementKeyInt(1), func(string) bool { return true }},
		"list":            {tftypes.NewAttributePath().WithAttributeName("patches"), func(string) bool { return true }},
	} {
		plan, err := planWorkload(makeUnknown(t, complete, tt.at), kubeversion.Oldest)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(plan.manifests) != 6 {
			t.Errorf("%s: %d manifests", name, len(plan.manifests))
		}
		for key, m := range plan.manifests {
			if m.known == tt.unknown(key) {
				t.Errorf("%s: %s known = %t", name, key, m.known)
			}
		}
		if plan.images != nil || plan.findingsKnown || plan.digest.known {
			t.Errorf("%s: images %v, findings known = %t, digest known = %t", name, plan.images, plan.findingsKnown, plan.digest.known)
		}
	}
}

// While a patch is not known, what the rules say is not certain; how the patches that
// are known are written is.
func TestPlanWorkload_ErrorsBesideUnknownPatches(t *testing.T) {
	t.Parallel()
	document := readDocument(t, "testdata/every-argument.yaml")
	document["containers"].(map[string]any)["sidecar"].(map[string]any)["liveness_probe"] = nil
	document["exceptions"] = map[string]any{"replicas": "excuses nothing"}
	document["patches"].([]any)[1].(map[string]any)["json_patch"] = "{}"
	_, err := planWorkload(makeUnknown(t, workloadValue(t, document), patchPath(0, "strategic_merge")), kubeversion.Oldest)
	if err == nil || !strings.HasPrefix(err.Error(), "patches[1].json_patch: is not a list of operations") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error: %v", err)
	}
}
