package hardening

import (
	"cmp"
	"slices"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// inventory holds the objects that are judged together, by what they are.
type inventory struct {
	given    Given
	keys     map[string]bool
	pods     []*pod
	accounts []object[*corev1.ServiceAccount]
	services []object[*corev1.Service]
	budgets  []object[*policyv1.PodDisruptionBudget]
	scalers  []scaler
	policies []object[*networkingv1.NetworkPolicy]
	// configs, secrets and ingresses are judged each by itself.
	configs   []object[*corev1.ConfigMap]
	secrets   []object[*corev1.Secret]
	ingresses []object[*networkingv1.Ingress]
	roles     []role
	bindings  []binding
	// named are all of the above that belong into a namespace.
	named []object[metav1.Object]
	// all are the objects of every kind, by what they call themselves.
	all []described
}

// described is an object of any kind, with its API version.
type described struct {
	place
	kind schema.GroupVersionKind
}

// object is a typed object and its place.
type object[T metav1.Object] struct {
	place
	it T
}

// newInventory sorts the objects by key, so that no finding depends on their order.
func newInventory(manifests []manifest.Manifest, given Given) *inventory {
	in := &inventory{given: given, keys: make(map[string]bool, len(manifests))}
	sorted := slices.SortedFunc(slices.Values(manifests), func(a, b manifest.Manifest) int { return cmp.Compare(a.Key, b.Key) })
	for _, m := range sorted {
		at := place{object: m.Key}
		in.keys[m.Key] = true
		in.all = append(in.all, described{at, m.Object.GetObjectKind().GroupVersionKind()})
		in.grant(at, m.Object)
		if o, named := m.Object.(metav1.Object); named && in.add(at, m.Object) {
			in.named = append(in.named, object[metav1.Object]{at, o})
		}
	}
	return in
}

// add files an object by its type; it is false for kinds that no rule looks at,
// or that have no namespace.
func (in *inventory) add(at place, o runtime.Object) bool {
	switch o := o.(type) {
	case *corev1.ConfigMap:
		in.configs = append(in.configs, object[*corev1.ConfigMap]{at, o})
	case *corev1.Secret:
		in.secrets = append(in.secrets, object[*corev1.Secret]{at, o})
	case *networkingv1.Ingress:
		in.ingresses = append(in.ingresses, object[*networkingv1.Ingress]{at, o})
	case *rbacv1.Role, *rbacv1.RoleBinding: // filed by grant
	case *corev1.ServiceAccount:
		in.accounts = append(in.accounts, object[*corev1.ServiceAccount]{at, o})
	case *corev1.Service:
		in.services = append(in.services, object[*corev1.Service]{at, o})
	case *policyv1.PodDisruptionBudget:
		in.budgets = append(in.budgets, object[*policyv1.PodDisruptionBudget]{at, o})
	case *autoscalingv2.HorizontalPodAutoscaler:
		in.scalers = append(in.scalers, newScaler(at, o))
	case *autoscalingv1.HorizontalPodAutoscaler:
		in.scalers = append(in.scalers, newScaler(at, upgrade(o)))
	case *networkingv1.NetworkPolicy:
		in.policies = append(in.policies, object[*networkingv1.NetworkPolicy]{at, o})
	default:
		if p := newPod(at, o); p != nil {
			in.pods = append(in.pods, p)
			return true
		}
		custom, isCustom := o.(*unstructured.Unstructured)
		if !isCustom {
			return false
		}
		scaler, isScaler := newKEDAScaler(at, custom)
		if !isScaler {
			return false
		}
		in.scalers = append(in.scalers, scaler)
	}
	return true
}

// runsPodsIn reports whether any object of the namespace runs pods. Where none
// does, the pods that a selector is meant for are not here to be compared with.
func (in *inventory) runsPodsIn(namespace string) bool {
	for _, p := range in.pods {
		if p.namespace() == namespace {
			return true
		}
	}
	return false
}

// selected returns the pods that a label selector matches in a namespace.
func (in *inventory) selected(namespace string, selector *metav1.LabelSelector) []*pod {
	var selected []*pod
	for _, p := range in.pods {
		if p.matches(namespace, selector) {
			selected = append(selected, p)
		}
	}
	return selected
}

// budgetsOf returns the disruption budgets that select the pod.
func (in *inventory) budgetsOf(p *pod) []object[*policyv1.PodDisruptionBudget] {
	var budgets []object[*policyv1.PodDisruptionBudget]
	for _, budget := range in.budgets {
		if p.matches(budget.it.Namespace, budget.it.Spec.Selector) {
			budgets = append(budgets, budget)
		}
	}
	return budgets
}

// policiesOf returns the network policies that select the pod and restrict the
// given direction.
func (in *inventory) policiesOf(p *pod, direction networkingv1.PolicyType) []object[*networkingv1.NetworkPolicy] {
	var policies []object[*networkingv1.NetworkPolicy]
	for _, policy := range in.policies {
		if restricts(policy.it.Spec, direction) && p.matches(policy.it.Namespace, &policy.it.Spec.PodSelector) {
			policies = append(policies, policy)
		}
	}
	return policies
}

// scalerOf returns the autoscaler of the object that runs the pods, or nil.
func (in *inventory) scalerOf(p *pod) *scaler {
	for i := range in.scalers {
		if target(in.scalers[i].it) == p.object {
			return &in.scalers[i]
		}
	}
	return nil
}

// keyOf returns the manifest key of an object that is known by reference.
func keyOf(kind, namespace, name string) string {
	if namespace == "" {
		return kind + "/" + name
	}
	return kind + "/" + namespace + "/" + name
}
