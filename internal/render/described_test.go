package render_test

import (
	"slices"
	"testing"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// A finding over something that the objects name and the description does not must still
// stand on the attribute that it comes from.
func TestRender_FindingsStandOnWhatTheUserWrote(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change     func(*workload.Workload)
		rule, path string
	}{
		"init container": {
			func(w *workload.Workload) {
				first, second := w.Containers["api"], w.Containers["api"]
				for _, c := range []*workload.Container{&first, &second} {
					c.Ports, c.ReadinessProbe, c.LivenessProbe = nil, nil, nil
				}
				second.Image = "registry.example.com/shop/migrate:1.4.2"
				w.InitContainers = []workload.InitContainer{{Name: "first", Container: first}, {Name: "second", Container: second}}
			},
			"image-digest", "init_containers[1].image",
		},
		"volume": {
			func(w *workload.Workload) {
				w.Volumes = map[string]workload.Volume{"data": {HostPath: &workload.HostPathVolume{Path: "/data"}}}
				onAPI(func(c *workload.Container) {
					c.VolumeMounts = map[string]workload.VolumeMount{"/data": {Volume: "data"}}
				})(w)
			},
			"volume-types", `volumes["data"]`,
		},
		"unlimited volume": {
			func(w *workload.Workload) {
				w.Volumes = map[string]workload.Volume{"data": {EmptyDir: &workload.EmptyDir{}}}
				onAPI(func(c *workload.Container) {
					c.VolumeMounts = map[string]workload.VolumeMount{"/data": {Volume: "data"}}
				})(w)
			},
			"empty-dir-size-limit", `volumes["data"].empty_dir.size_limit`,
		},
		"sleep of ours": {
			func(w *workload.Workload) { w.TerminationGracePeriodSeconds = new(int64(5)) },
			"pre-stop-grace", "pre_stop_sleep_seconds",
		},
		"hook of the user's": {
			func(w *workload.Workload) {
				w.TerminationGracePeriodSeconds = new(int64(5))
				onAPI(func(c *workload.Container) {
					c.Lifecycle = &workload.Lifecycle{PreStop: &workload.Hook{Exec: &workload.Exec{Command: []string{"sleep", "9"}}}}
				})(w)
			},
			"pre-stop-grace", `containers["api"].lifecycle`,
		},
		"writable path": {
			onAPI(func(c *workload.Container) {
				c.WritablePaths = map[string]string{"/tmp": "1Gi"}
				c.Resources.Limits["ephemeral-storage"] = "512Mi"
			}),
			"empty-dir-fits", `containers["api"].writable_paths["/tmp"]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := input(t, "minimal-deployment")
			tt.change(&w)
			result, err := render.Render(w, render.Options{KubernetesVersion: kubernetesVersion})
			if err != nil {
				t.Fatal(err)
			}
			var paths []string
			for _, f := range result.Findings {
				if f.RuleID == tt.rule {
					paths = append(paths, f.Path.String())
				}
			}
			if !slices.Equal(paths, []string{tt.path}) {
				t.Errorf("%s stands on %q, want %s", tt.rule, paths, tt.path)
			}
		})
	}
}
