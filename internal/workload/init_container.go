package workload

import "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"

// InitContainer is a container that is started before the others.
type InitContainer struct {
	Name string `json:"name"`
	// Sidecar true keeps it running beside the containers, from before their start until
	// after their end; nil is false: it must finish before the next one starts.
	Sidecar *bool `json:"sidecar,omitempty"`
	Container
}

// PlacedContainer is a container of either kind, with its name and place.
type PlacedContainer struct {
	Container
	Name string
	// At is where the container is described.
	At field.Path
	// Init tells an init container, Sidecar one that keeps running.
	Init, Sidecar bool
}

// Serves reports whether the container runs while the pod is ready, so that
// ports, probes and the pre-stop sleep mean something for it.
func (c PlacedContainer) Serves() bool { return !c.Init || c.Sidecar }

// AllContainers returns the init containers in their order, then the containers by name.
func (w Workload) AllContainers() []PlacedContainer {
	all := make([]PlacedContainer, 0, len(w.InitContainers)+len(w.Containers))
	for i, c := range w.InitContainers {
		all = append(all, PlacedContainer{
			Container: c.Container, Name: c.Name, At: field.Root("init_containers").Index(i), Init: true, Sidecar: c.Sidecar != nil && *c.Sidecar,
		})
	}
	for _, name := range w.ContainerNames() {
		all = append(all, PlacedContainer{Container: w.Containers[name], Name: name, At: field.Root("containers").Key(name)})
	}
	return all
}

// validateInit holds what Kubernetes forbids for a container that ends before the pod
// is ready, and what would mean nothing for it.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateInitContainers.
func (c *checks) validateInit(container PlacedContainer) {
	if container.Serves() {
		return
	}
	for _, probe := range []struct {
		attribute string
		set       bool
	}{
		{"startup_probe", container.StartupProbe != nil},
		{"readiness_probe", container.ReadinessProbe != nil},
		{"liveness_probe", container.LivenessProbe != nil},
		{"ports", container.Ports != nil},
	} {
		if probe.set {
			c.failResting(container.At.Attr(probe.attribute), []field.Path{container.At.Attr("sidecar")},
				"means nothing for a container that ends before the pod is ready: remove it, or set sidecar = true")
		}
	}
}
