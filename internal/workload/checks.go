package workload

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// checks collects violations, so that a user sees all of them at once.
type checks struct {
	version kubeversion.Version // of the cluster that the manifests are for
	errs    []error
}

func (c *checks) fail(p field.Path, format string, args ...any) {
	c.errs = append(c.errs, field.Errorf(p, format, args...))
}

// failResting is fail for a verdict that rests on other places than p as well.
func (c *checks) failResting(p field.Path, on []field.Path, format string, args ...any) {
	c.errs = append(c.errs, field.Errorf(p, format, args...).RestsOn(on...))
}

// needs fails where something is asked for that the cluster's version does not have.
func (c *checks) needs(p field.Path, feature kubeversion.Feature) {
	if !c.version.Has(feature) {
		c.fail(p, "needs Kubernetes %s or newer, and kubernetes_version of the provider is %s: remove it, or raise the version when the cluster has it",
			feature.Since(), c.version)
	}
}

func (c *checks) err() error { return errors.Join(c.errs...) }

// kubernetes records the messages of apimachinery's own validation of value.
func (c *checks) kubernetes(p field.Path, value string, messages []string) {
	for _, message := range messages {
		c.fail(p, "%q is not valid: %s", value, message)
	}
}

// atLeast fails unless value is nil or at least low.
func atLeast[T int32 | int64](c *checks, p field.Path, value *T, low T) {
	if value != nil && *value < low {
		c.fail(p, "is %d: use %d or more", *value, low)
	}
}

// between fails unless value is nil or in low..high.
func between[T int32 | int64](c *checks, p field.Path, value *T, low, high T) {
	if value != nil && (*value < low || *value > high) {
		c.fail(p, "is %d: use %d to %d", *value, low, high)
	}
}

// oneOf fails unless value is nil or one of the allowed words.
func (c *checks) oneOf(p field.Path, value *string, allowed ...string) {
	if value != nil && !slices.Contains(allowed, *value) {
		c.fail(p, "%q is none of %s", *value, strings.Join(allowed, ", "))
	}
}

// text fails where a string could not reach the container or object unchanged:
// invalid UTF-8 has no JSON or YAML form, and control characters other than tab
// and line breaks are refused because a reviewer cannot see them in a plan. What
// Helm or YAML readers would change is refused by [checks.carriable].
func (c *checks) text(p field.Path, value string) {
	if !utf8.ValidString(value) {
		c.fail(p, "is not valid UTF-8")
		return
	}
	for _, r := range value {
		if unicode.IsControl(r) && !strings.ContainsRune("\t\n\r", r) {
			c.fail(p, "holds the control character %U: remove it", r)
			return
		}
	}
	c.carriable(p, value)
}

func (c *checks) texts(p field.Path, values []string) {
	for i, value := range values {
		c.text(p.Index(i), value)
	}
}

// optionalName fails for a set name that is not a DNS subdomain, as Secrets,
// classes and accounts are called.
func (c *checks) optionalName(p field.Path, value *string) {
	if value != nil {
		c.name(p, *value)
	}
}

func (c *checks) name(p field.Path, value string) {
	if value == "" {
		c.fail(p, "is empty: name it or leave the attribute out")
		return
	}
	c.kubernetes(p, value, validation.IsDNS1123Subdomain(value))
}

// labels checks keys and values, and that no reserved key is among them.
func (c *checks) labels(p field.Path, labels, reserved map[string]string) {
	for _, key := range sorted(labels) {
		at, value := p.Key(key), labels[key]
		c.kubernetes(at, key, validation.IsQualifiedName(key))
		c.kubernetes(at, value, validation.IsValidLabelValue(value))
		if owned, ok := reserved[key]; ok && owned != value {
			c.fail(at, "is set by seaworthy to %q, because selectors rest on it: remove it", owned)
		}
	}
}

// Source: kubernetes@v1.36.1 apimachinery pkg/api/validation/objectmeta.go TotalAnnotationSizeLimitB.
const annotationsBytes = 256 << 10

// annotations checks keys and values, and the size that they have on an object
// together with the inherited ones.
func (c *checks) annotations(p field.Path, annotations, inherited map[string]string) {
	total := 0
	for key, value := range inherited {
		if _, replaced := annotations[key]; !replaced {
			total += len(key) + len(value)
		}
	}
	for _, key := range sorted(annotations) {
		c.kubernetes(p.Key(key), key, validation.IsQualifiedName(strings.ToLower(key)))
		c.noHook(p.Key(key), key)
		c.text(p.Key(key), annotations[key])
		total += len(key) + len(annotations[key])
	}
	if total <= annotationsBytes || len(annotations) == 0 {
		return
	}
	if len(inherited) > 0 {
		c.failResting(p, []field.Path{field.Root("annotations")}, "holds %d bytes together with annotations: Kubernetes takes at most %d", total, annotationsBytes)
		return
	}
	c.fail(p, "holds %d bytes: Kubernetes takes at most %d", total, annotationsBytes)
}

// ports are the declared ports that a reference may name, and where they are declared.
type ports struct {
	declared map[string]Port
	at       []field.Path
}

// port returns the declared port that a reference names or numbers, or fails.
func (c *checks) port(p field.Path, reference string, ports ports) (Port, bool) {
	for name, port := range ports.declared {
		if reference == name || reference == strconv.Itoa(int(port.ContainerPort)) {
			return port, true
		}
	}
	if len(ports.declared) == 0 {
		c.failResting(p, ports.at, "%q is not a declared port, there is none: add it to ports of the container", reference)
		return Port{}, false
	}
	c.failResting(p, ports.at, "%q is not a declared port, those are %s: use one of them or add it to ports of the container",
		reference, strings.Join(sorted(ports.declared), ", "))
	return Port{}, false
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
