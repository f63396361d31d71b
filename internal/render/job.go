package render

import (
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// newJob leaves the Job the workload's name; see named.
func newJob(w workload.Workload) (jobValues, error) {
	pod, err := newPod(w)
	return jobValues{Metadata: newOwnerMetadata(w), Job: newJobSpec(*w.Job), Pod: pod}, err
}

func newCronJob(w workload.Workload) (cronJobValues, error) {
	pod, err := newPod(w)
	return cronJobValues{
		Metadata: newOwnerMetadata(w),
		Cron: cronSpec{
			Schedule:                   w.Cron.Schedule,
			TimeZone:                   *w.Cron.TimeZone,
			ConcurrencyPolicy:          *w.Cron.ConcurrencyPolicy,
			StartingDeadlineSeconds:    *w.Cron.StartingDeadlineSeconds,
			SuccessfulJobsHistoryLimit: *w.Cron.SuccessfulJobsHistoryLimit,
			FailedJobsHistoryLimit:     *w.Cron.FailedJobsHistoryLimit,
			Suspend:                    *w.Cron.Suspend,
		},
		JobMetadata: jobMetadata{Labels: merged(w.Labels, w.IdentityLabels()), Annotations: merged(w.Annotations)},
		Job:         newJobSpec(*w.Job),
		Pod:         pod,
	}, err
}

func newJobSpec(j workload.JobSpec) jobSpec {
	return jobSpec{
		Completions:             j.Completions,
		Parallelism:             *j.Parallelism,
		CompletionMode:          *j.CompletionMode,
		BackoffLimit:            *j.BackoffLimit,
		BackoffLimitPerIndex:    j.BackoffLimitPerIndex,
		MaxFailedIndexes:        j.MaxFailedIndexes,
		ActiveDeadlineSeconds:   *j.ActiveDeadlineSeconds,
		TTLSecondsAfterFinished: j.TTLSecondsAfterFinished,
		PodFailurePolicy:        newPodFailurePolicy(j.PodFailurePolicy),
		SuccessPolicy:           newSuccessPolicy(j.SuccessPolicy),
		PodReplacementPolicy:    *j.PodReplacementPolicy,
		Suspend:                 *j.Suspend,
	}
}

func newPodFailurePolicy(p *workload.PodFailurePolicy) *batchv1.PodFailurePolicy {
	if p == nil {
		return nil
	}
	policy := &batchv1.PodFailurePolicy{Rules: []batchv1.PodFailurePolicyRule{}}
	for _, r := range p.Rules {
		rule := batchv1.PodFailurePolicyRule{Action: batchv1.PodFailurePolicyAction(r.Action)}
		if on := r.OnExitCodes; on != nil {
			rule.OnExitCodes = &batchv1.PodFailurePolicyOnExitCodesRequirement{
				ContainerName: on.ContainerName, Operator: batchv1.PodFailurePolicyOnExitCodesOperator(on.Operator), Values: on.Values,
			}
		}
		for _, condition := range r.OnPodConditions {
			rule.OnPodConditions = append(rule.OnPodConditions, batchv1.PodFailurePolicyOnPodConditionsPattern{
				Type: corev1.PodConditionType(condition.Type), Status: corev1.ConditionStatus(*condition.Status),
			})
		}
		policy.Rules = append(policy.Rules, rule)
	}
	return policy
}

func newSuccessPolicy(p *workload.SuccessPolicy) *batchv1.SuccessPolicy {
	if p == nil {
		return nil
	}
	policy := &batchv1.SuccessPolicy{Rules: []batchv1.SuccessPolicyRule{}}
	for _, r := range p.Rules {
		policy.Rules = append(policy.Rules, batchv1.SuccessPolicyRule{SucceededIndexes: r.SucceededIndexes, SucceededCount: r.SucceededCount})
	}
	return policy
}
