package render_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// theJob returns the Job among the manifests and its name.
func theJob(t *testing.T, w workload.Workload) (manifest.Manifest, string) {
	t.Helper()
	for _, m := range mustRender(t, w).Manifests {
		if m.Object.GetObjectKind().GroupVersionKind().Kind == "Job" {
			accessor, err := meta.Accessor(m.Object)
			if err != nil {
				t.Fatal(err)
			}
			return m, accessor.GetName()
		}
	}
	t.Fatal("there is no Job")
	return manifest.Manifest{}, ""
}

func TestRender_JobWithAnotherTemplateIsAnotherObjectUnderTheSameKey(t *testing.T) {
	t.Parallel()
	before, name := theJob(t, input(t, "job-once"))
	if before.Key != "Job.batch/shop/migrate" || !strings.HasPrefix(name, "migrate-") || len(name) != len("migrate-")+manifest.JobHashLength {
		t.Errorf("key %s, name %s", before.Key, name)
	}
	for change, tt := range map[string]struct {
		apply   func(w *workload.Workload)
		another bool
	}{
		"nothing": {func(*workload.Workload) {}, false},
		"arguments": {func(w *workload.Workload) {
			c := w.Containers["migrate"]
			c.Args = []string{"down"}
			w.Containers["migrate"] = c
		}, true},
		"a label of the pods":        {func(w *workload.Workload) { w.PodLabels = map[string]string{"tier": "batch"} }, true},
		"completions":                {func(w *workload.Workload) { w.Job = &workload.JobSpec{Completions: new(int32(2))} }, true},
		"the restart policy":         {func(w *workload.Workload) { w.Job = &workload.JobSpec{RestartPolicy: new("OnFailure")} }, true},
		"suspend":                    {func(w *workload.Workload) { w.Job = &workload.JobSpec{Suspend: new(true)} }, false},
		"the retries":                {func(w *workload.Workload) { w.Job = &workload.JobSpec{BackoffLimit: new(int32(9))} }, false},
		"the deadline":               {func(w *workload.Workload) { w.Job = &workload.JobSpec{ActiveDeadlineSeconds: new(int64(9))} }, false},
		"the time to live":           {func(w *workload.Workload) { w.Job = &workload.JobSpec{TTLSecondsAfterFinished: new(int32(9))} }, false},
		"the reason of an exception": {func(w *workload.Workload) { w.NetworkPolicy = &workload.NetworkPolicy{Enabled: new(false)} }, false},
	} {
		w := input(t, "job-once")
		tt.apply(&w)
		after, changed := theJob(t, w)
		if after.Key != before.Key || (changed != name) != tt.another {
			t.Errorf("%s: key %s, name %s after %s", change, after.Key, changed, name)
		}
		// Whatever the change, the API server is not asked for one that it refuses.
		if refused := manifest.RefusedChanges(before, after); refused != nil {
			t.Errorf("%s: the API server refuses to change %v", change, refused)
		}
	}
}

// The Job of a workload is replaced by the next one: it needs no time to live, with which
// a tool that keeps things in place would run it again.
func TestRender_JobIsNotAskedToDeleteItself(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"job-once", "cron-nightly"} {
		for _, f := range mustRender(t, input(t, name)).Findings {
			if f.RuleID != "egress-limited" {
				t.Errorf("%s: %s: %s", name, f.RuleID, f.Message)
			}
		}
	}
}
