package workload

import (
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// Lifecycle is what the kubelet does right after a container's start and before its stop.
type Lifecycle struct {
	PostStart *Hook `json:"post_start,omitempty"`
	// PreStop replaces the sleep of PreStopSleepSeconds for this container.
	PreStop *Hook `json:"pre_stop,omitempty"`
}

// Hook is one action. Exactly one of Exec, HTTPGet and Sleep is set.
type Hook struct {
	Exec    *Exec    `json:"exec,omitempty"`
	HTTPGet *HTTPGet `json:"http_get,omitempty"`
	Sleep   *Sleep   `json:"sleep,omitempty"`
}

// Sleep does nothing for a while.
type Sleep struct {
	Seconds int64 `json:"seconds"`
}

// OwnPreStop reports whether the container says itself what happens before its stop.
func (c Container) OwnPreStop() bool { return c.Lifecycle != nil && c.Lifecycle.PreStop != nil }

// longestSleep returns for how many seconds a container sleeps before it is told to
// stop, at most, if others than those with a hook of their own sleep for the given time.
func (w Workload) longestSleep(others int64) int64 {
	longest := int64(0)
	for _, c := range w.AllContainers() {
		switch {
		case c.OwnPreStop() && c.Lifecycle.PreStop.Sleep != nil:
			longest = max(longest, c.Lifecycle.PreStop.Sleep.Seconds)
		case !c.OwnPreStop() && !c.Init:
			longest = max(longest, others)
		}
	}
	return longest
}

func (l *Lifecycle) withDefaults() *Lifecycle {
	if l == nil {
		return nil
	}
	return &Lifecycle{PostStart: l.PostStart.withDefaults(), PreStop: l.PreStop.withDefaults()}
}

func (h *Hook) withDefaults() *Hook {
	if h == nil || h.HTTPGet == nil {
		return h
	}
	d := *h
	d.HTTPGet = d.HTTPGet.withDefaults()
	return &d
}

// validateLifecycle holds the rules of kubernetes@v1.36.1 pkg/apis/core/validation
// validateLifecycle and validateInitContainers.
func (w Workload) validateLifecycle(c *checks) {
	asked := w.PreStopSleepSeconds != nil && *w.PreStopSleepSeconds > 0
	var own []field.Path
	for _, container := range w.AllContainers() {
		at := container.At.Attr("lifecycle")
		if container.OwnPreStop() {
			own = append(own, at)
		} else {
			asked = asked && container.Init
		}
		if container.Lifecycle == nil {
			continue
		}
		if !container.Serves() {
			c.failResting(at, []field.Path{container.At.Attr("sidecar")}, "means nothing for a container that ends before the pod is ready: remove it, or set sidecar = true")
		}
		if container.Lifecycle.PostStart == nil && container.Lifecycle.PreStop == nil {
			c.fail(at, "says nothing to do: set post_start or pre_stop")
		}
		declared := ports{container.Ports, []field.Path{container.At.Attr("ports")}}
		w.validateHook(c, at.Attr("post_start"), container.Lifecycle.PostStart, declared)
		w.validateHook(c, at.Attr("pre_stop"), container.Lifecycle.PreStop, declared)
	}
	if sleep, grace := w.PreStopSleepSeconds, w.TerminationGracePeriodSeconds; sleep != nil && grace != nil && *grace >= 0 && *sleep > *grace {
		c.failResting(field.Root("pre_stop_sleep_seconds"), []field.Path{field.Root("termination_grace_period_seconds")},
			"is %d, longer than termination_grace_period_seconds = %d: lower one or raise the other", *sleep, *grace)
	}
	if asked {
		c.failResting(field.Root("pre_stop_sleep_seconds"), own, "has no effect, because every container has a lifecycle.pre_stop of its own: remove one of them")
	}
}

func (w Workload) validateHook(c *checks, p field.Path, hook *Hook, declared ports) {
	if hook == nil {
		return
	}
	var chosen []string
	if hook.Exec != nil {
		chosen = append(chosen, "exec")
		c.command(p.Attr("exec").Attr("command"), hook.Exec.Command)
	}
	if hook.HTTPGet != nil {
		chosen = append(chosen, "http_get")
		c.httpGet(p.Attr("http_get"), hook.HTTPGet, declared)
	}
	if hook.Sleep != nil {
		chosen = append(chosen, "sleep")
		w.validateSleep(c, p.Attr("sleep").Attr("seconds"), hook.Sleep.Seconds)
	}
	switch len(chosen) {
	case 1:
	case 0:
		c.fail(p, "says nothing to do: set one of exec, http_get, sleep")
	default:
		c.fail(p, "sets %s: keep one of them", strings.Join(chosen, " and "))
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateSleepAction.
func (w Workload) validateSleep(c *checks, p field.Path, seconds int64) {
	if seconds == 0 {
		c.needs(p, kubeversion.ZeroSleep)
	}
	if seconds > longestDeadline-defaultDrain {
		c.fail(p, "is %d: use %d or less", seconds, longestDeadline-defaultDrain)
		return
	}
	grace := w.WithDefaults().TerminationGracePeriodSeconds
	if seconds < 0 || seconds > *grace {
		c.failResting(p, []field.Path{field.Root("termination_grace_period_seconds")}, "is %d: use 0 to termination_grace_period_seconds, which is %d", seconds, *grace)
	}
}

// command fails unless the command names a program.
func (c *checks) command(p field.Path, command []string) {
	if len(command) == 0 {
		c.fail(p, "is empty: name the program to run")
	}
	c.texts(p, command)
}
