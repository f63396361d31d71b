package judge

import (
	"testing"

	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// unrestricted names the manifests that the restricted standard refuses, and why they
// are so.
var unrestricted = map[string]string{
	"from-the-book-busybox":      "it shows the book's manifest as it is, as root",
	"from-the-book-nginx":        "it shows the book's manifest as it is, as root",
	"every-volume-source":        "this version of the standard does not know volumes made of images, which newer ones allow",
	"security-context-overrides": "every hardened default is overridden",
}

func TestPodSecurity_Restricted(t *testing.T) {
	t.Parallel()
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, s := range streams(t) {
		var complaints []string
		for _, pod := range s.pods(t) {
			seen++
			for _, result := range evaluator.EvaluatePod(api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}, &pod.ObjectMeta, &pod.Spec) {
				if !result.Allowed {
					complaints = append(complaints, result.ForbiddenReason+": "+result.ForbiddenDetail)
				}
			}
		}
		exempted(t, unrestricted, s, complaints)
	}
	if seen < 20 {
		t.Errorf("only %d pods were judged", seen)
	}
	t.Logf("the restricted standard judged %d pods", seen)
}
