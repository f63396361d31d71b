package hardening

import (
	corev1 "k8s.io/api/core/v1"
)

var resourceRules = []Rule{
	{
		ID:          "cpu-request",
		Severity:    Error,
		Title:       "Every container requests CPU.",
		Attribute:   "containers",
		Remediation: "set `resources.requests.cpu` to what the container needs under ordinary load, for example \"100m\"",
		InYAML:      "set `resources.requests.cpu` to what the container needs under ordinary load, for example \"100m\"",
		Rationale: "The request is what the scheduler sets aside and what the container gets when its node is busy; without one it gets what is left. " +
			"A CPU limit is not asked for: it throttles a container while the node idles.",
		Source: "Kubernetes documentation, concepts/configuration/manage-resources-containers",
		check:  eachContainer(requested(corev1.ResourceCPU, "so it may get no CPU time on a busy node")),
	},
	{
		ID:          "memory-request",
		Severity:    Error,
		Title:       "Every container requests memory.",
		Attribute:   "containers",
		Remediation: "set `resources.requests.memory` to what the container uses under ordinary load, for example \"128Mi\"",
		InYAML:      "set `resources.requests.memory` to what the container uses under ordinary load, for example \"128Mi\"",
		Rationale:   "Without a request the scheduler takes the container to need nothing, and it is among the first to be evicted when the node runs out.",
		Source:      "Kubernetes documentation, concepts/scheduling-eviction/node-pressure-eviction, \"Pod selection for kubelet eviction\"",
		check:       eachContainer(requested(corev1.ResourceMemory, "so it is among the first to be evicted")),
	},
	{
		ID:          "memory-limit",
		Severity:    Error,
		Title:       "Every container's memory is limited.",
		Attribute:   "containers",
		Remediation: "set `resources.limits.memory` to the most that the container may ever use, for example \"256Mi\"",
		InYAML:      "set `resources.limits.memory` to the most that the container may ever use, for example \"256Mi\"",
		Rationale:   "Without a limit one leak takes the node's memory, and the kernel kills whatever it finds, other workloads included.",
		Source:      "Kubernetes documentation, concepts/configuration/manage-resources-containers",
		check:       eachContainer(checkMemoryLimit),
	},
	{
		ID:          "ephemeral-storage",
		Severity:    Error,
		Title:       "Every container requests ephemeral storage and has a limit for it.",
		Attribute:   "containers",
		Remediation: "leave `ephemeral-storage` out of `resources` (64Mi are requested, and the limit is 256Mi more than `writable_paths` and mounted folders) or set both",
		InYAML:      "set `ephemeral-storage` in requests and limits",
		Rationale:   "Logs, emptyDirs and files written in the container share the node's disk: one workload that fills it gets all others of the node evicted.",
		Source:      "Kubernetes documentation, concepts/storage/ephemeral-storage; kube-score@v1.20.0 container-ephemeral-storage-request-and-limit",
		check:       eachContainer(checkEphemeralStorage),
	},
	{
		ID:          "memory-overcommit",
		Severity:    Info,
		Title:       "The memory that a container may use is set aside for it.",
		Attribute:   "containers",
		Remediation: "set `resources.requests.memory` to the same as `resources.limits.memory` where an eviction would hurt",
		InYAML:      "set `resources.requests.memory` to the same as `resources.limits.memory` where an eviction would hurt",
		Rationale:   "What a container uses above its request was promised to nobody: when the node runs short of memory, pods above their requests are evicted first. A higher request costs capacity, so this is a notice.",
		Source:      "Kubernetes documentation, concepts/scheduling-eviction/node-pressure-eviction; kube-score@v1.20.0 container-memory-requests-equal-limits",
		check:       eachContainer(checkOvercommit),
	},
}

// requests reports whether the container says how much of a resource it needs.
// That a limit alone is a request as well is not enough: what is set aside on the
// nodes is worth to be written down.
func (c *container) requests(resource corev1.ResourceName) bool {
	request := c.Resources.Requests[resource]
	return !request.IsZero()
}

func (c *container) limits(resource corev1.ResourceName) bool {
	limit := c.Resources.Limits[resource]
	return !limit.IsZero()
}

func requested(resource corev1.ResourceName, consequence string) func(*container, report) {
	return func(c *container, report report) {
		if !c.requests(resource) {
			report(c.at("resources.requests"), "container %q requests no %s, %s", c.Name, resource, consequence)
		}
	}
}

func checkMemoryLimit(c *container, report report) {
	if !c.limits(corev1.ResourceMemory) {
		report(c.at("resources.limits"), "container %q has no limit for memory, so it may take all that the node has", c.Name)
	}
}

func checkEphemeralStorage(c *container, report report) {
	if !c.requests(corev1.ResourceEphemeralStorage) {
		report(c.at("resources.requests"), "container %q requests no ephemeral-storage, so the node may have none left for it", c.Name)
	}
	if !c.limits(corev1.ResourceEphemeralStorage) {
		report(c.at("resources.limits"), "container %q has no limit for ephemeral-storage, so its files and logs may fill the node's disk", c.Name)
	}
}

func checkOvercommit(c *container, report report) {
	request, limit := c.Resources.Requests[corev1.ResourceMemory], c.Resources.Limits[corev1.ResourceMemory]
	if !request.IsZero() && limit.Cmp(request) > 0 {
		report(c.at("resources.requests"), "container %q requests %s of memory and may use %s: above its request it is among the first to be evicted", c.Name, &request, &limit)
	}
}
