package workload

import (
	"regexp"
	"slices"
)

// ConfigMapKey names one key of a ConfigMap in the workload's namespace.
type ConfigMapKey struct {
	ConfigMap string `json:"config_map"`
	Key       string `json:"key"`
	// Optional lets the container start without the key; nil is false.
	Optional *bool `json:"optional,omitempty"`
}

// EnvField is a field of the pod, or a resource of a container; exactly one is set.
type EnvField struct {
	FieldPath *string        `json:"field_path,omitempty"`
	Resource  *ResourceField `json:"resource,omitempty"`
}

// ResourceField is a request or limit of a container.
type ResourceField struct {
	// Name is the resource, such as "limits.cpu".
	Name string `json:"name"`
	// Container is the container's name; nil is the container itself, which a volume has not.
	Container *string `json:"container,omitempty"`
	// Divisor is the unit that is counted in, such as "1Mi"; nil is "1".
	Divisor *string `json:"divisor,omitempty"`
}

// EnvSource makes a variable of each key of a ConfigMap or Secret; exactly one is set.
type EnvSource struct {
	ConfigMap *string `json:"config_map,omitempty"`
	Secret    *string `json:"secret,omitempty"`
	// Prefix is put before each key; nil is none.
	Prefix *string `json:"prefix,omitempty"`
	// Optional lets the container start without the object; nil is false.
	Optional *bool `json:"optional,omitempty"`
}

// reference finds what Kubernetes takes for $(NAME), and what it takes for an escape.
// Source: kubernetes@v1.36.1 third_party/forked/golang/expansion/expand.go.
var reference = regexp.MustCompile(`\$\$|\$\(([^)]*)\)`)

// references returns the names of variables that a value refers to.
func references(value string) []string {
	var names []string
	for _, found := range reference.FindAllStringSubmatch(value, -1) {
		if found[0] != "$$" {
			names = append(names, found[1])
		}
	}
	return names
}

// EnvOrder returns the names of all variables of the container in the order in which
// Kubernetes must see them: one that others refer to comes before them, and else
// by name. Variables in a circle come last, by name.
func (c Container) EnvOrder() []string {
	order, _ := c.orderEnv()
	return order
}

// orderEnv also returns the variables that refer to each other in a circle, or to one
// that does.
func (c Container) orderEnv() (order, circle []string) {
	waiting := slices.Concat(sorted(c.Env), sorted(c.EnvFromSecret), sorted(c.EnvFromConfigMap), sorted(c.EnvFromField))
	slices.Sort(waiting)
	waiting = slices.Compact(waiting)
	for len(waiting) > 0 {
		next := slices.IndexFunc(waiting, func(name string) bool {
			return !slices.ContainsFunc(references(c.Env[name]), func(other string) bool { return slices.Contains(waiting, other) })
		})
		if next < 0 {
			return append(order, waiting...), waiting
		}
		order = append(order, waiting[next])
		waiting = slices.Delete(waiting, next, next+1)
	}
	return order, nil
}
