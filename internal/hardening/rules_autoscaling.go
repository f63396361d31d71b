package hardening

import (
	"slices"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var autoscalingRules = []Rule{
	{
		ID:          "autoscaling-target",
		Severity:    Error,
		Title:       "The autoscaler's target exists and can be scaled.",
		Attribute:   "autoscaling",
		Remediation: "remove what `patches` change in the autoscaler's `scaleTargetRef`, which names the workload otherwise",
		InYAML:      "name the Deployment or StatefulSet, with its `apiVersion`, in the autoscaler's `scaleTargetRef`",
		Rationale:   "An autoscaler with nothing to scale is accepted by the API server and does nothing.",
		Source:      "Kubernetes documentation, tasks/run-application/horizontal-pod-autoscale; kube-score@v1.20.0 horizontalpodautoscaler-has-target",
		check:       checkTarget,
	},
	{
		ID:          "autoscaling-range",
		Severity:    Error,
		Title:       "The autoscaler has room to scale.",
		Attribute:   "autoscaling",
		Remediation: "set `autoscaling.max_replicas` above `autoscaling.min_replicas`, or use `replicas` in place of `autoscaling`",
		InYAML:      "set `maxReplicas` above `minReplicas`, or remove the autoscaler",
		Rationale:   "With one possible number of pods the autoscaler never acts; load that rises is not met, and nobody notices until then.",
		Source:      "kubernetes@v1.36.1 pkg/apis/autoscaling/validation (refuses only a maximum below the minimum)",
		check:       checkRange,
	},
	{
		ID:          "single-autoscaler",
		Severity:    Error,
		Title:       "One autoscaler alone decides about a number of pods.",
		Attribute:   "autoscaling",
		Remediation: "remove all autoscalers but one; a workload has one, which `autoscaling.keda` makes a ScaledObject",
		InYAML:      "remove the HorizontalPodAutoscaler where there is a ScaledObject, which makes its own",
		Rationale:   "Two autoscalers set the number in turn, each undoing the other: pods start and stop all the time. KEDA refuses a ScaledObject beside another autoscaler.",
		Source:      "Kubernetes documentation, concepts/workloads/autoscaling/horizontal-pod-autoscale; github.com/kedacore/keda/v2@v2.21.0 apis/keda/v1alpha1/scaledobject_webhook.go verifyHpas",
		NoException: "the number of pods would swing between what the two want",
		check:       checkSingleScaler,
	},
	{
		ID:          "autoscaling-replicas",
		Severity:    Error,
		Title:       "Where an autoscaler decides, the number of replicas is not written.",
		Attribute:   "replicas",
		Remediation: "remove `replicas`",
		InYAML:      "remove `spec.replicas` from the autoscaler's target",
		Rationale:   "Each apply would set the number back, throwing away what the autoscaler decided, in the middle of a peak.",
		Source:      "Kubernetes documentation, tasks/run-application/horizontal-pod-autoscale, \"Migrating Deployments and StatefulSets to horizontal autoscaling\"",
		check:       checkScaledReplicas,
	},
	{
		ID:          "autoscaling-requests",
		Severity:    Error,
		Title:       "What the autoscaler measures as a share, every container requests.",
		Attribute:   "autoscaling",
		Remediation: "set `resources.requests` of the measured resource on every container, sidecars included",
		InYAML:      "set `resources.requests` of the measured resource on every container, sidecars included",
		Rationale:   "Utilization is a share of the request. If one container has none, the autoscaler gives up on the pod and never scales.",
		Source:      "kubernetes@v1.36.1 pkg/controller/podautoscaler/replica_calculator.go calculatePodRequestsFromContainers",
		check:       checkScaledRequests,
	},
	{
		ID:          "autoscaling-behavior",
		Severity:    Warning,
		Title:       "The autoscaler says how fast it scales down.",
		Attribute:   "autoscaling",
		Remediation: "set `autoscaling.behavior.scale_down`, or leave it out: a workload's autoscaler waits for five minutes of low load",
		InYAML:      "set `behavior.scaleDown` with a `stabilizationWindowSeconds` and the `policies` that the workload bears",
		Rationale:   "What is not written is the controller manager's setting, which differs between clusters, and by default all pods above the need may go at once when the load falls.",
		Source:      "kubernetes@v1.36.1 pkg/apis/autoscaling/v2/defaults.go and cmd/kube-controller-manager/app/options/hpacontroller.go (horizontal-pod-autoscaler-downscale-stabilization)",
		check:       checkBehavior,
	},
}

// target returns the manifest key of what an autoscaler scales.
func target(scaler *autoscalingv2.HorizontalPodAutoscaler) string {
	ref := scaler.Spec.ScaleTargetRef
	kind := ref.Kind
	if group, err := schema.ParseGroupVersion(ref.APIVersion); err == nil && group.Group != "" {
		kind += "." + group.Group
	}
	return keyOf(kind, scaler.Namespace, ref.Name)
}

// unscalable are kinds that run pods and have no scale subresource.
var unscalable = []string{"DaemonSet", "Job", "CronJob", "Pod"}

func checkTarget(in *inventory, report report) {
	for _, scaler := range in.scalers {
		switch at, key := scaler.at("spec.scaleTargetRef"), target(scaler.it); {
		case slices.Contains(unscalable, scaler.it.Spec.ScaleTargetRef.Kind):
			report(at, "the target is %s, and a %s has no number of replicas to change", key, scaler.it.Spec.ScaleTargetRef.Kind)
		case !in.keys[key] && in.runsPodsIn(scaler.it.Namespace):
			report(at, "the target %s is not among these objects", key)
		}
	}
}

func checkSingleScaler(in *inventory, report report) {
	first := map[string]string{}
	for _, scaler := range in.scalers {
		key := target(scaler.it)
		if other, taken := first[key]; taken {
			report(scaler.at("spec.scaleTargetRef"), "%s decides about %s as well", other, key)
			continue
		}
		first[key] = scaler.object
	}
}

func checkRange(in *inventory, report report) {
	for _, scaler := range in.scalers {
		least, most := orDefault(scaler.it.Spec.MinReplicas, 1), scaler.it.Spec.MaxReplicas
		if most <= least {
			report(scaler.at(scaler.most), "%s is %d and %s %d, so there is nothing to scale between", fieldName(scaler.most), most, fieldName(scaler.least), least)
		}
	}
}

func checkScaledReplicas(in *inventory, report report) {
	for _, p := range in.pods {
		if scaler := in.scalerOf(p); scaler != nil && p.replicas != nil {
			report(p.whole().at("spec.replicas"), "replicas is %d, and %s decides about it as well", *p.replicas, scaler.object)
		}
	}
}

func checkScaledRequests(in *inventory, report report) {
	for _, p := range in.pods {
		scaler := in.scalerOf(p)
		if scaler == nil {
			continue
		}
		for _, metric := range scaler.it.Spec.Metrics {
			resource, only, goal := utilization(metric)
			if goal == nil {
				continue
			}
			at, known := scaler.at(scaler.metrics).key(string(resource)), only == ""
			for _, c := range p.containers {
				measured := (!c.init || c.sidecar) && (only == "" || only == c.Name)
				known = known || measured
				// A limit without a request is a request of the same amount.
				// Source: kubernetes@v1.36.1 pkg/apis/core/v1/defaults.go SetDefaults_Pod.
				if measured && !c.requests(resource) && !c.limits(resource) {
					report(at, "the target of %d %% is a share of the request for %s, but container %q has none, so the autoscaler does nothing", *goal, resource, c.Name)
				}
			}
			if !known {
				report(at, "the metric is about container %q, which the pods of %s do not have", only, p.object)
			}
		}
	}
}

// utilization returns what a metric with a target in percent measures: a
// resource of all containers, or of the one that it names.
func utilization(metric autoscalingv2.MetricSpec) (resource corev1.ResourceName, only string, goal *int32) {
	switch {
	case metric.Resource != nil:
		return metric.Resource.Name, "", metric.Resource.Target.AverageUtilization
	case metric.ContainerResource != nil:
		return metric.ContainerResource.Name, metric.ContainerResource.Container, metric.ContainerResource.Target.AverageUtilization
	default:
		return "", "", nil
	}
}

func checkBehavior(in *inventory, report report) {
	for _, scaler := range in.scalers {
		if behavior := scaler.it.Spec.Behavior; behavior == nil || behavior.ScaleDown == nil {
			report(scaler.at(scaler.behavior), "nothing says how fast the number of pods may fall when the load does")
		}
	}
}
