package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

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
	noticeMirror   = "mirrored-requests"
	noticeLoad     = "analysis-without-load"
	noticeSecrets  = "secrets-until-promotion"
)

// notes collects the notices on one workload.
type notes struct {
	of    workload.Workload
	found []hardening.Finding
}

func (n *notes) add(id string, severity hardening.Severity, at field.Path, remediation, format string, args ...any) {
	n.found = append(n.found, hardening.Finding{
		RuleID: id, Severity: severity, Object: ownerKey(n.of), Path: at, Message: fmt.Sprintf(format, args...), Remediation: remediation,
	})
}

// notices returns what a strategy and its traffic provider bring with them.
func notices(w workload.Workload) []hardening.Finding {
	n := &notes{of: w}
	for _, e := range rollout.Endings() {
		if e.Provider == w.TrafficProvider() {
			n.add(noticeEnding, hardening.Warning, field.Root("traffic").Attr("provider"), "move to "+e.Successor, "%s", e.What)
		}
	}
	if w.Strategy == nil || !w.Strategy.Progressive() {
		return n.found
	}
	n.limits()
	n.share()
	n.capacity()
	n.mirror()
	if w.Controller() == rollout.Flagger {
		n.load()
		n.secrets()
	}
	return n.found
}

// limits tells what a combination does less well than others.
func (n *notes) limits() {
	said := map[rollout.Feature]bool{}
	for _, need := range n.of.Strategy.Needs(field.Root("strategy")) {
		cell := rollout.Capability(n.of.Engine(), n.of.TrafficProvider(), need.Feature)
		if cell.Support == rollout.Degraded && !said[need.Feature] {
			said[need.Feature] = true
			n.add(noticeDegraded, hardening.Info, need.At, "the guide \"Strategy support\" says what has no such limit", "%s by engine %s over provider %s has a limit: %s",
				strings.ReplaceAll(string(need.Feature), "_", " "), n.of.Engine(), n.of.TrafficProvider(), cell.Reason)
		}
	}
}

// share tells what share of the requests the pods of a canary really get.
func (n *notes) share() {
	w := n.of
	if !w.SplitsByPods() || w.Weight() == 0 || w.Weight() == 100 {
		return
	}
	stable, next := int64(w.LowestReplicas()), int64(w.Candidate().LowestReplicas())
	n.add(noticeShare, hardening.Info, field.Root("strategy").Attr("canary").Attr("weight"), "more replicas make finer steps; a traffic provider splits exactly",
		"%d of %d pods are the candidate's, so it gets about %d %% of the requests, for a weight of %d", next, stable+next, 100*next/max(stable+next, 1), w.Weight())
}

// capacity tells what two whole versions ask of the cluster.
func (n *notes) capacity() {
	w, at := n.of, field.Root("strategy").Attr("blue_green")
	if w.Strategy.BlueGreen == nil || w.Engine() == rollout.Native && !w.HasCandidate() {
		return
	}
	next := w
	if w.HasCandidate() {
		next, at = w.Candidate(), at.Attr("candidate")
	}
	stable, more := int64(w.LowestReplicas()), int64(next.LowestReplicas())
	n.add(noticeDoubled, hardening.Info, at, "see that the namespace's quota and the nodes have room for both",
		"both versions run whole: at least %d pods in place of %d%s", stable+more, stable, requested(w, stable, next, more))
}

// requested adds up what the pods of two versions request; it is empty where nothing is requested.
func requested(w workload.Workload, pods int64, next workload.Workload, more int64) string {
	var sums []string
	for _, name := range []string{"cpu", "memory"} {
		alone := requestOf(w, name, pods)
		both := alone.DeepCopy()
		both.Add(requestOf(next, name, more))
		if !both.IsZero() {
			sums = append(sums, fmt.Sprintf("%s of %s in place of %s", both.String(), name, alone.String()))
		}
	}
	if sums == nil {
		return ""
	}
	return ", which request " + strings.Join(sums, " and ")
}

// requestOf is what the containers of a number of pods request of a resource while they serve, sidecars
// included.
func requestOf(w workload.Workload, name string, pods int64) resource.Quantity {
	var sum resource.Quantity
	for _, c := range w.WithDefaults().AllContainers() {
		if !c.Serves() || c.Resources == nil {
			continue
		}
		if q, err := resource.ParseQuantity(c.Resources.Requests[name]); err == nil {
			sum.Add(q)
		}
	}
	sum.Mul(pods)
	return sum
}

// mirror tells that a copy of a request does what the request does.
func (n *notes) mirror() {
	at, s := field.Root("strategy"), n.of.Strategy
	switch {
	case s.BlueGreen != nil && s.BlueGreen.MirrorPercent != nil:
		at = at.Attr("blue_green")
	case s.Canary != nil && s.Canary.MirrorPercent != nil:
		at = at.Attr("canary")
	default:
		return
	}
	n.add(noticeMirror, hardening.Info, at.Attr("mirror_percent"), "let the next version write to a place of its own, or mirror only what reads",
		"the next version gets copies of all kinds of requests, also of those that change something: an order that is copied is ordered twice")
}

// load tells that metrics of the next version need requests to it.
func (n *notes) load() {
	w := n.of
	if w.Analysis == nil || len(w.Analysis.Metrics) == 0 {
		return
	}
	for _, h := range w.Strategy.Webhooks {
		if h.Type == "pre-rollout" || h.Type == "rollout" {
			return
		}
	}
	severity, why := hardening.Info, "little traffic leaves the metrics of the next version without values, and Flagger then goes back"
	if w.Strategy.BlueGreen != nil {
		severity, why = hardening.Warning, "with blue_green nobody sends requests to the next version before the switch, so metrics of its requests have no values, and Flagger goes back"
	}
	n.add(noticeLoad, severity, field.Root("strategy"), "add a webhook of type rollout that makes requests, such as Flagger's load tester", "%s", why)
}

// secrets tells of the copies that Flagger makes of what the pods refer to.
//
// Source: fluxcd/flagger@v1.44.0 pkg/canary/config_tracker.go, configTrackingDisabledAnnotationKey.
func (n *notes) secrets() {
	names := secretsOf(n.of)
	if len(names) == 0 {
		return
	}
	n.add(noticeSecrets, hardening.Info, field.Root("strategy").Attr("engine"), "annotate a Secret that is rotated with flagger.app/config-tracking: disabled",
		"production uses copies of the Secrets %s, which Flagger makes when it promotes: a password that is rotated in between reaches production only with the next version", strings.Join(names, ", "))
}

// secretsOf returns the names of the Secrets that the pods use, sorted.
func secretsOf(w workload.Workload) []string {
	spec, err := newPod(w.WithDefaults())
	if err != nil {
		return nil // an incomplete description
	}
	used := map[string]bool{}
	for _, c := range slices.Concat(spec.InitContainers, spec.Containers) {
		for _, v := range c.Process.Env {
			if v.ValueFrom != nil && v.ValueFrom.SecretKeyRef != nil {
				used[v.ValueFrom.SecretKeyRef.Name] = true
			}
		}
		for _, from := range c.Process.EnvFrom {
			if from.SecretRef != nil {
				used[from.SecretRef.Name] = true
			}
		}
	}
	for _, v := range spec.Volumes {
		if v.Secret != nil {
			used[v.Secret.SecretName] = true
		}
		if v.Projected == nil {
			continue
		}
		for _, source := range v.Projected.Sources {
			if source.Secret != nil {
				used[source.Secret.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(used))
}

// ownerKey is the key of the object that runs the pods.
func ownerKey(w workload.Workload) string {
	if w.Controller() == rollout.ArgoRollouts {
		return "Rollout.argoproj.io/" + w.Namespace + "/" + w.Name
	}
	return string(w.Kind) + ".apps/" + w.Namespace + "/" + w.Name
}
