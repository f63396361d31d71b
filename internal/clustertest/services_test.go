//go:build cluster

package clustertest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
)

var (
	endpointSlices = discoveryv1.SchemeGroupVersion.WithResource("endpointslices")
	services       = corev1.SchemeGroupVersion.WithResource("services")
)

// checkServices waits until each Service leads to exactly the workload's pods, on
// the ports that the pods name, and keeps the ports that it declares.
func (tr *trial) checkServices(t *testing.T) {
	t.Helper()
	for declared := range objectsOf[*corev1.Service](tr) {
		want := endpoints{Pods: tr.pods}
		if len(tr.pods) > 0 { // a slice without endpoints names no ports
			want.Ports = tr.targets(t, declared.Spec.Ports)
		}
		eventually(t, "Service "+declared.Name, func(ctx context.Context) error {
			got, err := tr.endpoints(ctx, declared.Name)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(want, got); diff != "" {
				return fmt.Errorf("endpoints (-want +got):\n%s", diff)
			}
			return nil
		})
		stored, err := clustertest.Get[corev1.Service](t.Context(), cluster, services, tr.namespace, declared.Name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(portsOf(declared), portsOf(&stored)); diff != "" {
			t.Errorf("the ports of Service %s (-want +got):\n%s", declared.Name, diff)
		}
		statistics.services.Add(1)
	}
}

func portsOf(service *corev1.Service) []string {
	var ports []string
	for _, port := range service.Spec.Ports {
		ports = append(ports, fmt.Sprintf("%s %d/%s", port.Name, port.Port, port.Protocol))
	}
	slices.Sort(ports)
	return ports
}

// targets is where the ports of a Service lead on a pod.
func (tr *trial) targets(t *testing.T, ports []corev1.ServicePort) []string {
	t.Helper()
	numbers := tr.containerPorts()
	var targets []string
	for _, port := range ports {
		number := port.TargetPort.IntVal
		if port.TargetPort.Type == intstr.String {
			number = numbers[port.TargetPort.StrVal]
		}
		if number == 0 {
			t.Errorf("port %s of the Service leads to %s, which no container declares", port.Name, port.TargetPort.String())
		}
		targets = append(targets, fmt.Sprintf("%s %d/%s", port.Name, number, port.Protocol))
	}
	slices.Sort(targets)
	return targets
}

// containerPorts are the numbers of the ports that the pods declare, by name.
func (tr *trial) containerPorts() map[string]int32 {
	numbers := make(map[string]int32)
	for _, container := range slices.Concat(tr.runner.template.Spec.InitContainers, tr.runner.template.Spec.Containers) {
		for _, port := range container.Ports {
			numbers[port.Name] = port.ContainerPort
		}
	}
	return numbers
}

// endpoints is where a Service leads.
type endpoints struct{ Pods, Ports []string }

func (tr *trial) endpoints(ctx context.Context, service string) (endpoints, error) {
	slicesOfNamespace, err := clustertest.List[discoveryv1.EndpointSlice](ctx, cluster, endpointSlices, tr.namespace)
	if err != nil {
		return endpoints{}, err
	}
	var got endpoints
	for _, slice := range slicesOfNamespace {
		// kwok gives pods addresses of IPv4 only.
		if slice.Labels[discoveryv1.LabelServiceName] != service || slice.AddressType != discoveryv1.AddressTypeIPv4 {
			continue
		}
		for _, endpoint := range slice.Endpoints {
			got.Pods = append(got.Pods, endpoint.TargetRef.Name)
			if !*endpoint.Conditions.Ready {
				return endpoints{}, fmt.Errorf("endpoint %s is not ready", endpoint.TargetRef.Name)
			}
		}
		for _, port := range slice.Ports {
			got.Ports = append(got.Ports, fmt.Sprintf("%s %d/%s", *port.Name, *port.Port, *port.Protocol))
		}
	}
	slices.Sort(got.Pods)
	slices.Sort(got.Ports)
	return got, nil
}
