package render

import (
	"fmt"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// exceptionPrefix begins the annotation that shows the reason of an exception on
// the object in the cluster. It is on the object that runs the pods and not on the
// pods: a reworded reason restarts nothing.
const exceptionPrefix = "exception.seaworthy.dev/"

// addOwner adds the object that runs the pods.
func (v *values) addOwner(w workload.Workload) error {
	switch w.Kind {
	case workload.Deployment:
		return appendNew(&v.Deployments, w, newDeployment)
	case workload.StatefulSet:
		return appendNew(&v.StatefulSets, w, newStatefulSet)
	case workload.DaemonSet:
		return appendNew(&v.DaemonSets, w, newDaemonSet)
	case workload.Job:
		return appendNew(&v.Jobs, w, newJob)
	case workload.CronJob:
		return appendNew(&v.CronJobs, w, newCronJob)
	default:
		return fmt.Errorf("kind %q has no template", w.Kind)
	}
}

func appendNew[T any](list *[]T, w workload.Workload, newValue func(workload.Workload) (T, error)) error {
	value, err := newValue(w)
	*list = append(*list, value)
	return err
}

// newOwnerMetadata returns the metadata of the object that runs the pods.
func newOwnerMetadata(w workload.Workload) metadataValues {
	metadata := newMetadata(w)
	metadata.Labels = merged(metadata.Labels, w.CollectionLabels())
	for rule, reason := range w.Exceptions {
		metadata.Annotations[exceptionPrefix+rule] = reason
	}
	return metadata
}
