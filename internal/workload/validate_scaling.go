package workload

import (
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

func (w Workload) validateScaling(c *checks) {
	atLeast(c, field.Root("replicas"), w.Replicas, 0)
	if w.Autoscaling != nil {
		w.validateAutoscaling(c, field.Root("autoscaling"))
	}
	w.validateVertical(c)
	if w.DisruptionBudget != nil {
		w.DisruptionBudget.validate(c, field.Root("disruption_budget"))
		w.validateUnscaledBudget(c, field.Root("disruption_budget"))
	}
}

func (w Workload) validateAutoscaling(c *checks, p field.Path) {
	a := w.Autoscaling
	if w.Replicas != nil {
		c.fail(field.Root("replicas"), "is set together with autoscaling: each apply would undo the autoscaler's decision; remove replicas")
	}
	atLeast(c, p.Attr("min_replicas"), &a.MinReplicas, 0)
	atLeast(c, p.Attr("max_replicas"), &a.MaxReplicas, 1)
	if a.MaxReplicas < a.MinReplicas {
		c.fail(p.Attr("max_replicas"), "is %d, less than min_replicas = %d: raise it", a.MaxReplicas, a.MinReplicas)
	}
	if a.CPUUtilization == nil && a.MemoryUtilization == nil && len(a.Metrics) == 0 && a.KEDA == nil {
		c.fail(p, "has no target: set cpu_utilization, memory_utilization or metrics")
	}
	w.validateUtilization(c, p.Attr("cpu_utilization"), a.CPUUtilization, "cpu", "")
	w.validateUtilization(c, p.Attr("memory_utilization"), a.MemoryUtilization, "memory", "")
	for _, name := range sorted(a.Metrics) {
		w.validateMetric(c, p.Attr("metrics").Key(name), name, a.Metrics[name])
	}
	if a.KEDA != nil {
		a.KEDA.validate(c, p, *a)
	} else {
		a.validateZero(c, p)
	}
	if a.Behavior != nil {
		a.Behavior.ScaleUp.validate(c, p.Attr("behavior").Attr("scale_up"))
		a.Behavior.ScaleDown.validate(c, p.Attr("behavior").Attr("scale_down"))
	}
}

// validateZero holds the rules for no pods at all: the version knows how, and something
// outside of the pods tells when to begin again.
// Source: kubernetes@v1.37.0 pkg/apis/autoscaling/validation validateMetrics.
func (a Autoscaling) validateZero(c *checks, p field.Path) {
	if a.MinReplicas != 0 {
		return
	}
	c.needs(p.Attr("min_replicas"), kubeversion.HPAScaleToZero)
	for _, m := range a.Metrics {
		if m.Object != nil || m.External != nil {
			return
		}
	}
	c.failResting(p.Attr("min_replicas"), []field.Path{p.Attr("metrics")},
		"is 0, but with no pods there is nothing to measure on them: add an object or external metric, or use 1 or more")
}

// validateUtilization asks for the request that a percentage refers to, on every
// container that keeps running, or on the only one that is measured: the controller gives up
// on the whole pod when one has none.
// Source: kubernetes@v1.36.1 pkg/controller/podautoscaler/replica_calculator.go calculatePodRequests.
func (w Workload) validateUtilization(c *checks, p field.Path, target *int32, resource, only string) {
	if target == nil {
		return
	}
	atLeast(c, p, target, 1)
	for _, container := range w.AllContainers() {
		if only != "" && only != container.Name {
			continue
		}
		// A limit without a request is a request of the same amount.
		if r := valueOf(container.Resources); container.Serves() && r.Requests[resource] == "" && r.Limits[resource] == "" {
			c.fail(p, "is a share of the %s request, but container %q has none, and the autoscaler would do nothing: set %s.resources.requests.%s",
				resource, container.Name, container.At, resource)
		}
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/autoscaling/validation (validateScalingRules, validateScalingPolicy).
func (r *ScalingRules) validate(c *checks, p field.Path) {
	if r == nil {
		return
	}
	between(c, p.Attr("stabilization_window_seconds"), r.StabilizationWindowSeconds, 0, 3600)
	c.oneOf(p.Attr("select_policy"), r.SelectPolicy, "Max", "Min", "Disabled")
	c.tolerance(p.Attr("tolerance"), r.Tolerance)
	if r.Policies != nil && len(r.Policies) == 0 {
		c.fail(p.Attr("policies"), "is empty: leave it out for Kubernetes' policies, or set select_policy = \"Disabled\" to forbid this direction")
	}
	for i, policy := range r.Policies {
		at := p.Attr("policies").Index(i)
		c.oneOf(at.Attr("type"), &policy.Type, "Pods", "Percent")
		atLeast(c, at.Attr("value"), &policy.Value, 1)
		between(c, at.Attr("period_seconds"), &policy.PeriodSeconds, 1, 1800)
	}
}

// validateUnscaledBudget refuses a budget whose share or difference the disruption
// controller cannot count for want of a scale subresource: it would allow no eviction at
// all, and report an error. A number that must be left is the one form that it counts.
// Source: kubernetes@v1.36.1 pkg/controller/disruption/disruption.go getExpectedPodCount,
// getScaleController ("does not implement the scale subresource").
func (w Workload) validateUnscaledBudget(c *checks, p field.Path) {
	b := w.DisruptionBudget
	if w.Kind.ScalesByReplicas() || !w.HasDisruptionBudget() {
		return
	}
	rests := []field.Path{field.Root("kind"), p.Attr("enabled"), p.Attr("min_available")}
	if b.MaxUnavailable != nil {
		c.failResting(p.Attr("max_unavailable"), rests, "cannot be counted for a %s, which has no number of replicas, so no pod could ever be evicted: set min_available to a number of pods", w.Kind)
		return
	}
	if b.MinAvailable == nil {
		c.failResting(p, rests, "needs min_available for a %s: set it to the number of pods that must be left", w.Kind)
	} else if strings.HasSuffix(string(*b.MinAvailable), "%") {
		c.failResting(p.Attr("min_available"), rests, "is a share, which cannot be counted for a %s, so no pod could ever be evicted: use a number of pods", w.Kind)
	}
}

func (b DisruptionBudget) validate(c *checks, p field.Path) {
	if b.MaxUnavailable != nil && b.MinAvailable != nil {
		c.fail(p, "sets max_unavailable and min_available: keep one, preferably max_unavailable, which follows the number of pods")
	}
	c.podQuantity(p.Attr("max_unavailable"), b.MaxUnavailable)
	c.podQuantity(p.Attr("min_available"), b.MinAvailable)
	c.oneOf(p.Attr("unhealthy_pod_eviction_policy"), b.UnhealthyPodEvictionPolicy, "AlwaysAllow", "IfHealthyBudget")
}

// podQuantity fails unless q is nil, a number of pods, or at most 100 percent.
// Source: kubernetes@v1.36.1 pkg/apis/policy/validation ValidatePodDisruptionBudgetSpec.
func (c *checks) podQuantity(p field.Path, q *rollout.Quantity) {
	if q == nil {
		return
	}
	if n, err := q.Of(100, true); err != nil {
		c.fail(p, "%s", err)
	} else if strings.HasSuffix(string(*q), "%") && n > 100 {
		c.fail(p, "%s is more than all pods: use at most 100%%", *q)
	}
}
