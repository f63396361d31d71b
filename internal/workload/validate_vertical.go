package workload

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// validateVertical follows the admission webhook of
// k8s.io/autoscaler/vertical-pod-autoscaler@v1.8.1
// (pkg/admission-controller/resource/vpa/validation.go).
func (w Workload) validateVertical(c *checks) {
	if w.VerticalAutoscaling == nil {
		return
	}
	p := field.Root("vertical_autoscaling").Attr("containers")
	for _, name := range sorted(w.VerticalAutoscaling.Containers) {
		at := p.Key(name)
		if _, exists := w.Containers[name]; !exists && name != "*" {
			c.failResting(at, []field.Path{field.Root("containers")}, "is no container of the workload, those are %s: name one of them, or * for every other one", strings.Join(w.ContainerNames(), ", "))
		}
		w.VerticalAutoscaling.Containers[name].validate(c, at)
	}
}

func (v VerticalContainer) validate(c *checks, p field.Path) {
	c.oneOf(p.Attr("mode"), v.Mode, "Auto", "Off")
	if is(v.Mode, "Off") && (v.MinAllowed != nil || v.MaxAllowed != nil || v.ControlledResources != nil) {
		c.fail(p.Attr("mode"), "is Off, so the bounds beside it would have no effect: remove them")
	}
	if v.ControlledResources != nil && len(v.ControlledResources) == 0 {
		c.fail(p.Attr("controlled_resources"), "is empty: leave it out for cpu and memory, or set mode = \"Off\" for no recommendation")
	}
	for i, name := range v.ControlledResources {
		at := p.Attr("controlled_resources").Index(i)
		c.oneOf(at, &name, "cpu", "memory")
		if slices.Index(v.ControlledResources, name) < i {
			c.fail(at, "%q is listed already: remove one", name)
		}
	}
	for _, list := range []struct {
		name   string
		values map[string]string
	}{{"min_allowed", v.MinAllowed}, {"max_allowed", v.MaxAllowed}} {
		for _, name := range sorted(list.values) {
			at := p.Attr(list.name).Key(name)
			if name != "cpu" && name != "memory" {
				c.fail(at, "%q is not recommended for: use cpu or memory", name)
			}
			c.quantity(at, list.values[name])
			v.precise(c, at, name, list.values[name])
		}
	}
	for _, name := range sorted(v.MinAllowed) {
		low, lowErr := resource.ParseQuantity(v.MinAllowed[name])
		high, highErr := resource.ParseQuantity(v.MaxAllowed[name])
		if lowErr == nil && highErr == nil && low.Cmp(high) > 0 {
			c.fail(p.Attr("min_allowed").Key(name), "is %s, more than max_allowed = %s: lower it", v.MinAllowed[name], v.MaxAllowed[name])
		}
	}
}

// precise holds the webhook's rule that bounds are whole thousandths of a CPU and whole bytes.
func (v VerticalContainer) precise(c *checks, p field.Path, name, value string) {
	quantity, err := resource.ParseQuantity(value)
	if err != nil {
		return // said by quantity
	}
	unit := resource.Scale(0)
	if name == "cpu" {
		unit = resource.Milli
	}
	if _, exact := quantity.AsScale(unit); !exact {
		c.fail(p, "is %s: use whole thousandths of a CPU, or whole bytes", value)
	}
}
