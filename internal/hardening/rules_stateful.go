package hardening

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

var statefulRules = []Rule{
	{
		ID:          "stateful-service",
		Severity:    Error,
		Title:       "A StatefulSet's pods have names in DNS.",
		Attribute:   "name",
		Remediation: "remove what `patches` change in `serviceName` or in the headless Service, which a workload always has",
		InYAML:      "add a Service with `clusterIP: None` that selects the pods, and name it in `serviceName`",
		Rationale:   "The pods of a StatefulSet find each other by names below its headless Service. One that is missing, or has an address of its own, gives them none, and the field cannot be changed later.",
		Source:      "Kubernetes documentation, concepts/workloads/controllers/statefulset, \"Stable Network ID\"; kube-score@v1.20.0 statefulset-has-servicename",
		check:       eachStateful(checkStatefulService),
	},
	{
		ID:          "volume-claim",
		Severity:    Error,
		Title:       "Each pod of a StatefulSet claims storage of its own, of a size that is written down.",
		Attribute:   "containers",
		Remediation: "use the access mode ReadWriteOnce or ReadWriteOncePod in `volume_claims`; files that are meant to be shared need an exception that says so",
		InYAML:      "set `accessModes: [ReadWriteOnce]` and `resources.requests.storage` in `volumeClaimTemplates`",
		Rationale:   "A claim made from a template belongs to one pod. Other access modes let pods on other nodes write to the same files, and few kinds of storage have them. Without a size the claim is refused, and the pods wait for ever.",
		Source:      "Kubernetes documentation, concepts/storage/persistent-volumes, \"Access Modes\"; kubernetes@v1.36.1 pkg/apis/core/validation ValidatePersistentVolumeClaimSpec",
		check:       eachStateful(checkClaimTemplates),
	},
}

// eachStateful makes a check of one that judges StatefulSets one at a time.
func eachStateful(judge func(in *inventory, p *pod, report report)) check {
	return func(in *inventory, report report) {
		for _, p := range in.pods {
			if p.stateful != nil {
				judge(in, p, report)
			}
		}
	}
}

func checkStatefulService(in *inventory, p *pod, report report) {
	name, at := p.stateful.Spec.ServiceName, p.whole().at("spec.serviceName")
	i := slices.IndexFunc(in.services, func(s object[*corev1.Service]) bool { return s.it.Name == name && s.it.Namespace == p.namespace() })
	switch {
	case name == "":
		report(at, "serviceName is not set, so the pods have no names of their own in DNS")
	case i < 0:
		report(at, "there is no Service %q among these objects, so the pods have no names of their own in DNS", name)
	case in.services[i].it.Spec.ClusterIP != corev1.ClusterIPNone:
		report(at, "the Service %q has an address of its own, so DNS knows that and not the pods", name)
	case !slices.Contains(in.servedBy(in.services[i]), p):
		report(at, "the Service %q does not select the pods", name)
	}
}

func checkClaimTemplates(_ *inventory, p *pod, report report) {
	for _, claim := range p.stateful.Spec.VolumeClaimTemplates {
		at := p.whole().at("spec.volumeClaimTemplates").key(claim.Name).at("spec")
		if storage := claim.Spec.Resources.Requests[corev1.ResourceStorage]; storage.Sign() <= 0 {
			report(at.at("resources.requests"), "the claim %q requests no storage", claim.Name)
		}
		for _, mode := range claim.Spec.AccessModes {
			if mode != corev1.ReadWriteOnce && mode != corev1.ReadWriteOncePod {
				report(at.at("accessModes"), "the claim %q has the access mode %s, which is for files that several nodes share", claim.Name, mode)
			}
		}
		if len(claim.Spec.AccessModes) == 0 {
			report(at.at("accessModes"), "the claim %q has no access mode", claim.Name)
		}
	}
}
