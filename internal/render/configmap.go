package render

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// configFilesAnnotation on the pods holds the hash of the config files where the name of
// their ConfigMap does not, so that a changed file replaces the pods.
const configFilesAnnotation = "seaworthy.dev/config-files"

// newConfigMap returns the ConfigMap of the config files. One that is named by its
// content never changes, and the kubelet need not watch it.
func newConfigMap(w workload.Workload) configMapValues {
	metadata := newMetadata(w)
	metadata.Name = w.ConfigMapName()
	data := make(map[string]string, len(w.ConfigFiles))
	for path, file := range w.ConfigFiles {
		data[workload.ConfigFileKey(path)] = file.Content
	}
	return configMapValues{Metadata: metadata, Data: data, Immutable: w.ConfigMapNameOverride == nil}
}

// newConfigFilesVolume returns the volume of the config files. Its items are written out
// where a file has a mode of its own.
func newConfigFilesVolume(w workload.Workload) (corev1.Volume, error) {
	source := &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: w.ConfigMapName()}}
	withMode := false
	for _, path := range sortedKeys(w.ConfigFiles) {
		file, key := w.ConfigFiles[path], workload.ConfigFileKey(path)
		mode, err := newMode(file.Mode)
		if err != nil {
			return corev1.Volume{}, err
		}
		withMode = withMode || mode != nil
		source.Items = append(source.Items, corev1.KeyToPath{Key: key, Path: key, Mode: mode})
	}
	if !withMode {
		source.Items = nil
	}
	return corev1.Volume{Name: workload.ConfigFilesVolume, VolumeSource: corev1.VolumeSource{ConfigMap: source}}, nil
}
