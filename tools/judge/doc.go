// Package judge lets others judge what seaworthy renders: kube-score and the Pod
// Security admission of Kubernetes, at level restricted, over every golden of package
// render and every workload of every example.
//
// It is a module of its own, so that the judges' dependencies are none of the
// provider's, and has tests only: `make judge`. What a judge says and we do not follow
// stands in a table, with the reason; a row that is no longer needed fails.
//
// kube-score@v1.20.0 builds with Kubernetes' libraries up to v0.32, so the standard is
// the one of that version.
package judge
