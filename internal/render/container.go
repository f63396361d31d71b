package render

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newContainer(name string, c workload.Container, mounts []corev1.VolumeMount, preStopSleep int64) (containerValues, error) {
	requests, requestsErr := quantities(c.Resources.Requests)
	limits, limitsErr := quantities(c.Resources.Limits)
	if err := errors.Join(requestsErr, limitsErr); err != nil {
		return containerValues{}, fmt.Errorf("container %q: %w", name, err)
	}
	container := containerValues{
		Name:            name,
		Image:           c.Image,
		ImagePullPolicy: *c.ImagePullPolicy,
		Process:         process{Command: c.Command, Args: c.Args, WorkingDir: c.WorkingDir, Env: newEnv(c)},
		Ports:           []corev1.ContainerPort{},
		Resources:       corev1.ResourceRequirements{Requests: requests, Limits: limits},
		Probes:          map[string]probeValues{},
		SecurityContext: newSecurityContext(*c.SecurityContext),
		VolumeMounts:    mounts,

		PreStopSleepSeconds: preStopSleep,
	}
	for _, port := range slices.Sorted(maps.Keys(c.Ports)) {
		p := c.Ports[port]
		container.Ports = append(container.Ports, corev1.ContainerPort{
			Name: port, ContainerPort: p.ContainerPort, Protocol: corev1.Protocol(*p.Protocol),
		})
	}
	for name, probe := range map[string]*workload.Probe{
		"startupProbe": c.StartupProbe, "readinessProbe": c.ReadinessProbe, "livenessProbe": c.LivenessProbe,
	} {
		if probe != nil {
			container.Probes[name] = newProbe(*probe, c.Ports)
		}
	}
	return container, nil
}

// newEnv returns the plain variables and those from Secrets, sorted by name.
func newEnv(c workload.Container) []envVar {
	var env []envVar
	for name, value := range c.Env {
		env = append(env, envVar{Name: name, Value: &value})
	}
	for name, source := range c.EnvFromSecret {
		env = append(env, envVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: source.Secret},
			Key:                  source.Key,
			Optional:             source.Optional,
		}}})
	}
	slices.SortStableFunc(env, func(a, b envVar) int { return cmp.Compare(a.Name, b.Name) })
	return env
}

// quantities parses quantities by resource name. They are written in Kubernetes'
// canonical form, as the API server returns them: "0.5" is "500m".
func quantities(texts map[string]string) (corev1.ResourceList, error) {
	list := corev1.ResourceList{}
	for name, text := range texts {
		quantity, err := resource.ParseQuantity(text)
		if err != nil {
			return nil, fmt.Errorf("%s %q: %w", name, text, err)
		}
		list[corev1.ResourceName(name)] = quantity
	}
	return list, nil
}

func newSecurityContext(s workload.SecurityContext) corev1.SecurityContext {
	return corev1.SecurityContext{
		RunAsUser:                s.RunAsUser,
		RunAsGroup:               s.RunAsGroup,
		RunAsNonRoot:             s.RunAsNonRoot,
		ReadOnlyRootFilesystem:   s.ReadOnlyRootFilesystem,
		AllowPrivilegeEscalation: s.AllowPrivilegeEscalation,
		Privileged:               s.Privileged,
		Capabilities:             &corev1.Capabilities{Add: capabilities(s.Capabilities.Add), Drop: capabilities(s.Capabilities.Drop)},
	}
}

func capabilities(names []string) []corev1.Capability {
	var capabilities []corev1.Capability
	for _, name := range names {
		capabilities = append(capabilities, corev1.Capability(name))
	}
	return capabilities
}
