//go:build cluster

package clustertest_test

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

const digest = "@sha256:a7b39e1b0b1a4d5c6d7e8f90123456789abcdef0123456789abcdef012345678"

// container draws the least that the pod's container number index is; its ports
// are not taken.
func (g generator) container(index int, taken map[int32]bool) workload.Container {
	return workload.Container{
		Image: pick(g, "registry.example.com/shop/api:1.4.2", "nginx:1.29", "localhost:5000/a/b/c",
			"registry.example.com:8443/"+strings.Repeat("deep/", 20)+"image:v1") + digest,
		Ports:     g.ports(index, taken),
		Resources: g.resources(),
	}
}

// inContainer makes a part of one that is about a container. It takes any of the
// workload's.
func inContainer(change func(g generator, c *workload.Container)) part {
	return func(g generator, w *workload.Workload) {
		name := pick(g, sortedKeys(w.Containers)...)
		c := w.Containers[name]
		change(g, &c)
		w.Containers[name] = c
	}
}

// containerParts are what a container can have.
var containerParts = []part{
	inContainer(func(g generator, c *workload.Container) {
		c.ImagePullPolicy = maybe(g, "Always", "IfNotPresent", "Never")
	}),
	inContainer(func(g generator, c *workload.Container) { c.Command = g.texts() }),
	inContainer(func(g generator, c *workload.Container) { c.Args = g.texts() }),
	inContainer(func(g generator, c *workload.Container) { c.WorkingDir = maybe(g, "/", "/srv", "/with blank/: colon") }),
	inContainer(func(g generator, c *workload.Container) {
		c.Env = some(g, 5, func() (string, string) { return g.variable("E"), g.text() })
	}),
	inContainer(func(g generator, c *workload.Container) { c.EnvFromSecret = some(g, 3, g.secretKey) }),
	inContainer(func(g generator, c *workload.Container) {
		c.WritablePaths = some(g, 3, func() (string, string) {
			return pick(g, "/tmp", "/var/cache/a b", "/"+strings.Repeat("deep/", 40)+"x", "/Ärger"), pick(g, "0", "64Mi", "1G", "1.5Gi")
		})
	}),
	inContainer(func(g generator, c *workload.Container) { c.SecurityContext = g.securityContext() }),
	inContainer(func(g generator, c *workload.Container) {
		if c.ReadinessProbe = g.probe(c.Ports); c.ReadinessProbe != nil {
			c.ReadinessProbe.SuccessThreshold = maybe[int32](g, 1, 3)
		}
	}),
	inContainer(func(g generator, c *workload.Container) { c.LivenessProbe = g.killingProbe(c.Ports) }),
	inContainer(func(g generator, c *workload.Container) { c.StartupProbe = g.killingProbe(c.Ports) }),
}

// killingProbe draws a probe that can stop its container.
func (g generator) killingProbe(ports map[string]workload.Port) *workload.Probe {
	probe := g.probe(ports)
	if probe != nil {
		probe.SuccessThreshold = maybe[int32](g, 1)
		probe.TerminationGracePeriodSeconds = maybe[int64](g, 1, 20)
	}
	return probe
}

func (g generator) variable(prefix string) string {
	return pick(g, prefix, prefix+"_HOME", prefix+".dotted-name", "_"+prefix, fmt.Sprintf("%s%d", prefix, g.IntN(100)))
}

func (g generator) secretKey() (variable string, key workload.SecretKey) {
	return g.variable("S"), workload.SecretKey{
		Secret:   pick(g, "db", "a.b-c.d", strings.Repeat("s", 63)),
		Key:      pick(g, "password", "tls.key", "UPPER_case-1", ".dot"),
		Optional: maybe(g, true, false),
	}
}

func (g generator) ports(index int, taken map[int32]bool) map[string]workload.Port {
	if g.chance(4) {
		return nil
	}
	ports := make(map[string]workload.Port)
	for i := range 1 + g.IntN(3) {
		number := pick[int32](g, 1, 80, 8080, 65535, 1024+int32(g.IntN(60000)))
		if taken[number] {
			continue
		}
		taken[number] = true
		name := pick(g, "http", "p", "9p", "fifteen-letters")
		port := workload.Port{
			ContainerPort: number,
			Protocol:      maybe(g, "TCP", "UDP", "SCTP"),
			AppProtocol:   maybe(g, "http", "kubernetes.io/h2c", "example.com/Proto_1"),
		}
		if g.chance(3) {
			port.ServicePort = new(int32(10000*(index+1) + i))
		}
		if name != "fifteen-letters" {
			name += strconv.Itoa(index) + strconv.Itoa(i)
		}
		ports[name] = port
	}
	return ports
}

// resources draws requests and limits; every container has requests, since an
// autoscaler needs them.
func (g generator) resources() *workload.Resources {
	r := &workload.Resources{
		Requests: map[string]string{"cpu": pick(g, "1m", "200m", "0.5", "1", "1e1"), "memory": pick(g, "64Mi", "1e6", "128M", "0.5Gi")},
		Limits:   map[string]string{"memory": pick(g, "2Gi", "4G", "1Ti")},
	}
	if g.chance(3) {
		r.Limits["cpu"] = pick(g, "10", "12500m")
	}
	if g.chance(4) {
		r.Requests["ephemeral-storage"] = pick(g, "1Ki", "1Gi")
	}
	if g.chance(4) {
		r.Limits["ephemeral-storage"] = pick(g, "2Gi", "1T")
	}
	if g.chance(6) {
		r.Limits["example.com/gpu"] = pick(g, "1", "8")
		if g.chance(2) {
			r.Requests["example.com/gpu"] = r.Limits["example.com/gpu"]
		}
	}
	if g.chance(6) {
		r.Limits["hugepages-2Mi"] = pick(g, "2Mi", "64Mi")
	}
	return r
}

func (g generator) probe(ports map[string]workload.Port) *workload.Probe {
	if g.chance(4) {
		return nil
	}
	probe := &workload.Probe{
		InitialDelaySeconds: maybe[int32](g, 0, 1, 600),
		PeriodSeconds:       maybe[int32](g, 1, 5, 3600),
		TimeoutSeconds:      maybe[int32](g, 1, 5, 30),
		FailureThreshold:    maybe[int32](g, 1, 3, 100),
	}
	// A probe connects over TCP, to the port by its name or number.
	var references []string
	for _, name := range sortedKeys(ports) {
		if port := ports[name]; port.Protocol == nil || *port.Protocol == "TCP" {
			references = append(references, name, strconv.Itoa(int(port.ContainerPort)))
		}
	}
	if len(references) == 0 {
		probe.Exec = &workload.Exec{Command: []string{"/bin/check", g.text()}}
		return probe
	}
	switch reference := pick(g, references...); g.IntN(4) {
	case 0:
		probe.Exec = &workload.Exec{Command: []string{"/bin/check", g.text()}}
	case 1:
		probe.TCPSocket = &workload.TCPSocket{Port: reference}
	case 2:
		probe.GRPC = &workload.GRPC{Port: reference, Service: maybe(g, "", "shop.Api", "with blank")}
	default:
		probe.HTTPGet = &workload.HTTPGet{
			Path: maybe(g, "/", "/healthz?full=1&x=y#z", "/with blank", "/ä"), Port: reference, Scheme: maybe(g, "HTTP", "HTTPS"),
			Headers: some(g, 2, func() (string, string) {
				return pick(g, "Host", "X-Probe", "authorization"), pick(g, "", "yes", "a: b", "käse")
			}),
		}
	}
	return probe
}

// securityContext draws one that mostly keeps to the restricted standard.
func (g generator) securityContext() *workload.SecurityContext {
	if !g.chance(3) {
		return nil
	}
	s := &workload.SecurityContext{
		RunAsUser:                maybe[int64](g, 1, 10001, 1<<31-1),
		RunAsGroup:               maybe[int64](g, 0, 10001, 1<<31-1),
		RunAsNonRoot:             maybe(g, true),
		ReadOnlyRootFilesystem:   maybe(g, true, false),
		AllowPrivilegeEscalation: maybe(g, false),
		Privileged:               maybe(g, false),
	}
	if g.chance(3) {
		s.Capabilities = &workload.Capabilities{Add: pick(g, nil, []string{"NET_BIND_SERVICE"}), Drop: pick(g, nil, []string{"ALL"}, []string{"ALL", "NET_RAW"})}
	}
	s.SeccompProfile, s.AppArmorProfile = maybe(g, "RuntimeDefault", "localhost/profiles/web.json"), g.appArmorProfile()
	s.SELinuxOptions, s.ProcMount = g.seLinuxOptions(), maybe(g, "Default", "Unmasked")
	if g.chance(5) { // far from the standard: it takes an exception
		s.AllowPrivilegeEscalation, s.Privileged = new(true), maybe(g, true)
		s.Capabilities = &workload.Capabilities{Add: []string{"SYS_ADMIN", "SYS_TIME"}}
		s.RunAsUser, s.RunAsNonRoot = maybe[int64](g, 0), maybe(g, false)
	}
	return s
}
