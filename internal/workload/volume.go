package workload

// Volume is a volume of the pod, made of exactly one source.
type Volume struct {
	EmptyDir              *EmptyDir          `json:"empty_dir,omitempty"`
	ConfigMap             *ConfigMapVolume   `json:"config_map,omitempty"`
	Secret                *SecretVolume      `json:"secret,omitempty"`
	Projected             *ProjectedVolume   `json:"projected,omitempty"`
	DownwardAPI           *DownwardAPIVolume `json:"downward_api,omitempty"`
	PersistentVolumeClaim *ClaimVolume       `json:"persistent_volume_claim,omitempty"`
	Ephemeral             *EphemeralVolume   `json:"ephemeral,omitempty"`
	CSI                   *CSIVolume         `json:"csi,omitempty"`
	Image                 *ImageVolume       `json:"image,omitempty"`
	HostPath              *HostPathVolume    `json:"host_path,omitempty"`
}

// EmptyDir is a folder that is empty when the pod starts and lives as long as the pod.
type EmptyDir struct {
	// SizeLimit is the most that may be written; hardening asks for one.
	SizeLimit *string `json:"size_limit,omitempty"`
	// Medium is "Memory", "HugePages" or "HugePages-<size>"; nil is the node's disk.
	Medium *string `json:"medium,omitempty"`
}

// ConfigMapVolume holds the keys of a ConfigMap as files.
type ConfigMapVolume struct {
	Name string `json:"name"`
	// Items are the files by relative path; nil is every key under its own name.
	Items map[string]KeyFile `json:"items,omitempty"`
	// DefaultMode is the files' mode in octal; nil is "0644".
	DefaultMode *string `json:"default_mode,omitempty"`
	// Optional lets the pod start without the ConfigMap; nil is false.
	Optional *bool `json:"optional,omitempty"`
}

// SecretVolume holds the keys of a Secret as files.
type SecretVolume struct {
	SecretName string `json:"secret_name"`
	// Items are the files by relative path; nil is every key under its own name.
	Items map[string]KeyFile `json:"items,omitempty"`
	// DefaultMode is the files' mode in octal; nil is "0644".
	DefaultMode *string `json:"default_mode,omitempty"`
	// Optional lets the pod start without the Secret; nil is false.
	Optional *bool `json:"optional,omitempty"`
}

// KeyFile is one key as a file.
type KeyFile struct {
	Key string `json:"key"`
	// Mode is the file's mode in octal; nil is the volume's.
	Mode *string `json:"mode,omitempty"`
}

// ProjectedVolume holds the files of several sources in one folder.
type ProjectedVolume struct {
	Sources []ProjectedSource `json:"sources"`
	// DefaultMode is the files' mode in octal; nil is "0644".
	DefaultMode *string `json:"default_mode,omitempty"`
}

// ProjectedSource is one source of a projected volume; exactly one is set.
type ProjectedSource struct {
	ConfigMap           *ProjectedObject       `json:"config_map,omitempty"`
	Secret              *ProjectedObject       `json:"secret,omitempty"`
	DownwardAPI         *ProjectedDownwardAPI  `json:"downward_api,omitempty"`
	ServiceAccountToken *ProjectedServiceToken `json:"service_account_token,omitempty"`
	ClusterTrustBundle  *ProjectedTrustBundle  `json:"cluster_trust_bundle,omitempty"`
}

// ProjectedObject is a ConfigMap or Secret within a projected volume.
type ProjectedObject struct {
	Name string `json:"name"`
	// Items are the files by relative path; nil is every key under its own name.
	Items map[string]KeyFile `json:"items,omitempty"`
	// Optional lets the pod start without the object; nil is false.
	Optional *bool `json:"optional,omitempty"`
}

// ProjectedDownwardAPI is what the pod knows of itself, within a projected volume.
type ProjectedDownwardAPI struct {
	Items map[string]FieldFile `json:"items"`
}

// ProjectedTrustBundle holds the certificates of one ClusterTrustBundle, by name, or of those of a signer.
type ProjectedTrustBundle struct {
	Path       string  `json:"path"`
	Name       *string `json:"name,omitempty"`
	SignerName *string `json:"signer_name,omitempty"`
	// Labels selects among the signer's bundles; nil is all of them.
	Labels map[string]string `json:"labels,omitempty"`
	// Optional lets the pod start without the bundle; nil is false.
	Optional *bool `json:"optional,omitempty"`
}

// ProjectedServiceToken is a token of the pod's ServiceAccount.
type ProjectedServiceToken struct {
	Path string `json:"path"`
	// Audience is whom the token is for; nil is the API server.
	Audience *string `json:"audience,omitempty"`
	// ExpirationSeconds is how long it is valid; it is renewed in time. Nil is 3600.
	ExpirationSeconds *int64 `json:"expiration_seconds,omitempty"`
}

// DownwardAPIVolume holds what the pod knows of itself as files.
type DownwardAPIVolume struct {
	// Items are the files by relative path.
	Items map[string]FieldFile `json:"items"`
	// DefaultMode is the files' mode in octal; nil is "0644".
	DefaultMode *string `json:"default_mode,omitempty"`
}

// FieldFile is a field of the pod, or a resource of a container, as a file.
type FieldFile struct {
	FieldPath *string        `json:"field_path,omitempty"`
	Resource  *ResourceField `json:"resource,omitempty"`
	// Mode is the file's mode in octal; nil is the volume's.
	Mode *string `json:"mode,omitempty"`
}

// ClaimVolume is a PersistentVolumeClaim that exists.
type ClaimVolume struct {
	ClaimName string `json:"claim_name"`
	// ReadOnly mounts it read-only in every container; nil is false.
	ReadOnly *bool `json:"read_only,omitempty"`
}

// EphemeralVolume is a PersistentVolumeClaim that is made for each pod and deleted with it.
type EphemeralVolume struct {
	// Storage is the size that is asked for.
	Storage string `json:"storage"`
	// StorageClassName is the class; nil is the cluster's default class.
	StorageClassName *string `json:"storage_class_name,omitempty"`
	// AccessModes are ReadWriteOnce and its like; nil is ["ReadWriteOnce"].
	AccessModes []string          `json:"access_modes,omitempty"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// CSIVolume is a volume that a CSI driver makes for the pod.
type CSIVolume struct {
	Driver string `json:"driver"`
	// ReadOnly mounts it read-only; nil is false.
	ReadOnly *bool `json:"read_only,omitempty"`
	// FSType is the file system; nil is the driver's choice.
	FSType *string `json:"fs_type,omitempty"`
	// VolumeAttributes are the driver's own parameters.
	VolumeAttributes map[string]string `json:"volume_attributes,omitempty"`
	// NodePublishSecret names the Secret that is handed to the driver.
	NodePublishSecret *string `json:"node_publish_secret,omitempty"`
}

// ImageVolume holds the files of an image.
type ImageVolume struct {
	Reference string `json:"reference"`
	// PullPolicy is Always, IfNotPresent or Never; nil is IfNotPresent for a reference
	// with a digest and Always for one without.
	PullPolicy *string `json:"pull_policy,omitempty"`
}

// HostPathVolume is a file or folder of the node; hardening forbids it.
type HostPathVolume struct {
	Path string `json:"path"`
	// Type is what must be at the path, such as Directory or Socket; nil checks nothing.
	Type *string `json:"type,omitempty"`
}

// VolumeMount is where and how a container sees a volume.
type VolumeMount struct {
	// Volume is the name of a volume.
	Volume string `json:"volume"`
	// SubPath is a path within the volume; SubPathExpr is one with references $(NAME) to variables.
	SubPath     *string `json:"sub_path,omitempty"`
	SubPathExpr *string `json:"sub_path_expr,omitempty"`
	// ReadOnly forbids writing; nil is true for volumes that cannot be written anyway, and false for others.
	ReadOnly *bool `json:"read_only,omitempty"`
	// MountPropagation is None, HostToContainer or Bidirectional; nil is None.
	MountPropagation *string `json:"mount_propagation,omitempty"`
	// RecursiveReadOnly is Disabled, IfPossible or Enabled; nil is Disabled.
	RecursiveReadOnly *string `json:"recursive_read_only,omitempty"`
}

// unwritable reports whether the volume's files cannot be changed from within.
func (v Volume) unwritable() bool {
	return v.ConfigMap != nil || v.Secret != nil || v.Projected != nil || v.DownwardAPI != nil || v.Image != nil
}

// withDefaults decides what the volume leaves open.
func (v Volume) withDefaults() Volume {
	if v.Ephemeral != nil {
		claim := *v.Ephemeral
		if claim.AccessModes == nil {
			claim.AccessModes = []string{"ReadWriteOnce"}
		}
		v.Ephemeral = &claim
	}
	if v.Image != nil {
		image := *v.Image
		orElse(&image.PullPolicy, pullPolicy(image.Reference))
		v.Image = &image
	}
	return v
}

// withDefaults decides what the mount of the volume leaves open.
func (m VolumeMount) withDefaults(volume Volume) VolumeMount {
	if volume.unwritable() {
		orElse(&m.ReadOnly, true)
	}
	return m
}
