package patch

import "reflect"

// names are the fields by which the elements of Kubernetes' lists are told apart,
// in the order in which they are tried.
var names = []string{"name", "mountPath", "containerPort", "port", "key", "topologyKey", "type", "ip"}

// align returns, for each element of want, the index of the element of was that it
// came from, or -1 for a new one: an equal one, else one of the same name, else what
// is left in the same place. No index is given twice.
func align(was, want []any) []int {
	from, taken := make([]int, len(want)), make([]bool, len(was))
	for i := range from {
		from[i] = -1
	}
	for _, same := range []func(i, j int) bool{
		func(i, j int) bool { return reflect.DeepEqual(want[i], was[j]) },
		func(i, j int) bool { return nameOf(want[i]) != nil && nameOf(want[i]) == nameOf(was[j]) },
		func(i, j int) bool { return i == j },
	} {
		for i := range want {
			for j := range was {
				if from[i] < 0 && !taken[j] && same(i, j) {
					from[i], taken[j] = j, true
				}
			}
		}
	}
	return from
}

// nameOf returns what an element of a list is called, with the field that says so.
func nameOf(element any) any {
	members, ok := element.(map[string]any)
	if !ok {
		return nil
	}
	for _, name := range names {
		switch value := members[name].(type) {
		case nil, map[string]any, []any:
		default:
			return [2]any{name, value}
		}
	}
	return nil
}
