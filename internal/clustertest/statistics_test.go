//go:build cluster

package clustertest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// statistics counts what the cluster took, for the last lines of a run.
var statistics counts

type counts struct {
	restricted, objects, pods, services, autoscalers, budgets, policies, custom, evicted, refusedEvictions, rejections, mutations, walks, flows, witnesses, argoFlows, taken atomic.Int64

	mu sync.Mutex
	// workloads counts them by the resource that makes the pods.
	workloads map[string]int
}

// rolledOut counts a workload.
func (c *counts) rolledOut(resource string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.workloads == nil {
		c.workloads = make(map[string]int)
	}
	c.workloads[resource]++
}

// String tells the counts to a person.
func (c *counts) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	total, kinds := 0, make([]string, 0, len(c.workloads))
	for _, resource := range slices.Sorted(maps.Keys(c.workloads)) {
		total += c.workloads[resource]
		kinds = append(kinds, fmt.Sprintf("%d %s", c.workloads[resource], resource))
	}
	return fmt.Sprintf("rolled out %d workloads (%s), %d of them under the restricted standard: %d objects, %d pods\n"+
		"checked %d services, %d autoscalers, %d disruption budgets, %d network policies, %d custom resources\n"+
		"evicted %d pods, refused %d evictions beyond the budget; refused %d invalid objects; agreed with validation on %d mutations\n"+
		"walked through %d native strategies, watched %d flows and %d refused strategies under Flagger and %d under Argo Rollouts; took %d goldens that are for them\n",
		total, strings.Join(kinds, ", "), c.restricted.Load(), c.objects.Load(), c.pods.Load(),
		c.services.Load(), c.autoscalers.Load(), c.budgets.Load(), c.policies.Load(), c.custom.Load(),
		c.evicted.Load(), c.refusedEvictions.Load(), c.rejections.Load(), c.mutations.Load(), c.walks.Load(), c.flows.Load(), c.witnesses.Load(), c.argoFlows.Load(), c.taken.Load())
}
