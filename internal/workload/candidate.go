package workload

import (
	"maps"
	"math"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

// CandidateSuffix ends the names of the objects of the next version.
const CandidateSuffix = "-candidate"

// HasCandidate reports whether a next version runs beside the stable one as objects of ours.
func (w Workload) HasCandidate() bool {
	return w.Kind == Deployment && w.Engine() == rollout.Native && valueOf(w.Strategy).Candidate() != nil
}

// CandidateName is the name of the objects of the next version.
func (w Workload) CandidateName() string { return w.Name + CandidateSuffix }

// Engine returns who moves traffic from one version to the next.
func (w Workload) Engine() rollout.Engine { return valueOf(w.Strategy).EngineOrDefault() }

// Controller returns the engine that moves traffic by itself, [rollout.Native] where plain objects do.
func (w Workload) Controller() rollout.Engine {
	if w.Kind != Deployment || !valueOf(w.Strategy).Progressive() {
		return rollout.Native
	}
	return w.Engine()
}

// TrafficProvider returns what splits requests between versions.
func (w Workload) TrafficProvider() rollout.Provider {
	if w.Traffic == nil {
		return rollout.NoProvider
	}
	return w.Traffic.Provider
}

// SplitsByPods reports whether the share of the next version is that of its pods, because
// nothing in front of the Service splits requests.
func (w Workload) SplitsByPods() bool {
	s := valueOf(w.Strategy)
	return s.Canary != nil && w.Engine() == rollout.Native && w.TrafficProvider() == rollout.NoProvider
}

// Weight returns the candidate's share of the traffic in percent; 0 without one.
func (w Workload) Weight() int32 {
	s := valueOf(w.Strategy)
	switch {
	case !w.HasCandidate():
		return 0
	case s.Canary != nil:
		return valueOf(s.Canary.Weight)
	case s.BlueGreen != nil && s.BlueGreen.Active != nil && *s.BlueGreen.Active == rollout.Next:
		return 100
	}
	return 0
}

// Candidate returns the next version as a workload of its own: the same description with the
// candidate's changes, that makes the objects of the second track. It differs in its name, so
// that no selector of one track finds pods of the other, and is of the same instance, which is
// what finds both. It shares the account and the config files of the stable track,
// and has no alerts, recommendations or routes of its own.
func (w Workload) Candidate() Workload {
	k := *valueOf(w.Strategy).Candidate()
	next := w
	next.Name, next.Instance = w.CandidateName(), w.Name
	next.Strategy, next.Traffic, next.Analysis = nil, nil, nil
	next.Alerts, next.VerticalAutoscaling = nil, nil
	next.ServiceAccount = w.sharedAccount()
	if len(w.ConfigFiles) > 0 {
		next.ConfigMapNameOverride = new(w.ConfigMapName())
	}
	next.Service = w.candidateService()
	if sleep := w.WithDefaults().PreStopSleepSeconds; next.PreStopSleepSeconds == nil && *sleep > 0 {
		next.PreStopSleepSeconds = sleep
	}

	next.Containers = maps.Clone(w.Containers)
	for name, c := range next.Containers {
		next.Containers[name] = c.changed(k, name)
	}
	next.InitContainers = make([]InitContainer, len(w.InitContainers))
	for i, c := range w.InitContainers {
		c.Container = c.changed(k, c.Name)
		next.InitContainers[i] = c
	}
	next.scaleCandidate(w, k)
	return next
}

// changed returns a container with what a candidate changes of it.
func (c Container) changed(k rollout.Candidate, name string) Container {
	if image, there := k.Images[name]; there {
		c.Image = image
	}
	if len(k.Env[name]) > 0 {
		c.Env = maps.Clone(c.Env)
		if c.Env == nil {
			c.Env = map[string]string{}
		}
		maps.Copy(c.Env, k.Env[name])
	}
	if r, there := k.Resources[name]; there {
		old := valueOf(c.Resources)
		changed := Resources{Requests: maps.Clone(old.Requests), Limits: maps.Clone(old.Limits)}
		for _, part := range []struct {
			into *map[string]string
			from map[string]string
		}{{&changed.Requests, r.Requests}, {&changed.Limits, r.Limits}} {
			if *part.into == nil && len(part.from) > 0 {
				*part.into = map[string]string{}
			}
			maps.Copy(*part.into, part.from)
		}
		c.Resources = &changed
	}
	return c
}

// scaleCandidate decides how many pods the candidate has. A blue-green candidate must be able to
// take all traffic at once, so it is scaled like the stable track, as is one whose share depends on
// the requests. That of a canary is scaled by its share, and by exactly that share where it comes
// from the number of pods; the stable track is never made smaller for it.
func (next *Workload) scaleCandidate(w Workload, k rollout.Candidate) {
	// Whether there is a budget does not depend on the number of pods, which changes with each step.
	next.DisruptionBudget = &DisruptionBudget{Enabled: new(w.HasDisruptionBudget())}
	next.Replicas, next.Autoscaling = w.Replicas, w.Autoscaling
	s := *w.Strategy
	if k.Replicas != nil {
		next.Replicas, next.Autoscaling = k.Replicas, nil
	} else if s.Canary != nil {
		next.scaleBy(w.LowestReplicas(), w.Weight(), w.SplitsByPods())
	}
}

// scaleBy gives a canary its share of the pods, rounded up and at least one.
func (next *Workload) scaleBy(lowest, weight int32, byPods bool) {
	pods, percent := int64(lowest), int64(weight)
	wanted := (pods*percent + 99) / 100
	if byPods && percent < 100 {
		// wanted / (pods + wanted) is the weight.
		wanted = (pods*percent + (100-percent)/2) / (100 - percent)
	}
	share := int32(min(max(wanted, 1), math.MaxInt32))
	if next.Autoscaling == nil {
		next.Replicas = &share
		return
	}
	a := *next.Autoscaling
	a.MinReplicas = min(share, a.MaxReplicas)
	next.Autoscaling = &a
}

// sharedAccount is the account of the stable track, which makes it.
func (w Workload) sharedAccount() *ServiceAccount {
	account := valueOf(w.ServiceAccount)
	return &ServiceAccount{Create: new(false), Name: new(w.ServiceAccountName()), AutomountToken: account.AutomountToken}
}

// candidateService is the Service of the candidate's pods: one inside the cluster, where a route
// needs it. A blue-green strategy has a preview Service instead, and the share of a canary without a
// traffic provider is that of its pods in the one Service.
func (w Workload) candidateService() *Service {
	if valueOf(w.Strategy).BlueGreen != nil || w.SplitsByPods() || !w.HasService() {
		return &Service{Enabled: new(false)}
	}
	s := valueOf(w.Service)
	return &Service{Enabled: new(true), Labels: s.Labels, Annotations: s.Annotations, IPFamilyPolicy: s.IPFamilyPolicy, IPFamilies: s.IPFamilies,
		TrafficDistribution: s.TrafficDistribution, InternalTrafficPolicy: s.InternalTrafficPolicy}
}

// validateDelivery looks at strategy, traffic and analysis together, and at the candidate.
func (w Workload) validateDelivery(c *checks) {
	s := valueOf(w.Strategy)
	join := func(err error) {
		if err != nil {
			c.errs = append(c.errs, err)
		}
	}
	valid := true
	if w.Traffic != nil {
		err := w.Traffic.Validate(field.Root("traffic"))
		join(err)
		valid = valid && err == nil
		w.validateTrafficPort(c)
		c.annotations(field.Root("traffic").Attr("annotations"), w.Traffic.Annotations, w.Annotations)
	}
	if w.Analysis != nil {
		err := w.Analysis.Validate(field.Root("analysis"))
		join(err)
		valid = valid && err == nil
	}
	if w.Strategy != nil {
		valid = valid && s.Validate(field.Root("strategy"), w.Kind.controller()) == nil
	}
	if !valid || !w.Kind.Has("strategy") {
		return
	}
	join(rollout.ValidateTogether(s, w.Traffic, w.Analysis))
	if !s.Progressive() || w.Kind != Deployment {
		return
	}
	if !w.HasService() {
		c.failResting(field.Root("strategy"), []field.Path{field.Root("service"), field.Root("containers")},
			"moves requests between two versions, and the workload has no Service that could get them: give a container a port, or use rolling")
	}
	if w.SplitsByPods() && w.Autoscaling != nil {
		c.failResting(field.Root("autoscaling"), []field.Path{field.Root("strategy"), field.Root("traffic")},
			"changes the number of pods, which is what splits the requests without a traffic provider: set traffic.provider, or replicas instead")
	}
	if w.Engine() == rollout.Flagger && w.Autoscaling == nil {
		c.failResting(field.Root("strategy").Attr("engine"), []field.Path{field.Root("autoscaling"), field.Root("replicas")},
			"is flagger, which scales the Deployment itself: a number in the manifest would start the idle version again with every apply, and without one there is one pod; set autoscaling, with min_replicas = max_replicas for a fixed number")
	}
	w.validateMeshPort(c)
	w.validateDerivedNames(c)
	if w.HasCandidate() {
		w.validateCandidate(c)
	}
}

// validateMeshPort asks for one number where Flagger knows only one: it gives the VirtualNodes of App Mesh the
// Service's port for that of the pods, because it reads no names of ports there.
//
// Source: fluxcd/flagger@v1.44.0 pkg/router/appmesh_v1beta2.go getContainerPort.
func (w Workload) validateMeshPort(c *checks) {
	if w.Engine() != rollout.Flagger || w.TrafficProvider() != rollout.AppMesh {
		return
	}
	if port, found := w.TrafficPort(); found && port.ServicePort != nil && *port.ServicePort != port.ContainerPort {
		c.failResting(field.Root("traffic").Attr("provider"), []field.Path{field.Root("containers"), field.Root("strategy")},
			"is app_mesh, where Flagger takes the Service's port %d for that of the pods, which is %d: set service_port of port %q to %d", *port.ServicePort, port.ContainerPort, port.Name, port.ContainerPort)
	}
}

// validateDerivedNames looks at the names that are made of the workload's.
func (w Workload) validateDerivedNames(c *checks) {
	const longest = 63 - len(CandidateSuffix)
	if len(w.Name) > longest {
		c.failResting(field.Root("name"), []field.Path{field.Root("strategy")},
			"has %d characters: with this strategy it may have %d, because objects of the other version are called by it and %q", len(w.Name), longest, CandidateSuffix)
	}
}

// validateTrafficPort looks for the port that gets the requests.
func (w Workload) validateTrafficPort(c *checks) {
	if w.TrafficProvider() == rollout.NoProvider {
		return
	}
	if !w.HasService() {
		c.failResting(field.Root("traffic"), []field.Path{field.Root("service"), field.Root("containers"), field.Root("kind")},
			"leads to a Service, and the workload has none: give a container a port, or remove traffic")
		return
	}
	port, found := w.TrafficPort()
	at := field.Root("traffic")
	if found && port.Protocol != nil && *port.Protocol != "TCP" {
		c.failResting(at.Attr("port"), []field.Path{field.Root("containers"), field.Root("init_containers")}, "%q is a port for %s, and requests come by TCP: name another one", port.Name, *port.Protocol)
	}
	if !found {
		if w.Traffic.Port != nil {
			c.failResting(at.Attr("port"), []field.Path{field.Root("containers")}, "%q is no declared port", *w.Traffic.Port)
			return
		}
		c.failResting(at.Attr("port"), []field.Path{field.Root("containers")}, "is needed: there are several ports, and none is called http")
	}
}

// TrafficPort returns the port that gets the requests: the one that is named, the only one, or the
// one called http.
func (w Workload) TrafficPort() (NamedPort, bool) {
	ports := w.NamedPorts()
	wanted := "http"
	if w.Traffic != nil && w.Traffic.Port != nil {
		wanted = *w.Traffic.Port
	} else if len(ports) == 1 {
		return ports[0], true
	}
	for _, port := range ports {
		if port.Name == wanted {
			return port, true
		}
	}
	return NamedPort{}, false
}

// validateCandidate looks at what the candidate changes, and then at the workload that it makes.
func (w Workload) validateCandidate(c *checks) {
	at, k := w.candidatePath(), *w.Strategy.Candidate()
	known := map[string]bool{}
	for _, container := range w.AllContainers() {
		known[container.Name] = true
	}
	before := len(c.errs)
	there := func(part string, names []string) {
		for _, name := range names {
			if !known[name] {
				c.failResting(at.Attr(part).Key(name), []field.Path{field.Root("containers"), field.Root("init_containers")}, "no container has that name")
			}
		}
	}
	there("images", sorted(k.Images))
	there("env", sorted(k.Env))
	there("resources", sorted(k.Resources))
	if len(c.errs) > before {
		return
	}
	c.foreign(at, w, w.Candidate())
}

// foreign reports what is wrong with the candidate's workload and not with the stable one.
func (c *checks) foreign(at field.Path, stable, candidate Workload) {
	said := map[string]bool{}
	for _, e := range leaves(stable.validateAlone(c.version)) {
		said[e.Path.String()] = true
	}
	for _, e := range leaves(candidate.validateAlone(c.version)) {
		if said[e.Path.String()] || e.Path.HasPrefix(field.Root("name")) { // see validateDerivedNames
			continue
		}
		c.errs = append(c.errs, field.Errorf(candidateAttribute(at, e.Path), "%s", strings.TrimPrefix(e.Error(), e.Path.String()+": ")).RestsOn(field.Path{}))
	}
}

// validateAlone looks at a workload as if it had one track.
func (w Workload) validateAlone(version kubeversion.Version) error {
	w.Strategy, w.Traffic, w.Analysis, w.Patches = nil, nil, nil, nil
	return w.Validate(version)
}

func leaves(err error) []*field.Error {
	found, _ := field.All(err)
	return found
}

// candidateAttribute returns the attribute of a candidate that decides about one of its workload.
func candidateAttribute(at, path field.Path) field.Path {
	steps := path.Steps()
	if len(steps) >= 3 && steps[0].Name == "containers" {
		container := steps[1].Name
		switch steps[2].Name {
		case "image":
			return at.Attr("images").Key(container)
		case "env", "resources":
			inner := at.Attr(steps[2].Name).Key(container)
			for _, step := range steps[3:] {
				if step.Kind == field.MapKey {
					inner = inner.Key(step.Name)
				} else {
					inner = inner.Attr(step.Name)
				}
			}
			return inner
		}
	}
	return at
}

// CandidateAttribute returns the attribute that decides about an attribute of the candidate's workload.
func (w Workload) CandidateAttribute(path field.Path) field.Path {
	return candidateAttribute(w.candidatePath(), path)
}

func (w Workload) candidatePath() field.Path {
	s, at := valueOf(w.Strategy), field.Root("strategy")
	switch {
	case s.BlueGreen != nil:
		return at.Attr("blue_green").Attr("candidate")
	case s.Canary != nil:
		return at.Attr("canary").Attr("candidate")
	default:
		return at.Attr("ab_test").Attr("candidate")
	}
}
