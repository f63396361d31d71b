package render

import (
	appsv1 "k8s.io/api/apps/v1"
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

type statefulSetValues struct {
	Metadata metadataValues     `json:"metadata"`
	Selector map[string]string  `json:"selector"`
	Rollout  statefulSetRollout `json:"rollout"`
	Pod      podValues          `json:"pod"`
}

// statefulSetRollout is a StatefulSetSpec without its selector, pod template and claims.
type statefulSetRollout struct {
	Replicas             *int32                           `json:"replicas,omitempty"`
	ServiceName          string                           `json:"serviceName"`
	MinReadySeconds      int32                            `json:"minReadySeconds"`
	RevisionHistoryLimit int32                            `json:"revisionHistoryLimit"`
	UpdateStrategy       appsv1.StatefulSetUpdateStrategy `json:"updateStrategy"`
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
