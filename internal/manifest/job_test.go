package manifest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

const jobText = `apiVersion: batch/v1
kind: %s
metadata:
  name: %s
  namespace: shop
  labels: {app.kubernetes.io/instance: migrate, app.kubernetes.io/managed-by: %s}
`

func TestParse_KeyOfAJobOfOursLeavesTheHashOut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ kind, name, manager, want string }{
		{"Job", "migrate-0123456789", "seaworthy", "Job.batch/shop/migrate"},
		{"Job", "migrate-0123456789", "Helm", "Job.batch/shop/migrate-0123456789"},
		{"Job", "migrate-012345678", "seaworthy", "Job.batch/shop/migrate-012345678"},
		{"Job", "migrate-abcdefghij", "seaworthy", "Job.batch/shop/migrate-abcdefghij"},
		{"Job", "another-0123456789", "seaworthy", "Job.batch/shop/another-0123456789"},
		{"Job", "migrate", "seaworthy", "Job.batch/shop/migrate"},
		{"CronJob", "migrate-0123456789", "seaworthy", "CronJob.batch/shop/migrate-0123456789"},
	} {
		manifests, err := manifest.Parse(fmt.Sprintf(jobText, tt.kind, tt.name, tt.manager))
		if err != nil || manifests[0].Key != tt.want {
			t.Errorf("%s %s of %s: %v, %v, want %s", tt.kind, tt.name, tt.manager, manifests, err, tt.want)
		}
	}
}

// What a cluster holds may be two runs of one workload: the second is called by its whole name.
func TestParse_TwoRunsOfOneJobHaveTwoKeys(t *testing.T) {
	t.Parallel()
	first, second := fmt.Sprintf(jobText, "Job", "migrate-0123456789", "seaworthy"), fmt.Sprintf(jobText, "Job", "migrate-abcdef0123", "seaworthy")
	manifests, err := manifest.Parse(first + "---\n" + second)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range manifests {
		keys = append(keys, m.Key)
	}
	if diff := cmp.Diff([]string{"Job.batch/shop/migrate", "Job.batch/shop/migrate-abcdef0123"}, keys); diff != "" {
		t.Error(diff)
	}
	if _, err := manifest.Parse(first + "---\n" + first); err == nil {
		t.Error("one Job twice is no error")
	}
}

func TestRefusedChanges(t *testing.T) {
	t.Parallel()
	const set = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store, namespace: shop}
spec:
  replicas: 3
  serviceName: store-headless
  selector: {matchLabels: {app: store}}
  template: {metadata: {labels: {app: store}}}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {resources: {requests: {storage: 10Gi}}}
`
	const service = "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: shop}\nspec: {type: ClusterIP}\n"
	for _, tt := range []struct {
		text, from, to string
		want           []string
	}{
		{set, "replicas: 3", "replicas: 4", nil},
		{set, "storage: 10Gi", "storage: 20Gi", []string{"spec.volumeClaimTemplates"}},
		{set, "store-headless", "other", []string{"spec.serviceName"}},
		{set, "name: store,", "name: other,", nil}, // another object
		{service, "ClusterIP", "ClusterIP, clusterIP: None", []string{"spec.clusterIP"}},
		{service, "ClusterIP", "NodePort", nil},
		{strings.Replace(service, "ClusterIP", "ClusterIP, clusterIP: None", 1), ", clusterIP: None", "", nil},
	} {
		before, err := manifest.Parse(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		after, err := manifest.Parse(strings.Replace(tt.text, tt.from, tt.to, 1))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, manifest.RefusedChanges(before[0], after[0])); diff != "" {
			t.Errorf("%s to %s (-want +got):\n%s", tt.from, tt.to, diff)
		}
	}
}
