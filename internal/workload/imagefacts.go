package workload

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// ImageFacts is what is known of the image of a container. The hardening rules take it
// into account; no object shows it.
type ImageFacts struct {
	// User is whom the image runs as, as its config has it; nil or empty is root where
	// RunsAsRoot says so.
	User       *string `json:"user,omitempty"`
	RunsAsRoot *bool   `json:"runs_as_root,omitempty"`
	// Entrypoint and Command are what the image starts; nil is not known, an empty list is nothing.
	Entrypoint []string `json:"entrypoint,omitempty"`
	Command    []string `json:"command,omitempty"`
	// ExposedPorts are the ports that the image declares, such as "8080/tcp"; nil is not known.
	ExposedPorts []string `json:"exposed_ports,omitempty"`
	// Shells are the paths of the image's shells; nil is not known, an empty list is none.
	Shells []string `json:"shells,omitempty"`
}

// validateImageFacts looks at which containers facts are given of.
func (w Workload) validateImageFacts(c *checks) {
	var names []string
	for _, container := range w.AllContainers() {
		names = append(names, container.Name)
	}
	slices.Sort(names)
	for _, name := range sorted(w.ImageFacts) {
		if !slices.Contains(names, name) {
			c.fail(field.Root("image_facts").Key(name), "no container has that name: use one of %s", strings.Join(names, ", "))
		}
	}
}
