//go:build cluster

package clustertest_test

import (
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

var mutations = flag.Int("mutations", 1000, "number of the workloads with one value replaced")

// TestMutations compares validation with the API server where nobody thought of a
// case: one value of a generated workload is replaced, and either both refuse the
// result, or both take it, or what we refuse beyond the API server is in the table
// of stricter rules. One of them is run again, alone, by
// -run 'TestMutations/<number>$' -args -seed=<seed>.
func TestMutations(t *testing.T) {
	t.Parallel()
	fmt.Printf("mutations: seed %d, %d workloads\n", *seed, *mutations)
	createNamespace(t, "generated", false)
	var mu sync.Mutex
	used := make(map[*regexp.Regexp]bool)
	t.Run("each", func(t *testing.T) {
		for i := range *mutations {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				g := newGenerator(*seed, 1<<32+i)
				g.slot %= slots // nothing is stored
				w := g.valid(t, version)
				w.Exceptions = nil // they are about rules
				w, where := g.mutate(w)
				for _, rule := range compare(t, w, where) {
					mu.Lock()
					used[rule] = true
					mu.Unlock()
				}
			})
		}
	})
	fmt.Printf("mutations met %d of %d stricter rules\n", len(used), len(stricter))
}

// compare asks validation and the API server about a workload. It returns the
// stricter rules that explain a difference.
func compare(t *testing.T, w workload.Workload, where string) []*regexp.Regexp {
	t.Helper()
	w = inNamespace(w, "generated")
	_, invalid := excused(w, version)
	rendered, refusal := dryRun(t, w)
	if rendered == "" || (invalid == nil) == (refusal == "") {
		statistics.mutations.Add(1)
		return nil
	}
	text, err := yaml.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	if invalid == nil {
		t.Errorf("%s: validation lets through what the API server refuses: %s\n%s", where, refusal, text)
		return nil
	}
	refusals, others := field.All(invalid)
	if len(others) > 0 {
		t.Fatal(others)
	}
	var explained []*regexp.Regexp
	for _, refusal := range refusals {
		i := slices.IndexFunc(stricter, func(rule stricterRule) bool { return rule.explains(w, refusal.Error()) })
		if i < 0 {
			t.Errorf("%s: the API server takes what validation refuses: %v\n%s", where, refusal, text)
			continue
		}
		explained = append(explained, stricter[i].refusal)
	}
	statistics.mutations.Add(1)
	return explained
}
