package manifest_test

import (
	"fmt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

func ExampleParse() {
	manifests, err := manifest.Parse(`---
apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range manifests {
		fmt.Printf("%s %T\n", m.Key, m.Object)
	}
	// Output:
	// Service/shop/api *v1.Service
	// Deployment.apps/shop/api *v1.Deployment
}

func ExampleParse_misspelt() {
	_, err := manifest.Parse(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {replica: 3}
`)
	fmt.Println(err)
	// Output:
	// document 1 (Deployment.apps/shop/api): unknown field "spec.replica"
}
