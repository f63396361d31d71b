package workload

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/rollout"
)

// What is decided for a user who does not say. The reasons are in the documentation
// page "Hardened by default"; where Kubernetes has a default of its own and we
// keep it, it is written out all the same, so that the manifest says everything.
const (
	defaultReplicas         = 3
	defaultUser             = 65532 // nonroot of distroless and Chainguard images; above 10000, as judges ask
	defaultMinReady         = 0
	defaultProgressDeadline = 600 // Kubernetes' default
	defaultRevisionHistory  = 10  // Kubernetes' default
	defaultPreStopSleep     = 5   // time for endpoints and load balancers to forget the pod
	defaultDrain            = 30  // Kubernetes' grace, here for the application alone
	zoneLabel               = "topology.kubernetes.io/zone"

	resourceEphemeralStorage = "ephemeral-storage"
	// Room for logs and small files; the limit grows by the writable paths.
	defaultEphemeralRequest = "64Mi"
	defaultEphemeralLimit   = "256Mi"
)

// WithDefaults returns a copy in which every open decision is made: hardened
// unless w says otherwise. It expects a description that [Workload.Validate]
// accepts, leaves w as it is, and applied twice gives the same as once.
func (w Workload) WithDefaults() Workload {
	hasService, hasBudget := w.HasService(), w.HasDisruptionBudget()

	containers := make(map[string]Container, len(w.Containers))
	for name, c := range w.Containers {
		containers[name] = c.withDefaults(w.Volumes)
	}
	w.Containers = containers
	w.InitContainers = slices.Clone(w.InitContainers)
	for i := range w.InitContainers {
		w.InitContainers[i].Container = w.InitContainers[i].withDefaults(w.Volumes)
	}
	volumes := make(map[string]Volume, len(w.Volumes))
	for name, v := range w.Volumes {
		volumes[name] = v.withDefaults()
	}
	w.Volumes = volumes

	if w.Autoscaling != nil {
		w.Autoscaling = new(w.Autoscaling.withDefaults())
	} else if w.Kind.Has("replicas") {
		orElse(&w.Replicas, defaultReplicas)
	}
	w.DisruptionBudget = new(valueOf(w.DisruptionBudget).withDefaults(hasBudget))
	w = w.withRolloutDefaults()

	w.Service = new(valueOf(w.Service).withDefaults(hasService))
	w.ServiceAccount = new(valueOf(w.ServiceAccount).withDefaults(w.Name))
	w.NetworkPolicy = new(valueOf(w.NetworkPolicy).withDefaults(len(w.NamedPorts()) > 0))
	w.SecurityContext = new(valueOf(w.SecurityContext).withDefaults(w.writesToClaims()))
	orElse(&w.EnableServiceLinks, false)

	w.TopologySpread = w.spread()

	sleep := int64(0)
	if hasService {
		sleep = defaultPreStopSleep
	}
	orElse(&w.PreStopSleepSeconds, sleep)
	orElse(&w.TerminationGracePeriodSeconds, w.longestSleep(*w.PreStopSleepSeconds)+defaultDrain)
	return w
}

// spread returns the constraints with every decision made: over zones, as far as
// possible, where nothing was said and more than one pod may run at a time.
func (w Workload) spread() []TopologySpread {
	if w.TopologySpread == nil && !w.RunsInParallel() {
		return nil
	}
	spread := slices.Clone(w.TopologySpread)
	if spread == nil {
		spread = []TopologySpread{{TopologyKey: zoneLabel}}
	}
	for i := range spread {
		orElse(&spread[i].MaxSkew, 1)
		orElse(&spread[i].WhenUnsatisfiable, "ScheduleAnyway")
	}
	return spread
}

// withRolloutDefaults decides how a new version replaces the old one.
func (w Workload) withRolloutDefaults() Workload {
	if w.Kind.Has("strategy") {
		w.Strategy = new(valueOf(w.Strategy).WithDefaults(w.Kind.controller()))
	}
	if w.Kind.Has("min_ready_seconds") {
		orElse(&w.MinReadySeconds, defaultMinReady)
	}
	if w.Kind.Has("progress_deadline_seconds") {
		orElse(&w.ProgressDeadlineSeconds, defaultProgressDeadline)
	}
	if w.Kind.Has("revision_history_limit") {
		orElse(&w.RevisionHistoryLimit, defaultRevisionHistory)
	}
	if w.Kind == StatefulSet {
		w = w.withStatefulDefaults()
	}
	if w.Kind.Has("job") {
		w.Job = new(valueOf(w.Job).withDefaults())
	}
	if w.Kind.Has("cron") {
		w.Cron = new(valueOf(w.Cron).withDefaults())
	}
	return w
}

// pullPolicy returns the policy that fits a reference.
func pullPolicy(reference string) string {
	if ref, err := imageref.Parse(reference); err == nil && ref.IsPinned() {
		return "IfNotPresent" // the digest makes it exact, and a registry outage stops no restart
	}
	return "Always"
}

func (c Container) withDefaults(volumes map[string]Volume) Container {
	orElse(&c.ImagePullPolicy, pullPolicy(c.Image))

	ports := make(map[string]Port, len(c.Ports))
	for name, p := range c.Ports {
		orElse(&p.ServicePort, p.ContainerPort)
		orElse(&p.Protocol, "TCP")
		ports[name] = p
	}
	c.Ports = ports

	c.VolumeMounts = maps.Clone(c.VolumeMounts)
	for path, mount := range c.VolumeMounts {
		c.VolumeMounts[path] = mount.withDefaults(volumes[mount.Volume])
	}

	c.Resources = new(valueOf(c.Resources).withDefaults(c.folders(volumes)))
	c.StartupProbe = c.StartupProbe.withDefaults()
	c.ReadinessProbe = c.ReadinessProbe.withDefaults()
	c.LivenessProbe = c.LivenessProbe.withDefaults()
	c.Lifecycle = c.Lifecycle.withDefaults()

	security := valueOf(c.SecurityContext)
	orElse(&security.ReadOnlyRootFilesystem, true)
	orElse(&security.AllowPrivilegeEscalation, false)
	orElse(&security.Privileged, false)
	capabilities := valueOf(security.Capabilities)
	if capabilities.Drop == nil {
		capabilities.Drop = []string{"ALL"}
	}
	security.Capabilities = &capabilities
	c.SecurityContext = &security
	return c
}

// folders returns the sizes of the folders on the node's disk that the container may write to.
func (c Container) folders(volumes map[string]Volume) []string {
	var sizes []string
	for _, path := range sorted(c.WritablePaths) {
		sizes = append(sizes, c.WritablePaths[path])
	}
	seen := map[string]bool{}
	for _, mount := range c.VolumeMounts {
		dir := volumes[mount.Volume].EmptyDir
		if dir != nil && dir.SizeLimit != nil && dir.Medium == nil && !seen[mount.Volume] {
			seen[mount.Volume] = true
			sizes = append(sizes, *dir.SizeLimit)
		}
	}
	return sizes
}

// withDefaults adds ephemeral-storage: without a limit one pod's logs can fill a
// node. What is written to emptyDirs counts against the limit, so it grows by their sizes.
func (r Resources) withDefaults(writable []string) Resources {
	r.Requests, r.Limits = maps.Clone(r.Requests), maps.Clone(r.Limits)
	if r.Requests == nil {
		r.Requests = map[string]string{}
	}
	if r.Limits == nil {
		r.Limits = map[string]string{}
	}
	if _, set := r.Limits[resourceEphemeralStorage]; !set {
		limit := resource.MustParse(defaultEphemeralLimit)
		for _, size := range writable {
			if q, err := resource.ParseQuantity(size); err == nil {
				limit.Add(q)
			}
		}
		if request, err := resource.ParseQuantity(r.Requests[resourceEphemeralStorage]); err == nil && request.Cmp(limit) > 0 {
			limit = request
		}
		r.Limits[resourceEphemeralStorage] = limit.String()
	}
	if _, set := r.Requests[resourceEphemeralStorage]; !set {
		request, limit := resource.MustParse(defaultEphemeralRequest), resource.MustParse("0")
		if q, err := resource.ParseQuantity(r.Limits[resourceEphemeralStorage]); err == nil {
			limit = q
		}
		if limit.Cmp(request) < 0 {
			request = limit
		}
		r.Requests[resourceEphemeralStorage] = request.String()
	}
	return r
}

// withDefaults writes out Kubernetes' own defaults.
// Source: kubernetes@v1.36.1 pkg/apis/core/v1/defaults.go SetDefaults_Probe.
func (p *Probe) withDefaults() *Probe {
	if p == nil {
		return nil
	}
	d := *p
	orElse(&d.InitialDelaySeconds, 0)
	orElse(&d.PeriodSeconds, 10)
	orElse(&d.TimeoutSeconds, 1)
	orElse(&d.SuccessThreshold, 1)
	orElse(&d.FailureThreshold, 3)
	if d.HTTPGet != nil {
		d.HTTPGet = d.HTTPGet.withDefaults()
	}
	return &d
}

func (g HTTPGet) withDefaults() *HTTPGet {
	orElse(&g.Path, "/")
	orElse(&g.Scheme, "HTTP")
	return &g
}

// withDefaults writes out Kubernetes' own scaling behaviour, so that a reviewer sees it.
// Source: kubernetes@v1.36.1 pkg/apis/autoscaling/v2/defaults.go.
func (a Autoscaling) withDefaults() Autoscaling {
	behavior := valueOf(a.Behavior)
	behavior.ScaleUp = new(valueOf(behavior.ScaleUp).withDefaults(0,
		ScalingPolicy{Type: "Percent", Value: 100, PeriodSeconds: 15}, ScalingPolicy{Type: "Pods", Value: 4, PeriodSeconds: 15}))
	behavior.ScaleDown = new(valueOf(behavior.ScaleDown).withDefaults(300,
		ScalingPolicy{Type: "Percent", Value: 100, PeriodSeconds: 15}))
	a.Behavior = &behavior
	return a
}

func (r ScalingRules) withDefaults(window int32, policies ...ScalingPolicy) ScalingRules {
	orElse(&r.StabilizationWindowSeconds, window)
	orElse(&r.SelectPolicy, "Max")
	if r.Policies == nil {
		r.Policies = policies
	}
	return r
}

func (b DisruptionBudget) withDefaults(enabled bool) DisruptionBudget {
	orElse(&b.Enabled, enabled)
	orElse(&b.UnhealthyPodEvictionPolicy, "AlwaysAllow")
	if b.MaxUnavailable == nil && b.MinAvailable == nil {
		// Follows the number of pods by itself; min_available at the HPA's minimum hangs every drain.
		b.MaxUnavailable = new(rollout.Quantity("1"))
	}
	return b
}

func (s Service) withDefaults(enabled bool) Service {
	orElse(&s.Enabled, enabled)
	orElse(&s.Type, "ClusterIP")
	return s
}

func (s ServiceAccount) withDefaults(name string) ServiceAccount {
	orElse(&s.Create, true)
	orElse(&s.Name, name)
	orElse(&s.AutomountToken, false)
	return s
}

func (n NetworkPolicy) withDefaults(hasPorts bool) NetworkPolicy {
	orElse(&n.Enabled, true)
	orElse(&n.AllowClusterEgress, true)
	if n.Ingress == nil && hasPorts {
		n.Ingress = []IngressRule{{}}
	}
	return n
}

// withDefaults hardens what is left open. Storage belongs to root until a group is
// named, so pods with claims get one.
func (s PodSecurityContext) withDefaults(claims bool) PodSecurityContext {
	orElse(&s.RunAsNonRoot, true)
	orElse(&s.RunAsUser, defaultUser)
	orElse(&s.RunAsGroup, defaultUser)
	if claims {
		orElse(&s.FSGroup, *s.RunAsGroup)
	}
	if s.FSGroup != nil {
		orElse(&s.FSGroupChangePolicy, "OnRootMismatch") // Always walks through every file at each start
	}
	orElse(&s.SeccompProfile, "RuntimeDefault")
	return s
}

// orElse sets *p to value where nothing was set.
func orElse[T any](p **T, value T) {
	if *p == nil {
		*p = &value
	}
}

// valueOf returns what p points to, or the zero value.
func valueOf[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
