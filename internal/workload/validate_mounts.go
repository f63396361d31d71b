package workload

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// validateMounts looks at everything that each container mounts, which must be at
// different paths, and at what the volumes are mounted by.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateVolumeMounts.
func (w Workload) validateMounts(c *checks) {
	mounted := map[string]bool{}
	var mounts []field.Path
	for _, container := range w.AllContainers() {
		at := container.At.Attr("volume_mounts")
		mounts = append(mounts, at)
		taken := map[string]string{}
		for _, p := range sorted(container.WritablePaths) {
			c.takePath(taken, container.At.Attr("writable_paths").Key(p), p, "writable_paths")
		}
		for _, p := range sorted(container.VolumeMounts) {
			mount := container.VolumeMounts[p]
			mounted[mount.Volume] = true
			c.mountPath(at.Key(p), p)
			c.takePath(taken, at.Key(p), p, "volume_mounts")
			w.validateMount(c, at.Key(p), mount, container.Container)
		}
		for _, p := range sorted(w.ConfigFiles) {
			if w.ConfigFiles[p].For(container.Name) {
				c.takePath(taken, field.Root("config_files").Key(p), p, "config_files")
			}
		}
	}
	for _, list := range []struct {
		attribute string
		names     []string
	}{{"volumes", sorted(w.Volumes)}, {"volume_claims", sorted(w.VolumeClaims)}} {
		for _, name := range list.names {
			if !mounted[name] {
				c.failResting(field.Root(list.attribute).Key(name), mounts, "is mounted by no container: mount it in volume_mounts, or remove it")
			}
		}
	}
}

// takePath records what is mounted at a path of a container, and fails if something is already.
func (c *checks) takePath(taken map[string]string, p field.Path, mountPath, attribute string) {
	clean := path.Clean(mountPath)
	if other, twice := taken[clean]; twice {
		c.fail(p, "is a path of %s of the same container already: choose another", other)
	}
	taken[clean] = attribute
}

func (w Workload) validateMount(c *checks, p field.Path, mount VolumeMount, container Container) {
	volume, declared := w.Volumes[mount.Volume]
	if _, claimed := w.VolumeClaims[mount.Volume]; !declared && !claimed {
		names := append(sorted(w.Volumes), sorted(w.VolumeClaims)...)
		c.failResting(p.Attr("volume"), []field.Path{field.Root("volumes"), field.Root("volume_claims")}, "%q is no volume: add it to volumes%s", mount.Volume, known(names))
	}
	if mount.SubPath != nil && mount.SubPathExpr != nil {
		c.fail(p.Attr("sub_path_expr"), "is set together with sub_path: keep one of them")
	}
	for _, sub := range []struct {
		attribute string
		value     *string
	}{{"sub_path", mount.SubPath}, {"sub_path_expr", mount.SubPathExpr}} {
		if sub.value != nil {
			c.relativePath(p.Attr(sub.attribute), *sub.value)
		}
	}
	readOnly := mount.ReadOnly != nil && *mount.ReadOnly
	if volume.unwritable() && mount.ReadOnly != nil && !readOnly {
		c.failResting(p.Attr("read_only"), []field.Path{field.Root("volumes")}, "is false, but the volume cannot be written: remove it")
	}
	c.oneOf(p.Attr("mount_propagation"), mount.MountPropagation, "None", "HostToContainer", "Bidirectional")
	if valueOf(mount.MountPropagation) == "Bidirectional" && !valueOf(valueOf(container.SecurityContext).Privileged) {
		c.fail(p.Attr("mount_propagation"), "is Bidirectional, which only privileged containers may have: use HostToContainer")
	}
	c.oneOf(p.Attr("recursive_read_only"), mount.RecursiveReadOnly, "Disabled", "IfPossible", "Enabled")
	if mount.RecursiveReadOnly == nil || *mount.RecursiveReadOnly == "Disabled" {
		return
	}
	if !readOnly && !volume.unwritable() {
		c.failResting(p.Attr("recursive_read_only"), []field.Path{field.Root("volumes")}, "needs read_only = true: set it, or remove recursive_read_only")
	}
	if propagation := valueOf(mount.MountPropagation); propagation != "" && propagation != "None" {
		c.fail(p.Attr("recursive_read_only"), "goes with mount_propagation = \"None\" only: remove one of them")
	}
}

// known lists names for a message, if there are any.
func known(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ", or use one of " + strings.Join(names, ", ")
}

// mountPath fails unless something can be mounted at the path.
func (c *checks) mountPath(p field.Path, mountPath string) {
	c.absolutePath(p, mountPath)
	if strings.Contains(mountPath, ":") {
		// Source: kubernetes@v1.36.1 pkg/apis/core/types.go VolumeMount; the API server does not check it.
		c.fail(p, "%q holds a colon, which a mount path cannot", mountPath)
	}
}

// relativePath fails unless the path stays below where it begins.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateLocalDescendingPath.
func (c *checks) relativePath(p field.Path, relative string) {
	c.text(p, relative)
	switch {
	case relative == "":
		c.fail(p, "is empty: name a path or leave it out")
	case path.IsAbs(relative):
		c.fail(p, "%q is an absolute path: leave out the first /", relative)
	case strings.ContainsAny(relative, "\r\n"):
		c.fail(p, "holds a line break: remove it")
	case slices.Contains(strings.Split(relative, "/"), ".."):
		c.fail(p, "%q leads out of its folder: remove ..", relative)
	}
}

// filePath fails unless a volume may hold a file at the path: names that begin with ..
// are the kubelet's own.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateLocalNonReservedPath.
func (c *checks) filePath(p field.Path, relative string) {
	c.relativePath(p, relative)
	if strings.HasPrefix(relative, "..") && !strings.HasPrefix(relative, "../") && relative != ".." {
		c.fail(p, "%q begins with .., which is kept for the kubelet: choose another name", relative)
	}
}

// fileMode fails unless value is nil or the mode of a file in octal.
func (c *checks) fileMode(p field.Path, value *string) {
	if value == nil {
		return
	}
	if _, err := FileMode(*value); err != nil {
		c.fail(p, "%q is no mode of a file: write three or four octal digits, such as \"0440\"", *value)
	}
}

// FileMode reads the mode of a file, such as "0440": octal, at most 0777.
func FileMode(text string) (int32, error) {
	const octal, nineBits = 8, 9
	mode, err := strconv.ParseUint(text, octal, nineBits)
	if len(text) < 3 || len(text) > 4 {
		err = strconv.ErrSyntax
	}
	return int32(mode), err //nolint:gosec // nine bits fit
}
