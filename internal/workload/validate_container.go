package workload

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/imageref"
)

func (w Workload) validateContainers(c *checks) {
	p := field.Root("containers")
	if len(w.Containers) == 0 {
		c.fail(p, "is empty: describe at least one container")
	}
	for _, name := range w.ContainerNames() {
		container, at := w.Containers[name], p.Key(name)
		c.kubernetes(at, name, validation.IsDNS1123Label(name))
		container.validate(c, at)
	}
	w.validatePorts(c)
}

func (container Container) validate(c *checks, p field.Path) {
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
	container.validateEnv(c, p)
	if container.Resources != nil {
		container.Resources.validate(c, p.Attr("resources"))
	}
	for _, path := range sorted(container.WritablePaths) {
		at := p.Attr("writable_paths").Key(path)
		c.absolutePath(at, path)
		if strings.Contains(path, ":") {
			c.fail(at, "%q holds a colon, which a mount path cannot", path) // kubernetes@v1.36.1 ValidateVolumeMounts
		}
		c.quantity(at, container.WritablePaths[path])
	}
	declared := ports{container.Ports, []field.Path{p.Attr("ports")}}
	c.probe(p.Attr("startup_probe"), container.StartupProbe, startupProbe, declared)
	c.probe(p.Attr("readiness_probe"), container.ReadinessProbe, readinessProbe, declared)
	c.probe(p.Attr("liveness_probe"), container.LivenessProbe, livenessProbe, declared)
	container.SecurityContext.validate(c, p.Attr("security_context"))
}

func (container Container) validateEnv(c *checks, p field.Path) {
	for _, name := range sorted(container.Env) {
		at := p.Attr("env").Key(name)
		c.kubernetes(at, name, validation.IsEnvVarName(name))
		c.text(at, container.Env[name])
	}
	for _, name := range sorted(container.EnvFromSecret) {
		at, source := p.Attr("env_from_secret").Key(name), container.EnvFromSecret[name]
		c.kubernetes(at, name, validation.IsEnvVarName(name))
		c.name(at.Attr("secret"), source.Secret)
		c.kubernetes(at.Attr("key"), source.Key, validation.IsConfigMapKey(source.Key))
		if _, twice := container.Env[name]; twice {
			c.fail(at, "is set in env too: keep one of them")
		}
	}
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
		p := field.Root("containers").Key(port.Container).Attr("ports").Key(port.Name)
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

func (r Resources) validate(c *checks, p field.Path) {
	for _, list := range []struct {
		name   string
		values map[string]string
	}{{"requests", r.Requests}, {"limits", r.Limits}} {
		for _, name := range sorted(list.values) {
			at := p.Attr(list.name).Key(name)
			c.resourceName(at, name)
			c.quantity(at, list.values[name])
		}
	}
	for _, name := range sorted(r.Requests) {
		request, err := resource.ParseQuantity(r.Requests[name])
		limit, limitErr := resource.ParseQuantity(r.Limits[name])
		if err == nil && limitErr == nil && request.Cmp(limit) > 0 {
			c.fail(p.Attr("requests").Key(name), "asks for %s, which is more than the limit of %s: lower one or raise the other", r.Requests[name], r.Limits[name])
		}
	}
	for _, name := range append(sorted(r.Requests), sorted(r.Limits)...) {
		c.extendedResource(p, name, r)
	}
}

// resourceName accepts the resources of containers: the four native ones, huge
// pages, and extended resources, which have a domain.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateContainerResourceName.
func (c *checks) resourceName(p field.Path, name string) {
	switch {
	case name == "cpu" || name == "memory" || name == resourceEphemeralStorage || strings.HasPrefix(name, "hugepages-"):
	case strings.Contains(name, "/"):
		c.kubernetes(p, name, validation.IsQualifiedName(name))
	default:
		c.fail(p, "%q is no resource: use cpu, memory, ephemeral-storage, hugepages-<size>, or a name with a domain such as example.com/gpu", name)
	}
}

// extendedResource holds Kubernetes' rule that a request and limit of what cannot be overcommitted are equal.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateContainerResourceRequirements.
func (c *checks) extendedResource(p field.Path, name string, r Resources) {
	if !strings.Contains(name, "/") && !strings.HasPrefix(name, "hugepages-") {
		return
	}
	limit, limited := r.Limits[name]
	if !limited {
		c.failResting(p.Attr("requests").Key(name), []field.Path{p.Attr("limits")}, "needs a limit of the same amount, because it cannot be overcommitted: set limits[%q]", name)
		return
	}
	request, requested := r.Requests[name]
	if a, err := resource.ParseQuantity(request); requested && err == nil {
		if b, err := resource.ParseQuantity(limit); err == nil && a.Cmp(b) < 0 {
			c.fail(p.Attr("requests").Key(name), "is %s and the limit %s, but it cannot be overcommitted: make them equal", request, limit)
		}
	}
}

func (c *checks) quantity(p field.Path, value string) {
	q, err := resource.ParseQuantity(value)
	switch {
	case err != nil:
		c.fail(p, `%q is not a quantity: write a number with a unit, such as "200m" or "128Mi"`, value)
	case q.Sign() < 0:
		c.fail(p, "%q is negative", value)
	}
}

func (c *checks) absolutePath(p field.Path, path string) {
	c.text(p, path)
	if !strings.HasPrefix(path, "/") {
		c.fail(p, "%q is not an absolute path: begin it with /", path)
	}
}
