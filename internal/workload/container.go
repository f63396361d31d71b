package workload

// Container is one container of the pod.
type Container struct {
	// Image is the image reference; hardening asks for a digest.
	Image string `json:"image"`
	// ImagePullPolicy is Always, IfNotPresent or Never; nil is IfNotPresent for an
	// image with a digest and Always for one without.
	ImagePullPolicy *string `json:"image_pull_policy,omitempty"`
	// Command replaces the image's entrypoint, Args its arguments.
	Command    []string `json:"command,omitempty"`
	Args       []string `json:"args,omitempty"`
	WorkingDir *string  `json:"working_dir,omitempty"`

	// Ports holds the ports that the container listens on, by name.
	Ports map[string]Port `json:"ports,omitempty"`

	// Env holds plain values by variable name, EnvFromSecret values that stay in a Secret.
	Env           map[string]string    `json:"env,omitempty"`
	EnvFromSecret map[string]SecretKey `json:"env_from_secret,omitempty"`
	// EnvFromConfigMap holds values of ConfigMaps, EnvFromField what the pod knows of itself,
	// both by variable name.
	EnvFromConfigMap map[string]ConfigMapKey `json:"env_from_config_map,omitempty"`
	EnvFromField     map[string]EnvField     `json:"env_from_field,omitempty"`
	// EnvFrom makes variables of whole objects; later ones win, and the variables above win over all.
	EnvFrom []EnvSource `json:"env_from,omitempty"`

	Resources *Resources `json:"resources,omitempty"`
	// ResizePolicy says by resource (cpu, memory) whether a change in a running pod restarts
	// the container: NotRequired or RestartContainer; nil is NotRequired.
	ResizePolicy map[string]string `json:"resize_policy,omitempty"`

	Lifecycle *Lifecycle `json:"lifecycle,omitempty"`
	// TerminationMessagePath is the file whose text becomes the container's last message; nil
	// is /dev/termination-log.
	TerminationMessagePath *string `json:"termination_message_path,omitempty"`
	// TerminationMessagePolicy is File, or FallbackToLogsOnError; nil is File.
	TerminationMessagePolicy *string `json:"termination_message_policy,omitempty"`

	StartupProbe   *Probe `json:"startup_probe,omitempty"`
	ReadinessProbe *Probe `json:"readiness_probe,omitempty"`
	LivenessProbe  *Probe `json:"liveness_probe,omitempty"`

	// WritablePaths holds directories that must be writable, each an emptyDir: path to size limit.
	WritablePaths map[string]string `json:"writable_paths,omitempty"`
	// VolumeMounts says where the container sees which volume, by absolute path.
	VolumeMounts map[string]VolumeMount `json:"volume_mounts,omitempty"`

	SecurityContext *SecurityContext `json:"security_context,omitempty"`
}

// Port is a port that a container listens on.
type Port struct {
	ContainerPort int32 `json:"container_port"`
	// ServicePort is the port of the Service; nil is ContainerPort.
	ServicePort *int32 `json:"service_port,omitempty"`
	// NodePort is the port on every node, for a Service of the type NodePort or
	// LoadBalancer; nil is one of the cluster's choice.
	NodePort *int32 `json:"node_port,omitempty"`
	// Protocol is TCP, UDP or SCTP; nil is TCP.
	Protocol *string `json:"protocol,omitempty"`
	// AppProtocol tells proxies what is spoken, for example "http" or "kubernetes.io/h2c".
	AppProtocol *string `json:"app_protocol,omitempty"`
}

// SecretKey names one key of a Secret in the workload's namespace.
type SecretKey struct {
	Secret string `json:"secret"`
	Key    string `json:"key"`
	// Optional lets the container start without the key; nil is false.
	Optional *bool `json:"optional,omitempty"`
}

// Resources holds quantities by resource name ("cpu", "memory", "ephemeral-storage", "example.com/gpu").
type Resources struct {
	Requests map[string]string `json:"requests,omitempty"`
	Limits   map[string]string `json:"limits,omitempty"`
}

// SecurityContext is the security context of one container; what it leaves nil is hardened.
type SecurityContext struct {
	RunAsUser                *int64        `json:"run_as_user,omitempty"`
	RunAsGroup               *int64        `json:"run_as_group,omitempty"`
	RunAsNonRoot             *bool         `json:"run_as_non_root,omitempty"`
	ReadOnlyRootFilesystem   *bool         `json:"read_only_root_filesystem,omitempty"`
	AllowPrivilegeEscalation *bool         `json:"allow_privilege_escalation,omitempty"`
	Privileged               *bool         `json:"privileged,omitempty"`
	Capabilities             *Capabilities `json:"capabilities,omitempty"`
	// SeccompProfile, AppArmorProfile and SELinuxOptions replace those of the pod.
	SeccompProfile  *string         `json:"seccomp_profile,omitempty"`
	AppArmorProfile *string         `json:"app_armor_profile,omitempty"`
	SELinuxOptions  *SELinuxOptions `json:"selinux_options,omitempty"`
	// ProcMount is Default or Unmasked; nil is Default.
	ProcMount *string `json:"proc_mount,omitempty"`
}

// Capabilities are Linux capabilities without the CAP_ prefix; Drop nil is ["ALL"].
type Capabilities struct {
	Add  []string `json:"add,omitempty"`
	Drop []string `json:"drop,omitempty"`
}
