package render

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type deploymentValues struct {
	Metadata metadataValues    `json:"metadata"`
	Selector map[string]string `json:"selector"`
	Rollout  deploymentRollout `json:"rollout"`
	Pod      podValues         `json:"pod"`
}

// deploymentRollout is a DeploymentSpec without its selector and pod template.
type deploymentRollout struct {
	Replicas                *int32                    `json:"replicas,omitempty"`
	MinReadySeconds         int32                     `json:"minReadySeconds"`
	ProgressDeadlineSeconds int32                     `json:"progressDeadlineSeconds"`
	RevisionHistoryLimit    int32                     `json:"revisionHistoryLimit"`
	Strategy                appsv1.DeploymentStrategy `json:"strategy"`
}

type rolloutValues struct {
	Metadata metadataValues    `json:"metadata"`
	Selector map[string]string `json:"selector"`
	Rollout  rolloutSpec       `json:"rollout"`
	Pod      podValues         `json:"pod"`
}

// rolloutSpec is the spec of a Rollout (argoproj.io/v1alpha1) without its selector and pod template.
//
// Source: argoproj/argo-rollouts@v1.10.1 pkg/apis/rollouts/v1alpha1/types.go.
type rolloutSpec struct {
	Replicas                *int32         `json:"replicas,omitempty"`
	MinReadySeconds         int32          `json:"minReadySeconds"`
	ProgressDeadlineSeconds int32          `json:"progressDeadlineSeconds"`
	ProgressDeadlineAbort   bool           `json:"progressDeadlineAbort"`
	RevisionHistoryLimit    int32          `json:"revisionHistoryLimit"`
	Strategy                map[string]any `json:"strategy"`
}

type statefulSetValues struct {
	Metadata metadataValues     `json:"metadata"`
	Selector map[string]string  `json:"selector"`
	Rollout  statefulSetRollout `json:"rollout"`
	Pod      podValues          `json:"pod"`
	Claims   []claimValues      `json:"claims"`
}

// claimValues is a corev1.PersistentVolumeClaim without a status.
type claimValues struct {
	Metadata metav1.ObjectMeta                `json:"metadata"`
	Spec     corev1.PersistentVolumeClaimSpec `json:"spec"`
}

// statefulSetRollout is a StatefulSetSpec without its selector, pod template and claims.
type statefulSetRollout struct {
	Replicas             *int32                           `json:"replicas,omitempty"`
	ServiceName          string                           `json:"serviceName"`
	MinReadySeconds      int32                            `json:"minReadySeconds"`
	RevisionHistoryLimit int32                            `json:"revisionHistoryLimit"`
	UpdateStrategy       appsv1.StatefulSetUpdateStrategy `json:"updateStrategy"`
	PodManagementPolicy  string                           `json:"podManagementPolicy"`
	Ordinals             *appsv1.StatefulSetOrdinals      `json:"ordinals,omitempty"`

	PersistentVolumeClaimRetentionPolicy appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy `json:"persistentVolumeClaimRetentionPolicy"`
}

type daemonSetValues struct {
	Metadata metadataValues    `json:"metadata"`
	Selector map[string]string `json:"selector"`
	Rollout  daemonSetRollout  `json:"rollout"`
	Pod      podValues         `json:"pod"`
}

// daemonSetRollout is a DaemonSetSpec without its selector and pod template.
type daemonSetRollout struct {
	MinReadySeconds      int32                          `json:"minReadySeconds"`
	RevisionHistoryLimit int32                          `json:"revisionHistoryLimit"`
	UpdateStrategy       appsv1.DaemonSetUpdateStrategy `json:"updateStrategy"`
}

type jobValues struct {
	Metadata metadataValues `json:"metadata"`
	Job      jobSpec        `json:"job"`
	Pod      podValues      `json:"pod"`
}

type cronJobValues struct {
	Metadata metadataValues `json:"metadata"`
	Cron     cronSpec       `json:"cron"`
	// JobMetadata holds what the Jobs carry, which have names of their own.
	JobMetadata jobMetadata `json:"jobMetadata"`
	Job         jobSpec     `json:"job"`
	Pod         podValues   `json:"pod"`
}

type jobMetadata struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// jobSpec is a batchv1.JobSpec without its pod template, that writes zeros too.
type jobSpec struct {
	Completions             *int32                    `json:"completions,omitempty"`
	Parallelism             int32                     `json:"parallelism"`
	CompletionMode          string                    `json:"completionMode"`
	BackoffLimit            int32                     `json:"backoffLimit"`
	BackoffLimitPerIndex    *int32                    `json:"backoffLimitPerIndex,omitempty"`
	MaxFailedIndexes        *int32                    `json:"maxFailedIndexes,omitempty"`
	ActiveDeadlineSeconds   int64                     `json:"activeDeadlineSeconds"`
	TTLSecondsAfterFinished *int32                    `json:"ttlSecondsAfterFinished,omitempty"`
	PodFailurePolicy        *batchv1.PodFailurePolicy `json:"podFailurePolicy,omitempty"`
	SuccessPolicy           *batchv1.SuccessPolicy    `json:"successPolicy,omitempty"`
	PodReplacementPolicy    string                    `json:"podReplacementPolicy"`
	Suspend                 bool                      `json:"suspend"`
}

// cronSpec is a batchv1.CronJobSpec without its job template, that writes zeros too.
type cronSpec struct {
	Schedule                   string `json:"schedule"`
	TimeZone                   string `json:"timeZone"`
	ConcurrencyPolicy          string `json:"concurrencyPolicy"`
	StartingDeadlineSeconds    int64  `json:"startingDeadlineSeconds"`
	SuccessfulJobsHistoryLimit int32  `json:"successfulJobsHistoryLimit"`
	FailedJobsHistoryLimit     int32  `json:"failedJobsHistoryLimit"`
	Suspend                    bool   `json:"suspend"`
}
