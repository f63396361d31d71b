package hardening

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// life says from which minor version of Kubernetes 1 to which a kind is served in
// one API version. Zero is always, as far as the supported span is concerned.
type life struct {
	introduced, removed int
	// successor is the API version to use after the removal; empty if there is none.
	successor string
}

// instead names the successor, for the end of a message.
func (l life) instead() string {
	if l.successor == "" {
		return ""
	}
	return ": " + l.successor + " is"
}

// lives lists the API versions that came or went, as far as that matters to a
// supported version. Source: k8s.io/api@v0.37.2 zz_generated.prerelease-lifecycle.go of
// each package, with which a test compares the rows; and, for what that release
// does not hold any more (marked), Kubernetes documentation, reference/using-api/deprecation-guide.
var lives = []struct {
	groupVersion string
	life
	kinds []string
}{
	{"admissionregistration.k8s.io/v1", life{introduced: 36}, []string{"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"}},
	{"admissionregistration.k8s.io/v1alpha1", life{introduced: 32}, []string{"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"}},
	{"admissionregistration.k8s.io/v1alpha1", life{removed: 32, successor: "admissionregistration.k8s.io/v1"}, []string{"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"}},
	{"admissionregistration.k8s.io/v1beta1", life{introduced: 34}, []string{"MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"}},
	{"admissionregistration.k8s.io/v1beta1", life{removed: 22, successor: "admissionregistration.k8s.io/v1"}, []string{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}},
	{"admissionregistration.k8s.io/v1beta1", life{removed: 34, successor: "admissionregistration.k8s.io/v1"}, []string{"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"}},
	{"apiextensions.k8s.io/v1beta1", life{removed: 22, successor: "apiextensions.k8s.io/v1"}, []string{"CustomResourceDefinition"}}, // marked
	{"apiregistration.k8s.io/v1beta1", life{removed: 22, successor: "apiregistration.k8s.io/v1"}, []string{"APIService"}},           // marked
	{"apps/v1beta1", life{removed: 16, successor: "apps/v1"}, []string{"ControllerRevision", "Deployment", "StatefulSet"}},
	{"apps/v1beta2", life{removed: 16, successor: "apps/v1"}, []string{"ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}},
	{"autoscaling/v2beta1", life{removed: 25, successor: "autoscaling/v2"}, []string{"HorizontalPodAutoscaler"}}, // marked
	{"autoscaling/v2beta2", life{removed: 26, successor: "autoscaling/v2"}, []string{"HorizontalPodAutoscaler"}}, // marked
	{"batch/v1beta1", life{removed: 25, successor: "batch/v1"}, []string{"CronJob"}},
	{"certificates.k8s.io/v1", life{introduced: 37}, []string{"ClusterTrustBundle", "PodCertificateRequest"}},
	{"certificates.k8s.io/v1alpha1", life{removed: 37, successor: "certificates.k8s.io/v1"}, []string{"ClusterTrustBundle"}},
	{"certificates.k8s.io/v1beta1", life{removed: 22, successor: "certificates.k8s.io/v1"}, []string{"CertificateSigningRequest"}},
	{"certificates.k8s.io/v1beta1", life{introduced: 33}, []string{"ClusterTrustBundle"}},
	{"certificates.k8s.io/v1beta1", life{introduced: 35}, []string{"PodCertificateRequest"}},
	{"coordination.k8s.io/v1alpha2", life{introduced: 32}, []string{"LeaseCandidate"}},
	{"coordination.k8s.io/v1beta1", life{removed: 22, successor: "coordination.k8s.io/v1"}, []string{"Lease"}},
	{"coordination.k8s.io/v1beta1", life{introduced: 33}, []string{"LeaseCandidate"}},
	{"discovery.k8s.io/v1beta1", life{removed: 25, successor: "discovery.k8s.io/v1"}, []string{"EndpointSlice"}},
	{"events.k8s.io/v1beta1", life{removed: 25, successor: "events.k8s.io/v1"}, []string{"Event"}},
	{"extensions/v1beta1", life{removed: 16, successor: "apps/v1"}, []string{"DaemonSet", "Deployment", "ReplicaSet"}},
	{"extensions/v1beta1", life{removed: 16, successor: "networking.k8s.io/v1"}, []string{"NetworkPolicy"}},
	{"extensions/v1beta1", life{removed: 22, successor: "networking.k8s.io/v1"}, []string{"Ingress"}},
	{"extensions/v1beta1", life{removed: 16}, []string{"PodSecurityPolicy"}}, // marked
	{"flowcontrol.apiserver.k8s.io/v1beta1", life{removed: 26, successor: "flowcontrol.apiserver.k8s.io/v1"}, []string{"FlowSchema", "PriorityLevelConfiguration"}},
	{"flowcontrol.apiserver.k8s.io/v1beta2", life{removed: 29, successor: "flowcontrol.apiserver.k8s.io/v1"}, []string{"FlowSchema", "PriorityLevelConfiguration"}},
	{"flowcontrol.apiserver.k8s.io/v1beta3", life{removed: 32, successor: "flowcontrol.apiserver.k8s.io/v1"}, []string{"FlowSchema", "PriorityLevelConfiguration"}},
	{"lifecycle.k8s.io/v1alpha1", life{introduced: 37}, []string{"EvictionRequest"}},
	{"networking.k8s.io/v1", life{introduced: 33}, []string{"IPAddress", "ServiceCIDR"}},
	{"networking.k8s.io/v1beta1", life{removed: 22, successor: "networking.k8s.io/v1"}, []string{"Ingress", "IngressClass"}},
	{"networking.k8s.io/v1beta1", life{removed: 37, successor: "networking.k8s.io/v1"}, []string{"IPAddress", "ServiceCIDR"}},
	{"node.k8s.io/v1beta1", life{removed: 25, successor: "node.k8s.io/v1"}, []string{"RuntimeClass"}},
	{"policy/v1beta1", life{removed: 25, successor: "policy/v1"}, []string{"PodDisruptionBudget"}},
	{"policy/v1beta1", life{removed: 25}, []string{"PodSecurityPolicy"}}, // marked
	{"rbac.authorization.k8s.io/v1beta1", life{removed: 22, successor: "rbac.authorization.k8s.io/v1"}, []string{"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"}},
	{"resource.k8s.io/v1", life{introduced: 34}, []string{"DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"}},
	{"resource.k8s.io/v1", life{introduced: 37}, []string{"DeviceTaintRule"}},
	{"resource.k8s.io/v1alpha3", life{introduced: 33}, []string{"DeviceTaintRule"}},
	{"resource.k8s.io/v1alpha3", life{introduced: 36}, []string{"ResourcePoolStatusRequest"}},
	{"resource.k8s.io/v1beta1", life{introduced: 32}, []string{"DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"}},
	{"resource.k8s.io/v1beta2", life{introduced: 33}, []string{"DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"}},
	{"resource.k8s.io/v1beta2", life{introduced: 36}, []string{"DeviceTaintRule"}},
	{"scheduling.k8s.io/v1beta1", life{removed: 22, successor: "scheduling.k8s.io/v1"}, []string{"PriorityClass"}},
	{"scheduling.k8s.io/v1beta1", life{introduced: 37}, []string{"PodGroup", "Workload"}},
	{"storage.k8s.io/v1", life{introduced: 34}, []string{"VolumeAttributesClass"}},
	{"storage.k8s.io/v1alpha1", life{removed: 24, successor: "storage.k8s.io/v1"}, []string{"CSIStorageCapacity", "VolumeAttachment"}},
	{"storage.k8s.io/v1alpha1", life{removed: 35, successor: "storage.k8s.io/v1"}, []string{"VolumeAttributesClass"}},
	{"storage.k8s.io/v1beta1", life{removed: 22, successor: "storage.k8s.io/v1"}, []string{"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"}},
	{"storage.k8s.io/v1beta1", life{removed: 27, successor: "storage.k8s.io/v1"}, []string{"CSIStorageCapacity"}},
	{"storage.k8s.io/v1beta1", life{removed: 37, successor: "storage.k8s.io/v1"}, []string{"VolumeAttributesClass"}},
	{"storagemigration.k8s.io/v1", life{introduced: 37}, []string{"StorageVersionMigration"}},
	{"storagemigration.k8s.io/v1beta1", life{introduced: 35}, []string{"StorageVersionMigration"}},
}

// apiLife returns the life of a kind; it is false for those that every supported
// version has, or that are not Kubernetes' own.
func apiLife(kind schema.GroupVersionKind) (life, bool) {
	version := kind.GroupVersion().String()
	for _, row := range lives {
		if row.groupVersion == version && slices.Contains(row.kinds, kind.Kind) {
			return row.life, true
		}
	}
	return life{}, false
}

// versionOrOldest is the version that the objects are for, or the oldest one that
// they could be for.
func (in *inventory) versionOrOldest() kubeversion.Version {
	if in.given.Version == (kubeversion.Version{}) {
		return kubeversion.Oldest
	}
	return in.given.Version
}
