package patch

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// fixed are the fields that a patch may not change, and why not.
var fixed = []struct {
	kinds []string // none is every kind
	path  string
	why   string
}{
	{nil, "apiVersion", "names the object"},
	{nil, "kind", "names the object"},
	{nil, "metadata.name", "names the object"},
	{nil, "metadata.namespace", "names the object"},
	{nil, "metadata.generateName", "would name another object at each apply"},
	{nil, "status", "is what the cluster reports, and is ignored in a manifest"},
	{[]string{"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout"}, "spec.selector", "ties the object to its pods"},
	{[]string{"Service"}, "spec.selector", "ties the Service to the workload's pods"},
	{[]string{"PodDisruptionBudget"}, "spec.selector", "ties the budget to the workload's pods"},
	{[]string{"NetworkPolicy"}, "spec.podSelector", "ties the policy to the workload's pods"},
	{[]string{"HorizontalPodAutoscaler", "ScaledObject"}, "spec.scaleTargetRef", "ties the autoscaler to the workload"},
	{[]string{"VerticalPodAutoscaler"}, "spec.targetRef", "ties the autoscaler to the workload"},
}

// checkIdentity refuses a change of what others know the object by.
func checkIdentity(was, want map[string]any) error {
	kind, _ := was["kind"].(string)
	for _, f := range fixed {
		if len(f.kinds) > 0 && !slices.Contains(f.kinds, kind) {
			continue
		}
		if !reflect.DeepEqual(at(was, f.path), at(want, f.path)) {
			return fmt.Errorf("changes %s, which %s: a patch cannot", f.path, f.why)
		}
	}
	return nil
}

// at returns the value at a path of fields, or nil.
func at(object map[string]any, path string) any {
	var value any = object
	for name := range strings.SplitSeq(path, ".") {
		members, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = members[name]
	}
	return value
}
