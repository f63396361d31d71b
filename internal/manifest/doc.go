// Package manifest reads Kubernetes manifests: a YAML stream in, one [Manifest]
// per object out.
//
// A manifest keeps two views of the same object. Text is the YAML document as it
// was written, never encoded again, so that what a reviewer sees in a plan is what
// Helm rendered. Object is the document decoded strictly into its k8s.io/api type,
// so that a misspelt field is an error here and not a field that silently has no
// effect in the cluster. Kinds of API groups that k8s.io/api does not hold (custom
// resources) decode into *unstructured.Unstructured.
//
// The Key names an object the way kubectl writes it:
//
//	Deployment.apps/shop/api   kind, group, namespace, name
//	Service/shop/api           the core group has no name
//	Namespace/shop             no namespace: cluster-scoped, or left to the client
//
// It is what the provider uses as the key of the map of manifests. Keys hold no API version: the
// same object at another version is the same object.
//
// Parse takes any YAML, also such as users hand in for checking. It refuses what
// kubectl would read in part or in two ways: duplicate and unknown fields, two
// documents for one object, text after a separator on the same line. It bounds the
// size of its input and of what YAML aliases expand to.
//
// The package does no I/O, knows nothing of Helm or Terraform, and does not ask
// whether a value makes sense: that is for the API server, and for package hardening.
package manifest
