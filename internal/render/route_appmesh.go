package render

import (
	"cmp"
	"strconv"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

const appMeshVersion = "appmesh.k8s.aws/v1beta2"

// appMeshRoutes makes a VirtualNode for each track, the VirtualRouter between them, and the
// VirtualService that clients in the mesh call. The mesh is the one whose selector fits the
// namespace: the controller writes it and lets nobody else.
//
// Source: aws/aws-app-mesh-controller-for-k8s apis/appmesh/v1beta2.
func appMeshRoutes(r routing) []customValues {
	mapping := func(port int64) fields { return fields{"portMapping": fields{"port": port, "protocol": "http"}} }
	node := func(track, pods string) customValues {
		return r.object(appMeshVersion, "VirtualNode", track, fields{
			"podSelector":      fields{"matchLabels": fields{workload.LabelName: pods}},
			"listeners":        list{mapping(int64(r.port.ContainerPort))},
			"serviceDiscovery": fields{"dns": fields{"hostname": r.host(track)}},
		})
	}
	objects := []customValues{node(r.stable, r.stable)}
	if r.candidate != "" {
		objects = append(objects, node(r.candidate, cmp.Or(r.candidatePods, r.candidate)))
	}
	target := func(name string, weight int64) fields {
		return fields{"virtualNodeRef": fields{"name": name}, "weight": weight}
	}
	route := func(name string, priority int64, match fields, targets list) fields {
		http := fields{"match": match, "action": fields{"weightedTargets": targets}}
		if r.TimeoutSeconds != nil {
			http["timeout"] = fields{"perRequest": fields{"unit": "s", "value": int64(*r.TimeoutSeconds)}}
		}
		if r.Retries != nil {
			http["retryPolicy"] = fields{
				"maxRetries": int64(*r.Retries), "perRetryTimeout": fields{"unit": "s", "value": int64(1)},
				"httpRetryEvents": list{"server-error", "gateway-error"},
			}
		}
		return fields{"name": name, "priority": priority, "httpRoute": http}
	}
	var routes list
	for i, m := range r.matches {
		header, exact, expression := condition(m)
		match := fields{"exact": exact}
		if expression != "" {
			match = fields{"regex": expression}
		}
		routes = append(routes, route(matchRoute+"-"+strconv.Itoa(i+1), int64(i+1),
			fields{"prefix": r.prefix(), "headers": list{fields{"name": header, "match": match}}}, list{target(r.candidate, 1)}))
	}
	targets := list{target(r.stable, 1)}
	if r.splits() {
		targets = list{target(r.stable, 100-r.weight), target(r.candidate, r.weight)}
	}
	const last = 1000 // the highest number is looked at last
	routes = append(routes, route(mainRoute, last, fields{"prefix": r.prefix()}, targets))
	return append(objects,
		r.object(appMeshVersion, "VirtualRouter", r.name, fields{"listeners": list{mapping(r.number())}, "routes": routes}),
		r.object(appMeshVersion, "VirtualService", r.name, fields{
			"awsName":  r.host(r.name),
			"provider": fields{"virtualRouter": fields{"virtualRouterRef": fields{"name": r.name}}},
		}))
}
