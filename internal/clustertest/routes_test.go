//go:build cluster

package clustertest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/clustertest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

var ingresses = networkingv1.SchemeGroupVersion.WithResource("ingresses")

// shape is where an object of a traffic provider says how it splits requests. The parts are paths of
// fields with dots between.
type shape struct {
	resource schema.GroupVersionResource
	// rules are the rules of the object, matches their conditions, and headers what a condition on headers has.
	rules, matches, headers string
	// targets are the places that a rule leads to, each with a name and a weight.
	targets, target string
}

var shapes = map[rollout.Provider]shape{
	rollout.GatewayAPI: {schema.GroupVersionResource{Group: "gateway.networking.k8s.io", Version: "v1", Resource: "httproutes"}, "spec.rules", "matches", "headers", "backendRefs", "name"},
	rollout.Istio:      {schema.GroupVersionResource{Group: "networking.istio.io", Version: "v1", Resource: "virtualservices"}, "spec.http", "match", "headers", "route", "destination.host"},
	rollout.Traefik:    {schema.GroupVersionResource{Group: "traefik.io", Version: "v1alpha1", Resource: "traefikservices"}, "spec", "", "", "weighted.services", "name"},
	rollout.Contour:    {schema.GroupVersionResource{Group: "projectcontour.io", Version: "v1", Resource: "httpproxies"}, "spec.routes", "conditions", "header", "services", "name"},
	rollout.Gloo:       {schema.GroupVersionResource{Group: "gateway.solo.io", Version: "v1", Resource: "routetables"}, "spec.routes", "matchers", "headers", "routeAction.multi.destinations", "destination.upstream.name"},
	rollout.AppMesh:    {schema.GroupVersionResource{Group: "appmesh.k8s.aws", Version: "v1beta2", Resource: "virtualrouters"}, "spec.routes", "httpRoute.match", "headers", "httpRoute.action.weightedTargets", "virtualNodeRef.name"},
}

// splitOf returns how the object of a traffic provider splits requests between two versions, which it knows
// by the given names: "80/20" are shares of the stable and of the next version, "match 2" is two rules with
// conditions for the next version alone, "match 1, 80/20" is both, and "mirror 50" is a copy of half of the requests.
func splitOf(ctx context.Context, namespace string, p rollout.Provider, stable, next string) (string, error) {
	switch p {
	case rollout.NoProvider:
		return splitOfService(ctx, namespace, stable)
	case rollout.Nginx, rollout.Skipper:
		return splitOfIngress(ctx, namespace, stable, next)
	case rollout.Linkerd:
		p = rollout.GatewayAPI
	}
	s := shapes[p]
	object, err := clustertest.Get[unstructured.Unstructured](ctx, cluster, s.resource, namespace, "api")
	if err != nil {
		return "", err
	}
	matched, split, known := 0, "100/0", false
	for _, rule := range many(dig(object.Object, s.rules)) {
		if percent := mirrored(rule); percent != "" {
			return "mirror " + percent, nil
		}
		shares := map[string]int64{}
		for _, target := range many(dig(rule, s.targets)) {
			name, _ := dig(target, s.target).(string)
			name, _, _ = strings.Cut(name, ".") // to Istio a Service may have its full name
			shares[name], _ = dig(target, "weight").(int64)
			known = known || name == stable
		}
		switch {
		case conditional(rule, s) && shares[stable] == 0 && shares[next] > 0:
			matched++
		case shares[stable]+shares[next] > 0:
			split = fmt.Sprintf("%d/%d", shares[stable], shares[next])
		}
	}
	switch {
	case !known:
		return "", fmt.Errorf("no rule of %s api leads to %s", s.resource.Resource, stable)
	case matched == 0:
		return split, nil
	case split == "100/0":
		return fmt.Sprintf("match %d", matched), nil
	default:
		return fmt.Sprintf("match %d, %s", matched, split), nil
	}
}

// mirrored returns the share of requests that a rule copies, or nothing.
func mirrored(rule any) string {
	if percent := dig(rule, "mirrorPercentage.value"); percent != nil { // Istio
		return fmt.Sprint(percent)
	}
	for _, filter := range many(dig(rule, "filters")) { // Gateway API
		if dig(filter, "requestMirror") != nil {
			return "100"
		}
	}
	return ""
}

// conditional reports whether a rule looks at headers, which not every provider's rules do.
func conditional(rule any, s shape) bool {
	if s.headers == "" {
		return false
	}
	for _, match := range many(dig(rule, s.matches)) {
		if dig(match, s.headers) != nil {
			return true
		}
	}
	return false
}

// splitOfService reads the selector of the Service.
func splitOfService(ctx context.Context, namespace, stable string) (string, error) {
	service, err := clustertest.Get[corev1.Service](ctx, cluster, services, namespace, "api")
	if err != nil {
		return "", err
	}
	if service.Spec.Selector[workload.LabelName] == stable {
		return "100/0", nil
	}
	return "0/100", nil
}

// splitOfIngress reads the annotations of the Ingress for the next version.
func splitOfIngress(ctx context.Context, namespace, stable, next string) (string, error) {
	list, err := clustertest.List[networkingv1.Ingress](ctx, cluster, ingresses, namespace)
	if err != nil {
		return "", err
	}
	for _, ingress := range list {
		const nginx = "nginx.ingress.kubernetes.io/"
		a := ingress.Annotations
		switch weight, err := strconv.Atoi(a[nginx+"canary-weight"]); {
		case a["zalando.org/backend-weights"] != "":
			var shares map[string]int64
			if err := json.Unmarshal([]byte(a["zalando.org/backend-weights"]), &shares); err != nil {
				return "", err
			}
			return fmt.Sprintf("%d/%d", shares[stable], shares[next]), nil
		case a[nginx+"canary"] != "true":
		case a[nginx+"canary-by-header"] != "" || a[nginx+"canary-by-cookie"] != "":
			return "match 1", nil
		case err == nil:
			return fmt.Sprintf("%d/%d", 100-weight, weight), nil
		}
	}
	return "100/0", nil
}

// routeTargets are where objects that lead requests on name the next one: the kind of object, the
// lists on the way, and the name in their entries, which is one of the resource.
var routeTargets = []struct {
	kind     string
	lists    []string
	name     string
	resource schema.GroupVersionResource
}{
	{"HTTPProxy", []string{"spec.includes"}, "name", shapes[rollout.Contour].resource},
	{"HTTPProxy", []string{"spec.routes", "services"}, "name", services},
	{"VirtualService", []string{"spec.virtualHost.routes"}, "delegateAction.ref.name", shapes[rollout.Gloo].resource},
	{"VirtualService", []string{"spec.virtualHost.routes"}, "routeAction.single.upstream.name", schema.GroupVersionResource{Group: "gloo.solo.io", Version: "v1", Resource: "upstreams"}},
	{"VirtualService", []string{"spec.http", "route"}, "destination.host", services},
	{"IngressRoute", []string{"spec.routes", "services"}, "name", shapes[rollout.Traefik].resource},
	{"HTTPRoute", []string{"spec.rules", "backendRefs"}, "name", services},
	{"Ingress", []string{"spec.rules", "http.paths"}, "backend.service.name", services},
}

// checkRouteTargets wants everything to be there that our routes lead to: some of it is the controller's to make.
func checkRouteTargets(t *testing.T, tr *trial) {
	t.Helper()
	for _, m := range tr.manifests {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(m.Text), &object); err != nil {
			t.Fatal(err)
		}
		for _, target := range routeTargets {
			if object["kind"] != target.kind {
				continue
			}
			entries := []any{object}
			for _, list := range target.lists {
				var next []any
				for _, entry := range entries {
					next = append(next, many(dig(entry, list))...)
				}
				entries = next
			}
			for _, entry := range entries {
				name, named := dig(entry, target.name).(string)
				if !named {
					continue
				}
				if err := cluster.Exists(t.Context(), target.resource, tr.namespace, name); err != nil {
					t.Errorf("%s leads to %s %s: %v", m.Key, target.resource.Resource, name, err)
				}
			}
		}
	}
}

// trafficOver is how requests come in over a provider; nil is no provider.
func trafficOver(p rollout.Provider) *rollout.Traffic {
	traffic := &rollout.Traffic{Provider: p, Hosts: []string{"api.example.com"}}
	switch p {
	case rollout.NoProvider:
		return nil
	case rollout.GatewayAPI, rollout.Istio:
		traffic.Gateway = new("infra/public")
	case rollout.Linkerd, rollout.AppMesh:
		traffic.Hosts = nil // of a mesh
	}
	return traffic
}

// dig returns the value at a path of fields, or nil.
func dig(value any, path string) any {
	if path == "" {
		return value
	}
	for name := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

// many returns a list as it is, and one value as a list of it.
func many(value any) []any {
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		return value
	default:
		return []any{value}
	}
}
