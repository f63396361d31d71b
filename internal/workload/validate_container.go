package workload

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

func (w Workload) validateContainers(c *checks) {
	p := field.Root("containers")
	if len(w.Containers) == 0 {
		c.fail(p, "is empty: describe at least one container")
	}
	names := map[string]bool{}
	for _, container := range w.AllContainers() {
		at := container.At
		if container.Init {
			at = at.Attr("name")
		}
		c.kubernetes(at, container.Name, validation.IsDNS1123Label(container.Name))
		if names[container.Name] {
			c.failResting(container.At, []field.Path{field.Root("init_containers")}, "%q is the name of an init container too: rename one", container.Name)
		}
		names[container.Name] = true
		container.validate(c, container.At, w)
		c.validateInit(container)
		w.validateResizePolicy(c, container)
	}
	w.validatePorts(c)
}

func (container Container) validate(c *checks, p field.Path, w Workload) {
	if ref, err := imageref.Parse(container.Image); err != nil {
		c.fail(p.Attr("image"), "%s", err)
	} else if ref.IsLayout() {
		c.fail(p.Attr("image"), "%q is a layout on a local disk, which no node can pull: push it to a registry", container.Image)
	}
	c.oneOf(p.Attr("image_pull_policy"), container.ImagePullPolicy, "Always", "IfNotPresent", "Never")
	c.texts(p.Attr("command"), container.Command)
	c.texts(p.Attr("args"), container.Args)
	if container.WorkingDir != nil {
		c.absolutePath(p.Attr("working_dir"), *container.WorkingDir)
	}
	container.validateEnv(c, p, w)
	if container.Resources != nil {
		container.Resources.validate(c, p.Attr("resources"))
	}
	for _, path := range sorted(container.WritablePaths) {
		at := p.Attr("writable_paths").Key(path)
		c.mountPath(at, path)
		c.quantity(at, container.WritablePaths[path])
	}
	declared := ports{container.Ports, []field.Path{p.Attr("ports")}}
	c.probe(p.Attr("startup_probe"), container.StartupProbe, startupProbe, declared)
	c.probe(p.Attr("readiness_probe"), container.ReadinessProbe, readinessProbe, declared)
	c.probe(p.Attr("liveness_probe"), container.LivenessProbe, livenessProbe, declared)
	container.SecurityContext.validate(c, p.Attr("security_context"), w.HostUsers)
	if container.TerminationMessagePath != nil {
		c.absolutePath(p.Attr("termination_message_path"), *container.TerminationMessagePath)
	}
	c.oneOf(p.Attr("termination_message_policy"), container.TerminationMessagePolicy, "File", "FallbackToLogsOnError")
}

// validatePorts looks at the ports of all containers, which share one network
// namespace and one Service.
func (w Workload) validatePorts(c *checks) {
	type socket struct {
		number   int32
		protocol string
	}
	names, listeners, services := map[string]string{}, map[socket]string{}, map[socket]string{}
	for _, port := range w.NamedPorts() {
		p := port.At.Attr("ports").Key(port.Name)
		label := port.Container + "/" + port.Name
		c.kubernetes(p, port.Name, validation.IsValidPortName(port.Name))
		c.oneOf(p.Attr("protocol"), port.Protocol, "TCP", "UDP", "SCTP")
		between(c, p.Attr("container_port"), &port.ContainerPort, 1, 65535)
		between(c, p.Attr("service_port"), port.ServicePort, 1, 65535)
		if port.AppProtocol != nil {
			c.kubernetes(p.Attr("app_protocol"), *port.AppProtocol, validation.IsQualifiedName(*port.AppProtocol))
		}
		protocol := "TCP"
		if port.Protocol != nil {
			protocol = *port.Protocol
		}
		if other, taken := names[port.Name]; taken {
			c.fail(p, "container %q has a port of this name too, and the Service needs one name for each: rename one", other)
		}
		names[port.Name] = port.Container
		listen := socket{port.ContainerPort, protocol}
		other, taken := listeners[listen]
		if taken {
			c.fail(p.Attr("container_port"), "%d/%s is the port of %s already: containers of a pod share their ports", listen.number, protocol, other)
		}
		listeners[listen] = label
		serve := socket{port.ContainerPort, protocol}
		if port.ServicePort != nil {
			serve.number = *port.ServicePort
		}
		if other, served := services[serve]; served && !taken && w.HasService() {
			c.fail(p.Attr("service_port"), "%d/%s is the Service's port for %s already: choose another", serve.number, protocol, other)
		}
		services[serve] = label
	}
}

func (c *checks) absolutePath(p field.Path, path string) {
	c.text(p, path)
	if !strings.HasPrefix(path, "/") {
		c.fail(p, "%q is not an absolute path: begin it with /", path)
	}
}
