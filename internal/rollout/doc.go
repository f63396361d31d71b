// Package rollout describes how a new version of a workload replaces the old one.
//
// A [Strategy] is a closed choice: exactly one of its kinds is set. These need no
// controller beside Kubernetes' own ([Controller]) and no traffic provider:
//
//   - rolling: pods are replaced a few at a time; at every moment at least
//     replicas - max_unavailable pods serve, at most replicas + max_surge exist.
//   - recreate: every old pod is gone before the first new one starts. There is
//     downtime; it is the right choice when two versions must not run at once,
//     or when one ReadWriteOnce volume is all there is. Only Deployments have it.
//   - on_delete: a pod is replaced when somebody deletes it, for what must be moved by
//     hand, such as the members of a database. StatefulSets and DaemonSets have it.
//
// These run two versions side by side, a stable one and a candidate, of a Deployment:
//
//   - blue_green: both run whole, and all traffic is switched at once.
//   - canary: the candidate gets a growing share of the traffic.
//   - ab_test: the candidate gets the requests that match conditions.
//
// Who moves the traffic is the [Engine]: native (every step is a plan), or a controller
// ([Flagger], [ArgoRollouts]) that looks at metrics ([Analysis]). What splits the requests is the
// [Provider] of the [Traffic]. What an engine can do over a provider is one table,
// [Capability]; [ValidateTogether] refuses what it says no to and names the nearest
// combination that can ([Alternative]), because the controllers accept most of it and
// then silently do something else.
//
// They are always rendered explicitly. Under server-side apply a change from
// RollingUpdate to Recreate is refused when rollingUpdate was only defaulted by
// the API server, and works when we wrote it (kubernetes/kubernetes#24198).
//
// [Quantity] values ("25%" or "2") are kept as the user wrote them and rounded
// as Kubernetes rounds them: max_surge up, max_unavailable down (of a DaemonSet, up).
//
// The package does no I/O and knows nothing of Helm or Terraform.
package rollout

//go:generate go test . -count=1 -run=TestSupportMatrix -update
