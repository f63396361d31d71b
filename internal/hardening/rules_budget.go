package hardening

import (
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var budgetRules = []Rule{
	{
		ID:          "disruption-budget",
		Severity:    Error,
		Title:       "Where there is more than one pod, a disruption budget protects them.",
		Attribute:   "disruption_budget",
		Remediation: "leave `disruption_budget` out or set `max_unavailable = 1`",
		InYAML:      "add a PodDisruptionBudget with `maxUnavailable: 1` that selects the pods",
		Rationale:   "Without one, a cluster upgrade that drains several nodes at once may take all pods away together.",
		Source:      "Kubernetes documentation, concepts/workloads/pods/disruptions; kube-score@v1.20.0 deployment-has-poddisruptionbudget, poddisruptionbudget-has-policy",
		check:       checkBudget,
	},
	{
		ID:          "single-disruption-budget",
		Severity:    Error,
		Title:       "No pod has more than one disruption budget.",
		Attribute:   "disruption_budget",
		Remediation: "remove what `patches` change in the budget's selector; a workload has one budget",
		InYAML:      "remove all budgets but one, or make their selectors narrower",
		Rationale:   "The eviction API refuses to evict a pod that two budgets select, whatever they say: every drain of its node fails.",
		Source:      "kubernetes@v1.36.1 pkg/registry/core/pod/storage/eviction.go Create",
		NoException: "no setting of the two budgets makes an eviction succeed",
		check:       checkSingleBudget,
	},
	{
		ID:          "node-drain",
		Severity:    Error,
		Title:       "The disruption budget lets a drain go on.",
		Attribute:   "disruption_budget",
		Remediation: "set `disruption_budget.max_unavailable = 1`, which follows the number of pods, or a `min_available` below the smallest number of pods",
		InYAML:      "set `maxUnavailable: 1`, which follows the number of pods, or a `minAvailable` below the smallest number of pods",
		Rationale:   "A budget that never allows an eviction makes every node drain wait for ever: cluster upgrades and autoscalers hang until somebody deletes pods by hand.",
		Source:      "kubernetes@v1.36.1 pkg/controller/disruption/disruption.go getExpectedPodCount (percentages are rounded up)",
		check:       checkDrain,
	},
	{
		ID:          "unhealthy-pod-eviction",
		Severity:    Warning,
		Title:       "Pods that are broken anyway do not block a drain.",
		Attribute:   "disruption_budget",
		Remediation: "leave `disruption_budget.unhealthy_pod_eviction_policy` out or set AlwaysAllow (a store that counts votes may want IfHealthyBudget)",
		InYAML:      "set `unhealthyPodEvictionPolicy: AlwaysAllow`",
		Rationale:   "By default a pod that runs but is not ready may be evicted only while the budget is met, so one crash-looping workload stops the upgrade of the cluster.",
		Source:      "Kubernetes documentation, tasks/run-application/configure-pdb, \"Unhealthy Pod Eviction Policy\"",
		check:       checkUnhealthyEviction,
	},
}

func checkBudget(in *inventory, report report) {
	for _, p := range in.pods {
		lowest, _, _, ok := in.scale(p)
		if !ok || lowest < 2 {
			continue
		}
		budgets := in.budgetsOf(p)
		if len(budgets) == 0 {
			report(p.whole(), "no disruption budget selects the workload's %d pods, so a drain may take all of them at once", lowest)
		}
		for _, budget := range budgets {
			if budget.it.Spec.MaxUnavailable == nil && budget.it.Spec.MinAvailable == nil {
				report(budget.at("spec"), "the budget sets neither maxUnavailable nor minAvailable, so it allows everything")
			}
		}
	}
}

func checkSingleBudget(in *inventory, report report) {
	for _, p := range in.pods {
		budgets := in.budgetsOf(p)
		for i := 1; i < len(budgets); i++ {
			report(budgets[i].at("spec.selector"), "the budget selects the pods of %s, and so does %s: the eviction API refuses to evict them", p.object, budgets[0].object)
		}
	}
}

func checkDrain(in *inventory, report report) {
	for _, budget := range in.budgets {
		pods, found := int32(0), false
		for _, p := range in.selected(budget.it.Namespace, budget.it.Spec.Selector) {
			if lowest, _, _, ok := in.scale(p); ok {
				pods, found = pods+lowest, true
			}
		}
		if !found {
			continue
		}
		name, value := "maxUnavailable", budget.it.Spec.MaxUnavailable
		if value == nil {
			name, value = "minAvailable", budget.it.Spec.MinAvailable
		}
		if value == nil {
			continue
		}
		amount, err := intstr.GetScaledValueFromIntOrPercent(value, int(pods), true)
		if err != nil {
			report(budget.at("spec."+name), "%s is %q, which is neither a number of pods nor a percentage", name, value.String())
			continue
		}
		switch {
		case name == "maxUnavailable" && amount <= 0:
			report(budget.at("spec."+name), "maxUnavailable is %s, so no pod (%d run at the least) may ever be evicted, and every node drain waits for ever", value, pods)
		case name == "minAvailable" && amount >= int(pods) && value.Type == intstr.Int:
			report(budget.at("spec."+name), "minAvailable is %s and %d run at the least, so none may be evicted then, and every node drain waits for ever", value, pods)
		case name == "minAvailable" && amount >= int(pods):
			report(budget.at("spec."+name), "minAvailable is %s, which is %d of the %d that run at the least, so none may be evicted then, and every node drain waits for ever", value, amount, pods)
		}
	}
}

func checkUnhealthyEviction(in *inventory, report report) {
	for _, budget := range in.budgets {
		switch policy := budget.it.Spec.UnhealthyPodEvictionPolicy; {
		case policy == nil:
			report(budget.at("spec.unhealthyPodEvictionPolicy"), "unhealthyPodEvictionPolicy is not set, so broken pods are evicted only while enough others are healthy")
		case *policy != policyv1.AlwaysAllow:
			report(budget.at("spec.unhealthyPodEvictionPolicy"), "unhealthyPodEvictionPolicy is %s, so broken pods are evicted only while enough others are healthy", *policy)
		}
	}
}
