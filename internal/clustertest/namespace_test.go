//go:build cluster

package clustertest_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	apiresource "k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
)

// Resources of the API that tests read or write.
var (
	namespaces      = corev1.SchemeGroupVersion.WithResource("namespaces")
	nodes           = corev1.SchemeGroupVersion.WithResource("nodes")
	pods            = corev1.SchemeGroupVersion.WithResource("pods")
	claims          = corev1.SchemeGroupVersion.WithResource("persistentvolumeclaims")
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
	if known := []string{"", "default-scheduler", "batch"}; !slices.Contains(known, pod.SchedulerName) {
		t.Fatalf("the cluster has no scheduler %q, only %v: add it to tools/cluster/flags.go", pod.SchedulerName, known)
	}
	for _, volume := range pod.Volumes {
		if volume.PersistentVolumeClaim != nil {
			create(t, claims, namespace, claim(volume.PersistentVolumeClaim.ClaimName))
		}
	}
	if !slices.ContainsFunc(nodePools, func(pool map[string]string) bool { return includes(pool, pod.NodeSelector) }) {
		t.Fatalf("no node has the labels %v: add them to nodePools", pod.NodeSelector)
	}
}

// claim is a claim that the workload expects to find.
func claim(name string) *corev1.PersistentVolumeClaim {
	return &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteMany},
			Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: apiresource.MustParse("1Gi")}},
		},
	}
}

// nodePools are the labels of nodes that workloads ask for, beside those of the
// cluster's own nodes. All nodes are there before the first workload: a DaemonSet
// would grow with each further one.
var nodePools = []map[string]string{
	{},
	{corev1.LabelArchStable: "arm64", "disk": "ssd", "example.com/pool": ""},
}

// createNodePools makes a copy of each of the cluster's own nodes for each pool.
func createNodePools(ctx context.Context) error {
	own, err := clustertest.List[corev1.Node](ctx, cluster, nodes, "")
	if err != nil {
		return err
	}
	for i, pool := range nodePools[1:] {
		for _, node := range own {
			copied := &corev1.Node{
				ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("%s-pool-%d", node.Name, i+1), Labels: maps.Clone(node.Labels)},
				Status:     corev1.NodeStatus{Capacity: node.Status.Capacity, Allocatable: node.Status.Allocatable},
			}
			copied.Labels[corev1.LabelHostname] = copied.Name
			maps.Copy(copied.Labels, pool)
			if err := cluster.Create(ctx, nodes, "", copied, metav1.CreateOptions{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// includes tells whether all of part is in whole.
func includes(whole, part map[string]string) bool {
	for key, value := range part {
		if found, ok := whole[key]; !ok || found != value {
			return false
		}
	}
	return true
}

// create makes an object; one that exists already is as good, since cases share
// classes and nodes.
func create(t *testing.T, resource schema.GroupVersionResource, namespace string, object any) {
	t.Helper()
	err := cluster.Create(t.Context(), resource, namespace, object, metav1.CreateOptions{})
	if ignoreExisting(err) != nil {
		t.Fatalf("create one of %s: %v", resource.Resource, err)
	}
}

func ignoreExisting(err error) error {
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}
