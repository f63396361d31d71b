//go:build cluster

package clustertest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// Resources whose objects make pods.
var (
	cronJobs     = batchv1.SchemeGroupVersion.WithResource("cronjobs")
	daemonSets   = appsv1.SchemeGroupVersion.WithResource("daemonsets")
	deployments  = appsv1.SchemeGroupVersion.WithResource("deployments")
	jobs         = batchv1.SchemeGroupVersion.WithResource("jobs")
	statefulSets = appsv1.SchemeGroupVersion.WithResource("statefulsets")
)

// runner is the object of a workload that makes its pods.
type runner struct {
	resource schema.GroupVersionResource
	metadata metav1.ObjectMeta
	template corev1.PodTemplateSpec
	// claims are made with each pod.
	claims []corev1.PersistentVolumeClaim
	// least is how many pods there are at least.
	least int32
	// rolledOut tells what is missing of a complete rollout.
	rolledOut func(ctx context.Context, namespace, name string) error
}

// runnerOf finds the object that makes pods; there is one in each workload.
func runnerOf(t *testing.T, manifests []manifest.Manifest) runner {
	t.Helper()
	var found []runner
	for _, m := range manifests {
		switch o := m.Object.(type) {
		case *appsv1.Deployment:
			found = append(found, runner{deployments, o.ObjectMeta, o.Spec.Template, nil, valueOr(o.Spec.Replicas, 1), deploymentRolledOut})
		case *appsv1.StatefulSet:
			found = append(found, runner{statefulSets, o.ObjectMeta, o.Spec.Template, o.Spec.VolumeClaimTemplates, valueOr(o.Spec.Replicas, 1), statefulSetRolledOut})
		case *appsv1.DaemonSet:
			found = append(found, runner{daemonSets, o.ObjectMeta, o.Spec.Template, nil, 1, daemonSetRolledOut})
		case *batchv1.Job:
			found = append(found, runner{jobs, o.ObjectMeta, o.Spec.Template, nil, podsOf(o.Spec), jobDone})
		case *batchv1.CronJob:
			found = append(found, runner{cronJobs, o.ObjectMeta, o.Spec.JobTemplate.Spec.Template, nil, podsOf(o.Spec.JobTemplate.Spec), cronJobDone})
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d objects make pods, want one", len(found))
	}
	return found[0]
}

// podsOf is how many pods a Job makes at least.
func podsOf(job batchv1.JobSpec) int32 {
	if valueOr(job.Suspend, false) || valueOr(job.Parallelism, 1) == 0 {
		return 0
	}
	return 1
}

func valueOr[T any](p *T, value T) T {
	if p == nil {
		return value
	}
	return *p
}

// pod is what the API server would see of one of the runner's pods.
func (r runner) pod() *corev1.Pod {
	template := r.template.DeepCopy()
	for _, claim := range r.claims {
		template.Spec.Volumes = append(template.Spec.Volumes, corev1.Volume{Name: claim.Name, VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim.Name},
		}})
	}
	pod := &corev1.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec}
	pod.GenerateName = "pod-"
	return pod
}

func deploymentRolledOut(ctx context.Context, namespace, name string) error {
	deployment, err := clustertest.Get[appsv1.Deployment](ctx, cluster, deployments, namespace, name)
	if err != nil {
		return err
	}
	wanted, status := *deployment.Spec.Replicas, deployment.Status
	if status.ObservedGeneration == deployment.Generation && status.Replicas == wanted && status.UpdatedReplicas == wanted && status.AvailableReplicas == wanted {
		return nil
	}
	return fmt.Errorf("of %d replicas, %d exist, %d are of the new version, %d are available",
		wanted, status.Replicas, status.UpdatedReplicas, status.AvailableReplicas)
}

func statefulSetRolledOut(ctx context.Context, namespace, name string) error {
	set, err := clustertest.Get[appsv1.StatefulSet](ctx, cluster, statefulSets, namespace, name)
	if err != nil {
		return err
	}
	wanted, status := *set.Spec.Replicas, set.Status
	if status.ObservedGeneration == set.Generation && status.Replicas == wanted && status.UpdatedReplicas == wanted && status.AvailableReplicas == wanted {
		return nil
	}
	return fmt.Errorf("of %d replicas, %d exist, %d are of the new version, %d are available",
		wanted, status.Replicas, status.UpdatedReplicas, status.AvailableReplicas)
}

func daemonSetRolledOut(ctx context.Context, namespace, name string) error {
	set, err := clustertest.Get[appsv1.DaemonSet](ctx, cluster, daemonSets, namespace, name)
	if err != nil {
		return err
	}
	wanted, status := set.Status.DesiredNumberScheduled, set.Status
	if status.ObservedGeneration == set.Generation && wanted > 0 && status.CurrentNumberScheduled == wanted &&
		status.UpdatedNumberScheduled == wanted && status.NumberAvailable == wanted && status.NumberMisscheduled == 0 {
		return nil
	}
	return fmt.Errorf("of %d nodes, %d have a pod, %d one of the new version, %d one that is available; %d pods are on wrong nodes",
		wanted, status.CurrentNumberScheduled, status.UpdatedNumberScheduled, status.NumberAvailable, status.NumberMisscheduled)
}

// jobDone wants a suspended Job to stay so, and any other to complete.
func jobDone(ctx context.Context, namespace, name string) error {
	job, err := clustertest.Get[batchv1.Job](ctx, cluster, jobs, namespace, name)
	if err != nil {
		return err
	}
	want := batchv1.JobComplete
	if valueOr(job.Spec.Suspend, false) {
		want = batchv1.JobSuspended
	}
	for _, condition := range job.Status.Conditions {
		if condition.Type == want && condition.Status == corev1.ConditionTrue {
			return nil
		}
	}
	return fmt.Errorf("it is not %s: %d pods active, %d succeeded, %d failed", want, job.Status.Active, job.Status.Succeeded, job.Status.Failed)
}

// cronJobDone starts the Job once, as `kubectl create job --from` does, and waits
// for it: the schedule itself is a matter of days. But for an owner, that is: the
// controller would delete the Job beyond the CronJob's history limit, which may be 0.
// Source: kubectl@v0.36.1 pkg/cmd/create/create_job.go createJobFromCronJob.
func cronJobDone(ctx context.Context, namespace, name string) error {
	cron, err := clustertest.Get[batchv1.CronJob](ctx, cluster, cronJobs, namespace, name)
	if err != nil {
		return err
	}
	job := &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{
			Name: "by-hand", Labels: cron.Spec.JobTemplate.Labels, Annotations: map[string]string{"cronjob.kubernetes.io/instantiate": "manual"},
		},
		Spec: cron.Spec.JobTemplate.Spec,
	}
	for key, value := range cron.Spec.JobTemplate.Annotations {
		job.Annotations[key] = value
	}
	if err := cluster.Create(ctx, jobs, namespace, job, metav1.CreateOptions{FieldValidation: metav1.FieldValidationStrict}); ignoreExisting(err) != nil {
		return err
	}
	return jobDone(ctx, namespace, job.Name)
}

// reasons collects what the control plane says against a workload that is not
// complete: conditions of its runner, and warnings of any controller.
func (tr *trial) reasons(ctx context.Context) string {
	var said []string
	type conditions struct {
		Status struct {
			Conditions []metav1.Condition `json:"conditions"`
		} `json:"status"`
	}
	of, err := clustertest.Get[conditions](ctx, cluster, tr.runner.resource, tr.namespace, tr.runner.metadata.Name)
	if err != nil {
		said = append(said, err.Error())
	}
	for _, condition := range of.Status.Conditions {
		said = append(said, fmt.Sprintf("%s=%s: %s", condition.Type, condition.Status, condition.Message))
	}
	events, err := clustertest.List[corev1.Event](ctx, cluster, corev1.SchemeGroupVersion.WithResource("events"), tr.namespace)
	if err != nil {
		said = append(said, err.Error())
	}
	for _, event := range events {
		if event.Type == corev1.EventTypeWarning {
			said = append(said, event.InvolvedObject.Kind+": "+event.Message)
		}
	}
	slices.Sort(said)
	return strings.Join(slices.Compact(said), "\n  ")
}
