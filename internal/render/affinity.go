package render

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// newAffinity writes down what the user says. Where nothing is said of other pods, the
// pods prefer nodes that run none of the workload yet; a DaemonSet has one pod for each
// node by definition.
func newAffinity(w workload.Workload) *corev1.Affinity {
	asked := workload.Affinity{}
	if w.Affinity != nil {
		asked = *w.Affinity
	}
	affinity := &corev1.Affinity{NodeAffinity: newNodeAffinity(asked.NodeAffinity)}
	if p := asked.PodAffinity; p != nil {
		affinity.PodAffinity = &corev1.PodAffinity{
			RequiredDuringSchedulingIgnoredDuringExecution:  newPodTerms(w, p.Required),
			PreferredDuringSchedulingIgnoredDuringExecution: newWeightedPodTerms(w, p.Preferred),
		}
	}
	switch p := asked.PodAntiAffinity; {
	case p != nil:
		affinity.PodAntiAffinity = &corev1.PodAntiAffinity{
			RequiredDuringSchedulingIgnoredDuringExecution:  newPodTerms(w, p.Required),
			PreferredDuringSchedulingIgnoredDuringExecution: newWeightedPodTerms(w, p.Preferred),
		}
	case w.RunsInParallel():
		affinity.PodAntiAffinity = &corev1.PodAntiAffinity{PreferredDuringSchedulingIgnoredDuringExecution: newWeightedPodTerms(w, []workload.WeightedPodTerm{{
			Weight: 100, PodTerm: workload.PodTerm{TopologyKey: corev1.LabelHostname}, // the most: no other preference is ours
		}})}
	}
	if *affinity == (corev1.Affinity{}) {
		return nil
	}
	return affinity
}

func newNodeAffinity(a *workload.NodeAffinity) *corev1.NodeAffinity {
	if a == nil {
		return nil
	}
	affinity := &corev1.NodeAffinity{}
	if len(a.Required) > 0 {
		affinity.RequiredDuringSchedulingIgnoredDuringExecution = &corev1.NodeSelector{}
		for _, term := range a.Required {
			selector := affinity.RequiredDuringSchedulingIgnoredDuringExecution
			selector.NodeSelectorTerms = append(selector.NodeSelectorTerms, newNodeTerm(term))
		}
	}
	for _, term := range a.Preferred {
		affinity.PreferredDuringSchedulingIgnoredDuringExecution = append(affinity.PreferredDuringSchedulingIgnoredDuringExecution,
			corev1.PreferredSchedulingTerm{Weight: term.Weight, Preference: newNodeTerm(term.NodeTerm)})
	}
	return affinity
}

func newNodeTerm(term workload.NodeTerm) corev1.NodeSelectorTerm {
	return corev1.NodeSelectorTerm{MatchExpressions: newNodeRequirements(term.MatchExpressions), MatchFields: newNodeRequirements(term.MatchFields)}
}

func newNodeRequirements(all []workload.NodeRequirement) []corev1.NodeSelectorRequirement {
	var requirements []corev1.NodeSelectorRequirement
	for _, r := range all {
		requirements = append(requirements, corev1.NodeSelectorRequirement{Key: r.Key, Operator: corev1.NodeSelectorOperator(r.Operator), Values: r.Values})
	}
	return requirements
}

func newPodTerms(w workload.Workload, all []workload.PodTerm) []corev1.PodAffinityTerm {
	var terms []corev1.PodAffinityTerm
	for _, term := range all {
		terms = append(terms, newPodTerm(w, term))
	}
	return terms
}

func newWeightedPodTerms(w workload.Workload, all []workload.WeightedPodTerm) []corev1.WeightedPodAffinityTerm {
	var terms []corev1.WeightedPodAffinityTerm
	for _, term := range all {
		terms = append(terms, corev1.WeightedPodAffinityTerm{Weight: term.Weight, PodAffinityTerm: newPodTerm(w, term.PodTerm)})
	}
	return terms
}

func newPodTerm(w workload.Workload, term workload.PodTerm) corev1.PodAffinityTerm {
	selector := selecting(w)
	if !term.SelectsOwn() {
		selector = labelSelector(term.PodLabels, term.PodExpressions)
	}
	return corev1.PodAffinityTerm{
		TopologyKey:       term.TopologyKey,
		LabelSelector:     selector,
		Namespaces:        term.Namespaces,
		NamespaceSelector: labelSelector(term.NamespaceLabels, nil),
		MatchLabelKeys:    term.MatchLabelKeys,
		MismatchLabelKeys: term.MismatchLabelKeys,
	}
}
