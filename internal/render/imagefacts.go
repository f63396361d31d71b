package render

import (
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// knownImages returns what the description knows of its images, as the hardening rules
// take it.
func knownImages(w workload.Workload) map[string]hardening.Image {
	images := map[string]hardening.Image{}
	for _, c := range w.AllContainers() {
		facts, known := w.ImageFacts[c.Name]
		if !known {
			continue
		}
		images[c.Name] = hardening.Image{
			Reference: c.Image, User: facts.User, RunsAsRoot: facts.RunsAsRoot,
			Entrypoint: facts.Entrypoint, Command: facts.Command, ExposedPorts: facts.ExposedPorts, Shells: facts.Shells,
		}
	}
	return images
}
