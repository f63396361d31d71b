package workload

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// hugePages begins the names of huge pages; the size of a page follows.
const hugePages = "hugepages-"

func (r Resources) validate(c *checks, p field.Path) {
	for _, list := range []struct {
		name   string
		values map[string]string
	}{{"requests", r.Requests}, {"limits", r.Limits}} {
		for _, name := range sorted(list.values) {
			at := p.Attr(list.name).Key(name)
			c.resourceName(at, name)
			c.quantity(at, list.values[name])
			c.divisible(at, name, list.values[name])
		}
	}
	for _, name := range sorted(r.Requests) {
		request, err := resource.ParseQuantity(r.Requests[name])
		limit, limitErr := resource.ParseQuantity(r.Limits[name])
		if err == nil && limitErr == nil && request.Cmp(limit) > 0 {
			c.fail(p.Attr("requests").Key(name), "asks for %s, which is more than the limit of %s: lower one or raise the other", r.Requests[name], r.Limits[name])
		}
	}
	names := append(sorted(r.Requests), sorted(r.Limits)...)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		c.notOvercommitted(p, name, r)
		r.validateHugePages(c, p, name)
	}
}

// resourceName accepts the resources of containers: the four native ones, huge
// pages, and extended resources, which have a domain.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateContainerResourceName.
func (c *checks) resourceName(p field.Path, name string) {
	switch {
	case name == "cpu" || name == "memory" || name == resourceEphemeralStorage || strings.HasPrefix(name, hugePages):
	case strings.HasPrefix(name, "requests."):
		c.fail(p, "%q begins with requests., as names of quotas do: leave that out", name)
	case strings.Contains(name, "/"):
		c.kubernetes(p, name, validation.IsQualifiedName(name))
	default:
		c.fail(p, "%q is no resource: use cpu, memory, ephemeral-storage, hugepages-<size>, or a name with a domain such as example.com/gpu", name)
	}
}

// divisible holds Kubernetes' rules that huge pages come in whole pages, and
// extended resources in whole units.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateContainerResourceRequirements,
// pkg/apis/core/helper IsHugePageResourceValueDivisible and IsIntegerResourceName.
func (c *checks) divisible(p field.Path, name, value string) {
	quantity, err := resource.ParseQuantity(value)
	if err != nil {
		return // said by quantity
	}
	size, isPages := strings.CutPrefix(name, hugePages)
	if !isPages {
		if strings.Contains(name, "/") && quantity.MilliValue()%1000 != 0 {
			c.fail(p, "%s is a part of a device: write a whole number", value)
		}
		return
	}
	page, err := resource.ParseQuantity(size)
	switch {
	case err != nil || page.Sign() <= 0 || page.MilliValue()%1000 != 0:
		c.fail(p, "%q names no size of a page: write it like hugepages-2Mi", name)
	case quantity.Value()%page.Value() != 0:
		c.fail(p, "%s is not a number of whole pages of %s", value, size)
	}
}

// validateHugePages holds Kubernetes' rule that huge pages come with CPU or memory.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateContainerResourceRequirements.
func (r Resources) validateHugePages(c *checks, p field.Path, name string) {
	if !strings.HasPrefix(name, hugePages) {
		return
	}
	for _, list := range []map[string]string{r.Requests, r.Limits} {
		if list["cpu"] != "" || list["memory"] != "" {
			return
		}
	}
	c.fail(p, "asks for %s without cpu or memory: add a request of one of them", name)
}

// notOvercommitted holds Kubernetes' rule that a request and limit of what cannot be overcommitted are equal.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateContainerResourceRequirements.
func (c *checks) notOvercommitted(p field.Path, name string, r Resources) {
	if !strings.Contains(name, "/") && !strings.HasPrefix(name, hugePages) {
		return
	}
	limit, limited := r.Limits[name]
	if !limited {
		c.failResting(p.Attr("requests").Key(name), []field.Path{p.Attr("limits")}, "needs a limit of the same amount, because it cannot be overcommitted: set limits[%q]", name)
		return
	}
	request, requested := r.Requests[name]
	if a, err := resource.ParseQuantity(request); requested && err == nil {
		if b, err := resource.ParseQuantity(limit); err == nil && a.Cmp(b) < 0 {
			c.fail(p.Attr("requests").Key(name), "is %s and the limit %s, but it cannot be overcommitted: make them equal", request, limit)
		}
	}
}

func (c *checks) quantity(p field.Path, value string) {
	q, err := resource.ParseQuantity(value)
	switch {
	case err != nil:
		c.fail(p, `%q is not a quantity: write a number with a unit, such as "200m" or "128Mi"`, value)
	case q.Sign() < 0:
		c.fail(p, "%q is negative", value)
	}
}
