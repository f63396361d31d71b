package render

import (
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/patch"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// patchesOf hands the patches of a description to package patch. What changes an object of the stable
// version changes that of the next one as well, so that the two differ in what the candidate says and in
// nothing else; a patch that names an object of the next version is for that one alone.
func patchesOf(w workload.Workload) []patch.Patch {
	patches := make([]patch.Patch, len(w.Patches))
	for i, p := range w.Patches {
		patches[i] = patch.Patch{Target: p.Target, StrategicMerge: textOrNone(p.StrategicMerge), JSONPatch: textOrNone(p.JSONPatch)}
		if prefix, ofStable := strings.CutSuffix(p.Target, "/"+w.Name); ofStable && w.HasCandidate() {
			patches[i].Also = prefix + "/" + w.CandidateName()
		}
	}
	return patches
}

func textOrNone(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// imagesOf reads the images of the containers from the object that runs the pods:
// that is where a patch may have changed them. A next version beside it is not among them.
func imagesOf(manifests []manifest.Manifest, owner string) map[string]string {
	images := map[string]string{}
	for _, m := range manifests {
		if !strings.HasSuffix(m.Key, "/"+owner) {
			continue
		}
		if spec := podSpecOf(m); spec != nil {
			for _, c := range slices.Concat(spec.InitContainers, spec.Containers) {
				images[c.Name] = c.Image
			}
		}
	}
	return images
}

// podSpecOf returns what an object's pods run, or nil for one that runs none.
func podSpecOf(m manifest.Manifest) *corev1.PodSpec {
	switch o := m.Object.(type) {
	case *appsv1.Deployment:
		return &o.Spec.Template.Spec
	case *appsv1.StatefulSet:
		return &o.Spec.Template.Spec
	case *appsv1.DaemonSet:
		return &o.Spec.Template.Spec
	case *batchv1.Job:
		return &o.Spec.Template.Spec
	case *batchv1.CronJob:
		return &o.Spec.JobTemplate.Spec.Template.Spec
	}
	if rollout, ok := manifest.AsRollout(m.Object); ok {
		return &rollout.Spec.Template.Spec
	}
	return nil
}
