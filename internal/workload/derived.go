package workload

import (
	"maps"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// Labels that every object carries, from the recommended set.
// Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
const (
	LabelName      = "app.kubernetes.io/name"
	LabelInstance  = "app.kubernetes.io/instance"
	LabelManagedBy = "app.kubernetes.io/managed-by"
)

// Selector returns the labels that select the workload's pods. It is one label
// and never changes: spec.selector is immutable, and progressive delivery
// controllers build their own selectors from the first of a few known labels
// (fluxcd/flagger@v1.44.0 -selector-labels: app, name, app.kubernetes.io/name).
func (w Workload) Selector() map[string]string {
	return map[string]string{LabelName: w.Name}
}

// IdentityLabels returns the labels that every object carries and no user label may replace.
func (w Workload) IdentityLabels() map[string]string {
	return map[string]string{LabelName: w.Name, LabelInstance: w.InstanceName(), LabelManagedBy: "seaworthy"}
}

// InstanceName returns the name that both tracks of a workload have in common.
func (w Workload) InstanceName() string {
	if w.Instance != "" {
		return w.Instance
	}
	return w.Name
}

// ContainerNames returns the containers' names in order.
func (w Workload) ContainerNames() []string { return slices.Sorted(maps.Keys(w.Containers)) }

// NamedPort is a declared port with its name and container.
type NamedPort struct {
	Name, Container string
	// At is where the container is described.
	At field.Path
	// Sidecar tells that the container is an init container that keeps running.
	Sidecar bool
	Port
}

// NamedPorts returns every declared port, of sidecars first, and by container and name.
func (w Workload) NamedPorts() []NamedPort {
	var ports []NamedPort
	for _, container := range w.AllContainers() {
		if !container.Serves() {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(container.Ports)) {
			ports = append(ports, NamedPort{Name: name, Container: container.Name, At: container.At, Sidecar: container.Sidecar, Port: container.Ports[name]})
		}
	}
	return ports
}

// LowestReplicas returns the smallest number of pods that the description asks for;
// 0 where the kind has no such number.
func (w Workload) LowestReplicas() int32 {
	switch {
	case !w.Kind.ScalesByReplicas():
		return 0
	case w.Autoscaling != nil:
		return w.Autoscaling.MinReplicas
	case w.Replicas != nil:
		return *w.Replicas
	default:
		return defaultReplicas
	}
}

// HasService reports whether a Service is made.
func (w Workload) HasService() bool {
	if !w.Kind.Has("service") {
		return false
	}
	if w.Service != nil && w.Service.Enabled != nil {
		return *w.Service.Enabled
	}
	return len(w.NamedPorts()) > 0
}

// HasDisruptionBudget reports whether a PodDisruptionBudget is made: when asked
// for, and by default where there is more than one pod (a budget for one pod
// either blocks every drain or protects nothing). A DaemonSet has none by default: a
// drain leaves its pods alone.
func (w Workload) HasDisruptionBudget() bool {
	if !w.Kind.Has("disruption_budget") {
		return false
	}
	if w.DisruptionBudget == nil {
		return w.LowestReplicas() > 1
	}
	return w.DisruptionBudget.Enabled == nil || *w.DisruptionBudget.Enabled
}

// HeadlessServiceName returns the name of the Service without an address that gives the
// pods of a StatefulSet their host names.
func (w Workload) HeadlessServiceName() string { return w.Name + "-headless" }

// HasNetworkPolicy reports whether a NetworkPolicy is made.
func (w Workload) HasNetworkPolicy() bool {
	return w.NetworkPolicy == nil || w.NetworkPolicy.Enabled == nil || *w.NetworkPolicy.Enabled
}

// CreatesServiceAccount reports whether the workload makes its own ServiceAccount.
func (w Workload) CreatesServiceAccount() bool {
	return w.ServiceAccount == nil || w.ServiceAccount.Create == nil || *w.ServiceAccount.Create
}

// ServiceAccountName returns the account that the pods run as.
func (w Workload) ServiceAccountName() string {
	if w.ServiceAccount != nil && w.ServiceAccount.Name != nil {
		return *w.ServiceAccount.Name
	}
	return w.Name
}
