package render

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newPod(w workload.Workload) (podValues, error) {
	pod := podValues{
		Labels:                        merged(w.Labels, w.PodLabels, w.CollectionLabels(), w.IdentityLabels()),
		Annotations:                   merged(w.Annotations, w.PodAnnotations, w.CollectionAnnotations()),
		ServiceAccountName:            w.ServiceAccountName(),
		AutomountServiceAccountToken:  *w.ServiceAccount.AutomountToken,
		EnableServiceLinks:            false, // else every Service of the namespace becomes environment variables
		TerminationGracePeriodSeconds: *w.TerminationGracePeriodSeconds,
		SecurityContext:               newPodSecurityContext(*w.SecurityContext),
		Placement:                     newPlacement(w),
		ImagePullSecrets:              []corev1.LocalObjectReference{},
		InitContainers:                []containerValues{},
		Volumes:                       []corev1.Volume{},
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
		if c.Init {
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
	volumes, err := newVolumes(w)
	pod.Volumes = append(pod.Volumes, volumes...)
	if len(w.ConfigFiles) > 0 && w.ConfigMapNameOverride != nil {
		pod.Annotations[configFilesAnnotation] = w.ConfigFilesHash()
	}
	return pod, err
}

func newPodSecurityContext(s workload.PodSecurityContext) corev1.PodSecurityContext {
	return corev1.PodSecurityContext{
		RunAsUser:          s.RunAsUser,
		RunAsGroup:         s.RunAsGroup,
		RunAsNonRoot:       s.RunAsNonRoot,
		FSGroup:            s.FSGroup,
		SupplementalGroups: s.SupplementalGroups,
		SeccompProfile:     newSeccompProfile(*s.SeccompProfile),
	}
}

func newSeccompProfile(profile string) *corev1.SeccompProfile {
	if path, isFile := strings.CutPrefix(profile, "localhost/"); isFile {
		return &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeLocalhost, LocalhostProfile: &path}
	}
	return &corev1.SeccompProfile{Type: corev1.SeccompProfileType(profile)}
}

// newAffinity prefers nodes that run no pod of the workload yet. It says nothing
// where a node has one pod by definition.
func newAffinity(w workload.Workload) *corev1.Affinity {
	if w.Kind == workload.DaemonSet {
		return nil
	}
	return &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{
		PreferredDuringSchedulingIgnoredDuringExecution: []corev1.WeightedPodAffinityTerm{{
			Weight:          100, // the most: no other preference is stated
			PodAffinityTerm: corev1.PodAffinityTerm{TopologyKey: corev1.LabelHostname, LabelSelector: selecting(w)},
		}},
	}}
}

// newPlacement avoids nodes that run a pod of the workload already, and spreads
// the pods as asked. Neither keeps a pod from starting unless the user says so.
func newPlacement(w workload.Workload) placement {
	p := placement{
		Affinity:          newAffinity(w),
		NodeSelector:      w.NodeSelector,
		PriorityClassName: w.PriorityClassName,
		RuntimeClassName:  w.RuntimeClassName,
	}
	for _, s := range w.TopologySpread {
		p.TopologySpreadConstraints = append(p.TopologySpreadConstraints, corev1.TopologySpreadConstraint{
			TopologyKey:       s.TopologyKey,
			MaxSkew:           *s.MaxSkew,
			WhenUnsatisfiable: corev1.UnsatisfiableConstraintAction(*s.WhenUnsatisfiable),
			MinDomains:        s.MinDomains,
			LabelSelector:     selecting(w),
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
