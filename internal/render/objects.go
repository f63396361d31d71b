package render

import (
	"maps"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// newValues returns the objects of a workload whose every decision is made.
func newValues(w workload.Workload) (values, error) {
	v, err := trackValues(w)
	if err != nil {
		return values{}, err
	}
	switch w.Controller() {
	case rollout.Flagger:
		v.toFlagger(w)
		return v, nil
	case rollout.ArgoRollouts:
		v.toArgo(w)
		return v, nil
	}
	if router := routers[w.TrafficProvider()]; router != nil && w.HasService() {
		v.CustomObjects = append(v.CustomObjects, router(nativeRouting(w))...)
	}
	return v, v.addNative(w)
}

// trackValues returns the objects of one version of a workload.
func trackValues(w workload.Workload) (values, error) {
	v := values{
		ConfigMaps:               []configMapValues{},
		NetworkPolicies:          []networkPolicyValues{},
		PodDisruptionBudgets:     []budgetValues{},
		ServiceAccounts:          []serviceAccountValues{},
		Services:                 []serviceValues{},
		Deployments:              []deploymentValues{},
		Rollouts:                 []rolloutValues{},
		StatefulSets:             []statefulSetValues{},
		DaemonSets:               []daemonSetValues{},
		Jobs:                     []jobValues{},
		CronJobs:                 []cronJobValues{},
		HorizontalPodAutoscalers: []autoscalerValues{},
		ScaledObjects:            []scaledObjectValues{},
		VerticalPodAutoscalers:   []verticalValues{},
		PodMonitors:              []monitorValues{},
		ServiceMonitors:          []monitorValues{},
		PrometheusRules:          []ruleValues{},
		CustomObjects:            []customValues{},
	}
	if err := v.addOwner(w); err != nil {
		return values{}, err
	}
	if len(w.ConfigFiles) > 0 {
		v.ConfigMaps = append(v.ConfigMaps, newConfigMap(w))
	}
	if w.HasNetworkPolicy() {
		v.NetworkPolicies = append(v.NetworkPolicies, newNetworkPolicy(w))
	}
	if w.HasDisruptionBudget() {
		budget, err := newBudget(w)
		if err != nil {
			return values{}, err
		}
		v.PodDisruptionBudgets = append(v.PodDisruptionBudgets, budget)
	}
	if w.CreatesServiceAccount() {
		v.ServiceAccounts = append(v.ServiceAccounts, newServiceAccount(w))
	}
	if w.HasService() {
		v.Services = append(v.Services, newService(w))
	}
	if w.Kind == workload.StatefulSet {
		v.Services = append(v.Services, newHeadlessService(w))
	}
	if w.Autoscaling != nil {
		if err := v.addAutoscaler(w); err != nil {
			return values{}, err
		}
	}
	if w.VerticalAutoscaling != nil {
		vertical, err := newVertical(w)
		if err != nil {
			return values{}, err
		}
		v.VerticalPodAutoscalers = append(v.VerticalPodAutoscalers, vertical)
	}
	v.addMonitors(w)
	if w.Alerts != nil {
		v.PrometheusRules = append(v.PrometheusRules, newRules(w))
	}
	return v, nil
}

// newMetadata returns the metadata that the workload's objects share.
func newMetadata(w workload.Workload) metadataValues {
	return metadataValues{
		Name:        w.Name,
		Namespace:   w.Namespace,
		Labels:      merged(w.Labels, w.IdentityLabels()),
		Annotations: merged(w.Annotations),
	}
}

func newServiceAccount(w workload.Workload) serviceAccountValues {
	metadata := newMetadata(w)
	metadata.Name = w.ServiceAccountName()
	metadata.Annotations = merged(w.Annotations, w.ServiceAccount.Annotations)
	return serviceAccountValues{Metadata: metadata, AutomountServiceAccountToken: *w.ServiceAccount.AutomountToken}
}

func newBudget(w workload.Workload) (budgetValues, error) {
	maxUnavailable, err := intOrString(w.DisruptionBudget.MaxUnavailable)
	if err != nil {
		return budgetValues{}, err
	}
	minAvailable, err := intOrString(w.DisruptionBudget.MinAvailable)
	if err != nil {
		return budgetValues{}, err
	}
	return budgetValues{Metadata: newMetadata(w), Selector: w.Selector(), Budget: budget{
		MaxUnavailable:             maxUnavailable,
		MinAvailable:               minAvailable,
		UnhealthyPodEvictionPolicy: *w.DisruptionBudget.UnhealthyPodEvictionPolicy,
	}}, nil
}

// selecting returns a selector of the workload's pods.
func selecting(w workload.Workload) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: w.Selector()}
}

func intOrString(q *rollout.Quantity) (*intstr.IntOrString, error) {
	if q == nil {
		return nil, nil
	}
	value, err := q.IntOrString()
	return &value, err
}

// merged returns a new map of all entries; later maps win. It is never nil.
func merged(all ...map[string]string) map[string]string {
	union := map[string]string{}
	for _, m := range all {
		maps.Copy(union, m)
	}
	return union
}
