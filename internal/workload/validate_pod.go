package workload

import (
	"path"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

func (w Workload) validateScheduling(c *checks) {
	w.validateSpread(c)
	w.validateTolerations(c)
	c.labels(field.Root("node_selector"), w.NodeSelector, nil)
	c.optionalName(field.Root("priority_class_name"), w.PriorityClassName)
	c.optionalName(field.Root("runtime_class_name"), w.RuntimeClassName)
	for i, name := range w.ImagePullSecrets {
		c.name(field.Root("image_pull_secrets").Index(i), name)
		if slices.Index(w.ImagePullSecrets, name) < i {
			c.fail(field.Root("image_pull_secrets").Index(i), "%q is listed already: remove one", name)
		}
	}
}

func (w Workload) validateSpread(c *checks) {
	seen := map[string]bool{}
	for i, spread := range w.TopologySpread {
		p := field.Root("topology_spread").Index(i)
		c.kubernetes(p.Attr("topology_key"), spread.TopologyKey, validation.IsQualifiedName(spread.TopologyKey))
		c.oneOf(p.Attr("when_unsatisfiable"), spread.WhenUnsatisfiable, "ScheduleAnyway", "DoNotSchedule")
		atLeast(c, p.Attr("max_skew"), spread.MaxSkew, 1)
		atLeast(c, p.Attr("min_domains"), spread.MinDomains, 1)
		hard := spread.WhenUnsatisfiable != nil && *spread.WhenUnsatisfiable == "DoNotSchedule"
		if spread.MinDomains != nil && !hard {
			c.fail(p.Attr("min_domains"), "needs when_unsatisfiable = \"DoNotSchedule\": set it or remove min_domains")
		}
		// The API refuses a second constraint with the same key and the same action.
		key := spread.TopologyKey
		if hard {
			key += " hard"
		}
		if seen[key] {
			c.fail(p.Attr("topology_key"), "%q has a constraint of this kind already: remove one", spread.TopologyKey)
		}
		seen[key] = true
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateTolerations.
func (w Workload) validateTolerations(c *checks) {
	for i, t := range w.Tolerations {
		p := field.Root("tolerations").Index(i)
		c.oneOf(p.Attr("operator"), t.Operator, "Exists", "Equal")
		c.oneOf(p.Attr("effect"), t.Effect, "NoSchedule", "PreferNoSchedule", "NoExecute")
		exists := t.Operator != nil && *t.Operator == "Exists"
		if t.Key != nil {
			c.kubernetes(p.Attr("key"), *t.Key, validation.IsQualifiedName(*t.Key))
		} else if !exists {
			c.fail(p.Attr("key"), "is not set: name the taint, or set operator = \"Exists\" to tolerate every taint")
		}
		if t.Value != nil {
			c.kubernetes(p.Attr("value"), *t.Value, validation.IsValidLabelValue(*t.Value))
			if exists {
				c.fail(p.Attr("value"), "has no meaning with operator = \"Exists\": remove it")
			}
		}
		if t.TolerationSeconds != nil && (t.Effect == nil || *t.Effect != "NoExecute") {
			c.fail(p.Attr("toleration_seconds"), "needs effect = \"NoExecute\": set it or remove toleration_seconds")
		}
	}
}

func (w Workload) validateSecurityContext(c *checks) {
	s := w.SecurityContext
	if s == nil {
		return
	}
	p := field.Root("security_context")
	c.userID(p.Attr("run_as_user"), s.RunAsUser)
	c.userID(p.Attr("run_as_group"), s.RunAsGroup)
	c.userID(p.Attr("fs_group"), s.FSGroup)
	for i := range s.SupplementalGroups {
		c.userID(p.Attr("supplemental_groups").Index(i), &s.SupplementalGroups[i])
	}
	if s.SeccompProfile == nil {
		return
	}
	at := p.Attr("seccomp_profile")
	switch profile, isFile := strings.CutPrefix(*s.SeccompProfile, "localhost/"); {
	case *s.SeccompProfile == "RuntimeDefault" || *s.SeccompProfile == "Unconfined":
	case !isFile:
		c.fail(at, "%q is none of RuntimeDefault, Unconfined, localhost/<path of a profile on the node>", *s.SeccompProfile)
	case profile == "" || path.IsAbs(profile) || slices.Contains(strings.Split(profile, "/"), ".."):
		c.fail(at, "%q is not a path below the kubelet's seccomp folder: write localhost/profiles/audit.json", *s.SeccompProfile)
	default:
		c.text(at, profile)
	}
}

func (s *SecurityContext) validate(c *checks, p field.Path) {
	if s == nil {
		return
	}
	c.userID(p.Attr("run_as_user"), s.RunAsUser)
	c.userID(p.Attr("run_as_group"), s.RunAsGroup)
	escalation := s.AllowPrivilegeEscalation != nil && *s.AllowPrivilegeEscalation
	if s.Privileged != nil && *s.Privileged && !escalation {
		// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateSecurityContext.
		c.fail(p.Attr("privileged"), "is true, but privilege escalation is not allowed: set allow_privilege_escalation = true as well, or better neither")
	}
	if s.Capabilities == nil {
		return
	}
	if slices.Contains(s.Capabilities.Add, "SYS_ADMIN") && !escalation {
		c.fail(p.Attr("capabilities").Attr("add"), "holds SYS_ADMIN, but privilege escalation is not allowed: remove it, or set allow_privilege_escalation = true")
	}
	for _, list := range []struct {
		name   string
		values []string
	}{{"add", s.Capabilities.Add}, {"drop", s.Capabilities.Drop}} {
		for i, capability := range list.values {
			at := p.Attr("capabilities").Attr(list.name).Index(i)
			if capability == "" || strings.ToUpper(capability) != capability {
				c.fail(at, "%q is not a capability: write it in capitals, such as NET_BIND_SERVICE", capability)
			} else if short, long := strings.CutPrefix(capability, "CAP_"); long {
				c.fail(at, "%q is written without the prefix: %q", capability, short)
			}
			c.text(at, capability)
		}
	}
}

// userID accepts what kubernetes@v1.36.1 IsValidUserID and IsValidGroupID do.
func (c *checks) userID(p field.Path, id *int64) {
	between(c, p, id, 0, 1<<31-1)
}
