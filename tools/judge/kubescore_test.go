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
	"argo-every-metric":              "it is scaled by KEDA, which kube-score does not know",
	"keda-with-everything":           "it is scaled by KEDA, which kube-score does not know",
	"nothing-but-the-pods":           "everything that can be switched off is",
	"one-replica-without-budget":     "it has one replica, which a budget cannot protect",
	"strategies-recreate":            "it has the strategy that makes for downtime, with an exception that says why",
	"recreate":                       "it has the strategy that makes for downtime",
	"security-context-overrides":     "every hardened default is overridden",
}

// exemption is a test that is skipped for some objects.
type exemption struct {
	id  string
	of  func(s stream, c complaint) bool
	why string
}

// delivered are the tests that mean nothing for objects of some strategies.
var delivered = []exemption{
	{"deployment-replicas", func(_ stream, c complaint) bool { return strings.HasPrefix(c.text, "api-candidate/") }, "the share of a canary may be one pod: the stable version serves without it"},
	{"ingress-targets-service", func(s stream, _ complaint) bool { return strings.Contains(s.name, "flagger-") }, "Flagger makes the Service that the Ingress leads to"},
}

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
			if i := slices.IndexFunc(delivered, func(e exemption) bool { return e.id == c.id && e.of(s, c) }); i >= 0 {
				needed[delivered[i].why] = true
				continue
			}
			complaints = append(complaints, c.text)
		}
		slices.Sort(complaints)
		exempted(t, unscored, s, complaints)
	}
	for _, d := range delivered {
		if !needed[d.why] {
			t.Errorf("%s is skipped although it finds nothing where %s: remove it", d.id, d.why)
		}
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
