package workload

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// SELinuxOptions are parts of the SELinux label of processes; what is nil is the runtime's choice.
type SELinuxOptions struct {
	User  *string `json:"user,omitempty"`
	Role  *string `json:"role,omitempty"`
	Type  *string `json:"type,omitempty"`
	Level *string `json:"level,omitempty"`
}

// localProfile begins the name of a profile that is on the node.
const localProfile = "localhost/"

// writesToClaims reports whether the pod has storage that outlives a container's root file
// system, and that belongs to root until a group is named.
func (w Workload) writesToClaims() bool {
	if len(w.VolumeClaims) > 0 {
		return true
	}
	for _, v := range w.Volumes {
		if v.Ephemeral != nil || v.PersistentVolumeClaim != nil && !valueOf(v.PersistentVolumeClaim.ReadOnly) {
			return true
		}
	}
	return false
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validatePodSpecSecurityContext.
func (w Workload) validateSecurityContext(c *checks) {
	if w.HostUsers != nil {
		c.needs(field.Root("host_users"), kubeversion.HostUsers)
	}
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
	c.oneOf(p.Attr("fs_group_change_policy"), s.FSGroupChangePolicy, "OnRootMismatch", "Always")
	if s.FSGroupChangePolicy != nil && s.FSGroup == nil && !w.writesToClaims() {
		c.failResting(p.Attr("fs_group_change_policy"), []field.Path{p.Attr("fs_group"), field.Root("volumes"), field.Root("volume_claims")}, "has no effect without fs_group: set it, or remove fs_group_change_policy")
	}
	if s.SupplementalGroupsPolicy != nil {
		c.needs(p.Attr("supplemental_groups_policy"), kubeversion.SupplementalGroupsPolicy)
		c.oneOf(p.Attr("supplemental_groups_policy"), s.SupplementalGroupsPolicy, "Merge", "Strict")
	}
	if policy := s.SELinuxChangePolicy; policy != nil {
		if *policy != "MountOption" {
			c.needs(p.Attr("selinux_change_policy"), kubeversion.SELinuxChangePolicy)
		}
		c.oneOf(p.Attr("selinux_change_policy"), s.SELinuxChangePolicy, "Recursive", "MountOption")
		if *s.SELinuxChangePolicy == "MountOption" {
			c.needs(p.Attr("selinux_change_policy"), kubeversion.SELinuxMountOption)
		}
	}
	c.seccompProfile(p.Attr("seccomp_profile"), s.SeccompProfile)
	c.appArmorProfile(p.Attr("app_armor_profile"), s.AppArmorProfile)
	c.seLinuxOptions(p.Attr("selinux_options"), s.SELinuxOptions)
	for _, name := range sorted(s.Sysctls) {
		at := p.Attr("sysctls").Key(name)
		if !sysctl.MatchString(name) || len(name) > longestSysctl {
			c.fail(at, "%q is no kernel setting: write it like net.ipv4.tcp_syncookies", name)
		}
		c.text(at, s.Sysctls[name])
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation SysctlContainSlashFmt and SysctlMaxLength.
var sysctl = regexp.MustCompile(`^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`)

const longestSysctl = 253

func (c *checks) seccompProfile(p field.Path, value *string) {
	if value == nil {
		return
	}
	switch profile, isFile := strings.CutPrefix(*value, localProfile); {
	case *value == "RuntimeDefault" || *value == "Unconfined":
	case !isFile:
		c.fail(p, "%q is none of RuntimeDefault, Unconfined, localhost/<path of a profile on the node>", *value)
	case profile == "" || path.IsAbs(profile) || slices.Contains(strings.Split(profile, "/"), ".."):
		c.fail(p, "%q is not a path below the kubelet's seccomp folder: write localhost/profiles/audit.json", *value)
	default:
		c.text(p, profile)
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validateAppArmorProfileField.
func (c *checks) appArmorProfile(p field.Path, value *string) {
	if value == nil {
		return
	}
	const longest = 4095
	switch profile, isFile := strings.CutPrefix(*value, localProfile); {
	case *value == "RuntimeDefault" || *value == "Unconfined":
	case !isFile:
		c.fail(p, "%q is none of RuntimeDefault, Unconfined, localhost/<name of a profile on the node>", *value)
	case strings.TrimSpace(profile) != profile || profile == "" || len(profile) > longest:
		c.fail(p, "%q does not name a profile: write it like localhost/k8s-apparmor-api", *value)
	default:
		c.text(p, profile)
	}
}

func (c *checks) seLinuxOptions(p field.Path, options *SELinuxOptions) {
	if options == nil {
		return
	}
	set := false
	for name, value := range map[string]*string{"user": options.User, "role": options.Role, "type": options.Type, "level": options.Level} {
		if value == nil {
			continue
		}
		set = true
		c.text(p.Attr(name), *value)
		if *value == "" {
			c.fail(p.Attr(name), "is empty: leave it out for the runtime's choice")
		}
	}
	if !set {
		c.fail(p, "says nothing: set one of user, role, type, level, or remove it")
	}
}

func (s *SecurityContext) validate(c *checks, p field.Path, hostUsers *bool) {
	if s == nil {
		return
	}
	c.userID(p.Attr("run_as_user"), s.RunAsUser)
	c.userID(p.Attr("run_as_group"), s.RunAsGroup)
	c.seccompProfile(p.Attr("seccomp_profile"), s.SeccompProfile)
	c.appArmorProfile(p.Attr("app_armor_profile"), s.AppArmorProfile)
	c.seLinuxOptions(p.Attr("selinux_options"), s.SELinuxOptions)
	if s.ProcMount != nil {
		at := p.Attr("proc_mount")
		c.needs(at, kubeversion.ProcMount)
		c.oneOf(at, s.ProcMount, "Default", "Unmasked")
		// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateSecurityContext.
		if *s.ProcMount == "Unmasked" && (hostUsers == nil || *hostUsers) {
			c.failResting(at, []field.Path{field.Root("host_users")}, "is Unmasked, which is possible in a user namespace only: set host_users = false, or better remove it")
		}
	}
	s.validatePrivileges(c, p)
}

func (s *SecurityContext) validatePrivileges(c *checks, p field.Path) {
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
