package workload

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// validatePodFailurePolicy holds the rules of kubernetes@v1.36.1 pkg/apis/batch/validation
// validatePodFailurePolicy and validatePodReplacementPolicy.
func (w Workload) validatePodFailurePolicy(c *checks, p field.Path, j JobSpec) {
	if j.PodFailurePolicy == nil {
		return
	}
	at := p.Attr("pod_failure_policy")
	if j.PodReplacementPolicy != nil && *j.PodReplacementPolicy != "Failed" {
		c.failResting(p.Attr("pod_replacement_policy"), []field.Path{at}, "is %q, but with a pod_failure_policy only Failed is possible: remove it", *j.PodReplacementPolicy)
	}
	if j.RestartPolicy != nil && *j.RestartPolicy != "Never" {
		c.failResting(p.Attr("restart_policy"), []field.Path{at}, "is %q, but with a pod_failure_policy only Never is possible: remove it", *j.RestartPolicy)
	}
	rules := at.Attr("rules")
	if n := len(j.PodFailurePolicy.Rules); n > maxPolicyRules {
		c.fail(rules, "holds %d rules: write at most %d", n, maxPolicyRules)
	} else if n == 0 {
		c.fail(rules, "is empty, so the policy would have no effect: write a rule or remove it")
	}
	for i, rule := range j.PodFailurePolicy.Rules {
		w.validateFailureRule(c, rules.Index(i), rule, j)
	}
}

func (w Workload) validateFailureRule(c *checks, p field.Path, rule PodFailureRule, j JobSpec) {
	c.oneOf(p.Attr("action"), &rule.Action, "FailJob", "FailIndex", "Ignore", "Count")
	if rule.Action == "FailIndex" && j.BackoffLimitPerIndex == nil {
		c.failResting(p.Attr("action"), []field.Path{field.Root("job").Attr("backoff_limit_per_index")}, "is FailIndex, which needs backoff_limit_per_index: set it or use FailJob")
	}
	if (rule.OnExitCodes != nil) == (len(rule.OnPodConditions) > 0) {
		c.fail(p, "must look at exactly one thing: set on_exit_codes or on_pod_conditions")
	}
	if rule.OnExitCodes != nil {
		w.validateExitCodes(c, p.Attr("on_exit_codes"), *rule.OnExitCodes)
	}
	conditions := p.Attr("on_pod_conditions")
	if len(rule.OnPodConditions) > maxPodConditions {
		c.fail(conditions, "holds %d conditions: write at most %d", len(rule.OnPodConditions), maxPodConditions)
	}
	for i, condition := range rule.OnPodConditions {
		c.kubernetes(conditions.Index(i).Attr("type"), condition.Type, validation.IsQualifiedName(condition.Type))
		c.oneOf(conditions.Index(i).Attr("status"), condition.Status, "True", "False", "Unknown")
	}
}

func (w Workload) validateExitCodes(c *checks, p field.Path, on OnExitCodes) {
	c.oneOf(p.Attr("operator"), &on.Operator, "In", "NotIn")
	if name := on.ContainerName; name != nil && !slices.Contains(w.ContainerNames(), *name) {
		c.failResting(p.Attr("container_name"), []field.Path{field.Root("containers")}, "%q is none of the containers, those are %s: name one of them or leave it out", *name, strings.Join(w.ContainerNames(), ", "))
	}
	values := p.Attr("values")
	if len(on.Values) == 0 || len(on.Values) > maxExitCodes {
		c.fail(values, "holds %d exit codes: write 1 to %d", len(on.Values), maxExitCodes)
	}
	for i, value := range on.Values {
		switch {
		case value == 0 && on.Operator == "In":
			c.failResting(values.Index(i), []field.Path{p.Attr("operator")}, "is 0, which is no failure: remove it")
		case i > 0 && value <= on.Values[i-1]:
			c.failResting(values.Index(i), []field.Path{values.Index(i - 1)}, "is %d after %d: write the exit codes in ascending order, each once", value, on.Values[i-1])
		}
	}
}
