package render_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// Names that Kubernetes takes and that YAML takes for numbers, booleans and null.
func TestRender_NamesStayText(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"1e3", "0x1f", "0o7", "0777", "12", "null", "true", "no", "on", "y"} {
		w := workload.Workload{
			Name: name, Namespace: name, Kind: workload.Deployment,
			Containers: map[string]workload.Container{name: {
				Image:     name + "/" + name + ":" + name,
				Resources: &workload.Resources{Requests: map[string]string{"cpu": "1"}},
			}},
			Service:        &workload.Service{Enabled: new(false)},
			Autoscaling:    &workload.Autoscaling{MinReplicas: 2, MaxReplicas: 3, CPUUtilization: new(int32(50))},
			ServiceAccount: &workload.ServiceAccount{Name: &name},
		}
		manifests := mustRender(t, w).Manifests
		for reader, read := range yamlReaders {
			for _, m := range manifests {
				tree, err := read(m.Text)
				if err != nil {
					t.Fatalf("%s: %v", reader, err)
				}
				places := [][]any{{"metadata", "name"}, {"metadata", "namespace"}, {"metadata", "labels", workload.LabelName}}
				switch tree.(map[string]any)["kind"] { //nolint:forcetypeassert // a manifest is a map
				case "Deployment":
					places = append(places, []any{"spec", "selector", "matchLabels", workload.LabelName},
						below(podAt, "serviceAccountName")(""), below(podAt, "containers", 0, "name")(""))
				case "PodDisruptionBudget":
					places = append(places, []any{"spec", "selector", "matchLabels", workload.LabelName})
				case "NetworkPolicy":
					places = append(places, []any{"spec", "podSelector", "matchLabels", workload.LabelName})
				case "HorizontalPodAutoscaler":
					places = append(places, []any{"spec", "scaleTargetRef", "name"})
				}
				for _, at := range places {
					if got := lookUp(tree, at); got != name {
						t.Errorf("%s: name %q came back to %s at %v as %T %v", m.Key, name, reader, at, got, got)
					}
				}
			}
		}
	}
}

func TestRender_ReasonsComeBackUnchangedOrAreRefused(t *testing.T) {
	t.Parallel()
	const rule = "read-only-root"
	taken := 0
	for _, reason := range nasty {
		w := textBase()
		container(&w, func(c *workload.Container) {
			c.SecurityContext = &workload.SecurityContext{ReadOnlyRootFilesystem: new(false)}
		})
		w.Exceptions = map[string]string{rule: reason}
		result, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion})
		fields, others := field.All(err)
		for _, f := range fields {
			if f.Path.String() != `exceptions["read-only-root"]` {
				t.Errorf("%q is blamed on %s", reason, f)
			}
		}
		if len(others) > 0 {
			t.Errorf("%q is refused without a path: %v", reason, others)
		}
		if err != nil {
			continue
		}
		taken++
		for reader, read := range yamlReaders {
			for _, m := range result.Manifests {
				tree, err := read(m.Text)
				if err != nil {
					t.Fatalf("%s: %v", reader, err)
				}
				got := lookUp(tree, []any{"metadata", "annotations", "exception.seaworthy.dev/" + rule})
				if want := any(reason); m.Key == deploymentKey && reader != "terraform" && got != want || m.Key != deploymentKey && got != nil {
					t.Errorf("%s: reason %q came back to %s as %v", m.Key, reason, reader, got)
				}
				if pods := lookUp(tree, []any{"spec", "template", "metadata", "annotations", "exception.seaworthy.dev/" + rule}); pods != nil {
					t.Errorf("the reason is on the pods: %v", pods)
				}
			}
		}
	}
	if taken < 20 {
		t.Errorf("only %d reasons were taken", taken)
	}
}

func TestRender_VolumeNamesAreDistinctLabels(t *testing.T) {
	t.Parallel()
	w := input(t, "writable-paths")
	sidecar := w.Containers["api"]
	sidecar.Ports, sidecar.ReadinessProbe, sidecar.LivenessProbe = nil, nil, nil
	w.Containers["api-var"] = sidecar // its paths are those of api too, and api + /var/x reads as api-var + /x
	w.Containers["api"].WritablePaths["/VAR/Cache/ümlaut"] = "1Mi"
	before, after := volumeNames(t, input(t, "writable-paths")), volumeNames(t, w)
	seen := map[string]bool{}
	for _, name := range after {
		if seen[name] {
			t.Errorf("two volumes are called %s", name)
		}
		seen[name] = true
	}
	for _, name := range before {
		if !seen[name] {
			t.Errorf("adding paths renamed %s", name)
		}
	}
	if len(after) != 10 {
		t.Errorf("%d volumes: %v", len(after), after)
	}
}

func volumeNames(t *testing.T, w workload.Workload) []string {
	t.Helper()
	var names []string
	for _, m := range mustRender(t, w).Manifests {
		if m.Key != deploymentKey {
			continue
		}
		tree, err := yamlReaders["kubectl"](m.Text)
		if err != nil {
			t.Fatal(err)
		}
		volumes, _ := lookUp(tree, below(podAt, "volumes")("")).([]any)
		for i := range volumes {
			name, _ := lookUp(volumes[i], []any{"name"}).(string)
			names = append(names, name)
		}
	}
	return names
}

func TestRender_RefusesWhatIsNotValid(t *testing.T) {
	t.Parallel()
	w := input(t, "quickstart")
	w.Name, w.Namespace = "Not_A_Name", ""
	result, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion})
	fields, others := field.All(err)
	var blamed []string
	for _, f := range fields {
		blamed = append(blamed, f.Path.String())
	}
	if diff := cmp.Diff([]string{"name", "namespace"}, blamed); diff != "" || len(others) > 0 {
		t.Errorf("blamed (-want +got):\n%s%v", diff, others)
	}
	if len(result.Manifests) > 0 {
		t.Error("manifests of a description that is not valid")
	}
	for _, version := range []string{"", "1.30", "latest"} {
		if _, err := render.Render(input(t, "quickstart"), render.Options{KubernetesVersion: version}); err == nil {
			t.Errorf("Kubernetes version %q is taken", version)
		}
	}
}

func TestRender_VersionsRenderTheSame(t *testing.T) {
	t.Parallel()
	want := mustRender(t, input(t, "quickstart")).Digest
	for _, version := range []string{"1.34", "v1.37.0"} {
		got, err := render.Render(input(t, "quickstart"), render.Options{KubernetesVersion: version})
		if err != nil || got.Digest != want {
			t.Errorf("%s: %s, %v; want %s, as nothing depends on the version yet", version, got.Digest, err, want)
		}
	}
}

func TestRender_DocumentedExamplesHaveNoViolation(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"quickstart", "exceptions-annotated"} {
		result := mustRender(t, input(t, name))
		for _, f := range result.Findings {
			if f.IsViolation() {
				t.Errorf("%s: %s: %s: %s", name, f.Path, f.RuleID, f.Message)
			}
		}
		if diff := cmp.Diff(map[string]string{"api": input(t, name).Containers["api"].Image}, result.Images); diff != "" {
			t.Errorf("%s: images (-want +got):\n%s", name, diff)
		}
	}
}

func TestRender_FindingsAreAtTheAttributeToBlame(t *testing.T) {
	t.Parallel()
	w := input(t, "quickstart")
	container(&w, func(c *workload.Container) { c.Image = "registry.example.com/shop/api:1.4.2" })
	for _, f := range mustRender(t, w).Findings {
		if f.RuleID == "image-digest" {
			if got := f.Path.String(); got != `containers["api"].image` || !f.IsViolation() {
				t.Errorf("found at %s: %+v", got, f)
			}
			return
		}
	}
	t.Error("an image without a digest is not found")
}
