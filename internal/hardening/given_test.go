package hardening_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// Objects are judged for the version that they are meant for, and without one for
// none that would refuse them all.
func TestCheck_JudgesForTheVersion(t *testing.T) {
	t.Parallel()
	objects, err := manifest.Parse("{apiVersion: networking.k8s.io/v1, kind: ServiceCIDR, metadata: {name: new}, spec: {cidrs: [10.0.0.0/8]}}\n---\n" +
		"{apiVersion: networking.k8s.io/v1beta1, kind: ServiceCIDR, metadata: {name: beta}, spec: {cidrs: [10.0.0.0/8]}}\n---\n" +
		"{apiVersion: batch/v1beta1, kind: CronJob, metadata: {name: old, namespace: shop}}\n")
	if err != nil {
		t.Fatal(err)
	}
	const old = "batch/v1beta1 CronJob is not served since Kubernetes 1.25: batch/v1 is"
	for version, want := range map[string][]string{
		"":     {old},
		"1.32": {old, "networking.k8s.io/v1 ServiceCIDR is served from Kubernetes 1.33 on, and the objects are for 1.32"},
		"1.33": {old},
		"1.37": {old, "networking.k8s.io/v1beta1 ServiceCIDR is not served since Kubernetes 1.37: networking.k8s.io/v1 is"},
	} {
		var given hardening.Given
		if version != "" {
			if given.Version, err = kubeversion.Parse(version); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, f := range hardening.Check(objects, given) {
			got = append(got, f.Message)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: findings (-want +got):\n%s", version, diff)
		}
	}
}
