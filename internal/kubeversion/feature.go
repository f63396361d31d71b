package kubeversion

// Feature is a field of an object, or a value of a field, that only a part of the
// supported span has. What every supported version has is no Feature, and what none
// has by default (alpha, or beta that has to be switched on) is not offered at all.
type Feature int

// The features, as [Features] describes them.
const (
	// RelaxedEnvNames are names of variables that are no C identifiers.
	RelaxedEnvNames Feature = iota
	// RelaxedServiceNames are names of Services that begin with a digit.
	RelaxedServiceNames
	// SameTrafficDistribution are the traffic distributions PreferSameZone and PreferSameNode.
	SameTrafficDistribution
	// StatefulSetMaxUnavailable lets a StatefulSet replace several pods at a time.
	StatefulSetMaxUnavailable
	// HPATolerance is an autoscaler's own deviation from the target that changes nothing.
	HPATolerance
	// HPAScaleToZero are autoscalers that go down to no pods at all.
	HPAScaleToZero
	// ImageVolumes are volumes that hold the files of an image.
	ImageVolumes
	// ZeroSleep is a lifecycle hook that sleeps for no time.
	ZeroSleep
	// SupplementalGroupsPolicy says whether the image's groups count.
	SupplementalGroupsPolicy
	// SELinuxChangePolicy says how volumes get their SELinux label.
	SELinuxChangePolicy
	// SELinuxMountOption is a label that volumes of every kind are mounted with.
	SELinuxMountOption
	// TrustBundles are certificates of the cluster in a volume.
	TrustBundles
	// VolumeAttributesClass names what may change of a volume.
	VolumeAttributesClass
	// HostUsers gives a pod a user namespace of its own.
	HostUsers
	// ProcMount says what of /proc is masked.
	ProcMount
	// ResizePolicy says what a change of resources does to a running container.
	ResizePolicy
	// PodResources are shared by the containers of a pod.
	PodResources
	// RelaxedSearches are search domains with underscores, and ".".
	RelaxedSearches
	// HostnameOverride is a host name beside the one in DNS.
	HostnameOverride
)

// description is a row of the table of features.
type description struct {
	field string // where it is, in Kubernetes' own names
	since int    // the minor version from which it can be used
	// source names the feature gate, its stages, and what it decides. A feature counts
	// from its first stage that is on by default.
	source string
}

// gates is where the stages of the feature gates are written down.
const gates = "kubernetes@v1.36.1 pkg/features/kube_features.go "

// descriptions is the table of features: the one place that knows versions.
var descriptions = [...]description{
	RelaxedEnvNames: {
		"Pod spec.containers[].env[].name with any printable ASCII character but =", 32,
		gates + "RelaxedEnvironmentVariableValidation: alpha 1.30, beta 1.32, stable 1.34",
	},
	RelaxedServiceNames: {
		"Service metadata.name that begins with a digit", 36,
		gates + "RelaxedServiceNameValidation: alpha 1.34, beta 1.36",
	},
	SameTrafficDistribution: {
		"Service spec.trafficDistribution PreferSameZone or PreferSameNode", 34,
		gates + "PreferSameTrafficDistribution: alpha 1.33, beta 1.34, stable 1.35",
	},
	StatefulSetMaxUnavailable: {
		"StatefulSet spec.updateStrategy.rollingUpdate.maxUnavailable", 37,
		gates + "MaxUnavailableStatefulSet: alpha 1.24, beta 1.35 but off by default; on since 1.37 (kubernetes/kubernetes#137904, #139466)",
	},
	HPATolerance: {
		"HorizontalPodAutoscaler spec.behavior.scaleUp.tolerance and scaleDown.tolerance", 35,
		"kubernetes@v1.37.0 pkg/features/kube_features.go HPAConfigurableTolerance: alpha 1.33, beta 1.35, stable 1.37",
	},
	HPAScaleToZero: {
		"HorizontalPodAutoscaler spec.minReplicas 0", 37,
		"kubernetes@v1.37.0 pkg/features/kube_features.go HPAScaleToZero: alpha 1.16, beta 1.37",
	},
	ImageVolumes: {
		"Pod spec.volumes[].image", 35,
		gates + "ImageVolume: alpha 1.31, beta and off 1.33, beta and on 1.35, stable 1.36",
	},
	ZeroSleep: {
		"Pod spec.containers[].lifecycle.preStop.sleep.seconds of 0", 33,
		gates + "PodLifecycleSleepActionAllowZero: alpha 1.32, beta 1.33, stable 1.34",
	},
	SupplementalGroupsPolicy: {
		"Pod spec.securityContext.supplementalGroupsPolicy", 33,
		gates + "SupplementalGroupsPolicy: alpha 1.31, beta 1.33, stable 1.35",
	},
	SELinuxMountOption: {
		"Pod spec.securityContext.seLinuxChangePolicy MountOption", 37,
		"kubernetes@v1.37.0 pkg/features/kube_features.go SELinuxMount: alpha 1.30, beta and off 1.33, stable 1.37; pkg/api/pod/util.go useOnlyRecursiveSELinuxChangePolicy",
	},
	TrustBundles: {
		"Pod spec.volumes[].projected.sources[].clusterTrustBundle", 37,
		"kubernetes@v1.37.0 pkg/features/kube_features.go ClusterTrustBundleProjection: alpha 1.29, beta and off 1.33, stable 1.37",
	},
	SELinuxChangePolicy: {
		"Pod spec.securityContext.seLinuxChangePolicy", 33,
		gates + "SELinuxChangePolicy: alpha 1.32, beta 1.33, stable 1.36",
	},
	VolumeAttributesClass: {
		"PersistentVolumeClaim spec.volumeAttributesClassName", 34,
		gates + "VolumeAttributesClass: alpha 1.29, beta and off 1.31, stable 1.34",
	},
	HostUsers: {
		"Pod spec.hostUsers", 33,
		gates + "UserNamespacesSupport: alpha 1.25, beta and off 1.30, beta and on 1.33, stable 1.36",
	},
	ProcMount: {
		"Pod spec.containers[].securityContext.procMount", 33,
		gates + "ProcMountType: alpha 1.12, beta and off 1.31, beta and on 1.33, stable 1.36",
	},
	ResizePolicy: {
		"Pod spec.containers[].resizePolicy", 33,
		gates + "InPlacePodVerticalScaling: alpha 1.27, beta 1.33, stable 1.35",
	},
	PodResources: {
		"Pod spec.resources", 34,
		gates + "PodLevelResources: alpha 1.32, beta 1.34",
	},
	RelaxedSearches: {
		"Pod spec.dnsConfig.searches[] with underscores, or .", 33,
		gates + "RelaxedDNSSearchValidation: alpha 1.32, beta 1.33, stable 1.34",
	},
	HostnameOverride: {
		"Pod spec.hostnameOverride", 35,
		gates + "HostnameOverride: alpha 1.34, beta 1.35",
	},
}

// Features returns every feature.
func Features() []Feature {
	all := make([]Feature, len(descriptions))
	for i := range all {
		all[i] = Feature(i)
	}
	return all
}

// String returns the field in Kubernetes' own names, such as "Pod spec.volumes[].image".
func (f Feature) String() string { return descriptions[f].field }

// Since returns the first version that has the feature by default.
func (f Feature) Since() Version { return Version{descriptions[f].since} }

// Source returns where the version is written down.
func (f Feature) Source() string { return descriptions[f].source }

// Has reports whether a cluster of this version has the feature by default.
func (v Version) Has(f Feature) bool { return v.AtLeast(f.Since()) }
