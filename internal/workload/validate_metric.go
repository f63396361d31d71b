package workload

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// validateMetric follows kubernetes@v1.36.1 pkg/apis/autoscaling/validation validateMetricSpec.
func (w Workload) validateMetric(c *checks, p field.Path, name string, m Metric) {
	c.text(p, name)
	var set []string
	for _, kind := range []struct {
		name string
		set  bool
	}{
		{"resource", m.Resource != nil}, {"container_resource", m.ContainerResource != nil},
		{"pods", m.Pods != nil}, {"object", m.Object != nil}, {"external", m.External != nil},
	} {
		if kind.set {
			set = append(set, kind.name)
		}
	}
	switch len(set) {
	case 0:
		c.fail(p, "measures nothing: set one of resource, container_resource, pods, object and external")
	case 1:
	default:
		c.fail(p, "sets %s: make a metric of each", strings.Join(set, " and "))
	}
	if m.Resource != nil {
		m.Resource.validate(c, p.Attr("resource"), w)
	}
	if m.ContainerResource != nil {
		m.ContainerResource.validate(c, p.Attr("container_resource"), w)
	}
	if m.Pods != nil {
		c.metric(p.Attr("pods"), m.Pods.Name, m.Pods.MatchLabels, m.Pods.MatchExpressions)
		c.positive(p.Attr("pods").Attr("average_value"), &m.Pods.AverageValue)
	}
	if m.Object != nil {
		m.Object.validate(c, p.Attr("object"))
	}
	if m.External != nil {
		at := p.Attr("external")
		c.metric(at, m.External.Name, m.External.MatchLabels, m.External.MatchExpressions)
		c.oneTarget(at, "value", m.External.Value != nil, "average_value", m.External.AverageValue != nil)
		c.positive(at.Attr("value"), m.External.Value)
		c.positive(at.Attr("average_value"), m.External.AverageValue)
	}
}

func (r ResourceMetric) validate(c *checks, p field.Path, w Workload) {
	c.resourceName(p.Attr("name"), r.Name)
	c.oneTarget(p, "average_utilization", r.AverageUtilization != nil, "average_value", r.AverageValue != nil)
	c.positive(p.Attr("average_value"), r.AverageValue)
	w.validateUtilization(c, p.Attr("average_utilization"), r.AverageUtilization, r.Name, "")
}

func (r ContainerResourceMetric) validate(c *checks, p field.Path, w Workload) {
	c.resourceName(p.Attr("name"), r.Name)
	c.oneTarget(p, "average_utilization", r.AverageUtilization != nil, "average_value", r.AverageValue != nil)
	c.positive(p.Attr("average_value"), r.AverageValue)
	if _, exists := w.Containers[r.Container]; !exists {
		c.failResting(p.Attr("container"), []field.Path{field.Root("containers")}, "%q is no container of the workload, those are %s", r.Container, strings.Join(w.ContainerNames(), ", "))
		return
	}
	w.validateUtilization(c, p.Attr("average_utilization"), r.AverageUtilization, r.Name, r.Container)
}

func (o ObjectMetric) validate(c *checks, p field.Path) {
	c.metric(p, o.Name, o.MatchLabels, o.MatchExpressions)
	c.oneTarget(p, "value", o.Value != nil, "average_value", o.AverageValue != nil)
	c.positive(p.Attr("value"), o.Value)
	c.positive(p.Attr("average_value"), o.AverageValue)
	at := p.Attr("described_object")
	if version := o.DescribedObject.APIVersion; version != nil {
		if _, err := schema.ParseGroupVersion(*version); err != nil || *version == "" {
			c.fail(at.Attr("api_version"), "%q is no API version: write it like networking.k8s.io/v1", *version)
		}
		c.text(at.Attr("api_version"), *version)
	}
	c.segment(at.Attr("kind"), o.DescribedObject.Kind)
	c.segment(at.Attr("name"), o.DescribedObject.Name)
}

// metric checks what identifies a metric.
func (c *checks) metric(p field.Path, name string, labels map[string]string, expressions []LabelExpression) {
	c.segment(p.Attr("name"), name)
	c.labels(p.Attr("match_labels"), labels, nil)
	c.expressions(p.Attr("match_expressions"), expressions)
}

// segment fails unless the text can be a part of the path of a URL.
func (c *checks) segment(p field.Path, text string) {
	if text == "" {
		c.fail(p, "is empty: name it")
		return
	}
	c.text(p, text)
	c.kubernetes(p, text, path.IsValidPathSegmentName(text))
}

// oneTarget fails unless exactly one of two targets is set.
func (c *checks) oneTarget(p field.Path, first string, firstSet bool, second string, secondSet bool) {
	switch {
	case !firstSet && !secondSet:
		c.fail(p, "has no target: set %s or %s", first, second)
	case firstSet && secondSet:
		c.fail(p, "sets %s and %s: keep one of them", first, second)
	}
}

// positive fails for a set quantity that is not above zero.
func (c *checks) positive(p field.Path, value *string) {
	if value == nil {
		return
	}
	if q, err := resource.ParseQuantity(*value); err != nil {
		c.quantity(p, *value)
	} else if q.Sign() <= 0 {
		c.fail(p, "is %s: a target is above zero", *value)
	}
}

// tolerance fails for a set tolerance that is no quantity from zero up.
func (c *checks) tolerance(p field.Path, value *string) {
	if value != nil {
		c.needs(p, kubeversion.HPATolerance)
		c.quantity(p, *value)
	}
}
