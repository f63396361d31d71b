package manifest

import (
	"encoding/json"
	"errors"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// rolloutKind is what Argo Rollouts runs pods by in place of a Deployment.
var rolloutKind = schema.GroupKind{Group: "argoproj.io", Kind: "Rollout"}

// Rollout is what a Rollout (argoproj.io/v1alpha1) has in common with a Deployment.
//
// Source: argoproj/argo-rollouts@v1.10.1 pkg/apis/rollouts/v1alpha1/types.go.
type Rollout struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Replicas *int32                  `json:"replicas"`
		Selector *metav1.LabelSelector   `json:"selector"`
		Template *corev1.PodTemplateSpec `json:"template"`

		MinReadySeconds         int32  `json:"minReadySeconds"`
		ProgressDeadlineSeconds *int32 `json:"progressDeadlineSeconds"`
	} `json:"spec"`
}

// AsRollout returns an object as a Rollout, if it is one that has a pod template: one that refers to a
// Deployment (workloadRef) has none.
func AsRollout(o runtime.Object) (*Rollout, bool) {
	custom, ok := o.(*unstructured.Unstructured)
	if !ok || custom.GroupVersionKind().GroupKind() != rolloutKind {
		return nil, false
	}
	var rollout Rollout
	err := runtime.DefaultUnstructuredConverter.FromUnstructured(custom.Object, &rollout)
	return &rollout, err == nil && rollout.Spec.Template != nil
}

// checkTemplate holds the pod template of a Rollout to the type of Kubernetes: the definition of the
// custom resource lets unknown fields of it pass, and the API server drops them.
func checkTemplate(custom *unstructured.Unstructured) error {
	template, there, err := unstructured.NestedMap(custom.Object, "spec", "template")
	if err != nil || !there {
		return err
	}
	data, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "PodTemplate", "template": template})
	if err != nil {
		return err
	}
	_, _, err = strictJSON().Decode(data, nil, nil)
	if strict, ok := runtime.AsStrictDecodingError(err); ok {
		return errors.Join(strict.Errors()...)
	}
	return err
}
