package workload

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// validatePodResources checks the resources that the containers of the pod share.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation validatePodResourceRequirements
// and validatePodResourceConsistency.
func (w Workload) validatePodResources(c *checks) {
	if w.Resources == nil {
		return
	}
	p := field.Root("resources")
	c.needs(p, kubeversion.PodResources)
	w.Resources.validate(c, p)
	if len(w.Resources.Requests)+len(w.Resources.Limits) == 0 {
		c.fail(p, "says nothing: set requests or limits, or remove it")
	}
	for list, values := range map[string]map[string]string{"requests": w.Resources.Requests, "limits": w.Resources.Limits} {
		for _, name := range sorted(values) {
			if name != "cpu" && name != "memory" && !strings.HasPrefix(name, hugePages) {
				c.fail(p.Attr(list).Key(name), "%q cannot be shared by a pod: use cpu, memory or hugepages-<size>, and set it on the containers", name)
			}
		}
	}
	for _, name := range sorted(w.Resources.Requests) {
		shared, err := resource.ParseQuantity(w.Resources.Requests[name])
		if sum := w.requested(name); err == nil && sum.Cmp(shared) > 0 {
			c.failResting(p.Attr("requests").Key(name), w.resourcePaths(), "is %s, less than the containers' requests together, %s: raise it, or lower those", &shared, &sum)
		}
	}
	for _, name := range sorted(w.Resources.Limits) {
		shared, err := resource.ParseQuantity(w.Resources.Limits[name])
		for _, container := range w.AllContainers() {
			own, ownErr := resource.ParseQuantity(valueOf(container.Resources).Limits[name])
			if err == nil && ownErr == nil && own.Cmp(shared) > 0 {
				c.failResting(p.Attr("limits").Key(name), w.resourcePaths(), "is %s, less than the limit of container %q, %s: raise it, or lower that", &shared, container.Name, &own)
			}
		}
	}
}

// requested returns what the pod needs by its containers: those that run together add
// up, and an init container needs what it asks for beside the sidecars before it.
// Source: k8s.io/component-helpers@v0.36.1 resource/helpers.go AggregateContainerRequests.
func (w Workload) requested(name string) resource.Quantity {
	var running, starting resource.Quantity
	for _, container := range w.AllContainers() {
		r := valueOf(container.Resources)
		text := r.Requests[name]
		if text == "" {
			text = r.Limits[name] // a limit without a request is a request of the same amount
		}
		q, err := resource.ParseQuantity(text)
		if err != nil {
			continue // not set, or said elsewhere
		}
		if container.Serves() {
			running.Add(q)
			q = resource.Quantity{}
		}
		if container.Init {
			q.Add(running)
			if q.Cmp(starting) > 0 {
				starting = q
			}
		}
	}
	if starting.Cmp(running) > 0 {
		return starting
	}
	return running
}

func (w Workload) resourcePaths() []field.Path {
	var paths []field.Path
	for _, container := range w.AllContainers() {
		paths = append(paths, container.At.Attr("resources"))
	}
	return paths
}

// neverRestarts reports whether the containers of the pods are never started again.
func (w Workload) neverRestarts() bool {
	policy := valueOf(w.Job).RestartPolicy
	return w.Kind.Has("job") && (policy == nil || *policy == "Never")
}

// validateResizePolicy checks what a change of resources in a running pod does.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateResizePolicy and validateInitContainers.
func (w Workload) validateResizePolicy(c *checks, container PlacedContainer) {
	p := container.At.Attr("resize_policy")
	if container.ResizePolicy == nil {
		return
	}
	c.needs(p, kubeversion.ResizePolicy)
	for _, name := range sorted(container.ResizePolicy) {
		value := container.ResizePolicy[name]
		if name != "cpu" && name != "memory" {
			c.fail(p.Key(name), "%q cannot be changed in a running pod: use cpu or memory", name)
		}
		c.oneOf(p.Key(name), &value, "NotRequired", "RestartContainer")
		if value == "RestartContainer" && w.neverRestarts() {
			c.failResting(p.Key(name), []field.Path{field.Root("kind"), field.Root("job")},
				"restarts the container, but the pods of the job never restart one: use NotRequired, or job.restart_policy = \"OnFailure\"")
		}
	}
	if !container.Serves() {
		c.failResting(p, []field.Path{container.At.Attr("sidecar")}, "means nothing for a container that ends before the pod is ready: remove it, or set sidecar = true")
	}
}
