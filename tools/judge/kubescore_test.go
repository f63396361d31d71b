package judge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zegl/kube-score/config"
	"github.com/zegl/kube-score/domain"
	"github.com/zegl/kube-score/parser"
	"github.com/zegl/kube-score/score"
	"github.com/zegl/kube-score/score/checks"
	"github.com/zegl/kube-score/scorecard"
)

// skipped are the tests of kube-score that we do not follow, and why.
var skipped = map[string]string{
	"container-image-pull-policy":                      "it asks for Always even with a digest, with which the bytes cannot differ and a registry's outage stops no restart",
	"container-resource-requests-equal-limits":         "it asks for a CPU limit, which is the user's choice",
	"container-cpu-requests-equal-limits":              "it forbids to use a CPU that idles",
	"container-memory-requests-equal-limits":           "costs capacity, so it is the user's choice; our rule memory-overcommit gives notice",
	"container-ephemeral-storage-request-equals-limit": "a limit above the request is what bursts of logs are for",
}

// unscored names the manifests that kube-score finds fault with, and why they are so.
var unscored = map[string]string{
	"from-the-book-busybox":          "it shows the book's manifest as it is, with its exceptions",
	"from-the-book-nginx":            "it shows the book's manifest as it is, with its exceptions",
	"from-the-book-busybox-hardened": "its probes differ in their thresholds, and kube-score compares the handlers alone",
	"environments-dev":               "it has one replica, with an exception that says why",
	"init-containers-and-sidecar":    "the probes of its sidecar differ in their periods, and kube-score compares the handlers alone",
	"alerts-tuned":                   "it has one replica, for the alerts of such a workload",
	"exceptions-annotated":           "it has exceptions, to show where their reasons stand",
	"keda-scaled-to-zero":            "a workload that may have no pod has no disruption budget",
	"keda-with-everything":           "it is scaled by KEDA, which kube-score does not know",
	"nothing-but-the-pods":           "everything that can be switched off is",
	"one-replica-without-budget":     "it has one replica, which a budget cannot protect",
	"recreate":                       "it has the strategy that makes for downtime",
	"security-context-overrides":     "every hardened default is overridden",
}

// candidateReplicas is skipped for the candidate of a canary, whose share may be one pod: the
// stable version serves without it.
const candidateReplicas = "deployment-replicas of a candidate"

// flaggerService is skipped where Flagger makes the Service that an Ingress leads to.
const flaggerService = "ingress-targets-service under Flagger"

func TestKubeScore(t *testing.T) {
	t.Parallel()
	needed := map[string]bool{}
	judged := 0
	for _, s := range streams(t) {
		var complaints []string
		for _, c := range kubeScore(t, s) {
			judged++
			if c.grade > scorecard.GradeWarning {
				continue
			}
			if _, skip := skipped[c.id]; skip {
				needed[c.id] = true
				continue
			}
			if c.id == "deployment-replicas" && strings.HasPrefix(c.text, "api-candidate/") {
				needed[candidateReplicas] = true
				continue
			}
			if c.id == "ingress-targets-service" && strings.HasPrefix(s.name, "flagger-") {
				needed[flaggerService] = true
				continue
			}
			complaints = append(complaints, c.text)
		}
		slices.Sort(complaints)
		exempted(t, unscored, s, complaints)
	}
	if !needed[flaggerService] {
		t.Error("no Ingress leads to a Service of Flagger's: nothing of them need be skipped")
	}
	if !needed[candidateReplicas] {
		t.Error("no candidate has one replica: nothing of them need be skipped")
	}
	for id := range skipped {
		if !needed[id] {
			t.Errorf("%s is skipped, and finds nothing: remove it from the table", id)
		}
	}
	if judged < 500 {
		t.Errorf("only %d tests were made", judged)
	}
	t.Logf("kube-score made %d tests", judged)
}

// complaint is one test of kube-score over one object.
type complaint struct {
	id    string
	grade scorecard.Grade
	text  string
}

// kubeScore runs every test, the optional ones too.
func kubeScore(t *testing.T, s stream) []complaint {
	t.Helper()
	p, err := parser.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := p.ParseFiles([]domain.NamedReader{s.open()})
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	run := &config.RunConfiguration{
		EnabledOptionalTests: map[string]struct{}{}, KubernetesVersion: config.Semver{Major: 1, Minor: 31},
		MinReplicasDeployment: 2, MinReplicasHPA: 2,
		IgnoreContainerCpuLimitRequirement: true, // the user's choice
	}
	for _, check := range score.RegisterAllChecks(parser.Empty(), &checks.Config{}, run).All() {
		run.EnabledOptionalTests[check.ID] = struct{}{}
	}
	card, err := score.Score(parsed, score.RegisterAllChecks(parsed, &checks.Config{}, run), run)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	var all []complaint
	for _, object := range *card {
		for _, test := range object.Checks {
			if !test.Skipped {
				all = append(all, complaint{test.Check.ID, test.Grade, fmt.Sprintf("%s: %s %s: %v", object.HumanFriendlyRef(), test.Grade, test.Check.ID, test.Comments)})
			}
		}
	}
	return all
}
