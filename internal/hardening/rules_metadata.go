package hardening

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var metadataRules = []Rule{
	{
		ID:          "namespace",
		Severity:    Error,
		Title:       "Every object names a namespace that is meant for workloads.",
		Attribute:   "namespace",
		Remediation: "set `namespace` to one that belongs to the application",
		InYAML:      "set `metadata.namespace` on every object",
		Rationale:   "Without a namespace the object lands wherever the client happens to point. The namespace default has no owner, quota or policy, and those that begin with kube- are the cluster's own.",
		Source:      "Kubernetes documentation, concepts/overview/working-with-objects/namespaces",
		check:       checkNamespaces,
	},
	{
		ID:          "recommended-labels",
		Severity:    Warning,
		Title:       "Workloads and pods carry the recommended labels.",
		Attribute:   "labels",
		Remediation: "remove what `patches` change in the labels `app.kubernetes.io/name` and `app.kubernetes.io/instance`",
		InYAML:      "add the labels `app.kubernetes.io/name` and `app.kubernetes.io/instance` to the object and its pod template",
		Rationale:   "Tools and people find what belongs together by these labels, whichever way it was installed.",
		Source:      "Kubernetes documentation, concepts/overview/working-with-objects/common-labels",
		check:       eachPod(checkLabels),
	},
	{
		ID:          "selector-labels",
		Severity:    Error,
		Title:       "A workload selects its own pods.",
		Attribute:   "name",
		Remediation: "remove what `patches` change in the labels of the pod template",
		InYAML:      "repeat the labels of `spec.selector.matchLabels` in the pod template's labels",
		Rationale:   "The object could never count its pods.",
		Source:      "kubernetes@v1.36.1 pkg/apis/apps/validation ValidateDeploymentSpec; kube-score@v1.20.0 deployment-pod-selector-labels-match-template-metadata-labels",
		NoException: "the API server refuses the object",
		check:       eachPod(checkOwnSelector),
	},
}

// checkNamespaces looks for a missing namespace on every object, and for a wrong
// one only where pods run: their Services and policies have to follow them.
func checkNamespaces(in *inventory, report report) {
	for _, o := range in.named {
		if o.it.GetNamespace() == "" {
			report(o.at("metadata.namespace"), "the object names no namespace")
		}
	}
	for _, p := range in.pods {
		switch namespace := p.namespace(); {
		case namespace == "default":
			report(p.whole().at("metadata.namespace"), "the namespace is \"default\", which belongs to nobody")
		case strings.HasPrefix(namespace, "kube-"):
			report(p.whole().at("metadata.namespace"), "the namespace is %q, which belongs to the cluster itself", namespace)
		}
	}
}

var recommendedLabels = []string{"app.kubernetes.io/name", "app.kubernetes.io/instance"}

func checkLabels(p *pod, report report) {
	judge := func(at place, what string, labels map[string]string) {
		var missing []string
		for _, label := range recommendedLabels {
			if labels[label] == "" {
				missing = append(missing, label)
			}
		}
		if len(missing) > 0 {
			report(at.at("labels"), "%s carries no label %s", what, strings.Join(missing, " and no "))
		}
	}
	judge(p.whole().at("metadata"), "the object", p.owner.GetLabels())
	if p.meta != p.whole().at("metadata") {
		judge(p.meta, "the pod template", p.labels)
	}
}

func checkOwnSelector(p *pod, report report) {
	if p.selector == nil || p.matches(p.namespace(), p.selector) {
		return
	}
	report(p.whole().at("spec.selector"), "the selector %s does not match the labels of the pod template", metav1.FormatLabelSelector(p.selector))
}
