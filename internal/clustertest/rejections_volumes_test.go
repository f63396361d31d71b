//go:build cluster

package clustertest_test

import (
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// volume adds a volume that the container mounts.
func volume(v workload.Volume) func(*workload.Workload) {
	return mountedAs(v, workload.VolumeMount{Volume: "data"})
}

func mountedAs(v workload.Volume, m workload.VolumeMount) func(*workload.Workload) {
	return func(w *workload.Workload) {
		w.Volumes = map[string]workload.Volume{"data": v}
		web(func(c *workload.Container) { c.VolumeMounts = map[string]workload.VolumeMount{"/data": m} })(w)
	}
}

func mount(m workload.VolumeMount) func(*workload.Workload) {
	m.Volume = "data"
	return mountedAs(workload.Volume{EmptyDir: &workload.EmptyDir{}}, m)
}

func configMap(v workload.ConfigMapVolume) func(*workload.Workload) {
	return volume(workload.Volume{ConfigMap: &v})
}

func projected(sources ...workload.ProjectedSource) func(*workload.Workload) {
	return volume(workload.Volume{Projected: &workload.ProjectedVolume{Sources: sources}})
}

func downward(file workload.FieldFile) func(*workload.Workload) {
	return volume(workload.Volume{DownwardAPI: &workload.DownwardAPIVolume{Items: map[string]workload.FieldFile{"a": file}}})
}

func ephemeral(v workload.EphemeralVolume) func(*workload.Workload) {
	return volume(workload.Volume{Ephemeral: &v})
}

func hostPath(v workload.HostPathVolume) func(*workload.Workload) {
	return volume(workload.Volume{HostPath: &v})
}

func envField(f workload.EnvField) func(*workload.Workload) {
	return web(func(c *workload.Container) { c.EnvFromField = map[string]workload.EnvField{"A": f} })
}

func envFrom(s workload.EnvSource) func(*workload.Workload) {
	return web(func(c *workload.Container) { c.EnvFrom = []workload.EnvSource{s} })
}

func initial(change func(*workload.InitContainer)) func(*workload.Workload) {
	return func(w *workload.Workload) {
		c := workload.InitContainer{Name: "init", Container: workload.Container{Image: "init:1" + digest, Resources: w.Containers["web"].Resources}}
		change(&c)
		w.InitContainers = []workload.InitContainer{c}
	}
}

// volumeRejections are about volumes, files, variables from elsewhere, and
// containers that come first.
var volumeRejections = map[string]rejection{
	// Volumes.
	"volume of nothing": {change: volume(workload.Volume{}), stricter: "the API server makes an emptyDir of it"},
	"volume not mounted": {change: func(w *workload.Workload) {
		w.Volumes = map[string]workload.Volume{"a": {EmptyDir: &workload.EmptyDir{}}}
	}, stricter: "an attribute without an effect is an error"},
	"volume's name": {change: func(w *workload.Workload) {
		volume(workload.Volume{EmptyDir: &workload.EmptyDir{}})(w)
		w.Volumes["a b"] = w.Volumes["data"]
	}, api: "spec.template.spec.volumes[0].name"},
	"emptyDir's size":       {change: volume(workload.Volume{EmptyDir: &workload.EmptyDir{SizeLimit: new("-1")}}), api: "emptyDir.sizeLimit"},
	"emptyDir's medium":     {change: volume(workload.Volume{EmptyDir: &workload.EmptyDir{Medium: new("Disk")}}), stricter: "no kubelet knows it"},
	"ConfigMap of no name":  {change: configMap(workload.ConfigMapVolume{}), api: "configMap.name"},
	"ConfigMap's name":      {change: configMap(workload.ConfigMapVolume{Name: "A_b"}), stricter: "no ConfigMap can have that name"},
	"file upwards":          {change: configMap(workload.ConfigMapVolume{Name: "a", Items: map[string]workload.KeyFile{"../a": {Key: "a"}}}), api: "configMap.items[0].path"},
	"file of the kubelet":   {change: configMap(workload.ConfigMapVolume{Name: "a", Items: map[string]workload.KeyFile{"..a": {Key: "a"}}}), api: "configMap.items[0].path"},
	"file of no key":        {change: configMap(workload.ConfigMapVolume{Name: "a", Items: map[string]workload.KeyFile{"a": {}}}), api: "configMap.items[0].key"},
	"file of a bad key":     {change: configMap(workload.ConfigMapVolume{Name: "a", Items: map[string]workload.KeyFile{"a": {Key: "a b"}}}), stricter: "no ConfigMap can have that key"},
	"Secret of no name":     {change: volume(workload.Volume{Secret: &workload.SecretVolume{}}), api: "secret.secretName"},
	"token of no path":      {change: projected(workload.ProjectedSource{ServiceAccountToken: &workload.ProjectedServiceToken{}}), api: "projected.path"},
	"token too short-lived": {change: projected(workload.ProjectedSource{ServiceAccountToken: &workload.ProjectedServiceToken{Path: "a", ExpirationSeconds: new(int64(599))}}), api: "serviceAccountToken.expirationSeconds"},
	"one file of two sources": {change: projected(
		workload.ProjectedSource{ServiceAccountToken: &workload.ProjectedServiceToken{Path: "a"}},
		workload.ProjectedSource{DownwardAPI: &workload.ProjectedDownwardAPI{Items: map[string]workload.FieldFile{"a": {FieldPath: new("metadata.name")}}}},
	), stricter: "one of them hides the other"},
	"downward field":        {change: downward(workload.FieldFile{FieldPath: new("spec.nodeName")}), api: "downwardAPI.fieldRef.fieldPath"},
	"downward resource":     {change: downward(workload.FieldFile{Resource: &workload.ResourceField{Name: "limits.cpu"}}), api: "resourceFieldRef.containerName"},
	"claim of no name":      {change: volume(workload.Volume{PersistentVolumeClaim: &workload.ClaimVolume{}}), api: "persistentVolumeClaim.claimName"},
	"ephemeral nothing":     {change: ephemeral(workload.EphemeralVolume{Storage: "0"}), api: "ephemeral.volumeClaimTemplate.spec.resources"},
	"ephemeral mode":        {change: ephemeral(workload.EphemeralVolume{Storage: "1Gi", AccessModes: []string{"Some"}}), api: "ephemeral.volumeClaimTemplate.spec.accessModes"},
	"ephemeral modes":       {change: ephemeral(workload.EphemeralVolume{Storage: "1Gi", AccessModes: []string{"ReadWriteOncePod", "ReadWriteOnce"}}), api: "ephemeral.volumeClaimTemplate.spec.accessModes"},
	"driver":                {change: volume(workload.Volume{CSI: &workload.CSIVolume{Driver: "a b"}}), api: "csi.driver"},
	"image volume's policy": {change: volume(workload.Volume{Image: &workload.ImageVolume{Reference: "a" + digest, PullPolicy: new("Some")}}), api: "image.pullPolicy"},
	"path of the node":      {change: hostPath(workload.HostPathVolume{}), api: "hostPath.path"},
	"path of the node up":   {change: hostPath(workload.HostPathVolume{Path: "/a/../b"}), api: "hostPath.path"},
	"what is at the path":   {change: hostPath(workload.HostPathVolume{Path: "/a", Type: new("Thing")}), api: "hostPath.type"},
	"config file too large": {change: func(w *workload.Workload) {
		w.ConfigFiles = map[string]workload.ConfigFile{"/a": {Content: strings.Repeat("a", 1<<20+1)}}
	}, api: "Too long"},

	// Mounts.
	"mount of no volume":     {change: web(func(c *workload.Container) { c.VolumeMounts = map[string]workload.VolumeMount{"/a": {Volume: "none"}} }), api: "volumeMounts[0].name"},
	"sub path upwards":       {change: mount(workload.VolumeMount{SubPath: new("../a")}), api: "volumeMounts.subPath"},
	"sub path absolute":      {change: mount(workload.VolumeMount{SubPath: new("/a")}), api: "volumeMounts.subPath"},
	"sub path twice":         {change: mount(workload.VolumeMount{SubPath: new("a"), SubPathExpr: new("a")}), api: "volumeMounts[0].subPathExpr"},
	"propagation":            {change: mount(workload.VolumeMount{MountPropagation: new("Both")}), api: "volumeMounts.mountPropagation"},
	"propagation back":       {change: mount(workload.VolumeMount{MountPropagation: new("Bidirectional")}), api: "volumeMounts.mountPropagation"},
	"recursion":              {change: mount(workload.VolumeMount{ReadOnly: new(true), RecursiveReadOnly: new("Always")}), api: "volumeMounts.recursiveReadOnly"},
	"recursion when writing": {change: mount(workload.VolumeMount{RecursiveReadOnly: new("Enabled")}), api: "volumeMounts.recursiveReadOnly"},

	// Variables.
	"variable of a field":        {change: envField(workload.EnvField{FieldPath: new("spec.nothing")}), api: "fieldRef.fieldPath"},
	"variable of a resource":     {change: envField(workload.EnvField{Resource: &workload.ResourceField{Name: "limits.disk"}}), api: "resourceFieldRef.resource"},
	"variable in a strange unit": {change: envField(workload.EnvField{Resource: &workload.ResourceField{Name: "limits.cpu", Divisor: new("3")}}), api: "resourceFieldRef.divisor"},
	"variables of nothing":       {change: envFrom(workload.EnvSource{}), api: "containers[0].envFrom"},
	"variables' prefix":          {change: envFrom(workload.EnvSource{Secret: new("a"), Prefix: new("A=")}), api: "envFrom[0].prefix"},
	"variable twice": {change: web(func(c *workload.Container) {
		c.Env = map[string]string{"A": ""}
		c.EnvFromSecret = map[string]workload.SecretKey{"A": {Secret: "s", Key: "k"}}
	}), stricter: "the later one wins, and nobody wrote an order"},

	// Init containers.
	"init container's name":     {change: initial(func(c *workload.InitContainer) { c.Name = "a_b" }), api: "spec.template.spec.initContainers[0].name"},
	"init container named like": {change: initial(func(c *workload.InitContainer) { c.Name = "web" }), api: "name"},
	"init container's probe": {change: initial(func(c *workload.InitContainer) {
		c.ReadinessProbe = &workload.Probe{Exec: &workload.Exec{Command: []string{"a"}}}
	}), api: "spec.template.spec.initContainers[0].readinessProbe"},
	"init container's port": {change: initial(func(c *workload.InitContainer) {
		c.Ports = map[string]workload.Port{"admin": {ContainerPort: 9000}}
	}), stricter: "it ends before the pod is ready, so nothing could connect"},
}
