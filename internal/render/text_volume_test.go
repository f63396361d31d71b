package render_test

import (
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// volumeFields are the places for text in volumes, mounts and config files.
func volumeFields() []textField {
	files := field.Root("config_files").Key("/etc/text").Attr("content")
	volume := field.Root("volumes")
	// mounted adds a volume, and mounts it.
	mounted := func(w *workload.Workload, name string, v workload.Volume, m workload.VolumeMount) {
		m.Volume = name
		put(&w.Volumes, name, v)
		container(w, func(c *workload.Container) { put(&c.VolumeMounts, "/mnt/"+name, m) })
	}
	return []textField{
		{
			fixed(files), func(w *workload.Workload, s string) {
				put(&w.ConfigFiles, "/etc/text", workload.ConfigFile{Content: s})
			},
			"ConfigMap/shop/files", steps("data", "etc__text"), same,
		},
		{
			fixed(volume.Key("csi").Attr("csi").Attr("volume_attributes").Key("text")),
			func(w *workload.Workload, s string) {
				mounted(w, "csi", workload.Volume{CSI: &workload.CSIVolume{Driver: "example.com", VolumeAttributes: map[string]string{"text": s}}}, workload.VolumeMount{})
			},
			deploymentKey, below(podAt, "volumes", where{"csi"}, "csi", "volumeAttributes", "text"), same,
		},
		{
			fixed(volume.Key("claim").Attr("ephemeral").Attr("annotations").Key("text")),
			func(w *workload.Workload, s string) {
				mounted(w, "claim", workload.Volume{Ephemeral: &workload.EphemeralVolume{Storage: "1Gi", Annotations: map[string]string{"text": s}}}, workload.VolumeMount{})
			},
			deploymentKey, below(podAt, "volumes", where{"claim"}, "ephemeral", "volumeClaimTemplate", "metadata", "annotations", "text"), same,
		},
		{
			volume.Key("settings").Attr("config_map").Attr("items").Key,
			func(w *workload.Workload, s string) {
				mounted(w, "settings", workload.Volume{ConfigMap: &workload.ConfigMapVolume{Name: "a", Items: map[string]workload.KeyFile{s: {Key: "a"}}}}, workload.VolumeMount{})
			},
			deploymentKey, below(podAt, "volumes", where{"settings"}, "configMap", "items", 0, "path"), same,
		},
		{
			fixed(api.Attr("volume_mounts").Key("/mnt/sub").Attr("sub_path")),
			func(w *workload.Workload, s string) {
				mounted(w, "sub", workload.Volume{EmptyDir: &workload.EmptyDir{}}, workload.VolumeMount{SubPath: &s})
			},
			deploymentKey, below(firstAt, "volumeMounts", where{"sub"}, "subPath"), same,
		},
		{
			fixed(volume.Key("host").Attr("host_path").Attr("path")),
			func(w *workload.Workload, s string) {
				mounted(w, "host", workload.Volume{HostPath: &workload.HostPathVolume{Path: "/" + s}}, workload.VolumeMount{})
			},
			deploymentKey, below(podAt, "volumes", where{"host"}, "hostPath", "path"), func(s string) string { return "/" + s },
		},
	}
}
