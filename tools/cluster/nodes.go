package main

import (
	"context"
	"fmt"
	"net/http"
)

// object is a Kubernetes object or a part of one.
type object = map[string]any

// zones are where the nodes are, one in each: enough for every spread
// constraint that asks for three domains.
var zones = []string{"zone-a", "zone-b", "zone-c"}

// node describes a node that kwok keeps alive. It has room for all that a test
// could ask for, huge pages and a device plugin's resource included.
func node(name, zone string) object {
	const host = "kubernetes.io/hostname"
	room := object{
		"cpu": "10k", "memory": "100Ti", "ephemeral-storage": "100Ti", "pods": "100k",
		"hugepages-2Mi": "1Ti", "hugepages-1Gi": "1Ti", "example.com/gpu": "10k",
	}
	return object{
		"apiVersion": "v1",
		"kind":       "Node",
		"metadata": object{"name": name, "labels": object{
			host: name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
			"topology.kubernetes.io/region": "region", "topology.kubernetes.io/zone": zone,
		}},
		"status": object{"capacity": room, "allocatable": room},
	}
}

// createNodes makes one node in each zone.
func (a api) createNodes(ctx context.Context) error {
	for i, zone := range zones {
		if err := a.call(ctx, http.MethodPost, "/api/v1/nodes", node(fmt.Sprintf("node-%d", i+1), zone), nil); err != nil {
			return err
		}
	}
	return nil
}

// schedulable tells whether every node is ready and free of taints.
func (a api) schedulable(ctx context.Context) error {
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
			Spec     struct{ Taints []any }
			Status   struct {
				Conditions []struct{ Type, Status string }
			}
		}
	}
	if err := a.call(ctx, http.MethodGet, "/api/v1/nodes", nil, &list); err != nil {
		return err
	}
	for _, node := range list.Items {
		ready := false
		for _, condition := range node.Status.Conditions {
			ready = ready || condition.Type == "Ready" && condition.Status == "True"
		}
		if !ready || len(node.Spec.Taints) > 0 {
			return fmt.Errorf("node %s is not ready for pods yet", node.Metadata.Name)
		}
	}
	return nil
}
