package render

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// newWritablePaths returns the volumes and mounts of the directories of one
// container that may be written to, each an emptyDir of its own.
func newWritablePaths(container string, sizes map[string]string) ([]corev1.Volume, []corev1.VolumeMount, error) {
	volumes, mounts := []corev1.Volume{}, []corev1.VolumeMount{}
	for _, path := range slices.Sorted(maps.Keys(sizes)) {
		size, err := resource.ParseQuantity(sizes[path])
		if err != nil {
			return nil, nil, fmt.Errorf("container %q: size of %s %q: %w", container, path, sizes[path], err)
		}
		name := volumeName(container, path)
		volumes = append(volumes, corev1.Volume{
			Name:         name,
			VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: &size}},
		})
		mounts = append(mounts, corev1.VolumeMount{Name: name, MountPath: path})
	}
	return volumes, mounts, nil
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// volumeName returns a name for the volume behind a container's path: a DNS
// label that a person recognises and that no other path of the pod has. It does
// not depend on the other paths, so adding one renames none.
func volumeName(container, path string) string {
	const longest, hashLength = 63, 8
	sum := sha256.Sum256([]byte(container + "\x00" + path))
	readable := notInName.ReplaceAllString(strings.ToLower(container+"-"+path), "-")
	readable = readable[:min(len(readable), longest-hashLength-1)]
	return strings.Trim(readable, "-") + "-" + hex.EncodeToString(sum[:])[:hashLength]
}
