package hardening

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// pod is a pod template, wherever it is written, with the object that runs it.
type pod struct {
	place  // of the pod's spec
	meta   place
	owner  metav1.Object
	labels map[string]string
	spec   *corev1.PodSpec
	// containers are the init containers and then the containers.
	containers []*container

	// scalable tells that the owner runs a number of equal pods; replicas is that
	// number as it is written.
	scalable bool
	replicas *int32
	// minReady and deadline are the seconds that a new pod must be ready, and that a rollout may take without
	// progress, where the owner has the latter.
	minReady int32
	deadline *int32
	// finite tells that the pods run to completion.
	finite bool
	// deployment and stateful are the owner where that is a Deployment or a StatefulSet.
	deployment *appsv1.Deployment
	stateful   *appsv1.StatefulSet
	// job is what a Job, or each Job of a CronJob, is to do, and jobAt where that is
	// written; cron is the owner where that is a CronJob.
	job   *batchv1.JobSpec
	jobAt place
	cron  *batchv1.CronJob
	// selector is the owner's own, where it has one.
	selector *metav1.LabelSelector
}

// container is one container of a pod.
type container struct {
	*corev1.Container
	place
	pod *pod
	// init tells an init container; a sidecar is one that keeps running.
	init, sidecar bool
}

// newPod returns the pods that an object runs, or nil.
func newPod(at place, o runtime.Object) *pod {
	switch o := o.(type) {
	case *corev1.Pod:
		return (&pod{meta: at.at("metadata"), place: at.at("spec"), owner: o, labels: o.Labels, spec: &o.Spec}).withContainers()
	case *appsv1.Deployment:
		p := templated(at.at("spec.template"), o, &o.Spec.Template)
		p.scalable, p.replicas, p.selector, p.deployment = true, o.Spec.Replicas, o.Spec.Selector, o
		p.minReady, p.deadline = o.Spec.MinReadySeconds, new(orDefault(o.Spec.ProgressDeadlineSeconds, defaultProgressDeadline))
		return p
	case *appsv1.StatefulSet:
		p := templated(at.at("spec.template"), o, &o.Spec.Template)
		p.scalable, p.replicas, p.selector, p.stateful = true, o.Spec.Replicas, o.Spec.Selector, o
		return p
	case *appsv1.ReplicaSet:
		p := templated(at.at("spec.template"), o, &o.Spec.Template)
		p.scalable, p.replicas, p.selector = true, o.Spec.Replicas, o.Spec.Selector
		return p
	case *appsv1.DaemonSet:
		p := templated(at.at("spec.template"), o, &o.Spec.Template)
		p.selector = o.Spec.Selector
		return p
	case *batchv1.Job:
		p := templated(at.at("spec.template"), o, &o.Spec.Template)
		p.finite, p.job, p.jobAt = true, &o.Spec, at.at("spec")
		return p
	case *batchv1.CronJob:
		p := templated(at.at("spec.jobTemplate.spec.template"), o, &o.Spec.JobTemplate.Spec.Template)
		p.finite, p.job, p.jobAt, p.cron = true, &o.Spec.JobTemplate.Spec, at.at("spec.jobTemplate.spec"), o
		return p
	}
	if o, ok := manifest.AsRollout(o); ok {
		p := templated(at.at("spec.template"), o, o.Spec.Template)
		p.scalable, p.replicas, p.selector = true, o.Spec.Replicas, o.Spec.Selector
		p.minReady, p.deadline = o.Spec.MinReadySeconds, new(orDefault(o.Spec.ProgressDeadlineSeconds, defaultProgressDeadline))
		return p
	}
	return nil
}

func templated(at place, owner metav1.Object, template *corev1.PodTemplateSpec) *pod {
	p := &pod{meta: at.at("metadata"), place: at.at("spec"), owner: owner, labels: template.Labels, spec: &template.Spec}
	return p.withContainers()
}

func (p *pod) withContainers() *pod {
	for i := range p.spec.InitContainers {
		c := &p.spec.InitContainers[i]
		sidecar := c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
		p.containers = append(p.containers, &container{c, p.at("initContainers").key(c.Name), p, true, sidecar})
	}
	for i := range p.spec.Containers {
		c := &p.spec.Containers[i]
		p.containers = append(p.containers, &container{c, p.at("containers").key(c.Name), p, false, false})
	}
	return p
}

// whole is the place of the object that runs the pods.
func (p *pod) whole() place { return place{object: p.object} }

func (p *pod) namespace() string { return p.owner.GetNamespace() }

// matches reports whether a label selector of a namespace selects the pods. As in
// the API, nil selects none and an empty selector all; an invalid one selects none.
func (p *pod) matches(namespace string, selector *metav1.LabelSelector) bool {
	s, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && p.namespace() == namespace && s.Matches(labels.Set(p.labels))
}

// scale returns the smallest and the largest number of pods that the objects ask
// for, and where the smallest is written. It is false for pods that are not a
// number of equals, and for a workload that is switched off with no replicas.
func (in *inventory) scale(p *pod) (lowest, highest int32, at place, ok bool) {
	if !p.scalable {
		return 0, 0, place{}, false
	}
	// Source of both defaults of 1: kubernetes@v1.36.1 pkg/apis/{apps/v1,autoscaling/v2}/defaults.go.
	if scaler := in.scalerOf(p); scaler != nil {
		return orDefault(scaler.it.Spec.MinReplicas, 1), scaler.it.Spec.MaxReplicas, scaler.at(scaler.least), true
	}
	replicas := orDefault(p.replicas, 1)
	return replicas, replicas, p.whole().at("spec.replicas"), replicas > 0
}

// eachPod makes a check of one that judges pods one at a time.
func eachPod(judge func(p *pod, report report)) check {
	return func(in *inventory, report report) {
		for _, p := range in.pods {
			judge(p, report)
		}
	}
}

// eachContainer makes a check of one that judges containers one at a time.
func eachContainer(judge func(c *container, report report)) check {
	return eachPod(func(p *pod, report report) {
		for _, c := range p.containers {
			judge(c, report)
		}
	})
}

// orDefault returns what p points to, or the value that Kubernetes sets instead.
func orDefault[T any](p *T, value T) T {
	if p == nil {
		return value
	}
	return *p
}
