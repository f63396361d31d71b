package render

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// verticalValues are the fields of a VerticalPodAutoscaler (autoscaling.k8s.io/v1).
//
// Source of the types: k8s.io/autoscaler/vertical-pod-autoscaler@v1.8.1
// pkg/apis/autoscaling.k8s.io/v1.
type verticalValues struct {
	Metadata   metadataValues   `json:"metadata"`
	TargetRef  scaleTarget      `json:"targetRef"`
	UpdateMode string           `json:"updateMode"`
	Policies   []verticalPolicy `json:"policies"`
}

type verticalPolicy struct {
	ContainerName       string              `json:"containerName"`
	Mode                *string             `json:"mode,omitempty"`
	MinAllowed          corev1.ResourceList `json:"minAllowed,omitempty"`
	MaxAllowed          corev1.ResourceList `json:"maxAllowed,omitempty"`
	ControlledResources []string            `json:"controlledResources,omitempty"`
}

// newVertical recommends and changes nothing: pods whose requests somebody else changes
// are not what the description says, and a HorizontalPodAutoscaler over shares of the
// requests would chase them.
func newVertical(w workload.Workload) (verticalValues, error) {
	version := "apps/v1"
	if !w.Kind.Runs() {
		version = "batch/v1"
	}
	vertical := verticalValues{
		Metadata:   newMetadata(w),
		TargetRef:  scaleTarget{APIVersion: version, Kind: string(w.Kind), Name: w.Name},
		UpdateMode: "Off",
		Policies:   []verticalPolicy{},
	}
	for _, name := range slices.Sorted(maps.Keys(w.VerticalAutoscaling.Containers)) {
		c := w.VerticalAutoscaling.Containers[name]
		low, lowErr := quantities(c.MinAllowed)
		high, highErr := quantities(c.MaxAllowed)
		if err := errors.Join(lowErr, highErr); err != nil {
			return verticalValues{}, fmt.Errorf("vertical autoscaling of %q: %w", name, err)
		}
		vertical.Policies = append(vertical.Policies, verticalPolicy{
			ContainerName: name, Mode: c.Mode, MinAllowed: low, MaxAllowed: high, ControlledResources: c.ControlledResources,
		})
	}
	return vertical, nil
}
