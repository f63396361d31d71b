//go:build cluster

package clustertest_test

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// volumeParts are volumes, each with a mount, files, variables from elsewhere, and
// containers that come first.
var volumeParts = []part{
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{EmptyDir: &workload.EmptyDir{SizeLimit: maybe(g, "1Mi", "1.5Gi"), Medium: maybe(g, "Memory", "HugePages", "HugePages-2Mi")}}
	}),
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{ConfigMap: &workload.ConfigMapVolume{Name: pick(g, "settings", "a.b"), Items: g.keyFiles(), DefaultMode: g.mode(), Optional: maybe(g, true, false)}}
	}),
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{Secret: &workload.SecretVolume{SecretName: pick(g, "tls", "a.b"), Items: g.keyFiles(), DefaultMode: g.mode(), Optional: maybe(g, true, false)}}
	}),
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{DownwardAPI: &workload.DownwardAPIVolume{Items: g.fieldFiles(w), DefaultMode: g.mode()}}
	}),
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{Projected: &workload.ProjectedVolume{DefaultMode: g.mode(), Sources: pick(g,
			[]workload.ProjectedSource{{ServiceAccountToken: &workload.ProjectedServiceToken{
				Path: pick(g, "token", "a/b"), Audience: maybe(g, "vault"), ExpirationSeconds: maybe[int64](g, 600, 1<<32),
			}}},
			[]workload.ProjectedSource{
				{ConfigMap: &workload.ProjectedObject{Name: "trust", Items: map[string]workload.KeyFile{"ca.crt": {Key: "ca.crt", Mode: g.mode()}}, Optional: maybe(g, true, false)}},
				{Secret: &workload.ProjectedObject{Name: "client", Items: map[string]workload.KeyFile{"client.pem": {Key: "pem", Mode: g.mode()}}, Optional: maybe(g, true, false)}},
				{DownwardAPI: &workload.ProjectedDownwardAPI{Items: map[string]workload.FieldFile{"namespace": {FieldPath: new("metadata.namespace"), Mode: g.mode()}}}},
			},
			[]workload.ProjectedSource{{DownwardAPI: &workload.ProjectedDownwardAPI{Items: g.fieldFiles(w)}}, {Secret: &workload.ProjectedObject{Name: "all"}}},
		)}}
	}),
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{PersistentVolumeClaim: &workload.ClaimVolume{ClaimName: pick(g, "data", "a.b"), ReadOnly: maybe(g, true, false)}}
	}),
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{Ephemeral: &workload.EphemeralVolume{
			Storage: pick(g, "1Ki", "10Gi"), StorageClassName: maybe(g, "", "fast"),
			AccessModes: pick(g, nil, []string{"ReadWriteOncePod"}, []string{"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"}),
			Labels:      some(g, 2, g.label), Annotations: some(g, 2, g.annotation),
		}}
	}),
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{CSI: &workload.CSIVolume{
			Driver: "secrets-store.csi.k8s.io", ReadOnly: maybe(g, true), FSType: maybe(g, "ext4"),
			VolumeAttributes:  some(g, 2, func() (string, string) { return pick(g, "class", "a b"), g.text() }),
			NodePublishSecret: maybe(g, "login"),
		}}
	}),
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{Image: &workload.ImageVolume{Reference: "registry.example.com/models:3" + digest, PullPolicy: maybe(g, "Always", "IfNotPresent", "Never")}}
	}),
	mounted(func(g generator, w workload.Workload) workload.Volume {
		return workload.Volume{HostPath: &workload.HostPathVolume{Path: pick(g, "/var/log", "/"), Type: maybe(g, "", "Directory", "FileOrCreate", "Socket")}}
	}),
	func(g generator, w *workload.Workload) {
		w.ConfigFiles = some(g, 3, func() (string, workload.ConfigFile) {
			return pick(g, "/etc/app/app.conf", "/a", "/etc/käse.yaml"), workload.ConfigFile{
				Content: g.text(), Mode: g.mode(), Containers: pick(g, nil, sortedKeys(w.Containers)[:1]),
			}
		})
		if len(w.ConfigFiles) > 0 {
			w.ConfigMapNameOverride = maybe(g, "files", "a.b")
		}
	},
	inContainer(func(g generator, c *workload.Container) {
		c.EnvFromConfigMap = some(g, 2, func() (string, workload.ConfigMapKey) {
			return g.variable("M"), workload.ConfigMapKey{ConfigMap: pick(g, "settings", "a.b"), Key: pick(g, "key", ".dot"), Optional: maybe(g, true, false)}
		})
	}),
	inContainer(func(g generator, c *workload.Container) {
		c.EnvFromField = some(g, 3, func() (string, workload.EnvField) {
			return g.variable("F"), pick(g,
				workload.EnvField{FieldPath: new(pick(g, "metadata.name", "status.podIPs", "metadata.labels['example.com/team']", "metadata.annotations['A']"))},
				workload.EnvField{Resource: g.resourceField()},
			)
		})
	}),
	inContainer(func(g generator, c *workload.Container) {
		c.EnvFrom = pick(g, nil,
			[]workload.EnvSource{{ConfigMap: new("settings"), Prefix: maybe(g, "A_"), Optional: maybe(g, true, false)}},
			[]workload.EnvSource{{Secret: new("a.b")}, {ConfigMap: new("settings"), Prefix: new("B")}})
	}),
	initContainer(func(g generator, w *workload.Workload, c *workload.InitContainer) {}),
	initContainer(func(g generator, w *workload.Workload, c *workload.InitContainer) {
		c.Sidecar = new(true)
		c.Ports = g.ports(5+len(w.InitContainers), takenPorts(*w))
		c.StartupProbe, c.LivenessProbe = g.killingProbe(c.Ports), g.killingProbe(c.Ports)
		if c.ReadinessProbe = g.probe(c.Ports); c.ReadinessProbe != nil {
			c.ReadinessProbe.SuccessThreshold = maybe[int32](g, 1, 3)
		}
	}),
}

// mounted makes a part of one that draws a volume: some container mounts it.
func mounted(draw func(generator, workload.Workload) workload.Volume) part {
	return func(g generator, w *workload.Workload) {
		if !g.chance(3) {
			return
		}
		if w.Volumes == nil {
			w.Volumes = make(map[string]workload.Volume)
		}
		name := pick(g, fmt.Sprintf("v%d", g.IntN(1000)), strings.Repeat("v", 60)+fmt.Sprint(100+g.IntN(900)))
		w.Volumes[name] = draw(g, *w)
		inContainer(func(g generator, c *workload.Container) {
			if c.VolumeMounts == nil {
				c.VolumeMounts = make(map[string]workload.VolumeMount)
			}
			mount := workload.VolumeMount{
				Volume: name, ReadOnly: maybe(g, true, false),
				MountPropagation: maybe(g, "None", "HostToContainer", "Bidirectional"), RecursiveReadOnly: maybe(g, "Disabled", "IfPossible", "Enabled"),
			}
			switch g.IntN(4) {
			case 0:
				mount.SubPath = new(pick(g, "a", "a/b c"))
			case 1:
				mount.SubPathExpr = new("$(HOME)/x")
			default:
			}
			c.VolumeMounts[pick(g, "/mnt/", "/with blank/", "/ä/")+name] = mount
		})(g, w)
	}
}

// initContainer makes a part that adds one more init container.
func initContainer(change func(generator, *workload.Workload, *workload.InitContainer)) part {
	return func(g generator, w *workload.Workload) {
		if !g.chance(2) {
			return
		}
		c := workload.InitContainer{Name: pick(g, "init", "0-init", strings.Repeat("i", 63)), Sidecar: maybe(g, false)}
		c.Image, c.Resources = "registry.example.com/init:1"+digest, g.resources()
		change(g, w, &c)
		for _, name := range sortedKeys(w.Containers) { // what a container has, an init container may have
			like := w.Containers[name]
			c.Command, c.Args, c.Env, c.EnvFromSecret, c.SecurityContext = like.Command, like.Args, like.Env, like.EnvFromSecret, like.SecurityContext
			c.ImagePullPolicy, c.WorkingDir, c.WritablePaths, c.VolumeMounts = like.ImagePullPolicy, like.WorkingDir, like.WritablePaths, like.VolumeMounts
			c.TerminationMessagePath, c.TerminationMessagePolicy = like.TerminationMessagePath, like.TerminationMessagePolicy
			if c.Sidecar != nil && *c.Sidecar {
				c.ResizePolicy = like.ResizePolicy
			}
			c.EnvFromConfigMap, c.EnvFromField, c.EnvFrom = like.EnvFromConfigMap, like.EnvFromField, like.EnvFrom
		}
		w.InitContainers = append(w.InitContainers, c)
	}
}

// mode draws the mode of a file.
func (g generator) mode() *string { return maybe(g, "0400", "0444", "777", "0640") }

func (g generator) keyFiles() map[string]workload.KeyFile {
	return some(g, 2, func() (string, workload.KeyFile) {
		return pick(g, "app.conf", "more/app.conf", "with blank"), workload.KeyFile{Key: pick(g, "app", ".dot"), Mode: g.mode()}
	})
}

func (g generator) fieldFiles(w workload.Workload) map[string]workload.FieldFile {
	return map[string]workload.FieldFile{pick(g, "a", "b/c"): pick(g,
		workload.FieldFile{FieldPath: new(pick(g, "metadata.labels", "metadata.annotations['x']")), Mode: g.mode()},
		workload.FieldFile{Resource: &workload.ResourceField{Name: "limits.memory", Container: new(sortedKeys(w.Containers)[0]), Divisor: maybe(g, "1Mi")}},
	)}
}

func (g generator) resourceField() *workload.ResourceField {
	return pick(g,
		&workload.ResourceField{Name: "limits.cpu", Divisor: maybe(g, "1m", "1")},
		&workload.ResourceField{Name: "requests.ephemeral-storage", Container: maybe(g, "main")},
		&workload.ResourceField{Name: "limits.hugepages-2Mi", Divisor: maybe(g, "1Ki")},
	)
}
