package hardening

import (
	"cmp"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

var volumeRules = []Rule{
	{
		ID:          "empty-dir-size-limit",
		Severity:    Error,
		Title:       "Every emptyDir has a size limit.",
		Attribute:   "containers",
		Remediation: "set `size_limit` of the volume's `empty_dir`, or the size in `writable_paths`",
		InYAML:      "set `emptyDir.sizeLimit`",
		Rationale:   "An emptyDir without a limit may grow until the node's disk, or for the medium Memory its memory, is full.",
		Source:      "Kubernetes documentation, concepts/storage/volumes, \"emptyDir\"",
		check:       eachPod(checkSizeLimit),
	},
	{
		ID:          "empty-dir-fits",
		Severity:    Error,
		Title:       "The emptyDirs together fit into the pod's limits.",
		Attribute:   "containers",
		Remediation: "make sizes in `writable_paths` and `volumes` smaller or `resources.limits[\"ephemeral-storage\"]` larger (left out, it follows them)",
		InYAML:      "make `emptyDir.sizeLimit` smaller or the containers' limits larger",
		Rationale:   "What is written to emptyDirs counts against the sum of the containers' limits for ephemeral storage, or memory for the medium Memory. Past it the pod is evicted or killed, with its folders not yet full.",
		Source:      "kubernetes@v1.36.1 pkg/kubelet/eviction/eviction_manager.go podEphemeralStorageLimitEviction; Kubernetes documentation, concepts/storage/volumes, \"emptyDir\"",
		check:       eachPod(checkFits),
	},
	{
		ID:          "volume-group",
		Severity:    Error,
		Title:       "Who does not run as root may write to claimed volumes.",
		Attribute:   "security_context",
		Remediation: "set `security_context.fs_group` to a group above 10000, such as 65532",
		InYAML:      "set `securityContext.fsGroup` on the pod to a group above 10000",
		Rationale:   "A fresh file system belongs to root. Without a group of their own the processes cannot write to it, and the first start fails.",
		Source:      "Kubernetes documentation, tasks/configure-pod-container/security-context, \"Set the security context for a Pod\"",
		check:       eachPod(checkVolumeGroup),
	},
	{
		ID:          "volume-group-change",
		Severity:    Warning,
		Title:       "Volumes that have the right group are not walked through again.",
		Attribute:   "security_context",
		Remediation: "set `security_context.fs_group_change_policy` to OnRootMismatch",
		InYAML:      "set `securityContext.fsGroupChangePolicy: OnRootMismatch` on the pod",
		Rationale:   "By default the kubelet changes the group of every file before each start: on a volume of millions of files that takes longer than a rollout may.",
		Source:      "Kubernetes documentation, tasks/configure-pod-container/security-context, \"Configure volume permission and ownership change policy for Pods\"",
		check:       eachPod(checkVolumeGroupChange),
	},
}

// emptyDirOf returns the emptyDir that a volume is, or nil. A volume of no type is one.
// Source: kubernetes@v1.36.1 pkg/apis/core/v1/defaults.go SetDefaults_Volume.
func emptyDirOf(volume *corev1.Volume) *corev1.EmptyDirVolumeSource {
	if volumeType(volume.VolumeSource) == "" {
		return &corev1.EmptyDirVolumeSource{}
	}
	return volume.EmptyDir
}

func (p *pod) volume(volume *corev1.Volume) place {
	return p.at("volumes").key(volume.Name).at("emptyDir.sizeLimit")
}

func checkSizeLimit(p *pod, report report) {
	for i := range p.spec.Volumes {
		volume := &p.spec.Volumes[i]
		if dir := emptyDirOf(volume); dir != nil && (dir.SizeLimit == nil || dir.SizeLimit.Sign() <= 0) {
			report(p.volume(volume), "volume %q is an emptyDir without a size limit", volume.Name)
		}
	}
}

// checkFits compares the sizes with the limits that they count against, disk and
// memory apart. Where a limit is missing there is nothing to compare with.
func checkFits(p *pod, report report) {
	for _, store := range []struct {
		limit  corev1.ResourceName
		memory bool
	}{{corev1.ResourceEphemeralStorage, false}, {corev1.ResourceMemory, true}} {
		limit, limited := p.limit(store.limit)
		if !limited {
			continue
		}
		var sum resource.Quantity
		for i := range p.spec.Volumes {
			volume := &p.spec.Volumes[i]
			dir := emptyDirOf(volume)
			if dir == nil || dir.SizeLimit == nil || (dir.Medium == corev1.StorageMediumMemory) != store.memory {
				continue
			}
			if sum.Add(*dir.SizeLimit); sum.Cmp(limit) > 0 {
				report(p.volume(volume), "with the %s of volume %q the emptyDirs may hold %s, but the containers' limits for %s come to %s",
					dir.SizeLimit, volume.Name, &sum, store.limit, &limit)
				break
			}
		}
	}
}

// limit returns the sum of the limits of the containers that run together; it is
// false if one has none.
func (p *pod) limit(resourceName corev1.ResourceName) (resource.Quantity, bool) {
	var sum resource.Quantity
	for _, c := range p.containers {
		if c.init && !c.sidecar {
			continue
		}
		limit, limited := c.Resources.Limits[resourceName]
		if !limited {
			return sum, false
		}
		sum.Add(limit)
	}
	return sum, true
}

// claimed returns the names of volumes that come from a claim and that a container
// may write to: by a claim's name, by a template of the pod's own, or by one of the
// StatefulSet, which a mount names directly.
func (p *pod) claimed() []string {
	var names []string
	for _, volume := range p.spec.Volumes {
		if claim := volume.PersistentVolumeClaim; claim != nil && !claim.ReadOnly || volume.Ephemeral != nil {
			names = append(names, volume.Name)
		}
	}
	if p.stateful != nil {
		for _, claim := range p.stateful.Spec.VolumeClaimTemplates {
			names = append(names, claim.Name)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return !slices.ContainsFunc(p.containers, func(c *container) bool {
			return slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.Name == name && !m.ReadOnly })
		})
	})
}

// runsAsRoot reports whether a container of the pod runs as root on request.
func (p *pod) runsAsRoot() bool {
	ofPod := podSettings(p)
	return slices.ContainsFunc(p.containers, func(c *container) bool {
		user := cmp.Or(containerSettings(c).user, ofPod.user)
		return user != nil && *user == 0
	})
}

func checkVolumeGroup(p *pod, report report) {
	if claimed := p.claimed(); len(claimed) > 0 && orDefault(p.spec.SecurityContext, corev1.PodSecurityContext{}).FSGroup == nil && !p.runsAsRoot() {
		report(p.at("securityContext.fsGroup"), "fsGroup is not set, so the processes may not be able to write to %s", volumeNames(claimed))
	}
}

func checkVolumeGroupChange(p *pod, report report) {
	context := orDefault(p.spec.SecurityContext, corev1.PodSecurityContext{})
	if claimed := p.claimed(); len(claimed) > 0 && context.FSGroup != nil && orDefault(context.FSGroupChangePolicy, corev1.FSGroupChangeAlways) != corev1.FSGroupChangeOnRootMismatch {
		report(p.at("securityContext.fsGroupChangePolicy"), "before each start the group of every file in %s is changed", volumeNames(claimed))
	}
}

func volumeNames(names []string) string {
	if len(names) == 1 {
		return fmt.Sprintf("volume %q", names[0])
	}
	return "the volumes " + list(names)
}
