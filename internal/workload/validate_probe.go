package workload

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// probeRole tells which of the three probes is meant; the API allows them different things.
type probeRole string

const (
	startupProbe   probeRole = "startup"
	readinessProbe probeRole = "readiness"
	livenessProbe  probeRole = "liveness"
)

// probe holds the rules of kubernetes@v1.36.1 pkg/apis/core/validation validateProbe,
// validateLivenessProbe and validateStartupProbe, and that a port is a declared one.
func (c *checks) probe(p field.Path, probe *Probe, role probeRole, ports ports) {
	if probe == nil {
		return
	}
	c.probeHandler(p, probe, ports)
	atLeast(c, p.Attr("initial_delay_seconds"), probe.InitialDelaySeconds, 0)
	atLeast(c, p.Attr("period_seconds"), probe.PeriodSeconds, 1)
	atLeast(c, p.Attr("timeout_seconds"), probe.TimeoutSeconds, 1)
	atLeast(c, p.Attr("success_threshold"), probe.SuccessThreshold, 1)
	atLeast(c, p.Attr("failure_threshold"), probe.FailureThreshold, 1)
	atLeast(c, p.Attr("termination_grace_period_seconds"), probe.TerminationGracePeriodSeconds, 1)
	if role != readinessProbe && probe.SuccessThreshold != nil && *probe.SuccessThreshold > 1 {
		c.fail(p.Attr("success_threshold"), "is %d, but must be 1 for a %s probe: one success decides", *probe.SuccessThreshold, role)
	}
	if role == readinessProbe && probe.TerminationGracePeriodSeconds != nil {
		c.fail(p.Attr("termination_grace_period_seconds"), "has no meaning for a readiness probe, which never stops a container: remove it")
	}
}

func (c *checks) probeHandler(p field.Path, probe *Probe, ports ports) {
	var chosen []string
	if get := probe.HTTPGet; get != nil {
		chosen = append(chosen, "http_get")
		c.httpGet(p.Attr("http_get"), get, ports)
	}
	if probe.TCPSocket != nil {
		chosen = append(chosen, "tcp_socket")
		c.tcpPort(p.Attr("tcp_socket").Attr("port"), probe.TCPSocket.Port, ports)
	}
	if probe.GRPC != nil {
		chosen = append(chosen, "grpc")
		c.tcpPort(p.Attr("grpc").Attr("port"), probe.GRPC.Port, ports)
		if probe.GRPC.Service != nil {
			c.text(p.Attr("grpc").Attr("service"), *probe.GRPC.Service)
		}
	}
	if probe.Exec != nil {
		chosen = append(chosen, "exec")
		c.command(p.Attr("exec").Attr("command"), probe.Exec.Command)
	}
	switch len(chosen) {
	case 1:
	case 0:
		c.fail(p, "says nothing to do: set one of http_get, tcp_socket, grpc, exec")
	default:
		c.fail(p, "sets %s: keep one of them", strings.Join(chosen, " and "))
	}
}

func (c *checks) httpGet(p field.Path, get *HTTPGet, ports ports) {
	c.tcpPort(p.Attr("port"), get.Port, ports)
	c.oneOf(p.Attr("scheme"), get.Scheme, "HTTP", "HTTPS")
	if get.Path != nil {
		c.absolutePath(p.Attr("path"), *get.Path)
	}
	for _, name := range sorted(get.Headers) {
		at := p.Attr("headers").Key(name)
		c.kubernetes(at, name, validation.IsHTTPHeaderName(name))
		c.text(at, get.Headers[name])
		if strings.ContainsAny(get.Headers[name], "\r\n") {
			c.fail(at, "holds a line break, which a header cannot: remove it")
		}
	}
}

func (c *checks) tcpPort(p field.Path, reference string, ports ports) {
	port, ok := c.port(p, reference, ports)
	if ok && port.Protocol != nil && *port.Protocol != "TCP" {
		c.failResting(p, ports.at, "%q is a %s port, and a probe connects over TCP: use a TCP port", reference, *port.Protocol)
	}
}
