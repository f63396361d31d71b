package render

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newProbe(p workload.Probe, ports map[string]workload.Port) probeValues {
	return probeValues{
		Handler:                       newProbeHandler(p, ports),
		InitialDelaySeconds:           *p.InitialDelaySeconds,
		PeriodSeconds:                 *p.PeriodSeconds,
		TimeoutSeconds:                *p.TimeoutSeconds,
		SuccessThreshold:              *p.SuccessThreshold,
		FailureThreshold:              *p.FailureThreshold,
		TerminationGracePeriodSeconds: p.TerminationGracePeriodSeconds,
	}
}

func newProbeHandler(p workload.Probe, ports map[string]workload.Port) corev1.ProbeHandler {
	switch {
	case p.HTTPGet != nil:
		get := &corev1.HTTPGetAction{
			Path:   *p.HTTPGet.Path,
			Port:   intstr.Parse(p.HTTPGet.Port),
			Scheme: corev1.URIScheme(*p.HTTPGet.Scheme),
		}
		for _, name := range slices.Sorted(maps.Keys(p.HTTPGet.Headers)) {
			get.HTTPHeaders = append(get.HTTPHeaders, corev1.HTTPHeader{Name: name, Value: p.HTTPGet.Headers[name]})
		}
		return corev1.ProbeHandler{HTTPGet: get}
	case p.TCPSocket != nil:
		return corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.Parse(p.TCPSocket.Port)}}
	case p.GRPC != nil:
		service := "" // the server as a whole; a nil would be written as null
		if p.GRPC.Service != nil {
			service = *p.GRPC.Service
		}
		return corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: portNumber(p.GRPC.Port, ports), Service: &service}}
	case p.Exec != nil:
		return corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: p.Exec.Command}}
	default:
		return corev1.ProbeHandler{}
	}
}

// portNumber returns the number of a port that is named or numbered: a gRPC
// probe, unlike the others, cannot name its port.
func portNumber(reference string, ports map[string]workload.Port) int32 {
	if port, named := ports[reference]; named {
		return port.ContainerPort
	}
	return intstr.Parse(reference).IntVal
}
