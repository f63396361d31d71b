package render_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/chart"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// helmTemplate renders the chart as `helm template` does, from the chart's files
// on disk and with values as Helm reads them from a file.
func helmTemplate(t *testing.T, values map[string]any) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "seaworthy-workload")
	if err := os.CopyFS(dir, chart.Files()); err != nil {
		t.Fatal(err)
	}
	loaded, err := loader.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	install := action.NewInstall(&action.Configuration{Log: func(string, ...any) {}})
	install.ClientOnly, install.DryRun = true, true
	install.ReleaseName, install.Namespace = "any-release", "any-namespace"
	install.KubeVersion, err = chartutil.ParseKubeVersion("v" + kubernetesVersion + ".0")
	if err != nil {
		t.Fatal(err)
	}
	release, err := install.Run(loaded, values)
	if err != nil {
		t.Fatal(err)
	}
	if len(release.Hooks) > 0 {
		t.Fatalf("Helm sees hooks: %v", release.Hooks)
	}
	return release.Manifest
}

// documents takes Helm's output apart as text, without reading the YAML.
func documents(t *testing.T, stream string) []string {
	t.Helper()
	var texts []string
	for part := range strings.SplitSeq(stream, "---\n# Source: ") {
		if part == "" {
			continue
		}
		_, text, found := strings.Cut(part, "\n")
		if !found {
			t.Fatalf("not a document: %q", part)
		}
		texts = append(texts, text)
	}
	return texts
}

func plainValues(t *testing.T, w workload.Workload) map[string]any {
	t.Helper()
	values, err := render.PlainValues(w)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// throughFile writes values to YAML and reads them back as `helm template
// --values` does: numbers become floats.
func throughFile(t *testing.T, values map[string]any) map[string]any {
	t.Helper()
	data, err := yaml.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	var read map[string]any
	if err := yaml.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestRender_IsByteForByteWhatHelmRenders(t *testing.T) {
	t.Parallel()
	for _, name := range cases(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := input(t, name)
			w.Patches = nil // they come after Helm
			var ours []string
			for _, m := range mustRender(t, w).Manifests {
				ours = append(ours, m.Text)
			}
			if diff := cmp.Diff(documents(t, helmTemplate(t, plainValues(t, w))), ours); diff != "" {
				t.Errorf("the provider's values (-Helm +ours):\n%s", diff)
			}
			if diff := cmp.Diff(documents(t, helmTemplate(t, throughFile(t, plainValues(t, w)))), ours); diff != "" {
				t.Errorf("the same values from a file (-Helm +ours):\n%s", diff)
			}
		})
	}
}

// Texts that Helm or the splitting of its output could change, all at once.
func TestRender_IsWhatHelmRendersOfAnyText(t *testing.T) {
	t.Parallel()
	w := textBase()
	for i, s := range nasty {
		with := w
		put(&with.Annotations, fmt.Sprintf("example.com/text-%d", i), s)
		container(&with, func(c *workload.Container) { c.Args = append(slices.Clone(c.Args), s) })
		if with.Validate(version(t)) == nil {
			w = with
		}
	}
	var ours []string
	for _, m := range mustRender(t, w).Manifests {
		ours = append(ours, m.Text)
	}
	if diff := cmp.Diff(documents(t, helmTemplate(t, throughFile(t, plainValues(t, w)))), ours); diff != "" {
		t.Errorf("(-Helm +ours):\n%s", diff)
	}
	if taken := len(w.Annotations); taken < len(nasty)/2 {
		t.Errorf("only %d of %d texts were taken", taken, len(nasty))
	}
}

// The chart's own values are an example. Nothing of it may shine through.
func TestRender_HelmMergesNothingIntoTheValues(t *testing.T) {
	t.Parallel()
	loaded, err := chart.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range cases(t) {
		values := plainValues(t, input(t, name))
		merged, err := chartutil.CoalesceValues(loaded, values)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(values, merged.AsMap()); diff != "" {
			t.Errorf("%s (-ours +merged):\n%s", name, diff)
		}
	}
}

func TestChart_ExampleRendersEveryKindOnItsOwn(t *testing.T) {
	t.Parallel()
	manifests, err := manifest.Parse(helmTemplate(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range manifests {
		keys = append(keys, m.Key)
	}
	want := []string{
		"NetworkPolicy.networking.k8s.io/example/example",
		"PodDisruptionBudget.policy/example/example",
		"ServiceAccount/example/example", "ConfigMap/example/example",
		"Service/example/example",
		"Service/example/example-headless",
		"DaemonSet.apps/example/example",
		"Deployment.apps/example/example",
		"HorizontalPodAutoscaler.autoscaling/example/example",
		"StatefulSet.apps/example/example",
		"Job.batch/example/example",
		"CronJob.batch/example/example",
		"HTTPRoute.gateway.networking.k8s.io/example/example",
		"PodMonitor.monitoring.coreos.com/example/example",
		"PrometheusRule.monitoring.coreos.com/example/example",
		"Rollout.argoproj.io/example/example", "ScaledObject.keda.sh/example/example",
		"ServiceMonitor.monitoring.coreos.com/example/example",
		"VerticalPodAutoscaler.autoscaling.k8s.io/example/example",
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
