package render

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newPod(w workload.Workload) (podValues, error) {
	pod := podValues{
		Labels:                        merged(w.Labels, w.PodLabels, w.CollectionLabels(), w.IdentityLabels()),
		Annotations:                   merged(w.Annotations, w.PodAnnotations, w.CollectionAnnotations()),
		ServiceAccountName:            w.ServiceAccountName(),
		AutomountServiceAccountToken:  *w.ServiceAccount.AutomountToken,
		EnableServiceLinks:            *w.EnableServiceLinks,
		TerminationGracePeriodSeconds: *w.TerminationGracePeriodSeconds,
		SecurityContext:               newPodSecurityContext(*w.SecurityContext),
		Placement:                     newPlacement(w),
		Naming:                        newNaming(w),
		ImagePullSecrets:              []corev1.LocalObjectReference{},
		InitContainers:                []containerValues{},
		Volumes:                       []corev1.Volume{},
	}
	if w.Kind.Has("job") {
		pod.RestartPolicy = *w.Job.RestartPolicy
	}
	for _, name := range w.ImagePullSecrets {
		pod.ImagePullSecrets = append(pod.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	for _, c := range w.AllContainers() {
		volumes, mounts, err := newWritablePaths(c.Name, c.WritablePaths)
		if err != nil {
			return podValues{}, err
		}
		mounts = append(mounts, newMounts(w, c)...)
		sleep := *w.PreStopSleepSeconds
		if c.Init || c.OwnPreStop() {
			sleep = 0 // a sidecar is stopped after the containers that serve
		}
		container, err := newContainer(c, mounts, sleep)
		if err != nil {
			return podValues{}, err
		}
		if c.Init {
			pod.InitContainers = append(pod.InitContainers, container)
		} else {
			pod.Containers = append(pod.Containers, container)
		}
		pod.Volumes = append(pod.Volumes, volumes...)
	}
	isolation, err := newIsolation(w)
	if err != nil {
		return podValues{}, err
	}
	pod.Isolation = isolation
	volumes, err := newVolumes(w)
	pod.Volumes = append(pod.Volumes, volumes...)
	if len(w.ConfigFiles) > 0 && w.ConfigMapNameOverride != nil {
		pod.Annotations[configFilesAnnotation] = w.ConfigFilesHash()
	}
	return pod, err
}

// newPlacement avoids nodes that run a pod of the workload already, and spreads
// the pods as asked. Neither keeps a pod from starting unless the user says so.
func newPlacement(w workload.Workload) placement {
	p := placement{
		Affinity:          newAffinity(w),
		NodeSelector:      w.NodeSelector,
		PriorityClassName: w.PriorityClassName,
		RuntimeClassName:  w.RuntimeClassName,
		SchedulerName:     w.SchedulerName,
	}
	for _, s := range w.TopologySpread {
		p.TopologySpreadConstraints = append(p.TopologySpreadConstraints, corev1.TopologySpreadConstraint{
			TopologyKey:       s.TopologyKey,
			MaxSkew:           *s.MaxSkew,
			WhenUnsatisfiable: corev1.UnsatisfiableConstraintAction(*s.WhenUnsatisfiable),
			MinDomains:        s.MinDomains,
			LabelSelector:     selecting(w),
			MatchLabelKeys:    s.MatchLabelKeys,

			NodeAffinityPolicy: (*corev1.NodeInclusionPolicy)(s.NodeAffinityPolicy),
			NodeTaintsPolicy:   (*corev1.NodeInclusionPolicy)(s.NodeTaintsPolicy),
		})
	}
	for _, t := range w.Tolerations {
		p.Tolerations = append(p.Tolerations, newToleration(t))
	}
	return p
}

func newToleration(t workload.Toleration) corev1.Toleration {
	text := func(p *string) string {
		if p == nil {
			return "" // which the API reads as not set
		}
		return *p
	}
	return corev1.Toleration{
		Key:               text(t.Key),
		Operator:          corev1.TolerationOperator(text(t.Operator)),
		Value:             text(t.Value),
		Effect:            corev1.TaintEffect(text(t.Effect)),
		TolerationSeconds: t.TolerationSeconds,
	}
}
