package render

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newContainer(name string, c workload.Container, writable writablePaths, preStopSleep int64) containerValues {
	container := containerValues{
		Name:            name,
		Image:           c.Image,
		ImagePullPolicy: *c.ImagePullPolicy,
		Process:         process{Command: c.Command, Args: c.Args, WorkingDir: c.WorkingDir, Env: newEnv(c)},
		Ports:           []corev1.ContainerPort{},
		Resources:       corev1.ResourceRequirements{Requests: quantities(c.Resources.Requests), Limits: quantities(c.Resources.Limits)},
		Probes:          map[string]probeValues{},
		SecurityContext: newSecurityContext(*c.SecurityContext),
		VolumeMounts:    writable.mounts,
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
	if preStopSleep > 0 {
		container.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: preStopSleep}}}
	}
	return container
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
	slices.SortFunc(env, func(a, b envVar) int { return cmp.Compare(a.Name, b.Name) })
	return env
}

// quantities parses what validation accepted; a quantity is written in Kubernetes'
// canonical form, as the API server returns it ("0.5" is "500m").
func quantities(texts map[string]string) corev1.ResourceList {
	list := corev1.ResourceList{}
	for name, text := range texts {
		list[corev1.ResourceName(name)] = resource.MustParse(text)
	}
	return list
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
