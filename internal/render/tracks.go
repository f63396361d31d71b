package render

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// previewName is the name of the Service that leads to the track without traffic.
func previewName(w workload.Workload) string { return w.Name + "-preview" }

// addNative adds the second track of a native strategy, and sends the Service where its requests go.
func (v *values) addNative(w workload.Workload) error {
	if !w.HasCandidate() {
		return nil
	}
	candidate := w.Candidate().WithDefaults()
	track, err := trackValues(candidate)
	if err != nil {
		return err
	}
	if !candidate.HasService() {
		track.ServiceMonitors = nil // the Services of the workload lead to both tracks
	}
	v.join(track)
	stable, both := w.Selector(), map[string]string{workload.LabelInstance: w.InstanceName()}
	service := slices.IndexFunc(v.Services, func(s serviceValues) bool { return s.Metadata.Name == w.Name })
	if service < 0 {
		return nil // an incomplete description
	}
	switch s := *w.Strategy; {
	case s.BlueGreen != nil:
		active, idle := stable, candidate.Selector()
		if w.Weight() == 100 {
			active, idle = idle, active
		}
		v.Services[service].Selector = active
		v.Services = append(v.Services, newPreview(w, idle))
	case w.SplitsByPods() && w.Weight() == 100:
		v.Services[service].Selector = candidate.Selector()
	case w.SplitsByPods() && w.Weight() > 0:
		v.Services[service].Selector = both
	}
	return nil
}

// newPreview returns the Service by which the track without traffic can be looked at.
func newPreview(w workload.Workload, idle map[string]string) serviceValues {
	preview := w
	preview.Service = &workload.Service{Type: new("ClusterIP"), Labels: w.Service.Labels}
	service := newService(preview)
	service.Metadata.Name, service.Selector = previewName(w), idle
	for i := range service.Ports {
		service.Ports[i].NodePort = 0
	}
	return service
}

// join adds the objects of another track. Its config files are those that are there already.
func (v *values) join(o values) {
	v.NetworkPolicies = append(v.NetworkPolicies, o.NetworkPolicies...)
	v.PodDisruptionBudgets = append(v.PodDisruptionBudgets, o.PodDisruptionBudgets...)
	v.Services = append(v.Services, o.Services...)
	v.Deployments = append(v.Deployments, o.Deployments...)
	v.HorizontalPodAutoscalers = append(v.HorizontalPodAutoscalers, o.HorizontalPodAutoscalers...)
	v.ScaledObjects = append(v.ScaledObjects, o.ScaledObjects...)
	v.PodMonitors = append(v.PodMonitors, o.PodMonitors...)
	v.ServiceMonitors = append(v.ServiceMonitors, o.ServiceMonitors...)
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
