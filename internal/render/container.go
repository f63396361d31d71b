package render

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newContainer(c workload.PlacedContainer, mounts []corev1.VolumeMount, preStopSleep int64) (containerValues, error) {
	requests, requestsErr := quantities(c.Resources.Requests)
	limits, limitsErr := quantities(c.Resources.Limits)
	env, envErr := newEnv(c.Container)
	if err := errors.Join(requestsErr, limitsErr, envErr); err != nil {
		return containerValues{}, fmt.Errorf("container %q: %w", c.Name, err)
	}
	container := containerValues{
		Name:            c.Name,
		Image:           c.Image,
		ImagePullPolicy: *c.ImagePullPolicy,
		Process:         process{Command: c.Command, Args: c.Args, WorkingDir: c.WorkingDir, Env: env, EnvFrom: newEnvFrom(c.EnvFrom)},
		Ports:           []corev1.ContainerPort{},
		Resources:       corev1.ResourceRequirements{Requests: requests, Limits: limits},
		Probes:          map[string]probeValues{},
		SecurityContext: newSecurityContext(*c.SecurityContext),
		VolumeMounts:    mounts,

		PreStopSleepSeconds: preStopSleep,
	}
	if c.Sidecar {
		container.RestartPolicy = string(corev1.ContainerRestartPolicyAlways)
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
