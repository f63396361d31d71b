//go:build cluster

package clustertest_test

import (
	"flag"
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

var (
	seed    = flag.Uint64("seed", 1, "seed of the generated workloads")
	samples = flag.Int("samples", 300, "number of the generated workloads")
)

// target draws the version that a workload is rendered for: the cluster's own, or
// an older one, whose manifests the cluster must take as well.
func (g generator) target(t *testing.T) kubeversion.Version {
	t.Helper()
	if g.chance(2) {
		return version
	}
	var oldest, newest int
	if _, err := fmt.Sscanf(kubeversion.Oldest.String()+" "+version.String(), "1.%d 1.%d", &oldest, &newest); err != nil {
		t.Fatal(err)
	}
	drawn, err := kubeversion.Parse(fmt.Sprintf("1.%d", oldest+g.IntN(newest-oldest+1)))
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// TestSample applies generated workloads. A failing one is run again, alone, by
// -run 'TestSample/<number>$' -args -seed=<seed>.
func TestSample(t *testing.T) {
	t.Parallel()
	fmt.Printf("sample: seed %d, %d workloads\n", *seed, *samples)
	createNamespace(t, "restricted-for-samples", true)
	for i := range *samples {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			g := newGenerator(*seed, i)
			target := g.target(t)
			w := g.valid(t, target)
			t.Cleanup(func() {
				if t.Failed() {
					text, err := yaml.Marshal(w)
					t.Logf("seed %d, workload %d, for Kubernetes %s: %v\n%s", *seed, i, target, err, text)
				}
			})
			refusal := restrictedRefusal(t, "restricted-for-samples", podOf(t, w, target.String()))
			if refusal != "" && len(w.Exceptions) == 0 {
				t.Errorf("the restricted standard refuses what the rules have nothing against: %s", refusal)
			}
			try(t, fmt.Sprintf("sample-%d", i), w, target.String(), refusal == "")
		})
	}
}

// excused returns a workload with an exception for each rule that it does not
// follow. The error is that of a plan all the same: the workload is not valid, or
// a rule allows no exception.
func excused(w workload.Workload, target kubeversion.Version) (workload.Workload, error) {
	result, err := render.Render(w, render.Options{KubernetesVersion: target.String()})
	if err != nil {
		return w, err
	}
	w.Exceptions = nil
	for _, finding := range result.Findings {
		if finding.Severity != hardening.Error {
			continue
		}
		if w.Exceptions == nil {
			w.Exceptions = make(map[string]string)
		}
		w.Exceptions[finding.RuleID] = "drawn by chance"
	}
	_, err = render.Render(w, render.Options{KubernetesVersion: target.String()})
	return w, err
}

// TestSample_ReachesEveryArgument fails for an argument that the sample sets in
// no workload: the generator has to draw it.
func TestSample_ReachesEveryArgument(t *testing.T) {
	t.Parallel()
	reached := make(map[string]bool)
	for i := range *samples {
		g := newGenerator(*seed, i)
		w := g.valid(t, g.target(t))
		markSet(reached, "", reflect.ValueOf(w))
	}
	// A readiness probe never stops a container; validation refuses the argument.
	reached[".Containers.ReadinessProbe.TerminationGracePeriodSeconds"] = true
	// An init container is a container and more: what one of them reaches, both do.
	for argument := range maps.Clone(reached) {
		if inner, ok := strings.CutPrefix(argument, ".Containers."); ok {
			reached[".InitContainers.Container."+inner] = true
		}
	}
	// What makes two versions is tried by golden cases and walks: a sample has one.
	for _, argument := range arguments("", reflect.TypeFor[workload.Workload]()) {
		for _, progressive := range []string{".Analysis", ".Strategy.Engine", ".Strategy.BlueGreen", ".Strategy.Canary", ".Strategy.ABTest", ".Strategy.Webhooks", ".Strategy.Alerts", ".Instance"} {
			reached[argument] = reached[argument] || strings.HasPrefix(argument, progressive)
		}
	}
	for _, argument := range arguments("", reflect.TypeFor[workload.Workload]()) {
		if strings.Contains(argument, ".ClusterTrustBundle") && !version.Has(kubeversion.TrustBundles) {
			continue
		}
		if !reached[argument] {
			t.Errorf("no generated workload sets %s", argument)
		}
	}
}

// arguments lists the paths of all fields below a type, without indices.
func arguments(path string, typ reflect.Type) []string {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return arguments(path, typ.Elem())
	case reflect.Struct:
		var paths []string
		for f := range typ.Fields() {
			paths = append(paths, path+"."+f.Name)
			paths = append(paths, arguments(path+"."+f.Name, f.Type)...)
		}
		return paths
	default:
		return nil
	}
}

// markSet notes the paths of all fields that hold something.
func markSet(reached map[string]bool, path string, value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			markSet(reached, path, value.Elem())
		}
	case reflect.Slice:
		for i := range value.Len() {
			markSet(reached, path, value.Index(i))
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			markSet(reached, path, value.MapIndex(key))
		}
	case reflect.Struct:
		for i := range value.NumField() {
			at := path + "." + value.Type().Field(i).Name
			if !value.Field(i).IsZero() {
				reached[at] = true
			}
			markSet(reached, at, value.Field(i))
		}
	default:
	}
}
