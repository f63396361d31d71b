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
	resources, resourcesErr := newResources(*c.Resources)
	env, envErr := newEnv(c.Container)
	if err := errors.Join(resourcesErr, envErr); err != nil {
		return containerValues{}, fmt.Errorf("container %q: %w", c.Name, err)
	}
	container := containerValues{
		Name:            c.Name,
		Image:           c.Image,
		ImagePullPolicy: *c.ImagePullPolicy,
		Process: process{
			Command: c.Command, Args: c.Args, WorkingDir: c.WorkingDir, Env: env, EnvFrom: newEnvFrom(c.EnvFrom),
			TerminationMessagePath: c.TerminationMessagePath, TerminationMessagePolicy: c.TerminationMessagePolicy,
		},
		Ports:           []corev1.ContainerPort{},
		Resources:       resources,
		Probes:          map[string]probeValues{},
		SecurityContext: newSecurityContext(*c.SecurityContext),
		VolumeMounts:    mounts,

		ResizePolicy: newResizePolicy(c.ResizePolicy),
		Lifecycle:    newLifecycle(c.Lifecycle, preStopSleep, c.Ports),
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

func newResources(r workload.Resources) (corev1.ResourceRequirements, error) {
	requests, requestsErr := quantities(r.Requests)
	limits, limitsErr := quantities(r.Limits)
	return corev1.ResourceRequirements{Requests: requests, Limits: limits}, errors.Join(requestsErr, limitsErr)
}

func newResizePolicy(policies map[string]string) []corev1.ContainerResizePolicy {
	all := []corev1.ContainerResizePolicy{}
	for _, name := range sortedKeys(policies) {
		all = append(all, corev1.ContainerResizePolicy{
			ResourceName: corev1.ResourceName(name), RestartPolicy: corev1.ResourceResizeRestartPolicy(policies[name]),
		})
	}
	return all
}

// newLifecycle returns the hooks of a container, which keeps serving for a while before
// it is stopped if it has no such hook itself.
func newLifecycle(l *workload.Lifecycle, preStopSleep int64, ports map[string]workload.Port) corev1.Lifecycle {
	var hooks corev1.Lifecycle
	if l != nil {
		hooks.PostStart, hooks.PreStop = newHook(l.PostStart, ports), newHook(l.PreStop, ports)
	}
	if preStopSleep != 0 { // less is refused; the API server would, too
		hooks.PreStop = &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: preStopSleep}}
	}
	return hooks
}

func newHook(h *workload.Hook, ports map[string]workload.Port) *corev1.LifecycleHandler {
	if h == nil {
		return nil
	}
	handler := newProbeHandler(workload.Probe{Exec: h.Exec, HTTPGet: h.HTTPGet}, ports)
	hook := &corev1.LifecycleHandler{Exec: handler.Exec, HTTPGet: handler.HTTPGet}
	if h.Sleep != nil {
		hook.Sleep = &corev1.SleepAction{Seconds: h.Sleep.Seconds}
	}
	return hook
}
