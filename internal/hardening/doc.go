// Package hardening judges rendered Kubernetes objects by what a production
// workload needs, and says what to change.
//
// A [Rule] is one property, such as "every image is named by its digest". A
// [Finding] is one place where an object lacks it. [Check] applies every rule to a
// set of objects and returns the findings in a fixed order:
//
//	objects, err := manifest.Parse(stream)
//	findings := hardening.Check(objects, hardening.Given{Version: version})
//
// Rules look at objects and never at what they were rendered from, so one set of
// rules serves workloads and any other YAML, and judges what really reaches the
// cluster. Objects are judged together: whether pods have a disruption budget or
// a network policy is told by the selectors of the others. Pod templates are read
// through one view (pod, container) wherever they are: Deployment, StatefulSet,
// DaemonSet, ReplicaSet, Job, CronJob and Pod; init containers are held to the same
// security and resources as the others.
//
// Three severities. An error must be mended or excepted. A warning is advice. An
// info tells what a decision brings with it. What every workload gets unless it says
// otherwise is an error where it is missing; what only the application's author can
// know (how long it starts, whether two versions may run at once) is a warning.
//
// For a workload two more steps follow: [Blame] leads from a field of an object to
// the attribute that decides about it ([Locate]) and says what to write there, since
// who writes HCL is not helped by names of YAML fields; and [Apply] marks what the user excepted, with the
// written reason. An exception is per rule and workload; one that is misspelt,
// unexplained or no longer needed is an error, so that the list of exceptions is
// always the truth. Rules that only say sooner what the cluster would refuse
// anyway have none.
//
// Rules do not look at each other's results, so an exception for one never changes
// what another says. One fault may break two of them.
//
// What a production workload is held to, and which rule does it, is a table in
// properties_test.go; a property without a rule has the reason there.
//
// What is not done: rules never change an object, do no I/O, and know neither
// Terraform nor Helm. There is no rule for a CPU limit (it throttles while the
// node idles; a choice), and none asks for what depends on the cluster: priority
// classes, AppArmor profiles, user namespaces. Messages never hold the value of a
// variable, because that may be a secret.
//
// What the objects cannot say is [Given]: the cluster's version, and what is known of
// the images. A rule that needs it says nothing without it.
//
// Adding a rule: a value in a rules_*.go file, a folder testdata/<rule-id> with
// pass.yaml, fail-*.yaml and want.txt (and images.json, where images are given), and `make generate` for the documentation
// page. Tests fail when one of them is missing.
package hardening

//go:generate go test . -count=1 -run=TestRulesPage -update
