package render

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// IDs of the notices on a strategy. They are not hardening rules: nothing is to be excepted.
const (
	noticeEnding   = "traffic-provider-ending"
	noticeDegraded = "strategy-limited"
	noticeShare    = "canary-share"
	noticeDoubled  = "candidate-capacity"
)

// notices returns what a strategy and its traffic provider bring with them.
func notices(w workload.Workload) []hardening.Finding {
	var found []hardening.Finding
	add := func(id string, severity hardening.Severity, at field.Path, remediation, format string, args ...any) {
		found = append(found, hardening.Finding{
			RuleID: id, Severity: severity, Object: ownerKey(w), Path: at, Message: fmt.Sprintf(format, args...), Remediation: remediation,
		})
	}
	for _, e := range rollout.Endings() {
		if e.Provider == w.TrafficProvider() {
			add(noticeEnding, hardening.Warning, field.Root("traffic").Attr("provider"), "move to "+e.Successor, "%s", e.What)
		}
	}
	if w.Strategy == nil || !w.Strategy.Progressive() {
		return found
	}
	said := map[rollout.Feature]bool{}
	for _, need := range w.Strategy.Needs(field.Root("strategy")) {
		cell := rollout.Capability(w.Engine(), w.TrafficProvider(), need.Feature)
		if cell.Support == rollout.Degraded && !said[need.Feature] {
			said[need.Feature] = true
			add(noticeDegraded, hardening.Info, need.At, "the guide \"Strategy support\" says what has no such limit", "%s by engine %s over provider %s has a limit: %s",
				strings.ReplaceAll(string(need.Feature), "_", " "), w.Engine(), w.TrafficProvider(), cell.Reason)
		}
	}
	if !w.HasCandidate() {
		return found
	}
	candidate := w.Candidate()
	stable, next := w.LowestReplicas(), candidate.LowestReplicas()
	if w.SplitsByPods() && w.Weight() > 0 && w.Weight() < 100 {
		add(noticeShare, hardening.Info, field.Root("strategy").Attr("canary").Attr("weight"), "more replicas make finer steps; a traffic provider splits exactly",
			"%d of %d pods are the candidate's, so it gets about %d %% of the requests, for a weight of %d", next, stable+next, 100*next/max(stable+next, 1), w.Weight())
	}
	if w.Strategy.BlueGreen != nil {
		add(noticeDoubled, hardening.Info, field.Root("strategy").Attr("blue_green").Attr("candidate"), "see that the namespace's quota and the nodes have room for both",
			"both versions run whole: at least %d pods in place of %d", stable+next, stable)
	}
	return found
}

// ownerKey is the key of the object that runs the pods.
func ownerKey(w workload.Workload) string {
	return string(w.Kind) + ".apps/" + w.Namespace + "/" + w.Name
}

// candidateReason is why the next version need not follow the rules on numbers.
const candidateReason = "the candidate takes a share of the traffic, and the stable version serves without it"

// candidateExcused are the rules that the next version of a canary or an A/B test need not follow.
var candidateExcused = map[string]bool{"replicas": true, "disruption-budget": true, "node-drain": true}

// ofTracks makes the findings over two tracks readable: what is said of the candidate and of the
// stable version alike is said once, and what is left stands on the candidate's attributes.
func ofTracks(findings []hardening.Finding, w workload.Workload) []hardening.Finding {
	if !w.HasCandidate() {
		return findings
	}
	type fact struct{ rule, field, message string }
	said := map[fact]bool{}
	inName := strings.NewReplacer(w.CandidateName(), w.Name)
	for _, f := range findings {
		if !ofCandidate(f, w) {
			said[fact{f.RuleID, f.Field, f.Message}] = true
		}
	}
	kept := findings[:0:0]
	for _, f := range findings {
		if ofCandidate(f, w) {
			if said[fact{f.RuleID, f.Field, inName.Replace(f.Message)}] {
				continue
			}
			f.Path = w.CandidateAttribute(f.Path)
			if w.Strategy.BlueGreen == nil && candidateExcused[f.RuleID] {
				f.Reason = candidateReason
			}
		}
		kept = append(kept, f)
	}
	return kept
}

func ofCandidate(f hardening.Finding, w workload.Workload) bool {
	return strings.HasSuffix(f.Object, "/"+w.CandidateName())
}
