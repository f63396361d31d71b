//go:build cluster

package clustertest_test

import (
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// scalingParts are how many pods there are, and how many may be missing.
var scalingParts = []part{
	func(g generator, w *workload.Workload) { w.Replicas = maybe[int32](g, 0, 1, 2, 5, 7) },
	func(g generator, w *workload.Workload) {
		if w.Autoscaling != nil {
			return
		}
		low := int32(1 + g.IntN(4))
		w.Autoscaling = maybe(g, workload.Autoscaling{
			MinReplicas: low, MaxReplicas: low + int32(g.IntN(20)),
			CPUUtilization: new(pick[int32](g, 1, 50, 100, 250)), MemoryUtilization: maybe[int32](g, 80),
			Behavior: g.behavior(),
		})
	},
	metricPart(func(g generator, w *workload.Workload) workload.Metric {
		return pick(g,
			workload.Metric{Resource: &workload.ResourceMetric{Name: "cpu", AverageValue: maybe(g, "100m")}},
			workload.Metric{Resource: &workload.ResourceMetric{Name: "memory", AverageUtilization: maybe[int32](g, 1, 300)}},
			workload.Metric{ContainerResource: &workload.ContainerResourceMetric{Name: "memory", Container: pick(g, sortedKeys(w.Containers)...), AverageValue: maybe(g, "1Gi")}},
			workload.Metric{ContainerResource: &workload.ContainerResourceMetric{Name: "cpu", Container: pick(g, sortedKeys(w.Containers)...), AverageUtilization: maybe[int32](g, 70)}},
		)
	}),
	metricPart(func(g generator, _ *workload.Workload) workload.Metric {
		return workload.Metric{Pods: &workload.PodsMetric{
			Name: "requests-per-second", AverageValue: pick(g, "1", "500m", "1k"), MatchLabels: some(g, 2, g.label), MatchExpressions: pick(g, nil, g.expressions()),
		}}
	}),
	metricPart(func(g generator, _ *workload.Workload) workload.Metric {
		return workload.Metric{Object: &workload.ObjectMetric{
			Name: "requests", DescribedObject: workload.DescribedObject{APIVersion: maybe(g, "networking.k8s.io/v1"), Kind: "Ingress", Name: "main"},
			Value: maybe(g, "10k"), AverageValue: maybe(g, "100"), MatchLabels: some(g, 2, g.label), MatchExpressions: pick(g, nil, g.expressions()),
		}}
	}),
	metricPart(func(g generator, _ *workload.Workload) workload.Metric {
		return workload.Metric{External: &workload.ExternalMetric{
			Name: "queue", Value: maybe(g, "30"), AverageValue: maybe(g, "1"), MatchLabels: some(g, 2, g.label), MatchExpressions: pick(g, nil, g.expressions()),
		}}
	}),
	func(g generator, w *workload.Workload) {
		if w.Autoscaling != nil {
			w.Autoscaling.Behavior = g.behavior()
		}
	},
	func(g generator, w *workload.Workload) {
		if w.Autoscaling == nil && g.chance(3) {
			w.Replicas, w.Autoscaling = nil, g.keda()
		}
	},
	func(g generator, w *workload.Workload) {
		w.VerticalAutoscaling = maybe(g, workload.VerticalAutoscaling{Containers: some(g, 2, func() (string, workload.VerticalContainer) {
			return pick(g, "*", sortedKeys(w.Containers)[0]), pick(g,
				workload.VerticalContainer{Mode: new("Off")},
				workload.VerticalContainer{
					Mode: maybe(g, "Auto"), MinAllowed: map[string]string{"cpu": "50m"}, MaxAllowed: map[string]string{"cpu": "2", "memory": "1Gi"},
					ControlledResources: pick(g, nil, []string{"cpu", "memory"}),
				})
		})})
	},
	func(g generator, w *workload.Workload) {
		if !g.chance(2) {
			return
		}
		w.DisruptionBudget = &workload.DisruptionBudget{Enabled: maybe(g, true, false), UnhealthyPodEvictionPolicy: maybe(g, "AlwaysAllow", "IfHealthyBudget")}
		switch g.IntN(3) {
		case 0:
			w.DisruptionBudget.MaxUnavailable = new(pick[rollout.Quantity](g, "1", "2", "34%", "100%", "0"))
		case 1:
			w.DisruptionBudget.MinAvailable = new(pick[rollout.Quantity](g, "1", "50%", "67%", "0"))
		default:
		}
	},
}

func (g generator) behavior() *workload.Behavior {
	if !g.chance(2) {
		return nil
	}
	rules := func() *workload.ScalingRules {
		if g.chance(3) {
			return nil
		}
		r := &workload.ScalingRules{
			StabilizationWindowSeconds: maybe[int32](g, 0, 60, 3600), SelectPolicy: maybe(g, "Max", "Min", "Disabled"), Tolerance: maybe(g, "0", "0.05", "1"),
		}
		for range g.IntN(3) {
			r.Policies = append(r.Policies, workload.ScalingPolicy{
				Type: pick(g, "Pods", "Percent"), Value: pick[int32](g, 1, 100, 1000), PeriodSeconds: pick[int32](g, 1, 60, 1800),
			})
		}
		return r
	}
	return &workload.Behavior{ScaleUp: rules(), ScaleDown: rules()}
}

// metricPart makes a part that adds a metric to an autoscaler.
func metricPart(draw func(generator, *workload.Workload) workload.Metric) part {
	return func(g generator, w *workload.Workload) {
		if w.Autoscaling == nil {
			if !g.chance(2) {
				return
			}
			w.Replicas, w.Autoscaling = nil, &workload.Autoscaling{MinReplicas: int32(g.IntN(3)), MaxReplicas: 5}
		}
		if w.Autoscaling.Metrics == nil {
			w.Autoscaling.Metrics = make(map[string]workload.Metric)
		}
		w.Autoscaling.Metrics[pick(g, "a", "b", "with blank", "ä")] = draw(g, w)
	}
}

// keda draws an autoscaler of KEDA's.
func (g generator) keda() *workload.Autoscaling {
	triggers := map[string]workload.Trigger{"queue": {
		Type: "kafka", Metadata: map[string]string{"topic": g.text(), "lagThreshold": "5"}, MetricType: maybe(g, "AverageValue", "Value"), UseCachedMetrics: maybe(g, true, false),
		AuthenticationRef: maybe(g, workload.AuthenticationRef{Name: "kafka", Kind: maybe(g, "TriggerAuthentication", "ClusterTriggerAuthentication")}),
	}}
	if g.chance(3) {
		triggers["night"] = workload.Trigger{Type: "cron", Metadata: map[string]string{"timezone": "UTC", "start": "0 0 * * *", "end": "0 6 * * *", "desiredReplicas": "2"}}
	}
	k := &workload.KEDA{Triggers: triggers, RestoreToOriginalReplicaCount: maybe(g, true, false)}
	a := &workload.Autoscaling{MinReplicas: pick[int32](g, 0, 1, 3), MaxReplicas: 5, KEDA: k, CPUUtilization: maybe[int32](g, 50)}
	if a.MinReplicas == 0 || g.chance(2) {
		if a.MinReplicas > 0 {
			k.IdleReplicaCount = new(int32(0))
		}
		k.PollingIntervalSeconds, k.CooldownPeriodSeconds, k.InitialCooldownPeriodSeconds = maybe[int32](g, 1, 30), maybe[int32](g, 0, 300), maybe[int32](g, 0, 60)
	}
	k.Fallback = maybe(g, workload.Fallback{FailureThreshold: 3, Replicas: 2, Behavior: maybe(g, "static", "currentReplicas", "currentReplicasIfHigher")})
	k.ScalingModifiers = maybe(g, workload.ScalingModifiers{
		Formula: pick(g, "queue * 2", "max([queue, 3])"), Target: pick(g, "5", "0.5"), ActivationTarget: new("1"), MetricType: new(pick(g, "AverageValue", "Value")),
	})
	return a
}
