package workload

// VerticalAutoscaling is a VerticalPodAutoscaler (autoscaling.k8s.io/v1) that recommends
// requests and changes nothing: what it says is read and written into the description,
// so that configuration stays the truth.
//
// Names and meanings follow k8s.io/autoscaler/vertical-pod-autoscaler@v1.8.1
// pkg/apis/autoscaling.k8s.io/v1.
type VerticalAutoscaling struct {
	// Containers holds bounds by the name of a container; "*" is every other one. Nil is no bounds.
	Containers map[string]VerticalContainer `json:"containers,omitempty"`
}

// VerticalContainer bounds the recommendation for a container.
type VerticalContainer struct {
	// Mode is Auto, or Off for no recommendation; nil is Auto.
	Mode *string `json:"mode,omitempty"`
	// MinAllowed and MaxAllowed are quantities by resource; nil is no bound.
	MinAllowed map[string]string `json:"min_allowed,omitempty"`
	MaxAllowed map[string]string `json:"max_allowed,omitempty"`
	// ControlledResources are cpu and memory, or one of them; nil is both.
	ControlledResources []string `json:"controlled_resources,omitempty"`
}
