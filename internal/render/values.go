package render

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// values are the chart's values: a list of objects per kind. The struct and the chart's
// values.schema.json describe the same thing, which a test compares.
//
// Fields that a template names are always present; empty means "leave it out".
// Kubernetes types are written down in their own shape.
type values struct {
	ConfigMaps               []configMapValues      `json:"configMaps"`
	NetworkPolicies          []networkPolicyValues  `json:"networkPolicies"`
	PodDisruptionBudgets     []budgetValues         `json:"podDisruptionBudgets"`
	ServiceAccounts          []serviceAccountValues `json:"serviceAccounts"`
	Services                 []serviceValues        `json:"services"`
	Deployments              []deploymentValues     `json:"deployments"`
	Rollouts                 []rolloutValues        `json:"rollouts"`
	StatefulSets             []statefulSetValues    `json:"statefulSets"`
	DaemonSets               []daemonSetValues      `json:"daemonSets"`
	Jobs                     []jobValues            `json:"jobs"`
	CronJobs                 []cronJobValues        `json:"cronJobs"`
	HorizontalPodAutoscalers []autoscalerValues     `json:"horizontalPodAutoscalers"`
	ScaledObjects            []scaledObjectValues   `json:"scaledObjects"`
	VerticalPodAutoscalers   []verticalValues       `json:"verticalPodAutoscalers"`
	PodMonitors              []monitorValues        `json:"podMonitors"`
	ServiceMonitors          []monitorValues        `json:"serviceMonitors"`
	PrometheusRules          []ruleValues           `json:"prometheusRules"`
	CustomObjects            []customValues         `json:"customObjects"`
}

type metadataValues struct {
	Name        string            `json:"name"`
	Namespace   string            `json:"namespace"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

type configMapValues struct {
	Metadata  metadataValues    `json:"metadata"`
	Data      map[string]string `json:"data"`
	Immutable bool              `json:"immutable"`
}

type networkPolicyValues struct {
	Metadata metadataValues    `json:"metadata"`
	Selector map[string]string `json:"selector"`
	Rules    networkRules      `json:"rules"`
}

// networkRules is a NetworkPolicySpec without its selector. Its types deny what no rule
// permits, so an empty list need not be written, and must not be: the API server
// does not store it, and would take every apply for a change.
type networkRules struct {
	PolicyTypes []networkingv1.PolicyType               `json:"policyTypes"`
	Ingress     []networkingv1.NetworkPolicyIngressRule `json:"ingress,omitempty"`
	Egress      []networkingv1.NetworkPolicyEgressRule  `json:"egress,omitempty"`
}

type budgetValues struct {
	Metadata metadataValues    `json:"metadata"`
	Selector map[string]string `json:"selector"`
	Budget   budget            `json:"budget"`
}

// budget is a PodDisruptionBudgetSpec without its selector.
type budget struct {
	MaxUnavailable             *intstr.IntOrString `json:"maxUnavailable,omitempty"`
	MinAvailable               *intstr.IntOrString `json:"minAvailable,omitempty"`
	UnhealthyPodEvictionPolicy string              `json:"unhealthyPodEvictionPolicy"`
}

type serviceAccountValues struct {
	Metadata                     metadataValues `json:"metadata"`
	AutomountServiceAccountToken bool           `json:"automountServiceAccountToken"`
}

type serviceValues struct {
	Metadata metadataValues       `json:"metadata"`
	Selector map[string]string    `json:"selector"`
	Type     string               `json:"type"`
	Ports    []corev1.ServicePort `json:"ports"`
	Options  serviceOptions       `json:"options"`
}

// serviceOptions holds the fields of a ServiceSpec that most Services leave to Kubernetes.
type serviceOptions struct {
	ClusterIP                     *string                       `json:"clusterIP,omitempty"`
	PublishNotReadyAddresses      *bool                         `json:"publishNotReadyAddresses,omitempty"`
	InternalTrafficPolicy         *string                       `json:"internalTrafficPolicy,omitempty"`
	ExternalTrafficPolicy         *string                       `json:"externalTrafficPolicy,omitempty"`
	TrafficDistribution           *string                       `json:"trafficDistribution,omitempty"`
	SessionAffinity               *string                       `json:"sessionAffinity,omitempty"`
	SessionAffinityConfig         *corev1.SessionAffinityConfig `json:"sessionAffinityConfig,omitempty"`
	IPFamilyPolicy                *string                       `json:"ipFamilyPolicy,omitempty"`
	IPFamilies                    []string                      `json:"ipFamilies,omitempty"`
	LoadBalancerClass             *string                       `json:"loadBalancerClass,omitempty"`
	LoadBalancerSourceRanges      []string                      `json:"loadBalancerSourceRanges,omitempty"`
	AllocateLoadBalancerNodePorts *bool                         `json:"allocateLoadBalancerNodePorts,omitempty"`
	HealthCheckNodePort           *int32                        `json:"healthCheckNodePort,omitempty"`
}

type autoscalerValues struct {
	Metadata       metadataValues                                `json:"metadata"`
	ScaleTargetRef autoscalingv2.CrossVersionObjectReference     `json:"scaleTargetRef"`
	MinReplicas    int32                                         `json:"minReplicas"`
	MaxReplicas    int32                                         `json:"maxReplicas"`
	Metrics        []autoscalingv2.MetricSpec                    `json:"metrics"`
	Behavior       autoscalingv2.HorizontalPodAutoscalerBehavior `json:"behavior"`
}

type podValues struct {
	Labels                        map[string]string             `json:"labels"`
	Annotations                   map[string]string             `json:"annotations"`
	ServiceAccountName            string                        `json:"serviceAccountName"`
	AutomountServiceAccountToken  bool                          `json:"automountServiceAccountToken"`
	EnableServiceLinks            bool                          `json:"enableServiceLinks"`
	TerminationGracePeriodSeconds int64                         `json:"terminationGracePeriodSeconds"`
	SecurityContext               corev1.PodSecurityContext     `json:"securityContext"`
	Placement                     placement                     `json:"placement"`
	Isolation                     isolation                     `json:"isolation"`
	Naming                        naming                        `json:"naming"`
	RestartPolicy                 string                        `json:"restartPolicy"` // empty: always
	ImagePullSecrets              []corev1.LocalObjectReference `json:"imagePullSecrets"`
	InitContainers                []containerValues             `json:"initContainers"`
	Containers                    []containerValues             `json:"containers"`
	Volumes                       []corev1.Volume               `json:"volumes"`
}

// placement holds the fields of a pod's spec that tell where it may run.
type placement struct {
	Affinity                  *corev1.Affinity                  `json:"affinity,omitempty"`
	TopologySpreadConstraints []corev1.TopologySpreadConstraint `json:"topologySpreadConstraints,omitempty"`
	NodeSelector              map[string]string                 `json:"nodeSelector,omitempty"`
	Tolerations               []corev1.Toleration               `json:"tolerations,omitempty"`
	PriorityClassName         *string                           `json:"priorityClassName,omitempty"`
	RuntimeClassName          *string                           `json:"runtimeClassName,omitempty"`
	SchedulerName             *string                           `json:"schedulerName,omitempty"`
}

type containerValues struct {
	Name            string `json:"name"`
	Image           string `json:"image"`
	ImagePullPolicy string `json:"imagePullPolicy"`
	// RestartPolicy is Always for a sidecar and empty for all others.
	RestartPolicy   string                         `json:"restartPolicy"`
	Process         process                        `json:"process"`
	Ports           []corev1.ContainerPort         `json:"ports"`
	Resources       corev1.ResourceRequirements    `json:"resources"`
	Probes          map[string]probeValues         `json:"probes"`
	SecurityContext corev1.SecurityContext         `json:"securityContext"`
	VolumeMounts    []corev1.VolumeMount           `json:"volumeMounts"`
	ResizePolicy    []corev1.ContainerResizePolicy `json:"resizePolicy"`
	Lifecycle       corev1.Lifecycle               `json:"lifecycle"`
}

// process holds the fields of a container that tell what is started.
type process struct {
	Command                  []string               `json:"command,omitempty"`
	Args                     []string               `json:"args,omitempty"`
	WorkingDir               *string                `json:"workingDir,omitempty"`
	Env                      []envVar               `json:"env,omitempty"`
	EnvFrom                  []corev1.EnvFromSource `json:"envFrom,omitempty"`
	TerminationMessagePath   *string                `json:"terminationMessagePath,omitempty"`
	TerminationMessagePolicy *string                `json:"terminationMessagePolicy,omitempty"`
}

// envVar is a corev1.EnvVar that writes an empty value too.
type envVar struct {
	Name      string               `json:"name"`
	Value     *string              `json:"value,omitempty"`
	ValueFrom *corev1.EnvVarSource `json:"valueFrom,omitempty"`
}

// probeValues is a corev1.Probe that writes zeros too.
type probeValues struct {
	Handler                       corev1.ProbeHandler `json:"handler"`
	InitialDelaySeconds           int32               `json:"initialDelaySeconds"`
	PeriodSeconds                 int32               `json:"periodSeconds"`
	TimeoutSeconds                int32               `json:"timeoutSeconds"`
	SuccessThreshold              int32               `json:"successThreshold"`
	FailureThreshold              int32               `json:"failureThreshold"`
	TerminationGracePeriodSeconds *int64              `json:"terminationGracePeriodSeconds"`
}

// plain returns the values as the maps, lists and scalars that Helm takes; numbers
// are exact. Conversion happens here and once, because Helm's toYaml answers a
// value that it cannot marshal with an empty string.
func (v values) plain() (map[string]any, error) {
	plain, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&v)
	if err != nil {
		return nil, fmt.Errorf("values of the chart: %w", err)
	}
	return plain, nil
}
