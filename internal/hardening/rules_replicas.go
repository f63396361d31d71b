package hardening

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

var replicaRules = []Rule{
	{
		ID:          "replicas",
		Severity:    Error,
		Title:       "There are at least two pods, or none at all.",
		Attribute:   "replicas",
		Remediation: "set `replicas` or `autoscaling.min_replicas` to 2 or more (3 where it matters); a workload that must run once needs an exception that says why",
		InYAML:      "set `replicas`, or the autoscaler's `minReplicas`, to 2 or more (3 where it matters)",
		Rationale:   "With one pod each node failure, drain and rollout is an outage.",
		Source:      "kube-score@v1.20.0 deployment-replicas",
		check:       checkReplicas,
	},
	{
		ID:          "pod-anti-affinity",
		Severity:    Error,
		Title:       "The pods avoid each other's nodes.",
		Attribute:   "affinity",
		Remediation: "leave `affinity.pod_anti_affinity` out, or give it a term over `kubernetes.io/hostname` that selects the workload's own pods, as one without `pod_labels` does",
		InYAML:      "add a `podAntiAffinity` term over `kubernetes.io/hostname` that selects the pods' own labels, preferred rather than required",
		Rationale:   "Pods on one node go down with it.",
		Source:      "Kubernetes documentation, concepts/scheduling-eviction/assign-pod-node; kube-score@v1.20.0 deployment-has-host-podantiaffinity",
		check:       checkAntiAffinity,
	},
	{
		ID:          "zone-spread",
		Severity:    Error,
		Title:       "The pods are spread over zones.",
		Attribute:   "topology_spread",
		Remediation: "leave `topology_spread` out, or add `{ topology_key = \"topology.kubernetes.io/zone\" }` to it",
		InYAML:      "add a `topologySpreadConstraints` entry that selects the pods' own labels, ScheduleAnyway where there may be one zone",
		Rationale:   "Without it the scheduler may put every pod into one zone, and a constraint that selects other pods spreads nothing.",
		Source:      "Kubernetes documentation, concepts/scheduling-eviction/topology-spread-constraints; kube-score@v1.20.0 pod-topology-spread-constraints",
		check:       checkZoneSpread,
	},
}

func checkReplicas(in *inventory, report report) {
	for _, p := range in.pods {
		// An autoscaler that goes down to none says that there may be no service at times.
		if lowest, _, at, ok := in.scale(p); ok && lowest == 1 {
			report(at, "the workload may run 1 pod, so each drain and node failure is an outage")
		}
	}
}

// Well-known node labels. Source: Kubernetes documentation, reference/labels-annotations-taints.
const (
	hostnameLabel = corev1.LabelHostname
	zoneLabel     = corev1.LabelTopologyZone
)

func checkAntiAffinity(in *inventory, report report) {
	for _, p := range in.pods {
		if _, highest, _, ok := in.scale(p); !ok || highest < 2 {
			continue
		}
		terms := antiAffinityTerms(p.spec.Affinity)
		over := func(t corev1.PodAffinityTerm) bool { return t.TopologyKey == hostnameLabel }
		switch {
		case slices.ContainsFunc(terms, func(t corev1.PodAffinityTerm) bool { return over(t) && p.avoids(t) }):
		case slices.ContainsFunc(terms, over):
			report(p.at("affinity.podAntiAffinity"), "the anti-affinity over %s does not select the pods themselves", hostnameLabel)
		default:
			report(p.at("affinity.podAntiAffinity"), "there is no anti-affinity over %s, so all pods may run on one node", hostnameLabel)
		}
	}
}

func antiAffinityTerms(affinity *corev1.Affinity) []corev1.PodAffinityTerm {
	if affinity == nil || affinity.PodAntiAffinity == nil {
		return nil
	}
	terms := slices.Clone(affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution)
	for _, preferred := range affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution {
		terms = append(terms, preferred.PodAffinityTerm)
	}
	return terms
}

// avoids reports whether an anti-affinity term is about the pods themselves.
func (p *pod) avoids(term corev1.PodAffinityTerm) bool {
	own := len(term.Namespaces) == 0 && term.NamespaceSelector == nil || slices.Contains(term.Namespaces, p.namespace())
	return own && p.matches(p.namespace(), term.LabelSelector)
}

func checkZoneSpread(in *inventory, report report) {
	for _, p := range in.pods {
		if _, highest, _, ok := in.scale(p); !ok || highest < 2 {
			continue
		}
		constraints := p.spec.TopologySpreadConstraints
		over := func(c corev1.TopologySpreadConstraint) bool { return c.TopologyKey == zoneLabel }
		switch i := slices.IndexFunc(constraints, over); {
		case i < 0:
			report(p.at("topologySpreadConstraints"), "no constraint spreads the pods over %s", zoneLabel)
		case !slices.ContainsFunc(constraints, func(c corev1.TopologySpreadConstraint) bool {
			return over(c) && p.matches(p.namespace(), c.LabelSelector)
		}):
			report(p.at("topologySpreadConstraints").index(i), "the constraint over %s does not select the pods themselves", zoneLabel)
		}
	}
}
