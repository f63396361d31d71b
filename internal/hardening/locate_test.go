package hardening_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func TestLocate(t *testing.T) {
	t.Parallel()
	const deployment = "Deployment.apps/shop/api"
	for _, tt := range []struct{ object, field, rule, want string }{
		{deployment, "spec.template.spec.containers[api].image", "image-digest", `containers["api"].image`},
		{deployment, "spec.template.spec.containers[0].image", "image-digest", `containers["0"].image`},
		{deployment, "spec.template.spec.containers[api].env[A.B-C]", "secret-in-env", `containers["api"].env["A.B-C"]`},
		{deployment, `spec.template.spec.containers[api].env["a]b.c[\"d"]`, "secret-in-env", `containers["api"].env["a]b.c[\"d"]`},
		{deployment, "spec.template.spec.containers[api].securityContext.windowsOptions.hostProcess", "no-host-process", `containers["api"].security_context`},
		{deployment, "spec.template.spec.topologySpreadConstraints[1]", "zone-spread", "topology_spread[1]"},
		{deployment, "spec.template.spec.topologySpreadConstraints[one]", "zone-spread", "topology_spread"},
		{deployment, "spec.template.spec.hostNetwork", "no-host-namespaces", "security_context"},
		{deployment, "spec.template.spec.initContainers[migrate].image", "image-digest", `init_containers["migrate"].image`},
		{deployment, "spec.template.spec.initContainers[migrate].workingDir", "image-digest", `init_containers["migrate"]`},
		{deployment, "spec.template.spec.volumes[data].hostPath", "volume-types", `volumes["data"].host_path`},
		{deployment, "", "network-policy", "network_policy"},
		{deployment, "", "disruption-budget", "disruption_budget"},
		{"CronJob.batch/shop/report", "spec.jobTemplate.spec.template.spec.containers[report].image", "image-digest", `containers["report"].image`},
		{"Service/shop/api", "spec.ports[0].targetPort", "service-target-port", "service"},
		{"Service/shop/api", "metadata.namespace", "namespace", "namespace"},
		{"NetworkPolicy.networking.k8s.io/shop/api", "spec.egress[2].to[0].ipBlock", "network-policy-peers", "network_policy.egress"},
		{"Rollout.argoproj.io/shop/api", "spec.strategy", "rollout-strategy", "strategy"},
		{"", "[", "image-digest", "containers"},
	} {
		got := hardening.Locate(hardening.Finding{Object: tt.object, Field: tt.field, RuleID: tt.rule})
		if got.String() != tt.want {
			t.Errorf("Locate(%s %s, %s) = %s, want %s", tt.object, tt.field, tt.rule, got, tt.want)
		}
	}
}

// TestLocate_LeadsToAttributesThatExist follows each path through the description
// of a workload, for every finding of every fixture.
func TestLocate_LeadsToAttributesThatExist(t *testing.T) {
	t.Parallel()
	for _, rule := range hardening.All() {
		if _, exists := attribute(reflect.TypeFor[workload.Workload](), rule.Attribute); !exists {
			t.Errorf("%s names the attribute %s, which a workload does not have", rule.ID, rule.Attribute)
		}
		for _, path := range fixtures(t, rule.ID, "fail-*.yaml") {
			for _, finding := range hardening.Check(readFixture(t, path), hardening.Given{}) {
				located := hardening.Locate(finding)
				if len(located.Steps()) == 0 {
					t.Errorf("%s: no attribute for %s %s", path, finding.Object, finding.Field)
				}
				follow(t, located)
			}
		}
	}
}

func follow(t *testing.T, path field.Path) {
	t.Helper()
	at := reflect.TypeFor[workload.Workload]()
	for _, step := range path.Steps() {
		for at.Kind() == reflect.Pointer {
			at = at.Elem()
		}
		switch {
		case step.Kind == field.MapKey && at == reflect.TypeFor[[]workload.InitContainer](),
			step.Kind == field.MapKey && at.Kind() == reflect.Map, step.Kind == field.ListIndex && at.Kind() == reflect.Slice:
			at = at.Elem()
		case step.Kind == field.Attribute && at.Kind() == reflect.Struct:
			found, exists := attribute(at, step.Name)
			if !exists {
				t.Errorf("%s: %s has no attribute %s", path, at, step.Name)
				return
			}
			at = found
		default:
			t.Errorf("%s: %s cannot be followed by %q", path, at, step.Name)
			return
		}
	}
}

func attribute(of reflect.Type, name string) (reflect.Type, bool) {
	for _, f := range reflect.VisibleFields(of) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return f.Type, true
		}
	}
	return nil, false
}
