package workload

import (
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

func (container Container) validateEnv(c *checks, p field.Path, w Workload) {
	for _, name := range sorted(container.Env) {
		at := p.Attr("env").Key(name)
		c.variable(at, name)
		c.text(at, container.Env[name])
	}
	for _, name := range sorted(container.EnvFromSecret) {
		at, source := p.Attr("env_from_secret").Key(name), container.EnvFromSecret[name]
		c.variable(at, name)
		c.name(at.Attr("secret"), source.Secret)
		c.kubernetes(at.Attr("key"), source.Key, validation.IsConfigMapKey(source.Key))
	}
	for _, name := range sorted(container.EnvFromConfigMap) {
		at, source := p.Attr("env_from_config_map").Key(name), container.EnvFromConfigMap[name]
		c.variable(at, name)
		c.name(at.Attr("config_map"), source.ConfigMap)
		c.kubernetes(at.Attr("key"), source.Key, validation.IsConfigMapKey(source.Key))
	}
	for _, name := range sorted(container.EnvFromField) {
		at, source := p.Attr("env_from_field").Key(name), container.EnvFromField[name]
		c.variable(at, name)
		c.podField(at, source.FieldPath, source.Resource, envFieldPaths, w)
	}
	for i, source := range container.EnvFrom {
		c.envSource(p.Attr("env_from").Index(i), source)
	}
	container.validateEnvTogether(c, p)
}

// validateEnvTogether fails for a variable that is set twice, and for variables that
// refer to each other in a circle, which Kubernetes would leave as text.
func (container Container) validateEnvTogether(c *checks, p field.Path) {
	owners := map[string]string{}
	for _, list := range []struct {
		attribute string
		names     []string
	}{
		{"env", sorted(container.Env)},
		{"env_from_secret", sorted(container.EnvFromSecret)},
		{"env_from_config_map", sorted(container.EnvFromConfigMap)},
		{"env_from_field", sorted(container.EnvFromField)},
	} {
		for _, name := range list.names {
			if owner, twice := owners[name]; twice {
				c.fail(p.Attr(list.attribute).Key(name), "is set in %s too: keep one of them", owner)
				continue
			}
			owners[name] = list.attribute
		}
	}
	if _, circle := container.orderEnv(); circle != nil {
		c.fail(p.Attr("env").Key(circle[0]), "refers to itself by way of %s, which Kubernetes leaves as it is: break the circle, or write $$(NAME) for that text itself",
			strings.Join(circle, ", "))
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateEnvFrom.
func (c *checks) envSource(p field.Path, source EnvSource) {
	switch {
	case source.ConfigMap == nil && source.Secret == nil:
		c.fail(p, "names no source: set config_map or secret")
	case source.ConfigMap != nil && source.Secret != nil:
		c.fail(p, "sets config_map and secret: make two elements of them")
	}
	c.optionalName(p.Attr("config_map"), source.ConfigMap)
	c.optionalName(p.Attr("secret"), source.Secret)
	if source.Prefix != nil {
		c.variable(p.Attr("prefix"), *source.Prefix)
	}
}

// variable checks the name of an environment variable. Names with punctuation must also
// survive the way through Helm.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateEnv.
func (c *checks) variable(p field.Path, name string) {
	if c.version.Has(kubeversion.RelaxedEnvNames) {
		c.kubernetes(p, name, validation.IsRelaxedEnvVarName(name))
		c.carriable(p, name)
		return
	}
	c.kubernetes(p, name, validation.IsEnvVarName(name))
}

// The fields of a pod that a variable and a file may show.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation validEnvDownwardAPIFieldPathExpressions
// and validVolumeDownwardAPIFieldPathExpressions.
var (
	envFieldPaths = []string{
		"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
		"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
	}
	fileFieldPaths = []string{"metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"}
)

// subscripted is one label or annotation of the pod.
var subscripted = regexp.MustCompile(`^metadata\.(labels|annotations)\['(.*)'\]$`)

// podField checks what shows a field of the pod or a resource of a container.
func (c *checks) podField(p field.Path, fieldPath *string, of *ResourceField, allowed []string, w Workload) {
	switch {
	case fieldPath == nil && of == nil:
		c.fail(p, "names nothing: set field_path or resource")
	case fieldPath != nil && of != nil:
		c.fail(p, "sets field_path and resource: keep one of them")
	}
	if fieldPath != nil {
		at := p.Attr("field_path")
		if parts := subscripted.FindStringSubmatch(*fieldPath); parts != nil {
			key := parts[2]
			if parts[1] == "annotations" {
				key = strings.ToLower(key)
			}
			c.kubernetes(at, parts[2], validation.IsQualifiedName(key))
		} else if !slices.Contains(allowed, *fieldPath) {
			c.fail(at, "%q is no field that can be shown here: use metadata.labels['<key>'], metadata.annotations['<key>'] or one of %s", *fieldPath, strings.Join(allowed, ", "))
		}
	}
	if of != nil {
		c.resourceField(p.Attr("resource"), *of, w)
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateContainerResourceFieldSelector
// and validateContainerResourceDivisor.
func (c *checks) resourceField(p field.Path, of ResourceField, w Workload) {
	_, kind, _ := strings.Cut(of.Name, ".")
	isCPU := kind == "cpu"
	if !strings.HasPrefix(of.Name, "limits.") && !strings.HasPrefix(of.Name, "requests.") ||
		!isCPU && kind != "memory" && kind != resourceEphemeralStorage && !strings.HasPrefix(kind, hugePages) {
		c.fail(p.Attr("name"), "%q is no resource of a container: write limits. or requests. before cpu, memory, ephemeral-storage or hugepages-<size>", of.Name)
	}
	if of.Container != nil {
		c.containerName(p.Attr("container"), w, *of.Container)
	}
	if of.Divisor == nil {
		return
	}
	q, err := resource.ParseQuantity(*of.Divisor)
	units := []string{"1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"}
	if isCPU {
		units = []string{"1m", "1"}
	}
	if err != nil || !slices.Contains(units, q.String()) {
		c.failResting(p.Attr("divisor"), []field.Path{p.Attr("name")}, "%q is no unit: use one of %s", *of.Divisor, strings.Join(units, ", "))
	}
}
