package hardening_test

import (
	"fmt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

func ExampleCheck() {
	objects, err := manifest.Parse(`
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: api
  namespace: shop
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: api
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range hardening.Check(objects, hardening.Given{}) {
		fmt.Println(f.Severity, f.RuleID, f.Object)
		fmt.Println(f.Message)
	}
	// Output:
	// warning unhealthy-pod-eviction PodDisruptionBudget.policy/shop/api
	// unhealthyPodEvictionPolicy is not set, so broken pods are evicted only while enough others are healthy
}

func ExampleApply() {
	findings := []hardening.Finding{{RuleID: "replicas", Severity: hardening.Error}}
	applied, err := hardening.Apply(findings, map[string]string{
		"replicas":     "a leader holds a lock; a second pod would only wait",
		"image-digest": "an old note",
	})
	fmt.Println(applied[0].IsViolation(), applied[0].Reason)
	fmt.Println(err)
	// Output:
	// false a leader holds a lock; a second pod would only wait
	// exceptions["image-digest"]: excuses nothing, because the workload follows this rule: remove it
}

func ExampleLocate() {
	fmt.Println(hardening.Locate(hardening.Finding{
		RuleID: "image-digest",
		Object: "Deployment.apps/shop/api",
		Field:  "spec.template.spec.containers[api].image",
	}))
	// Output: containers["api"].image
}
