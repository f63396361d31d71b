package workload

import (
	"strconv"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// validate follows the admission webhook of github.com/kedacore/keda/v2@v2.21.0
// (apis/keda/v1alpha1/scaledobject_webhook.go and scaledobject_types.go) and the limits
// of its CRD.
func (k KEDA) validate(c *checks, p field.Path, a Autoscaling) {
	at := p.Attr("keda")
	if a.Metrics != nil {
		c.fail(p.Attr("metrics"), "belongs to a HorizontalPodAutoscaler, and keda makes its own: describe a trigger instead")
	}
	if len(k.Triggers) == 0 && a.CPUUtilization == nil && a.MemoryUtilization == nil {
		c.fail(at.Attr("triggers"), "is empty: describe a source of events")
	}
	measured := map[string]*int32{"cpu": a.CPUUtilization, "memory": a.MemoryUtilization}
	for _, name := range sorted(k.Triggers) {
		trigger := at.Attr("triggers").Key(name)
		if name == "" {
			c.fail(trigger, "has no name: give it one")
		}
		c.text(trigger, name)
		k.Triggers[name].validate(c, trigger)
		if measured[name] != nil {
			c.failResting(trigger, []field.Path{p.Attr(name + "_utilization")}, "has the name of the trigger that %s_utilization makes: rename it", name)
		}
	}
	atLeast(c, at.Attr("polling_interval_seconds"), k.PollingIntervalSeconds, 1)
	atLeast(c, at.Attr("cooldown_period_seconds"), k.CooldownPeriodSeconds, 0)
	atLeast(c, at.Attr("initial_cooldown_period_seconds"), k.InitialCooldownPeriodSeconds, 0)
	k.validateIdle(c, p, a)
	k.validateFallback(c, at)
	if k.ScalingModifiers != nil {
		k.ScalingModifiers.validate(c, at.Attr("scaling_modifiers"), k)
	}
}

// validateIdle judges what concerns the way to fewer pods than a HorizontalPodAutoscaler
// can, and back.
func (k KEDA) validateIdle(c *checks, p field.Path, a Autoscaling) {
	at, low := p.Attr("keda"), []field.Path{p.Attr("min_replicas"), p.Attr("keda").Attr("idle_replica_count")}
	idle := at.Attr("idle_replica_count")
	if k.IdleReplicaCount != nil {
		// Source: KEDA documentation, 2.21, reference/scaledobject-spec, idleReplicaCount.
		between(c, idle, k.IdleReplicaCount, 0, 0)
		if a.MinReplicas < 1 {
			c.failResting(idle, low[:1], "is below min_replicas, which is %d already: remove it", a.MinReplicas)
		}
	}
	if a.MinReplicas != 0 && k.IdleReplicaCount == nil {
		for _, period := range []struct {
			name string
			set  bool
		}{
			{"cooldown_period_seconds", k.CooldownPeriodSeconds != nil}, {"initial_cooldown_period_seconds", k.InitialCooldownPeriodSeconds != nil},
			{"polling_interval_seconds", k.PollingIntervalSeconds != nil && !k.caches()},
		} {
			if period.set {
				c.failResting(at.Attr(period.name), append(low, at.Attr("triggers")),
					"has an effect only where the pods can go down to none: set min_replicas = 0 or idle_replica_count = 0, or remove it")
			}
		}
	}
	if a.MinReplicas == 0 && !k.hasEvents() && (len(k.Triggers) > 0 || a.CPUUtilization != nil || a.MemoryUtilization != nil) {
		c.failResting(p.Attr("min_replicas"), []field.Path{at.Attr("triggers")},
			"is 0, but cpu and memory cannot tell that there is work while no pod runs: add a trigger of another type, or use 1 or more")
	}
}

// caches reports whether a trigger is answered from the last poll.
func (k KEDA) caches() bool {
	for _, t := range k.Triggers {
		if t.UseCachedMetrics != nil && *t.UseCachedMetrics {
			return true
		}
	}
	return false
}

// hasEvents reports whether a trigger is about anything but the pods' own CPU and memory.
func (k KEDA) hasEvents() bool {
	for _, t := range k.Triggers {
		if !t.measuresPods() {
			return true
		}
	}
	return false
}

func (t Trigger) measuresPods() bool { return t.Type == "cpu" || t.Type == "memory" }

func (t Trigger) validate(c *checks, p field.Path) {
	if t.Type == "" {
		c.fail(p.Attr("type"), "is empty: name a scaler of KEDA, such as kafka")
	}
	c.text(p.Attr("type"), t.Type)
	for _, key := range sorted(t.Metadata) {
		c.text(p.Attr("metadata").Key(key), key)
		c.text(p.Attr("metadata").Key(key), t.Metadata[key])
	}
	c.oneOf(p.Attr("metric_type"), t.MetricType, "AverageValue", "Value", "Utilization")
	// Source: github.com/kedacore/keda/v2@v2.21.0 pkg/scalers/scaler.go GetMetricTargetType,
	// pkg/scalers/cpu_memory_scaler.go.
	switch rests := []field.Path{p.Attr("type")}; {
	case is(t.MetricType, "Utilization") && !t.measuresPods():
		c.failResting(p.Attr("metric_type"), rests, "is a share of a request, which cpu and memory alone have: use AverageValue or Value")
	case is(t.MetricType, "Value") && t.measuresPods():
		c.failResting(p.Attr("metric_type"), rests, "is no target of %s: use Utilization or AverageValue", t.Type)
	}
	if t.UseCachedMetrics != nil && *t.UseCachedMetrics && (t.measuresPods() || t.Type == "cron") {
		c.failResting(p.Attr("use_cached_metrics"), []field.Path{p.Attr("type")}, "is not for triggers of the type %s: remove it", t.Type)
	}
	if t.AuthenticationRef != nil {
		at := p.Attr("authentication_ref")
		c.name(at.Attr("name"), t.AuthenticationRef.Name)
		c.oneOf(at.Attr("kind"), t.AuthenticationRef.Kind, "TriggerAuthentication", "ClusterTriggerAuthentication")
	}
}

func (k KEDA) validateFallback(c *checks, p field.Path) {
	if k.Fallback == nil {
		return
	}
	at := p.Attr("fallback")
	atLeast(c, at.Attr("failure_threshold"), &k.Fallback.FailureThreshold, 0)
	atLeast(c, at.Attr("replicas"), &k.Fallback.Replicas, 0)
	c.oneOf(at.Attr("behavior"), k.Fallback.Behavior, "static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower", "scalingModifiers")
	if is(k.Fallback.Behavior, "scalingModifiers") && k.ScalingModifiers == nil {
		c.failResting(at.Attr("behavior"), []field.Path{p.Attr("scaling_modifiers")}, "needs scaling_modifiers: set them or choose another behavior")
	}
	if !k.hasEvents() && k.ScalingModifiers == nil {
		c.failResting(at, []field.Path{p.Attr("triggers"), p.Attr("scaling_modifiers")}, "is for sources outside of the pods, and there is none: add a trigger that is not cpu or memory, or remove it")
	}
}

// Source: github.com/kedacore/keda/v2@v2.21.0 apis/keda/v1alpha1/scaledobject_webhook.go
// ValidateAndCompileScalingModifiers.
func (m ScalingModifiers) validate(c *checks, p field.Path, k KEDA) {
	if m.Formula == "" {
		c.fail(p.Attr("formula"), "is empty: compute a number from the triggers' names")
	}
	c.text(p.Attr("formula"), m.Formula)
	c.number(p.Attr("target"), &m.Target, true)
	c.number(p.Attr("activation_target"), m.ActivationTarget, false)
	c.oneOf(p.Attr("metric_type"), m.MetricType, "AverageValue", "Value")
	if !k.hasEvents() {
		c.failResting(p, []field.Path{p.Attr("formula")}, "computes with triggers other than cpu and memory, and there is none: add one or remove it")
	}
}

// number fails for a set text that is no number, or not above zero where it must be.
func (c *checks) number(p field.Path, text *string, positive bool) {
	if text == nil {
		return
	}
	if n, err := strconv.ParseFloat(*text, 64); err != nil {
		c.fail(p, "%q is no number", *text)
	} else if positive && n <= 0 {
		c.fail(p, "is %s: a target is above zero", *text)
	}
}
