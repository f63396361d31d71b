package workload

import (
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

func (w Workload) validateScheduling(c *checks) {
	w.validateSpread(c)
	w.validateTolerations(c)
	w.validateAffinity(c)
	c.optionalName(field.Root("scheduler_name"), w.SchedulerName)
	c.labels(field.Root("node_selector"), w.NodeSelector, nil)
	c.optionalName(field.Root("priority_class_name"), w.PriorityClassName)
	c.optionalName(field.Root("runtime_class_name"), w.RuntimeClassName)
	for i, name := range w.ImagePullSecrets {
		c.name(field.Root("image_pull_secrets").Index(i), name)
		if slices.Index(w.ImagePullSecrets, name) < i {
			c.fail(field.Root("image_pull_secrets").Index(i), "%q is listed already: remove one", name)
		}
	}
}

func (w Workload) validateSpread(c *checks) {
	seen := map[string]bool{}
	for i, spread := range w.TopologySpread {
		p := field.Root("topology_spread").Index(i)
		c.kubernetes(p.Attr("topology_key"), spread.TopologyKey, validation.IsQualifiedName(spread.TopologyKey))
		c.oneOf(p.Attr("when_unsatisfiable"), spread.WhenUnsatisfiable, "ScheduleAnyway", "DoNotSchedule")
		c.oneOf(p.Attr("node_affinity_policy"), spread.NodeAffinityPolicy, "Honor", "Ignore")
		c.oneOf(p.Attr("node_taints_policy"), spread.NodeTaintsPolicy, "Honor", "Ignore")
		c.labelKeys(p.Attr("match_label_keys"), spread.MatchLabelKeys, w.Selector())
		atLeast(c, p.Attr("max_skew"), spread.MaxSkew, 1)
		atLeast(c, p.Attr("min_domains"), spread.MinDomains, 1)
		hard := spread.WhenUnsatisfiable != nil && *spread.WhenUnsatisfiable == "DoNotSchedule"
		if spread.MinDomains != nil && !hard {
			c.fail(p.Attr("min_domains"), "needs when_unsatisfiable = \"DoNotSchedule\": set it or remove min_domains")
		}
		// The API refuses a second constraint with the same key and the same action.
		key := spread.TopologyKey
		if hard {
			key += " hard"
		}
		if seen[key] {
			c.fail(p.Attr("topology_key"), "%q has a constraint of this kind already: remove one", spread.TopologyKey)
		}
		seen[key] = true
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateTolerations.
func (w Workload) validateTolerations(c *checks) {
	for i, t := range w.Tolerations {
		p := field.Root("tolerations").Index(i)
		c.oneOf(p.Attr("operator"), t.Operator, "Exists", "Equal")
		c.oneOf(p.Attr("effect"), t.Effect, "NoSchedule", "PreferNoSchedule", "NoExecute")
		exists := t.Operator != nil && *t.Operator == "Exists"
		if t.Key != nil {
			c.kubernetes(p.Attr("key"), *t.Key, validation.IsQualifiedName(*t.Key))
		} else if !exists {
			c.fail(p.Attr("key"), "is not set: name the taint, or set operator = \"Exists\" to tolerate every taint")
		}
		if t.Value != nil {
			c.kubernetes(p.Attr("value"), *t.Value, validation.IsValidLabelValue(*t.Value))
			if exists {
				c.fail(p.Attr("value"), "has no meaning with operator = \"Exists\": remove it")
			}
		}
		if t.TolerationSeconds != nil && (t.Effect == nil || *t.Effect != "NoExecute") {
			c.fail(p.Attr("toleration_seconds"), "needs effect = \"NoExecute\": set it or remove toleration_seconds")
		}
	}
}
