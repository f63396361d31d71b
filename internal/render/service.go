package render

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newService(w workload.Workload) serviceValues {
	metadata := newMetadata(w)
	metadata.Labels = merged(w.Labels, w.Service.Labels, w.IdentityLabels())
	metadata.Annotations = merged(w.Annotations, w.Service.Annotations)
	return serviceValues{Metadata: metadata, Selector: w.Selector(), Type: *w.Service.Type, Ports: newServicePorts(w), Options: newServiceOptions(*w.Service)}
}

func newServicePorts(w workload.Workload) []corev1.ServicePort {
	ports := []corev1.ServicePort{}
	for _, port := range w.NamedPorts() {
		p := corev1.ServicePort{
			Name:        port.Name,
			Port:        *port.ServicePort,
			TargetPort:  intstr.FromString(port.Name),
			Protocol:    corev1.Protocol(*port.Protocol),
			AppProtocol: port.AppProtocol,
		}
		if port.Sidecar {
			// Older versions do not look for names among the ports of sidecars.
			// Source: k8s.io/endpointslice@v0.31.13 utils.go findPort; v0.36.1 FindPort does.
			p.TargetPort = intstr.FromInt32(port.ContainerPort)
		}
		if port.NodePort != nil {
			p.NodePort = *port.NodePort
		}
		ports = append(ports, p)
	}
	return ports
}

func newServiceOptions(s workload.Service) serviceOptions {
	options := serviceOptions{
		ClusterIP:                     s.ClusterIP,
		PublishNotReadyAddresses:      s.PublishNotReadyAddresses,
		InternalTrafficPolicy:         s.InternalTrafficPolicy,
		ExternalTrafficPolicy:         s.ExternalTrafficPolicy,
		TrafficDistribution:           s.TrafficDistribution,
		SessionAffinity:               s.SessionAffinity,
		IPFamilyPolicy:                s.IPFamilyPolicy,
		IPFamilies:                    s.IPFamilies,
		LoadBalancerClass:             s.LoadBalancerClass,
		LoadBalancerSourceRanges:      s.LoadBalancerSourceRanges,
		AllocateLoadBalancerNodePorts: s.AllocateLoadBalancerNodePorts,
		HealthCheckNodePort:           s.HealthCheckNodePort,
	}
	if s.SessionAffinityTimeoutSeconds != nil {
		options.SessionAffinityConfig = &corev1.SessionAffinityConfig{ClientIP: &corev1.ClientIPConfig{TimeoutSeconds: s.SessionAffinityTimeoutSeconds}}
	}
	return options
}
