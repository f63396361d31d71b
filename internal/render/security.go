package render

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

func newPodSecurityContext(s workload.PodSecurityContext) corev1.PodSecurityContext {
	context := corev1.PodSecurityContext{
		RunAsUser:                s.RunAsUser,
		RunAsGroup:               s.RunAsGroup,
		RunAsNonRoot:             s.RunAsNonRoot,
		FSGroup:                  s.FSGroup,
		FSGroupChangePolicy:      (*corev1.PodFSGroupChangePolicy)(s.FSGroupChangePolicy),
		SupplementalGroups:       s.SupplementalGroups,
		SupplementalGroupsPolicy: (*corev1.SupplementalGroupsPolicy)(s.SupplementalGroupsPolicy),
		SeccompProfile:           newSeccompProfile(s.SeccompProfile),
		AppArmorProfile:          newAppArmorProfile(s.AppArmorProfile),
		SELinuxOptions:           newSELinuxOptions(s.SELinuxOptions),
		SELinuxChangePolicy:      (*corev1.PodSELinuxChangePolicy)(s.SELinuxChangePolicy),
	}
	for _, name := range sortedKeys(s.Sysctls) {
		context.Sysctls = append(context.Sysctls, corev1.Sysctl{Name: name, Value: s.Sysctls[name]})
	}
	return context
}

func newSecurityContext(s workload.SecurityContext) corev1.SecurityContext {
	return corev1.SecurityContext{
		RunAsUser:                s.RunAsUser,
		RunAsGroup:               s.RunAsGroup,
		RunAsNonRoot:             s.RunAsNonRoot,
		ReadOnlyRootFilesystem:   s.ReadOnlyRootFilesystem,
		AllowPrivilegeEscalation: s.AllowPrivilegeEscalation,
		Privileged:               s.Privileged,
		Capabilities:             &corev1.Capabilities{Add: capabilities(s.Capabilities.Add), Drop: capabilities(s.Capabilities.Drop)},
		SeccompProfile:           newSeccompProfile(s.SeccompProfile),
		AppArmorProfile:          newAppArmorProfile(s.AppArmorProfile),
		SELinuxOptions:           newSELinuxOptions(s.SELinuxOptions),
		ProcMount:                (*corev1.ProcMountType)(s.ProcMount),
	}
}

func capabilities(names []string) []corev1.Capability {
	var capabilities []corev1.Capability
	for _, name := range names {
		capabilities = append(capabilities, corev1.Capability(name))
	}
	return capabilities
}

// localProfile begins the name of a profile that is on the node.
const localProfile = "localhost/"

func newSeccompProfile(profile *string) *corev1.SeccompProfile {
	if profile == nil {
		return nil
	}
	if path, isFile := strings.CutPrefix(*profile, localProfile); isFile {
		return &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeLocalhost, LocalhostProfile: &path}
	}
	return &corev1.SeccompProfile{Type: corev1.SeccompProfileType(*profile)}
}

func newAppArmorProfile(profile *string) *corev1.AppArmorProfile {
	if profile == nil {
		return nil
	}
	if name, isLocal := strings.CutPrefix(*profile, localProfile); isLocal {
		return &corev1.AppArmorProfile{Type: corev1.AppArmorProfileTypeLocalhost, LocalhostProfile: &name}
	}
	return &corev1.AppArmorProfile{Type: corev1.AppArmorProfileType(*profile)}
}

func newSELinuxOptions(o *workload.SELinuxOptions) *corev1.SELinuxOptions {
	if o == nil {
		return nil
	}
	return &corev1.SELinuxOptions{User: orZero(o.User), Role: orZero(o.Role), Type: orZero(o.Type), Level: orZero(o.Level)}
}
