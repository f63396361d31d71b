package render_test

import (
	"fmt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func ExampleRender() {
	result, err := render.Render(workload.Workload{
		Name:      "api",
		Namespace: "shop",
		Kind:      workload.Deployment,
		Containers: map[string]workload.Container{"api": {
			Image: "registry.example.com/shop/api:1.4.2",
			Ports: map[string]workload.Port{"http": {ContainerPort: 8080}},
		}},
	}, render.Options{KubernetesVersion: "1.34"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range result.Manifests {
		fmt.Println(m.Key)
	}
	for _, finding := range result.Findings {
		if finding.RuleID == "image-digest" {
			fmt.Println(finding.Severity, finding.Path)
		}
	}
	// Output:
	// NetworkPolicy.networking.k8s.io/shop/api
	// PodDisruptionBudget.policy/shop/api
	// ServiceAccount/shop/api
	// Service/shop/api
	// Deployment.apps/shop/api
	// error containers["api"].image
}

func ExampleEncode() {
	stream, err := render.Encode(map[string]string{
		"Service/shop/api": "apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\n",
		"Namespace/shop":   "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
	})
	fmt.Print(stream, err)
	// Output:
	// ---
	// apiVersion: v1
	// kind: Namespace
	// metadata: {name: shop}
	// ---
	// apiVersion: v1
	// kind: Service
	// metadata: {name: api, namespace: shop}
	// <nil>
}
