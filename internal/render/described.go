package render

import (
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// described turns the path of a finding into one that the description has. The
// objects name what the description does not: init containers, which are a list there, the
// volumes behind writable paths and config files, and hooks that are ours.
func described(p field.Path, w workload.Workload) field.Path {
	steps := p.Steps()
	if len(steps) < 2 || steps[1].Kind != field.MapKey {
		return p
	}
	switch name := steps[1].Name; steps[0].Name {
	case "containers":
		if c, there := w.Containers[name]; there && len(steps) > 2 && steps[2].Name == "lifecycle" && c.Lifecycle == nil {
			return field.Root("pre_stop_sleep_seconds")
		}
	case "init_containers":
		i := slices.IndexFunc(w.InitContainers, func(c workload.InitContainer) bool { return c.Name == name })
		if i < 0 {
			return field.Root("init_containers")
		}
		return below(field.Root("init_containers").Index(i), steps[2:])
	case "volumes":
		if _, named := w.Volumes[name]; !named {
			return ofGeneratedVolume(name, w)
		}
	}
	return p
}

// ofGeneratedVolume returns the attribute that a volume without a name of the user's comes from.
func ofGeneratedVolume(name string, w workload.Workload) field.Path {
	if name == workload.ConfigFilesVolume {
		return field.Root("config_files")
	}
	for _, c := range w.AllContainers() {
		for _, path := range sortedKeys(c.WritablePaths) {
			if volumeName(c.Name, path) == name {
				return c.At.Attr("writable_paths").Key(path)
			}
		}
	}
	return field.Root("volumes")
}

// below returns the path that goes on from p with the given steps.
func below(p field.Path, steps []field.Step) field.Path {
	for _, s := range steps {
		switch s.Kind {
		case field.MapKey:
			p = p.Key(s.Name)
		case field.ListIndex:
			p = p.Index(s.Index)
		case field.Attribute:
			p = p.Attr(s.Name)
		}
	}
	return p
}
