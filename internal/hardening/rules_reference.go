package hardening

import (
	"strings"
)

var referenceRules = []Rule{
	{
		ID:          "priority-class",
		Severity:    Info,
		Title:       "The priority class of the pods exists.",
		Attribute:   "containers",
		Remediation: "make sure that the cluster has the PriorityClass that `priority_class_name` names",
		InYAML:      "make sure that the cluster has the PriorityClass, or add it",
		Rationale:   "The API server accepts a workload with a priority class that does not exist, and then refuses each of its pods: only the events of its ReplicaSet tell.",
		Source:      "kubernetes@v1.36.1 plugin/pkg/admission/priority/admission.go",
		check:       checkPriorityClass,
	},
	{
		ID:          "api-version",
		Severity:    Error,
		Title:       "The cluster serves the API version of every object.",
		Attribute:   "kind",
		Remediation: "remove what `patches` change in `apiVersion`, or set `kubernetes_version` of the provider to the cluster's",
		InYAML:      "use the API version that the message names, and adapt the fields that it renamed",
		Rationale:   "The object cannot be applied: the cluster does not know its kind.",
		Source:      "Kubernetes documentation, reference/using-api/deprecation-guide; k8s.io/api@v0.37.2 zz_generated.prerelease-lifecycle.go",
		NoException: "the API server refuses the object",
		check:       checkAPIVersions,
	},
}

// builtInClasses are the priority classes of every cluster.
// Source: kubernetes@v1.36.1 pkg/apis/scheduling/v1/helpers.go systemPriorityClasses.
const builtInClasses = "system-"

func checkPriorityClass(in *inventory, report report) {
	for _, p := range in.pods {
		name := p.spec.PriorityClassName
		if name != "" && !strings.HasPrefix(name, builtInClasses) && !in.keys["PriorityClass.scheduling.k8s.io/"+name] {
			report(p.at("priorityClassName"), "the priority class %q must exist in the cluster, or no pod is created", name)
		}
	}
}

func checkAPIVersions(in *inventory, report report) {
	version := in.versionOrOldest()
	for _, o := range in.all {
		life, known := apiLife(o.kind)
		switch {
		case known && life.removed != 0 && version.Minor() >= life.removed:
			report(o.at("apiVersion"), "%s %s is not served since Kubernetes 1.%d%s", o.kind.GroupVersion(), o.kind.Kind, life.removed, life.instead())
		case known && version.Minor() < life.introduced && in.given.Version == version:
			report(o.at("apiVersion"), "%s %s is served from Kubernetes 1.%d on, and the objects are for %s", o.kind.GroupVersion(), o.kind.Kind, life.introduced, version)
		}
	}
}
