package workload

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// VolumeClaim is storage of which each pod of a StatefulSet has its own, with a file
// system. It outlives the pod, and nothing of it can be changed later.
type VolumeClaim struct {
	// Storage is the size that is asked for.
	Storage string `json:"storage"`
	// AccessModes are ReadWriteOnce and its like; nil is ["ReadWriteOnce"].
	AccessModes []string `json:"access_modes,omitempty"`
	// StorageClassName is the class; nil is the cluster's default class, "" none.
	StorageClassName *string `json:"storage_class_name,omitempty"`
	// VolumeAttributesClassName is the class of what may change of the volume; nil is none.
	VolumeAttributesClassName *string `json:"volume_attributes_class_name,omitempty"`
	// Labels and Annotations are the claim's own: those of the workload may change, and
	// nothing of a claim template can.
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// Ordinals are the numbers of the pods of a StatefulSet.
type Ordinals struct {
	// Start is the first number; nil is 0.
	Start *int32 `json:"start,omitempty"`
}

// ClaimRetention says what becomes of the claims of a StatefulSet.
type ClaimRetention struct {
	// WhenDeleted is Retain or Delete, when the StatefulSet is deleted; nil is Retain.
	WhenDeleted *string `json:"when_deleted,omitempty"`
	// WhenScaled is Retain or Delete, when a pod is scaled away; nil is Retain.
	WhenScaled *string `json:"when_scaled,omitempty"`
}

func (v VolumeClaim) withDefaults() VolumeClaim {
	if v.AccessModes == nil {
		v.AccessModes = []string{"ReadWriteOnce"}
	}
	return v
}

// withStatefulDefaults writes out Kubernetes' own defaults.
// Source: kubernetes@v1.36.1 pkg/apis/apps/v1/defaults.go SetDefaults_StatefulSet.
func (w Workload) withStatefulDefaults() Workload {
	claims := make(map[string]VolumeClaim, len(w.VolumeClaims))
	for name, claim := range w.VolumeClaims {
		claims[name] = claim.withDefaults()
	}
	w.VolumeClaims = claims
	orElse(&w.PodManagementPolicy, "OrderedReady")
	retention := valueOf(w.PersistentVolumeClaimRetentionPolicy)
	orElse(&retention.WhenDeleted, "Retain")
	orElse(&retention.WhenScaled, "Retain")
	w.PersistentVolumeClaimRetentionPolicy = &retention
	return w
}

// validateStateful holds the rules of kubernetes@v1.36.1 pkg/apis/apps/validation
// ValidateStatefulSetSpec about storage and numbers, and that claims are volumes like others.
func (w Workload) validateStateful(c *checks) {
	for _, name := range sorted(w.VolumeClaims) {
		w.validateClaim(c, field.Root("volume_claims").Key(name), name)
	}
	c.oneOf(field.Root("pod_management_policy"), w.PodManagementPolicy, "OrderedReady", "Parallel")
	if w.Ordinals != nil {
		atLeast(c, field.Root("ordinals").Attr("start"), w.Ordinals.Start, 0)
	}
	retention, p := w.PersistentVolumeClaimRetentionPolicy, field.Root("persistent_volume_claim_retention_policy")
	if retention == nil {
		return
	}
	c.oneOf(p.Attr("when_deleted"), retention.WhenDeleted, "Retain", "Delete")
	c.oneOf(p.Attr("when_scaled"), retention.WhenScaled, "Retain", "Delete")
	deletes := slices.Contains([]string{valueOf(retention.WhenDeleted), valueOf(retention.WhenScaled)}, "Delete")
	if len(w.VolumeClaims) == 0 && deletes {
		c.failResting(p, []field.Path{field.Root("volume_claims")}, "is about claims, and there are none: add volume_claims or remove it")
	}
}

func (w Workload) validateClaim(c *checks, p field.Path, name string) {
	claim := w.VolumeClaims[name]
	c.kubernetes(p, name, validation.IsDNS1123Label(name))
	if _, taken := w.Volumes[name]; taken {
		c.failResting(p, []field.Path{field.Root("volumes")}, "is the name of one of volumes, too: rename one of them")
	}
	if name == ConfigFilesVolume && len(w.ConfigFiles) > 0 {
		c.fail(p, "is the name of the volume of config_files: choose another")
	}
	EphemeralVolume{
		Storage: claim.Storage, StorageClassName: claim.StorageClassName, AccessModes: claim.AccessModes,
		Labels: claim.Labels, Annotations: claim.Annotations,
	}.validate(c, p, w.IdentityLabels())
	if claim.VolumeAttributesClassName != nil {
		c.needs(p.Attr("volume_attributes_class_name"), kubeversion.VolumeAttributesClass)
		c.name(p.Attr("volume_attributes_class_name"), *claim.VolumeAttributesClassName)
	}
}
