package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/render"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// workloadPlan is what can be said of a workload before everything about it is known.
type workloadPlan struct {
	manifests map[string]known // nil: not even the keys are known
	images    map[string]known // nil: not even the containers are known
	findings  []hardening.Finding
	// findingsKnown is false while an unknown value may add or remove findings.
	findingsKnown bool
	digest        known
}

// known is a text that may not be known yet.
type known struct {
	text  string
	known bool
}

// attempt is one rendering of a description, complete or filled with placeholders.
type attempt struct {
	result   render.Result
	err      error
	unknowns *filler
}

// planWorkload renders the description in value for each of the Kubernetes
// versions (more than one while the provider's version is not known). Values
// that are not known are replaced by placeholders in several variants: only what
// comes out the same in all of them is known, and only errors that occur in all
// of them are reported. Errors are joined [*field.Error] values.
func planWorkload(value tftypes.Value, versions ...kubeversion.Version) (workloadPlan, error) {
	attempts, err := tryVariants(value, versions)
	if err != nil {
		return workloadPlan{}, err
	}
	if err := certainErrors(attempts); err != nil {
		return workloadPlan{}, err
	}
	return combine(attempts), nil
}

func tryVariants(value tftypes.Value, versions []kubeversion.Version) ([]attempt, error) {
	attrs := workloadSchema().Attributes
	var attempts []attempt
	seen := map[string]bool{}
	for variant := range variants {
		f := &filler{variant: variant}
		document, err := json.Marshal(f.document(attrs, value))
		if err = errors.Join(append(f.errs, err)...); err != nil {
			return nil, err
		}
		for i, version := range versions {
			if len(f.unknowns) > 0 && i != variant%len(versions) {
				continue // the variants take turns with the versions
			}
			if id := version.String() + string(document); !seen[id] {
				seen[id] = true
				attempts = append(attempts, tryOne(document, version, len(versions) > 1, f))
			}
		}
		if len(f.unknowns) == 0 {
			break
		}
	}
	return attempts, nil
}

// tryOne renders one description. It is incomplete, too, while the version is not known:
// then it need not be valid for each of the versions.
func tryOne(document []byte, version kubeversion.Version, incomplete bool, f *filler) attempt {
	var w workload.Workload
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&w); err != nil {
		return attempt{err: fmt.Errorf("the workload cannot be read: %w", err), unknowns: f}
	}
	result, err := render.Render(w, render.Options{KubernetesVersion: version.String(), Incomplete: incomplete || len(f.unknowns) > 0})
	return attempt{result: result, err: errors.Join(err, violations(result.Findings)), unknowns: f}
}

// violations returns the findings that forbid the workload as errors.
func violations(findings []hardening.Finding) error {
	var errs []error
	for _, f := range findings {
		if f.Severity == hardening.Error && f.Reason == "" {
			errs = append(errs, &violation{f})
		}
	}
	return errors.Join(errs...)
}

// certainErrors returns the errors that occur in every attempt and are not about
// a placeholder.
func certainErrors(attempts []attempt) error {
	counts := map[string]int{}
	for _, a := range attempts {
		for _, err := range flatten(a.err) {
			counts[err.Error()]++
		}
	}
	var invalid, others []error
	patched := attempts[0].unknowns.unknownBelow("patches")
	for _, err := range flatten(attempts[0].err) {
		if counts[err.Error()] != len(attempts) || patched && judges(err) {
			continue
		}
		if e := (*field.Error)(nil); !errors.As(err, &e) {
			others = append(others, err)
		} else if attempts[0].unknowns.certain(e) {
			invalid = append(invalid, err)
		}
	}
	if len(invalid) > 0 {
		return errors.Join(invalid...) // whether it is safe is judged once it is valid
	}
	return errors.Join(others...)
}

// judges reports whether an error is about the rendered objects: a violation of a
// rule, or an exception that excuses none. A patch that is not known yet may change it.
func judges(err error) bool {
	var broken *violation
	var e *field.Error
	return errors.As(err, &broken) || errors.As(err, &e) && e.Path.HasPrefix(field.Root("exceptions"))
}

// combine keeps what is the same in all attempts.
func combine(attempts []attempt) workloadPlan {
	first := attempts[0].result
	plan := workloadPlan{
		manifests: map[string]known{}, images: map[string]known{},
		findings: first.Findings, findingsKnown: true, digest: known{first.Digest, true},
	}
	for _, m := range first.Manifests {
		plan.manifests[m.Key] = known{m.Text, true}
	}
	for container, image := range first.Images {
		plan.images[container] = known{image, true}
	}
	for _, a := range attempts[1:] {
		texts := map[string]string{}
		for _, m := range a.result.Manifests {
			texts[m.Key] = m.Text
		}
		plan.manifests = same(plan.manifests, texts)
		plan.images = same(plan.images, a.result.Images)
		plan.findingsKnown = plan.findingsKnown && sameFindings(plan.findings, a.result.Findings)
		plan.digest.known = plan.digest.known && a.result.Digest == plan.digest.text
	}
	if attempts[0].unknowns.unknownAt(namesObjects...) {
		plan.manifests = nil
	}
	plan.doubtDelivery(attempts[0].unknowns)
	plan.doubtPatched(attempts[0].unknowns)
	return plan
}

// namesObjects are the attributes without which nobody knows which objects there are. That the
// variants agree says nothing: few of the words that may stand there are among them.
var namesObjects = []string{
	"name", "namespace", "kind", "monitoring.prometheus.kind",
	"strategy", "strategy.engine", "strategy.blue_green", "strategy.canary", "strategy.ab_test", "strategy.alerts",
	"strategy.blue_green.candidate", "strategy.canary.candidate", "strategy.ab_test.candidate",
	"strategy.blue_green.candidate.replicas", "strategy.canary.candidate.replicas", "strategy.ab_test.candidate.replicas",
	"strategy.canary.mirror_percent", "strategy.blue_green.mirror_percent",
	"traffic", "traffic.provider", "traffic.hosts", "analysis", "analysis.metrics",
}

// doubtDelivery takes back what a value that is not known yet may still change, where it has meanings
// that two candidates cannot show: which version has the traffic, the weights 0 and 100, the port of a
// route, the system that is asked about a metric. They decide about Services, about what the candidate is
// scaled to, and about routes and the objects of controllers, which are all of APIs that are not Kubernetes' own.
func (p *workloadPlan) doubtDelivery(f *filler) {
	if !slices.ContainsFunc(f.unknowns, decidesTraffic) {
		return
	}
	p.findingsKnown, p.digest.known = false, false
	for key, m := range p.manifests {
		kind, _, _ := strings.Cut(key, "/")
		if !slices.Contains(keptByTraffic, kind) || strings.HasSuffix(key, workload.CandidateSuffix) {
			p.manifests[key] = known{text: m.text}
		}
	}
}

// keptByTraffic are the kinds of the stable version's objects that no traffic decides about.
var keptByTraffic = []string{
	"ConfigMap", "Deployment.apps", "HorizontalPodAutoscaler.autoscaling", "NetworkPolicy.networking.k8s.io", "PodDisruptionBudget.policy",
	"PrometheusRule.monitoring.coreos.com", "ScaledObject.keda.sh", "ServiceAccount", "VerticalPodAutoscaler.autoscaling.k8s.io",
}

// decidesTraffic reports whether an attribute is such a one.
func decidesTraffic(at field.Path) bool {
	steps := at.Steps()
	last := steps[len(steps)-1].Name
	switch steps[0].Name {
	case "strategy":
		return slices.Contains([]string{"active", "weight", "manual"}, last)
	case "traffic":
		return last == "port"
	case "analysis":
		return slices.Contains([]string{"provider", "builtin"}, last) || len(steps) == 3 // a whole metric
	}
	return false
}

// doubtPatched takes back what a patch that is not known yet may still change. The
// manifest that such a patch names differs between the variants; where the name is not
// known either, it may be any of them.
func (p *workloadPlan) doubtPatched(f *filler) {
	if !f.unknownBelow("patches") {
		return
	}
	p.images, p.findingsKnown, p.digest.known = nil, false, false
	for _, at := range f.unknowns {
		steps := at.Steps()
		if text := steps[len(steps)-1].Name; !at.HasPrefix(field.Root("patches")) || text == "strategic_merge" || text == "json_patch" {
			continue
		}
		for key, m := range p.manifests {
			p.manifests[key] = known{text: m.text}
		}
	}
}

// same marks what differs from texts as unknown, and returns nil if the keys differ.
func same(all map[string]known, texts map[string]string) map[string]known {
	if all == nil || len(all) != len(texts) {
		return nil
	}
	for key, k := range all {
		text, there := texts[key]
		if !there {
			return nil
		}
		all[key] = known{k.text, k.known && text == k.text}
	}
	return all
}

func sameFindings(a, b []hardening.Finding) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].RuleID != b[i].RuleID || a[i].Object != b[i].Object || a[i].Path.String() != b[i].Path.String() ||
			a[i].Message != b[i].Message || a[i].Reason != b[i].Reason {
			return false
		}
	}
	return true
}

// flatten returns the leaves of joined errors.
func flatten(err error) []error {
	fields, others := field.All(err)
	var all []error
	for _, f := range fields {
		all = append(all, f)
	}
	return append(all, others...)
}
