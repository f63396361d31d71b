package hardening

import (
	"fmt"
	"reflect"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var probeRules = []Rule{
	{
		ID:          "readiness-probe",
		Severity:    Error,
		Title:       "Every container says when it is ready for traffic.",
		Attribute:   "containers",
		Remediation: "set `readiness_probe` to a check that fails while the container cannot serve; one without a port can use `exec`",
		InYAML:      "set `readinessProbe` to a check that fails while the container cannot serve; one without a port can use `exec`",
		Rationale:   "Without it a pod counts as ready as soon as its process runs: a rollout goes on over pods that answer with errors, and Services send traffic to them.",
		Source:      "Kubernetes documentation, concepts/configuration/liveness-readiness-startup-probes; kube-score@v1.20.0 pod-probes",
		check:       eachContainer(checkReadinessProbe),
	},
	{
		ID:          "liveness-probe",
		Severity:    Error,
		Title:       "Every container says whether it still works.",
		Attribute:   "containers",
		Remediation: "set `liveness_probe` to a check of the process alone, never of what it depends on, or a database's outage restarts the whole fleet",
		InYAML:      "set `livenessProbe` to a check of the process alone, never of what it depends on, or a database's outage restarts the whole fleet",
		Rationale:   "A process that hangs is not restarted unless somebody asks it.",
		Source:      "Kubernetes documentation, concepts/configuration/liveness-readiness-startup-probes; kube-score@v1.20.0 pod-probes",
		check:       eachContainer(checkLivenessProbe),
	},
	{
		ID:          "startup-probe",
		Severity:    Warning,
		Title:       "The liveness probe leaves time to start.",
		Attribute:   "containers",
		Remediation: "set `startup_probe`, which holds the liveness probe back until it succeeds, or `initial_delay_seconds` of the liveness probe",
		InYAML:      "set `startupProbe`, which holds the liveness probe back until it succeeds, or `initialDelaySeconds` of the liveness probe",
		Rationale:   "A start that takes longer than the liveness probe's patience, on a cold or busy node, ends in a restart, and that start takes as long again.",
		Source:      "Kubernetes documentation, tasks/configure-pod-container/configure-liveness-readiness-startup-probes, \"Protect slow starting containers\"",
		check:       eachContainer(checkStartupProbe),
	},
	{
		ID:          "distinct-probes",
		Severity:    Error,
		Title:       "Liveness and readiness are different questions.",
		Attribute:   "containers",
		Remediation: "let `liveness_probe` ask less (another path, another handler) or wait longer (a higher `failure_threshold`) than `readiness_probe`",
		InYAML:      "let `livenessProbe` ask less (another path, another handler) or wait longer (a higher `failureThreshold`) than `readinessProbe`",
		Rationale:   "With equal probes a container that is briefly overloaded is not only taken out of the Service but restarted at the same moment, which makes the overload worse for the others.",
		Source:      "kube-score@v1.20.0 pod-probes-identical",
		check:       eachContainer(checkDistinctProbes),
	},
	{
		ID:          "probe-port",
		Severity:    Error,
		Title:       "Every probe asks a port that the container declares.",
		Attribute:   "containers",
		Remediation: "use the name or number of one of the container's `ports` in the probe, or declare the port",
		InYAML:      "use the name or number of one of the container's `ports` in the probe, or declare the port",
		Rationale:   "A name that no port has fails every probe; a number that no port has is most often a port that the application does not listen on.",
		Source:      "Kubernetes documentation, tasks/configure-pod-container/configure-liveness-readiness-startup-probes, \"Use a named port\"",
		check:       eachContainer(checkProbePorts),
	},
}

// probes returns the container's probes by the names of their fields.
func (c *container) probes() map[string]*corev1.Probe {
	probes := map[string]*corev1.Probe{}
	for name, probe := range map[string]*corev1.Probe{
		"startupProbe": c.StartupProbe, "readinessProbe": c.ReadinessProbe, "livenessProbe": c.LivenessProbe,
	} {
		if probe != nil {
			probes[name] = probe
		}
	}
	return probes
}

// isServer tells containers that run until they are stopped. Probes are not
// asked of init containers, sidecars included, nor of jobs.
func (c *container) isServer() bool { return !c.init && !c.pod.finite }

func checkReadinessProbe(c *container, report report) {
	if c.isServer() && c.ReadinessProbe == nil {
		report(c.at("readinessProbe"), "container %q has no readiness probe, so it gets traffic as soon as its process runs", c.Name)
	}
}

func checkLivenessProbe(c *container, report report) {
	if c.isServer() && c.LivenessProbe == nil {
		report(c.at("livenessProbe"), "container %q has no liveness probe, so it stays as it is when it hangs", c.Name)
	}
}

func checkStartupProbe(c *container, report report) {
	if c.LivenessProbe == nil || c.StartupProbe != nil || c.LivenessProbe.InitialDelaySeconds > 0 {
		return
	}
	liveness := withDefaults(*c.LivenessProbe)
	report(c.at("startupProbe"), "container %q is restarted when it has not started after about %d s (failureThreshold %d × periodSeconds %d of the liveness probe)",
		c.Name, liveness.FailureThreshold*liveness.PeriodSeconds, liveness.FailureThreshold, liveness.PeriodSeconds)
}

func checkDistinctProbes(c *container, report report) {
	if c.LivenessProbe == nil || c.ReadinessProbe == nil {
		return
	}
	if reflect.DeepEqual(withDefaults(*c.LivenessProbe), withDefaults(*c.ReadinessProbe)) {
		report(c.at("livenessProbe"), "the liveness probe of container %q is the same as its readiness probe, so it is restarted as soon as it is not ready", c.Name)
	}
}

// withDefaults fills in what Kubernetes does.
// Source: kubernetes@v1.36.1 pkg/apis/core/v1/defaults.go SetDefaults_Probe, SetDefaults_HTTPGetAction.
func withDefaults(probe corev1.Probe) corev1.Probe {
	for _, value := range []struct {
		field *int32
		value int32
	}{{&probe.PeriodSeconds, 10}, {&probe.TimeoutSeconds, 1}, {&probe.SuccessThreshold, 1}, {&probe.FailureThreshold, 3}} {
		if *value.field == 0 {
			*value.field = value.value
		}
	}
	if probe.HTTPGet != nil {
		get := *probe.HTTPGet
		if get.Path == "" {
			get.Path = "/"
		}
		if get.Scheme == "" {
			get.Scheme = corev1.URISchemeHTTP
		}
		probe.HTTPGet = &get
	}
	return probe
}

func checkProbePorts(c *container, report report) {
	for name, probe := range c.probes() {
		var port intstr.IntOrString
		switch {
		case probe.HTTPGet != nil:
			port, name = probe.HTTPGet.Port, name+".httpGet.port"
		case probe.TCPSocket != nil:
			port, name = probe.TCPSocket.Port, name+".tcpSocket.port"
		case probe.GRPC != nil:
			port, name = intstr.FromInt32(probe.GRPC.Port), name+".grpc.port"
		default:
			continue
		}
		if !c.listensOn(port, corev1.ProtocolTCP) {
			report(c.at(name), "port %s is not among the TCP ports that container %q declares (%s)", port.String(), c.Name, describePorts(c))
		}
	}
}

// listensOn reports whether the container declares a port, by name or number.
func (c *container) listensOn(port intstr.IntOrString, protocol corev1.Protocol) bool {
	for _, declared := range c.Ports {
		named := port.Type == intstr.String && port.StrVal == declared.Name
		numbered := port.Type == intstr.Int && port.IntVal == declared.ContainerPort
		if (named || numbered) && protocolOf(declared.Protocol) == protocol {
			return true
		}
	}
	return false
}

// protocolOf returns the protocol of a port; TCP is Kubernetes' default.
func protocolOf(protocol corev1.Protocol) corev1.Protocol {
	if protocol == "" {
		return corev1.ProtocolTCP
	}
	return protocol
}

func describePorts(containers ...*container) string {
	var ports []string
	for _, c := range containers {
		for _, port := range c.Ports {
			name := strconv.Itoa(int(port.ContainerPort))
			if port.Name != "" {
				name = port.Name + " " + name
			}
			ports = append(ports, fmt.Sprintf("%s/%s", name, protocolOf(port.Protocol)))
		}
	}
	if len(ports) == 0 {
		return "none"
	}
	return list(ports)
}
