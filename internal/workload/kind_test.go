package workload_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// kindDocument is a small workload of any kind.
const kindDocument = `
name: main
namespace: shop
kind: %s
containers:
  main: {image: registry.example.com/shop/main:1.0.0, ports: {http: {container_port: 8080}}}
`

// ofKind is a small workload of a kind, with more of a document.
func ofKind(t *testing.T, kind workload.Kind, addition string) workload.Workload {
	t.Helper()
	if kind == workload.CronJob && !strings.Contains(addition, "cron:") {
		addition = "cron: {schedule: '0 3 * * *'}\n" + addition
	}
	return describe(t, fmt.Sprintf(kindDocument, kind)+addition)
}

// One row for each attribute that not every kind has, with a value that is good
// where the attribute is.
var kindAttributes = []struct {
	attribute, document string
	kinds               []workload.Kind
}{
	{"replicas", "replicas: 2", scaled},
	{"autoscaling", "autoscaling: {min_replicas: 1, max_replicas: 3, cpu_utilization: 50}", scaled},
	{"vertical_autoscaling", "vertical_autoscaling: {}", slices.Concat(running, []workload.Kind{workload.CronJob})},
	{"disruption_budget", "disruption_budget: {min_available: '1'}", running},
	{"topology_spread", "topology_spread: []", slices.Concat(scaled, finite)},
	{"volume_claims", "volume_claims: {}", []workload.Kind{workload.StatefulSet}},
	{"pod_management_policy", "pod_management_policy: Parallel", []workload.Kind{workload.StatefulSet}},
	{"ordinals", "ordinals: {start: 1}", []workload.Kind{workload.StatefulSet}},
	{"persistent_volume_claim_retention_policy", "persistent_volume_claim_retention_policy: {}", []workload.Kind{workload.StatefulSet}},
	{"job", "job: {backoff_limit: 1}", finite},
	{"cron", "cron: {schedule: '@daily'}", []workload.Kind{workload.CronJob}},
	{"service", "service: {enabled: false}", running},
	{"min_ready_seconds", "min_ready_seconds: 5", running},
	{"progress_deadline_seconds", "progress_deadline_seconds: 300", []workload.Kind{workload.Deployment}},
	{"revision_history_limit", "revision_history_limit: 3", running},
	{"strategy", "strategy: {rolling: {}}", running},
	{"strategy.recreate", "strategy: {recreate: {}}", []workload.Kind{workload.Deployment}},
	{"strategy.on_delete", "strategy: {on_delete: {}}", []workload.Kind{workload.StatefulSet, workload.DaemonSet}},
	{"strategy.rolling.max_surge", "strategy: {rolling: {max_surge: '1'}}", []workload.Kind{workload.Deployment, workload.DaemonSet}},
	{"strategy.rolling.partition", "strategy: {rolling: {partition: 1}}", []workload.Kind{workload.StatefulSet}},
}

var (
	scaled  = []workload.Kind{workload.Deployment, workload.StatefulSet}
	running = []workload.Kind{workload.Deployment, workload.StatefulSet, workload.DaemonSet}
	finite  = []workload.Kind{workload.Job, workload.CronJob}
)

func TestValidate_AttributeThatTheKindHasNot(t *testing.T) {
	t.Parallel()
	for _, row := range kindAttributes {
		for _, kind := range workload.Kinds() {
			var want []string
			if !slices.Contains(row.kinds, kind) {
				outer, _, _ := strings.Cut(row.attribute, ".")
				if kind.Has(outer) {
					outer = row.attribute
				}
				want = []string{outer}
			}
			fields, _ := field.All(ofKind(t, kind, row.document).Validate(kubeversion.Newest))
			var got []string
			for _, f := range fields {
				if strings.Contains(f.Message, "is not something that a "+string(kind)+" has") {
					got = append(got, f.Path.String())
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", kind, row.document, diff)
			}
			if kind.Has(row.attribute) != (want == nil) {
				t.Errorf("%s.Has(%q) = %t", kind, row.attribute, kind.Has(row.attribute))
			}
		}
	}
}

// A kind that has an attribute decides about it, and one that has not leaves it alone.
func TestWithDefaults_DecidesWhatTheKindHas(t *testing.T) {
	t.Parallel()
	for _, kind := range workload.Kinds() {
		d := reflect.ValueOf(ofKind(t, kind, "").WithDefaults())
		for _, name := range []string{"Replicas", "MinReadySeconds", "ProgressDeadlineSeconds", "RevisionHistoryLimit", "Strategy", "Job", "Cron"} {
			f, _ := d.Type().FieldByName(name)
			attribute, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if decided := !d.FieldByName(name).IsNil(); decided != kind.Has(attribute) {
				t.Errorf("%s: %s decided = %t, but the kind has it = %t", kind, attribute, decided, kind.Has(attribute))
			}
		}
	}
}

// What is decided can be described, too.
func TestWithDefaults_IsValidForEveryKind(t *testing.T) {
	t.Parallel()
	for _, kind := range workload.Kinds() {
		w := ofKind(t, kind, "")
		w.DisruptionBudget = nil
		d := w.WithDefaults()
		if !kind.ScalesByReplicas() {
			d.DisruptionBudget = nil // there is none, and it says so
		}
		if !kind.Runs() {
			d.Service = nil
			c := d.Containers["main"]
			for name, port := range c.Ports {
				port.ServicePort = nil // decided, and of no use
				c.Ports[name] = port
			}
		}
		if err := d.Validate(kubeversion.Newest); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// The disruption controller counts pods by the scale of what runs them.
func TestValidate_BudgetOfAKindWithoutReplicas(t *testing.T) {
	t.Parallel()
	for budget, want := range map[string]string{
		"{}":                                      "disruption_budget",
		"{max_unavailable: '1'}":                  "disruption_budget.max_unavailable",
		"{max_unavailable: 25%}":                  "disruption_budget.max_unavailable",
		"{min_available: 50%}":                    "disruption_budget.min_available",
		"{min_available: '2'}":                    "",
		"{enabled: false}":                        "",
		"{enabled: true, min_available: '2'}":     "",
		"{enabled: false, max_unavailable: '10'}": "",
	} {
		fields, _ := field.All(ofKind(t, workload.DaemonSet, "disruption_budget: "+budget).Validate(kubeversion.Newest))
		got := ""
		if len(fields) > 0 {
			got = fields[0].Path.String()
		}
		if got != want || len(fields) > 1 {
			t.Errorf("%s: blamed %v, want %q", budget, fields, want)
		}
		if err := ofKind(t, workload.StatefulSet, "disruption_budget: "+budget).Validate(kubeversion.Newest); err != nil {
			t.Errorf("%s of a StatefulSet: %v", budget, err)
		}
	}
}

// Pods or Jobs have the name with eleven characters more, but for Deployments and DaemonSets.
func TestValidate_NameLeavesRoomForWhatIsAdded(t *testing.T) {
	t.Parallel()
	for _, kind := range workload.Kinds() {
		longest := 63
		if kind != workload.Deployment && kind != workload.DaemonSet {
			longest = 52
		}
		for length, valid := range map[int]bool{longest: true, longest + 1: false} {
			w := ofKind(t, kind, "")
			w.Name = strings.Repeat("a", length)
			if err := w.Validate(kubeversion.Newest); (err == nil) != valid {
				t.Errorf("%d characters of a %s: %v", length, kind, err)
			}
		}
	}
}

func TestValidate_StatefulSetAlwaysNamesAService(t *testing.T) {
	t.Parallel()
	w := ofKind(t, workload.StatefulSet, "service: {enabled: false}")
	w.Name = "1st"
	if err := w.Validate(kubeversion.Oldest); err == nil || !strings.Contains(err.Error(), "cannot name a Service") {
		t.Errorf("got %v", err)
	}
	w.Kind = workload.DaemonSet
	if err := w.Validate(kubeversion.Oldest); err != nil {
		t.Errorf("a DaemonSet without a Service: %v", err)
	}
}

func TestValidate_StatefulSetReplacesSeveralPodsWhereTheVersionDoes(t *testing.T) {
	t.Parallel()
	w := ofKind(t, workload.StatefulSet, "strategy: {rolling: {max_unavailable: 25%}}")
	if err := w.Validate(kubeversion.Newest); err != nil {
		t.Error(err)
	}
	if err := w.Validate(kubeversion.Oldest); err == nil || !strings.HasPrefix(err.Error(), "strategy.rolling.max_unavailable: needs Kubernetes 1.37") {
		t.Errorf("got %v", err)
	}
}
