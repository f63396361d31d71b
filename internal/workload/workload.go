package workload

import "github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"

// Workload is one workload as the user describes it.
type Workload struct {
	// Name is the name of the workload and of every object made for it.
	Name string `json:"name"`
	// Instance is what the tracks of one workload have in common; empty is the name. Only
	// [Workload.Candidate] sets it.
	Instance string `json:"-"`
	// Namespace is where every object lives; it must exist in the cluster.
	Namespace string `json:"namespace"`
	Kind      Kind   `json:"kind"`

	// Containers holds the containers by name.
	Containers map[string]Container `json:"containers"`
	// InitContainers are started before the containers, one after the other.
	InitContainers []InitContainer `json:"init_containers,omitempty"`

	// Volumes holds the volumes of the pod by name.
	Volumes map[string]Volume `json:"volumes,omitempty"`
	// ConfigFiles holds text files of the workload's own by absolute path.
	ConfigFiles map[string]ConfigFile `json:"config_files,omitempty"`
	// ConfigMapNameOverride names the ConfigMap of ConfigFiles; nil is the workload's name
	// with a hash of the content.
	ConfigMapNameOverride *string `json:"config_map_name,omitempty"`

	// Replicas is the number of pods; nil is three, or left to Autoscaling. A DaemonSet
	// has no such number.
	Replicas *int32 `json:"replicas,omitempty"`
	// Autoscaling makes a HorizontalPodAutoscaler; it excludes Replicas.
	Autoscaling *Autoscaling `json:"autoscaling,omitempty"`
	// VerticalAutoscaling recommends requests; nil is no recommendation.
	VerticalAutoscaling *VerticalAutoscaling `json:"vertical_autoscaling,omitempty"`
	// DisruptionBudget limits voluntary evictions; nil is one pod at a time where there is more than one.
	DisruptionBudget *DisruptionBudget `json:"disruption_budget,omitempty"`
	// Strategy says how a new version replaces the old one; nil is rolling.
	Strategy *rollout.Strategy `json:"strategy,omitempty"`
	// Traffic says how requests reach the workload; nil is through its Service alone.
	Traffic *rollout.Traffic `json:"traffic,omitempty"`
	// Analysis says by which metrics a controller goes on or back.
	Analysis *rollout.Analysis `json:"analysis,omitempty"`

	// Job says how the pods of a Job or CronJob run to completion; nil is once.
	Job *JobSpec `json:"job,omitempty"`
	// Cron says when a CronJob runs; only a CronJob has it, and needs it.
	Cron *CronSpec `json:"cron,omitempty"`

	// VolumeClaims holds, by name, storage of which each pod of a StatefulSet has its own;
	// it is mounted like Volumes.
	VolumeClaims map[string]VolumeClaim `json:"volume_claims,omitempty"`
	// PodManagementPolicy is OrderedReady, where the pods of a StatefulSet start one after
	// the other, or Parallel; nil is OrderedReady.
	PodManagementPolicy *string `json:"pod_management_policy,omitempty"`
	// Ordinals are the numbers of the pods of a StatefulSet; nil is from 0.
	Ordinals *Ordinals `json:"ordinals,omitempty"`
	// PersistentVolumeClaimRetentionPolicy says what becomes of claims; nil is that they stay.
	PersistentVolumeClaimRetentionPolicy *ClaimRetention `json:"persistent_volume_claim_retention_policy,omitempty"`

	// Labels and Annotations go on every object, pods included; PodLabels and
	// PodAnnotations on the pods alone.
	Labels         map[string]string `json:"labels,omitempty"`
	Annotations    map[string]string `json:"annotations,omitempty"`
	PodLabels      map[string]string `json:"pod_labels,omitempty"`
	PodAnnotations map[string]string `json:"pod_annotations,omitempty"`

	Service        *Service        `json:"service,omitempty"`
	ServiceAccount *ServiceAccount `json:"service_account,omitempty"`
	NetworkPolicy  *NetworkPolicy  `json:"network_policy,omitempty"`

	// Monitoring tells monitoring systems what to collect; nil is nothing.
	Monitoring *Monitoring `json:"monitoring,omitempty"`
	// Alerts makes a PrometheusRule; nil is none.
	Alerts *Alerts `json:"alerts,omitempty"`

	// TopologySpread spreads the pods; nil is over zones, as far as possible, where
	// more than one may run at a time. An empty list asks for none. The pods of a DaemonSet
	// are spread by themselves.
	TopologySpread []TopologySpread `json:"topology_spread,omitempty"`
	// Affinity chooses nodes, and other pods to be near to or far from.
	Affinity          *Affinity         `json:"affinity,omitempty"`
	NodeSelector      map[string]string `json:"node_selector,omitempty"`
	Tolerations       []Toleration      `json:"tolerations,omitempty"`
	PriorityClassName *string           `json:"priority_class_name,omitempty"`
	RuntimeClassName  *string           `json:"runtime_class_name,omitempty"`
	ImagePullSecrets  []string          `json:"image_pull_secrets,omitempty"`

	// SchedulerName is the scheduler that places the pods; nil is the cluster's default.
	SchedulerName *string `json:"scheduler_name,omitempty"`

	SecurityContext *PodSecurityContext `json:"security_context,omitempty"`
	// HostUsers false gives the pod a user namespace of its own; nil is true.
	HostUsers *bool `json:"host_users,omitempty"`
	// ShareProcessNamespace true lets the containers see each other's processes; nil is false.
	ShareProcessNamespace *bool `json:"share_process_namespace,omitempty"`
	// EnableServiceLinks true writes every Service of the namespace into the environment; nil is false.
	EnableServiceLinks *bool `json:"enable_service_links,omitempty"`
	// Resources are shared by all containers of the pod; nil is what they ask for themselves.
	Resources *Resources `json:"resources,omitempty"`

	// DNSPolicy is ClusterFirst, Default (the node's) or None; nil is ClusterFirst.
	DNSPolicy *string    `json:"dns_policy,omitempty"`
	DNSConfig *DNSConfig `json:"dns_config,omitempty"`
	// HostAliases are lines of the pod's hosts file by IP address.
	HostAliases map[string]HostAlias `json:"host_aliases,omitempty"`
	// Hostname and Subdomain are the pod's names in DNS; nil is the pod's name, and none.
	Hostname  *string `json:"hostname,omitempty"`
	Subdomain *string `json:"subdomain,omitempty"`
	// SetHostnameAsFQDN true makes the full DNS name the kernel's host name; nil is false.
	SetHostnameAsFQDN *bool `json:"set_hostname_as_fqdn,omitempty"`
	// HostnameOverride is the kernel's host name, whatever DNS says.
	HostnameOverride *string `json:"hostname_override,omitempty"`

	// TerminationGracePeriodSeconds is the time from the stop signal's cause (PreStop
	// included) to the kill; nil is PreStopSleepSeconds + 30.
	TerminationGracePeriodSeconds *int64 `json:"termination_grace_period_seconds,omitempty"`
	// PreStopSleepSeconds keeps a terminating container serving while endpoints are
	// withdrawn; nil is 5 for a workload with a Service and 0 without.
	PreStopSleepSeconds *int64 `json:"pre_stop_sleep_seconds,omitempty"`

	// MinReadySeconds is how long a new pod must be ready to count; nil is 0.
	MinReadySeconds *int32 `json:"min_ready_seconds,omitempty"`
	// ProgressDeadlineSeconds is after how long without progress the rollout of a Deployment has failed; nil is 600.
	ProgressDeadlineSeconds *int32 `json:"progress_deadline_seconds,omitempty"`
	// RevisionHistoryLimit is how many old revisions are kept to roll back to; nil is 10.
	RevisionHistoryLimit *int32 `json:"revision_history_limit,omitempty"`

	// ImageFacts is what is known of the image of each container, by the container's name;
	// the hardening rules judge by it.
	ImageFacts map[string]ImageFacts `json:"image_facts,omitempty"`

	// Patches change rendered manifests, in this order, after everything else was decided.
	Patches []Patch `json:"patches,omitempty"`
	// Exceptions turns single hardening rules off: rule ID to written reason.
	Exceptions map[string]string `json:"exceptions,omitempty"`
}
