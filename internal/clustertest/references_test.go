//go:build cluster

package clustertest_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
)

// checkReferences looks at what custom resources refer to. No controller of theirs
// runs here, so this is all beyond their schemas that can be known of them.
func (tr *trial) checkReferences(t *testing.T) {
	t.Helper()
	for object := range objectsOf[*unstructured.Unstructured](tr) {
		switch object.GroupVersionKind().GroupKind() {
		case schema.GroupKind{Group: "keda.sh", Kind: "ScaledObject"}:
			// KEDA takes a Deployment where no kind is said.
			// Source: keda@v2.21.0 apis/keda/v1alpha1/scaledobject_types.go ScaleTarget.
			tr.checkTarget(t, object, "scaleTargetRef", "scale")
		case schema.GroupKind{Group: "autoscaling.k8s.io", Kind: "VerticalPodAutoscaler"}:
			tr.checkTarget(t, object, "targetRef")
		case schema.GroupKind{Group: "monitoring.coreos.com", Kind: "ServiceMonitor"}:
			tr.checkServiceMonitor(t, object)
		case schema.GroupKind{Group: "monitoring.coreos.com", Kind: "PodMonitor"}:
			tr.checkPodMonitor(t, object)
		default:
		}
		statistics.custom.Add(1)
	}
}

// checkTarget looks for the object that a field of the specification refers to, and
// for its subresource.
func (tr *trial) checkTarget(t *testing.T, object *unstructured.Unstructured, fieldName string, subresources ...string) {
	t.Helper()
	reference, _, err := unstructured.NestedStringMap(object.Object, "spec", fieldName)
	if err != nil {
		t.Fatal(err)
	}
	kind := schema.FromAPIVersionAndKind(reference["apiVersion"], reference["kind"])
	if kind.Empty() {
		kind = schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}
	}
	resource, err := cluster.Resource(kind)
	if err != nil {
		t.Fatalf("%s refers to %v: %v", object.GetKind(), reference, err)
	}
	if err := cluster.Exists(t.Context(), resource, tr.namespace, reference["name"], subresources...); err != nil {
		t.Errorf("%s refers to %v: %v", object.GetKind(), reference, err)
	}
}

// monitoredPort is what a monitor scrapes.
type monitoredPort struct {
	Port string `json:"port"`
}

// checkServiceMonitor holds that the monitor finds Services of the workload, and no
// others, and each port by its name.
func (tr *trial) checkServiceMonitor(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	var monitor struct {
		Spec struct {
			Selector  metav1.LabelSelector `json:"selector"`
			Endpoints []monitoredPort      `json:"endpoints"`
		} `json:"spec"`
	}
	decode(t, object, &monitor)
	selector, err := metav1.LabelSelectorAsSelector(&monitor.Spec.Selector)
	if err != nil {
		t.Fatal(err)
	}
	all, err := clustertest.List[corev1.Service](t.Context(), cluster, services, tr.namespace)
	if err != nil {
		t.Fatal(err)
	}
	var found []corev1.Service
	for _, service := range all {
		if selector.Matches(labels.Set(service.Labels)) {
			found = append(found, service)
		}
	}
	if len(found) != 1 || found[0].Name == strangerName {
		t.Errorf("the ServiceMonitor finds %d Services, want one of the workload: each pod is scraped once for each", len(found))
		return
	}
	for _, endpoint := range monitor.Spec.Endpoints {
		if !slices.ContainsFunc(found[0].Spec.Ports, func(port corev1.ServicePort) bool { return port.Name == endpoint.Port }) {
			t.Errorf("the ServiceMonitor scrapes port %q, which the Service does not have", endpoint.Port)
		}
	}
}

// checkPodMonitor holds that the monitor finds exactly the workload's pods, and each
// port by its name.
func (tr *trial) checkPodMonitor(t *testing.T, object *unstructured.Unstructured) {
	t.Helper()
	var monitor struct {
		Spec struct {
			Selector            metav1.LabelSelector `json:"selector"`
			PodMetricsEndpoints []monitoredPort      `json:"podMetricsEndpoints"`
		} `json:"spec"`
	}
	decode(t, object, &monitor)
	found, err := tr.selected(t.Context(), &monitor.Spec.Selector)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tr.pods, found); diff != "" {
		t.Errorf("the PodMonitor's pods (-want +got):\n%s", diff)
	}
	ports := tr.containerPorts()
	for _, endpoint := range monitor.Spec.PodMetricsEndpoints {
		if ports[endpoint.Port] == 0 {
			t.Errorf("the PodMonitor scrapes port %q, which no container declares", endpoint.Port)
		}
	}
}

func decode(t *testing.T, object *unstructured.Unstructured, into any) {
	t.Helper()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, into); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", object.GetKind(), err))
	}
}
