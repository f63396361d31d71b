package render

import (
	"errors"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/patch"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// patchesOf hands the patches of a description to package patch.
func patchesOf(w workload.Workload) []patch.Patch {
	patches := make([]patch.Patch, len(w.Patches))
	for i, p := range w.Patches {
		patches[i] = patch.Patch{Target: p.Target, StrategicMerge: textOrNone(p.StrategicMerge), JSONPatch: textOrNone(p.JSONPatch)}
	}
	return patches
}

// patchedTracks applies the patches. What changes an object of the stable version changes that of the
// next one as well, so that the two differ in what the candidate says and in nothing else; a patch
// that names an object of the next version is for that one alone.
func patchedTracks(manifests []manifest.Manifest, w workload.Workload) ([]manifest.Manifest, error) {
	manifests, err := patch.Apply(manifests, patchesOf(w))
	if err != nil || !w.HasCandidate() {
		return manifests, err
	}
	var errs []error
	for i, p := range patchesOf(w) {
		target, ofStable := strings.CutSuffix(p.Target, "/"+w.Name)
		p.Target = target + "/" + w.CandidateName()
		if !ofStable || !slices.ContainsFunc(manifests, func(m manifest.Manifest) bool { return isTarget(m, p.Target) }) {
			continue
		}
		if manifests, err = patch.Apply(manifests, []patch.Patch{p}); err != nil {
			errs = append(errs, atPatch(err, i)...)
		}
	}
	return manifests, errors.Join(errs...)
}

// isTarget reports whether a patch's target, a key or a kind and a name, is the manifest.
func isTarget(m manifest.Manifest, target string) bool {
	kind, name, _ := strings.Cut(target, "/")
	return m.Key == target || m.Object.GetObjectKind().GroupVersionKind().Kind == kind && strings.HasSuffix(m.Key, "/"+name) && !strings.Contains(name, "/")
}

// atPatch moves the errors of the only patch of a list to that of another index.
func atPatch(err error, i int) []error {
	fields, others := field.All(err)
	for _, e := range fields {
		at := below(field.Root("patches").Index(i), e.Path.Steps()[2:])
		others = append(others, field.Errorf(at, "%s", strings.TrimPrefix(e.Error(), e.Path.String()+": ")))
	}
	return others
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
	default:
		return nil
	}
}
