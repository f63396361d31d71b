// Package clustertest lets tests ask a real Kubernetes control plane.
//
// Unit tests hold what we emit against what we believe of Kubernetes; here
// Kubernetes itself decides. [Start] runs tools/cluster: the released
// kube-apiserver, controller manager and scheduler on loopback, without
// containers. Nodes and running pods are played by kwok, so everything that an
// API object goes through is real up to the kubelet, and nothing after it: no
// image is pulled, no probe asked, no Secret mounted, no packet filtered.
//
// The tests of this package need minutes to build the control plane for the
// first time, so they have a build tag and a target of their own:
//
//	make test-cluster
//	go test -tags cluster ./internal/clustertest -count=1 -run TestSample/17 -args -seed=1
//
// They apply every golden workload of package render, and a sample of generated
// ones, by server-side apply with strict field validation, into namespaces that
// enforce the restricted Pod Security standard. Then they wait for the
// controllers: an object that the API server takes can still be one that never
// gets a pod. What is expected is read from the objects, of whatever kind, and
// not from the description that they were made of. What the tests look at:
//
//   - the rollout is complete, with the replicas that the autoscaler wants; a Job
//     has completed, a CronJob's Job too once it is started by hand
//   - Services, NetworkPolicy and budget are about exactly the workload's pods
//   - the eviction API takes as many pods as the budget allows, and not one more
//   - a second apply changes nothing, so no field is fought over
//   - what our validation refuses as a rule of the API is one: the API server
//     refuses it too, or the table says why we are stricter
//   - where one value of a generated workload is replaced by another, validation
//     and the API server agree about the result, or a named rule of ours is stricter
//   - walks through the native strategies, there and back, never leave the Service without a ready
//     endpoint and never touch a field that cannot change
//   - the real Flagger, built from its module, takes a good version through the steps and a bad one
//     back over what we render, over every provider for which the table of package rollout has the
//     strategy (blue-green over some), and budget, policy and Service know production throughout
//   - what that table refuses, Flagger takes all the same, and does what the table's reason says
//   - what the table of package kubeversion says of the cluster's version is so
//
// The sample reaches every argument of a workload, which a test holds: an
// argument without a generator fails it.
//
// With -kubernetes=1.31 the control plane is that of the oldest supported version.
// The tests of features, goldens and the sample run against it too: each manifest
// is rendered for the version of the cluster, or for an older one.
package clustertest
