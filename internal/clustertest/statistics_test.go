//go:build cluster

package clustertest_test

import (
	"fmt"
	"sync/atomic"
)

// statistics counts what the cluster took, for the last lines of a run.
var statistics counts

type counts struct {
	workloads, restricted, objects, pods, services, autoscalers, evicted, refusedEvictions, rejections atomic.Int64
}

// String tells the counts to a person.
func (c *counts) String() string {
	return fmt.Sprintf("rolled out %d workloads (%d under the restricted standard): %d objects, %d pods, %d services, %d autoscalers\n"+
		"evicted %d pods, refused %d evictions beyond the budget; refused %d invalid objects\n",
		c.workloads.Load(), c.restricted.Load(), c.objects.Load(), c.pods.Load(), c.services.Load(), c.autoscalers.Load(),
		c.evicted.Load(), c.refusedEvictions.Load(), c.rejections.Load())
}
