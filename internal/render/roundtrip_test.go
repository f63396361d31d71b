package render_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	k8sschema "k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// withoutEmpty drops nulls, zero values and empty lists and maps, which mean the same to
// Kubernetes as a missing field where its types say omitempty.
func withoutEmpty(tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, value := range node {
			if value = withoutEmpty(value); value != nil {
				kept[key] = value
			}
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case []any:
		var kept []any
		for _, value := range node {
			kept = append(kept, withoutEmpty(value)) // an item keeps its place
		}
		if len(kept) == 0 {
			return nil
		}
		return kept
	case string:
		if node == "" {
			return nil
		}
	case float64:
		if node == 0 {
			return nil
		}
	case bool:
		if !node {
			return nil
		}
	}
	return tree
}

// customKinds are what we write beside Kubernetes' own kinds.
var customKinds = []k8sschema.GroupVersionKind{
	{Group: "keda.sh", Version: "v1alpha1", Kind: "ScaledObject"},
	{Group: "monitoring.coreos.com", Version: "v1", Kind: "PodMonitor"},
	{Group: "monitoring.coreos.com", Version: "v1", Kind: "ServiceMonitor"},
	{Group: "monitoring.coreos.com", Version: "v1", Kind: "PrometheusRule"},
	{Group: "autoscaling.k8s.io", Version: "v1", Kind: "VerticalPodAutoscaler"},
	{Group: "gateway.networking.k8s.io", Version: "v1", Kind: "HTTPRoute"},
	{Group: "networking.istio.io", Version: "v1", Kind: "VirtualService"},
	{Group: "traefik.io", Version: "v1alpha1", Kind: "IngressRoute"},
	{Group: "traefik.io", Version: "v1alpha1", Kind: "TraefikService"},
	{Group: "projectcontour.io", Version: "v1", Kind: "HTTPProxy"},
	{Group: "zalando.org", Version: "v1", Kind: "RouteGroup"},
	{Group: "gateway.solo.io", Version: "v1", Kind: "VirtualService"},
	{Group: "gateway.solo.io", Version: "v1", Kind: "RouteTable"},
	{Group: "gloo.solo.io", Version: "v1", Kind: "Upstream"},
	{Group: "appmesh.k8s.aws", Version: "v1beta2", Kind: "VirtualNode"},
	{Group: "appmesh.k8s.aws", Version: "v1beta2", Kind: "VirtualRouter"},
	{Group: "appmesh.k8s.aws", Version: "v1beta2", Kind: "VirtualService"},
	{Group: "flagger.app", Version: "v1beta1", Kind: "Canary"},
	{Group: "flagger.app", Version: "v1beta1", Kind: "MetricTemplate"},
	{Group: "flagger.app", Version: "v1beta1", Kind: "AlertProvider"},
	{Group: "argoproj.io", Version: "v1alpha1", Kind: "Rollout"},
	{Group: "argoproj.io", Version: "v1alpha1", Kind: "AnalysisTemplate"},
}

// Decoding into the type and encoding again must lose nothing that the text says.
func TestRender_DecodedObjectsHoldAllThatTheTextSays(t *testing.T) {
	t.Parallel()
	for _, name := range cases(t) {
		for _, m := range mustRender(t, input(t, name)).Manifests {
			if _, generic := m.Object.(*unstructured.Unstructured); generic {
				if kind := m.Object.GetObjectKind().GroupVersionKind(); !slices.Contains(customKinds, kind) {
					t.Errorf("%s: %s has no type of its own", name, m.Key)
				}
				continue // an object without a type loses nothing
			}
			var written any
			if err := yaml.UnmarshalStrict([]byte(m.Text), &written); err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(m.Object)
			if err != nil {
				t.Fatal(err)
			}
			var decoded any
			if err := json.Unmarshal(data, &decoded); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(withoutEmpty(written), withoutEmpty(decoded)); diff != "" {
				t.Errorf("%s: %s (-text +object):\n%s", name, m.Key, diff)
			}
		}
	}
}

// Zero values of Go's types would add nulls, empty maps and a status.
func TestRender_NoManifestHoldsLeftovers(t *testing.T) {
	t.Parallel()
	for _, name := range cases(t) {
		for _, m := range mustRender(t, input(t, name)).Manifests {
			var object map[string]any
			if err := yaml.Unmarshal([]byte(m.Text), &object); err != nil {
				t.Fatal(err)
			}
			if _, found := object["status"]; found {
				t.Errorf("%s: %s has a status", name, m.Key)
			}
			walkMaps(object, "", func(at string, value any) {
				// An empty selector selects everything, an empty list of rules admits nobody, and an empty pause
				// of a Rollout waits for a person.
				switch value := value.(type) {
				case nil:
					t.Errorf("%s: %s: %s is null", name, m.Key, at)
				case map[string]any:
					if len(value) == 0 && at != "namespaceSelector" && at != "pause" {
						t.Errorf("%s: %s: %s is empty", name, m.Key, at)
					}
				case []any:
					if len(value) == 0 && at != "ingress" {
						t.Errorf("%s: %s: %s is empty", name, m.Key, at)
					}
				}
			})
		}
	}
}

// walkMaps calls f for every value below a tree with the name of its field.
func walkMaps(tree any, name string, f func(name string, value any)) {
	if name != "" {
		f(name, tree)
	}
	switch node := tree.(type) {
	case map[string]any:
		for key, value := range node {
			walkMaps(value, key, f)
		}
	case []any:
		for _, value := range node {
			walkMaps(value, name, f)
		}
	}
}
