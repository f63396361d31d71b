package hardening

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var serviceRules = []Rule{
	{
		ID:          "service-type",
		Severity:    Error,
		Title:       "Services are reachable from inside the cluster only.",
		Attribute:   "service",
		Remediation: "remove `service.type` and let an Ingress or a Gateway expose the workload; a workload that must expose itself needs an exception that says why",
		InYAML:      "use the type ClusterIP without `externalIPs`",
		Rationale:   "NodePort and LoadBalancer open a port to the world around the cluster, past the place where TLS, authentication and rate limits live.",
		Source:      "Kubernetes documentation, concepts/services-networking/service, \"Publishing Services\"; kube-score@v1.20.0 service-type",
		check:       checkServiceType,
	},
	{
		ID:          "service-target-port",
		Severity:    Error,
		Title:       "Every port of a Service leads to a port of its pods.",
		Attribute:   "service",
		Remediation: "use the name of one of the containers' `ports`, or remove what `patches` change in the Service's `targetPort`",
		InYAML:      "use the name or number of a declared container port in `targetPort`, or declare the port",
		Rationale:   "A name that no container has drops the port from the endpoints; a number that none declares is most often one that nobody listens on.",
		Source:      "Kubernetes documentation, concepts/services-networking/service, \"Port definitions\"",
		check:       checkTargetPorts,
	},
	{
		ID:          "service-ready-pods",
		Severity:    Warning,
		Title:       "A Service sends traffic to pods that are ready.",
		Attribute:   "service",
		Remediation: "remove `service.publish_not_ready_addresses`, or make the Service headless with `cluster_ip = \"None\"` where pods find each other before they are ready",
		InYAML:      "remove `publishNotReadyAddresses`, or set `clusterIP: None`",
		Rationale:   "Requests of clients go to pods that say that they cannot serve them: while they start, and for as long as they are broken.",
		Source:      "Kubernetes API reference, ServiceSpec, publishNotReadyAddresses",
		check:       checkReadyPods,
	},
	{
		ID:          "selector-matches-pods",
		Severity:    Error,
		Title:       "Services, disruption budgets and network policies select pods that exist.",
		Attribute:   "name",
		Remediation: "remove what `patches` change in selectors or in the labels of the pods",
		InYAML:      "make the selector equal to labels of the pods",
		Rationale:   "A selector that matches nothing is no error to the API server: the Service has no endpoints, the budget and the policy protect nobody.",
		Source:      "kube-score@v1.20.0 service-targets-pod and networkpolicy-targets-pod",
		check:       checkSelectors,
	},
	{
		ID:          "unprivileged-port",
		Severity:    Warning,
		Title:       "Containers listen on ports from 1024 up.",
		Attribute:   "containers",
		Remediation: "let the application listen on a port from 1024 up and keep the low number as `service_port`",
		InYAML:      "let the application listen on a port from 1024 up, change `containerPort`, and keep the low number in the Service",
		Rationale:   "A process that is not root and has no capabilities may open a lower port only where the container runtime is set up to allow it.",
		Source:      "ip(7), ip_unprivileged_port_start; containerd documentation, docs/cri/config.md, enable_unprivileged_ports",
		check:       eachContainer(checkLowPorts),
	},
}

func checkServiceType(in *inventory, report report) {
	for _, service := range in.services {
		if kind := service.it.Spec.Type; kind != "" && kind != corev1.ServiceTypeClusterIP {
			report(service.at("spec.type"), "the Service is of the type %s", kind)
		}
		if addresses := service.it.Spec.ExternalIPs; len(addresses) > 0 {
			report(service.at("spec.externalIPs"), "the Service takes traffic for the addresses %s from outside", list(addresses))
		}
	}
}

func checkReadyPods(in *inventory, report report) {
	for _, service := range in.services {
		if service.it.Spec.PublishNotReadyAddresses && service.it.Spec.ClusterIP != corev1.ClusterIPNone {
			report(service.at("spec.publishNotReadyAddresses"), "publishNotReadyAddresses is true, so clients are sent to pods that are not ready")
		}
	}
}

func checkTargetPorts(in *inventory, report report) {
	for _, service := range in.services {
		var containers []*container
		for _, p := range in.servedBy(service) {
			containers = append(containers, p.containers...)
		}
		if len(containers) == 0 {
			continue
		}
		for i, port := range service.it.Spec.Ports {
			target := port.TargetPort
			if target == (intstr.IntOrString{}) {
				target = intstr.FromInt32(port.Port)
			}
			if !slices.ContainsFunc(containers, func(c *container) bool { return c.listensOn(target, protocolOf(port.Protocol)) }) {
				report(service.at("spec.ports").index(i).at("targetPort"), "port %d leads to %s/%s, which the pods do not declare (they declare %s)",
					port.Port, target.String(), protocolOf(port.Protocol), describePorts(containers...))
			}
		}
	}
}

// servedBy returns the pods that a Service selects. One without a selector has
// endpoints that somebody else writes.
func (in *inventory) servedBy(service object[*corev1.Service]) []*pod {
	if len(service.it.Spec.Selector) == 0 {
		return nil
	}
	return in.selected(service.it.Namespace, &metav1.LabelSelector{MatchLabels: service.it.Spec.Selector})
}

func checkSelectors(in *inventory, report report) {
	judge := func(at place, what, namespace string, found []*pod) {
		if len(found) == 0 && in.runsPodsIn(namespace) {
			report(at, "the %s selects none of the pods in namespace %q", what, namespace)
		}
	}
	for _, service := range in.services {
		if len(service.it.Spec.Selector) > 0 {
			judge(service.at("spec.selector"), "Service", service.it.Namespace, in.servedBy(service))
		}
	}
	for _, budget := range in.budgets {
		judge(budget.at("spec.selector"), "disruption budget", budget.it.Namespace, in.selected(budget.it.Namespace, budget.it.Spec.Selector))
	}
	for _, policy := range in.policies {
		judge(policy.at("spec.podSelector"), "network policy", policy.it.Namespace, in.selected(policy.it.Namespace, &policy.it.Spec.PodSelector))
	}
}

func checkLowPorts(c *container, report report) {
	if slices.Contains(c.capabilities().Add, netBindService) {
		return
	}
	for i, port := range c.Ports {
		if port.ContainerPort < 1024 {
			report(c.at("ports").index(i).at("containerPort"), "container %q listens on port %d, for which it may lack the permission", c.Name, port.ContainerPort)
		}
	}
}
