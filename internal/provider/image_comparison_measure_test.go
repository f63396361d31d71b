package provider

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registrytest"
)

// measureConfig compares an image of each of two registries, and one on the disk, which has no registry.
func measureConfig(t *testing.T, first, second *registrytest.Server, arguments string) string {
	t.Helper()
	dir := t.TempDir()
	registrytest.WriteLayout(t, dir, "1.0.0", registrytest.BaseImage("alpine"))
	return fmt.Sprintf(`
provider "seaworthy" {
  cache_dir = %q
}
data "seaworthy_image_comparison" "base" {
  candidates = { a = "%s/alpine:3.22", b = "%s/debian:13.1", c = "oci-layout:%s:1.0.0" }
  inspect    = "config"
  %s
}
`, t.TempDir(), first.Host(), second.Host(), dir, arguments)
}

func TestImageComparisonMeasure(t *testing.T) {
	t.Parallel()
	fast, slow := registrytest.Start(t), registrytest.Start(t)
	fast.Push(t, "alpine:3.22", registrytest.BaseImage("alpine"))
	slow.Push(t, "debian:13.1", registrytest.BaseImage("debian"))
	slow.Inject(registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		time.Sleep(100 * time.Millisecond)
		next.ServeHTTP(w, r)
	}).On("GET", "/blobs/"))
	numbers := func(layers int64, atLeast float64) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"layers": knownvalue.Int64Exact(layers), "bytes": knownvalue.NotNull(), "bytes_per_second": knownvalue.NotNull(),
			"seconds": knownvalue.Float64Func(func(v float64) error {
				if v < atLeast {
					return fmt.Errorf("%v seconds are less than %v", v, atLeast)
				}
				return nil
			}),
		})
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: measureConfig(t, fast, slow, ""), ConfigStateChecks: []statecheck.StateCheck{comparisonCheck(knownvalue.Null(), "registries")}},
		{
			Config: measureConfig(t, fast, slow, "measure_pull = true"),
			ConfigStateChecks: []statecheck.StateCheck{comparisonCheck(knownvalue.MapExact(map[string]knownvalue.Check{
				fast.Host(): numbers(1, 0), slow.Host(): numbers(3, 0.1),
			}), "registries")},
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
		{ // No layer of alpine is so small, and one of debian is.
			Config:            measureConfig(t, fast, slow, "measure_pull = true\n  measure_pull_max_bytes = 2500"),
			ConfigStateChecks: []statecheck.StateCheck{comparisonCheck(knownvalue.MapExact(map[string]knownvalue.Check{slow.Host(): numbers(1, 0.1)}), "registries")},
		},
		{ // A measurement that is asked for once everything is known is made then.
			Config:            "resource \"terraform_data\" \"on\" {\n  input = true\n}\n" + measureConfig(t, fast, slow, "measure_pull = terraform_data.on.output"),
			ConfigStateChecks: []statecheck.StateCheck{comparisonCheck(knownvalue.MapSizeExact(2), "registries")},
		},
	}})
}

func TestImageComparisonMeasure_Errors(t *testing.T) {
	t.Parallel()
	server := registrytest.Start(t)
	server.Push(t, "alpine:3.22", registrytest.BaseImage("alpine"))
	server.Push(t, "debian:13.1", registrytest.BaseImage("debian"))
	for arguments, want := range map[string]string{
		"measure_pull_max_bytes = 10":                       "It bounds what measure_pull downloads",
		"measure_pull = true\n  measure_pull_max_bytes = 0": "The limit is 0 bytes",
	} {
		resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
			Config: measureConfig(t, server, server, arguments), ExpectError: message(want),
		}}})
	}
	// A layer that is gone, though its manifest is there: the first two blobs that are read are configs.
	gone := registrytest.Custom(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if server.Count(http.MethodGet, "/blobs/") > 2 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		next.ServeHTTP(w, r)
	}).On("GET", "/blobs/")
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		PreConfig: func() { server.Inject(gone) },
		Config:    measureConfig(t, server, server, "measure_pull = true"), ExpectError: message("Unable to read image"),
	}}})
}
