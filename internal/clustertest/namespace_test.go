//go:build cluster

package clustertest_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
)

// Resources of the API that tests read or write.
var (
	namespaces      = corev1.SchemeGroupVersion.WithResource("namespaces")
	nodes           = corev1.SchemeGroupVersion.WithResource("nodes")
	pods            = corev1.SchemeGroupVersion.WithResource("pods")
	quotas          = corev1.SchemeGroupVersion.WithResource("resourcequotas")
	serviceAccounts = corev1.SchemeGroupVersion.WithResource("serviceaccounts")
	priorityClasses = schedulingv1.SchemeGroupVersion.WithResource("priorityclasses")
	runtimeClasses  = nodev1.SchemeGroupVersion.WithResource("runtimeclasses")
)

// createNamespace makes a namespace, which enforces the restricted Pod Security
// standard if asked to, and waits until pods can be made in it.
func createNamespace(t *testing.T, name string, restricted bool) {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
	if restricted {
		namespace.Labels = map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}
	}
	create(t, namespaces, "", namespace)
	eventually(t, "namespace "+name, func(ctx context.Context) error {
		_, err := clustertest.Get[corev1.ServiceAccount](ctx, cluster, serviceAccounts, name, "default")
		return err
	})
}

// createPrerequisites makes what a workload takes for granted: an account that
// is made elsewhere, classes, and nodes that it wants to be on. Secrets are no
// part of it, because only a kubelet reads them.
func createPrerequisites(t *testing.T, namespace string, pod corev1.PodSpec) {
	t.Helper()
	create(t, serviceAccounts, namespace, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: pod.ServiceAccountName}})
	if name := pod.PriorityClassName; name != "" && !strings.HasPrefix(name, "system-") {
		create(t, priorityClasses, "", &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: 1000})
	}
	if pod.RuntimeClassName != nil {
		create(t, runtimeClasses, "", &nodev1.RuntimeClass{ObjectMeta: metav1.ObjectMeta{Name: *pod.RuntimeClassName}, Handler: "sandbox"})
	}
	createNodes(t, pod.NodeSelector)
}

// createNodes makes a copy of each of the cluster's own nodes with further labels.
func createNodes(t *testing.T, labels map[string]string) {
	t.Helper()
	if len(labels) == 0 {
		return
	}
	for _, name := range []string{"node-1", "node-2", "node-3"} {
		node, err := clustertest.Get[corev1.Node](t.Context(), cluster, nodes, "", name)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, key := range slices.Sorted(maps.Keys(labels)) {
			fmt.Fprintf(&all, "%s=%s,", key, labels[key])
		}
		copied := &corev1.Node{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-%x", name, sha256.Sum256([]byte(all.String())))[:24], Labels: node.Labels},
			Status:     corev1.NodeStatus{Capacity: node.Status.Capacity, Allocatable: node.Status.Allocatable},
		}
		copied.Labels[corev1.LabelHostname] = copied.Name
		maps.Copy(copied.Labels, labels)
		create(t, nodes, "", copied)
	}
}

// create makes an object; one that exists already is as good, since cases share
// classes and nodes.
func create(t *testing.T, resource schema.GroupVersionResource, namespace string, object any) {
	t.Helper()
	err := cluster.Create(t.Context(), resource, namespace, object, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		t.Fatalf("create one of %s: %v", resource.Resource, err)
	}
}
