package render

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// newEnv returns all variables of a container in an order in which references between
// them can be resolved.
func newEnv(c workload.Container) ([]envVar, error) {
	var env []envVar
	for _, name := range c.EnvOrder() {
		variable, err := newEnvVar(c, name)
		if err != nil {
			return nil, err
		}
		env = append(env, variable)
	}
	return env, nil
}

func newEnvVar(c workload.Container, name string) (envVar, error) {
	if value, plain := c.Env[name]; plain {
		return envVar{Name: name, Value: &value}, nil
	}
	if source, there := c.EnvFromSecret[name]; there {
		return envVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: source.Secret}, Key: source.Key, Optional: source.Optional,
		}}}, nil
	}
	if source, there := c.EnvFromConfigMap[name]; there {
		return envVar{Name: name, ValueFrom: &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: source.ConfigMap}, Key: source.Key, Optional: source.Optional,
		}}}, nil
	}
	source := c.EnvFromField[name]
	field, of, err := newFieldSource(source.FieldPath, source.Resource)
	if err != nil {
		return envVar{}, fmt.Errorf("variable %q: %w", name, err)
	}
	return envVar{Name: name, ValueFrom: &corev1.EnvVarSource{FieldRef: field, ResourceFieldRef: of}}, nil
}

// newFieldSource returns a field of the pod or a resource of a container.
func newFieldSource(path *string, of *workload.ResourceField) (*corev1.ObjectFieldSelector, *corev1.ResourceFieldSelector, error) {
	var field *corev1.ObjectFieldSelector
	if path != nil {
		// The version is what the API server would write there.
		field = &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: *path}
	}
	if of == nil {
		return field, nil, nil
	}
	selector := &corev1.ResourceFieldSelector{Resource: of.Name, Divisor: resource.MustParse("0")} // not set: 1
	if of.Container != nil {
		selector.ContainerName = *of.Container
	}
	if of.Divisor != nil {
		divisor, err := resource.ParseQuantity(*of.Divisor)
		if err != nil {
			return nil, nil, fmt.Errorf("divisor %q: %w", *of.Divisor, err)
		}
		selector.Divisor = divisor
	}
	return field, selector, nil
}

func newEnvFrom(sources []workload.EnvSource) []corev1.EnvFromSource {
	var all []corev1.EnvFromSource
	for _, s := range sources {
		var source corev1.EnvFromSource
		if s.Prefix != nil {
			source.Prefix = *s.Prefix
		}
		if s.ConfigMap != nil {
			source.ConfigMapRef = &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: *s.ConfigMap}, Optional: s.Optional}
		}
		if s.Secret != nil {
			source.SecretRef = &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: *s.Secret}, Optional: s.Optional}
		}
		all = append(all, source)
	}
	return all
}
