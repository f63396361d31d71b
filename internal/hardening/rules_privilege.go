package hardening

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

var privilegeRules = []Rule{
	{
		ID:          "no-privileged",
		Severity:    Error,
		Title:       "No container is privileged.",
		Attribute:   "containers",
		Remediation: "remove `privileged` from the container's `security_context`",
		InYAML:      "remove `privileged` from the container's `securityContext`",
		Rationale:   "A privileged container has every device and capability of the node: it is the node's root.",
		Source:      "Pod Security Standards, baseline, \"Privileged Containers\"",
		check:       eachContainer(checkPrivileged),
	},
	{
		ID:          "no-privilege-escalation",
		Severity:    Error,
		Title:       "No process gains more privileges than its parent.",
		Attribute:   "containers",
		Remediation: "remove `allow_privilege_escalation` from the container's `security_context`",
		InYAML:      "set `securityContext.allowPrivilegeEscalation: false`",
		Rationale:   "Without it a setuid program in the image turns an ordinary user into root. Kubernetes allows it unless told otherwise.",
		Source:      "Pod Security Standards, restricted, \"Privilege Escalation (v1.8+)\"",
		check:       eachContainer(checkPrivilegeEscalation),
	},
	{
		ID:          "drop-capabilities",
		Severity:    Error,
		Title:       "Every container drops all Linux capabilities.",
		Attribute:   "containers",
		Remediation: "remove `capabilities.drop` from the container's `security_context` (ALL is dropped instead) or name ALL",
		InYAML:      "set `securityContext.capabilities.drop: [ALL]`",
		Rationale:   "Container runtimes grant a dozen capabilities by default, among them to change file owners and to forge network packets. An application needs none of them.",
		Source:      "Pod Security Standards, restricted, \"Capabilities (v1.22+)\"",
		check:       eachContainer(checkDroppedCapabilities),
	},
	{
		ID:          "added-capabilities",
		Severity:    Error,
		Title:       "No container adds a Linux capability.",
		Attribute:   "containers",
		Remediation: "remove the capability from `capabilities.add` of the container's `security_context`",
		InYAML:      "remove the capability from `capabilities.add` of the container's `securityContext`",
		Rationale:   "Each capability is a part of root's power. NET_BIND_SERVICE, the one that the Pod Security Standards allow, has the rule net-bind-service, so that an exception for it covers no other.",
		Source:      "Pod Security Standards, restricted, \"Capabilities (v1.22+)\"",
		check:       eachContainer(checkAddedCapabilities),
	},
	{
		ID:          "net-bind-service",
		Severity:    Error,
		Title:       "No container is granted NET_BIND_SERVICE.",
		Attribute:   "containers",
		Remediation: "let the application listen on a port from 1024 up (`service_port` may still be 80) and remove NET_BIND_SERVICE from `capabilities.add`",
		InYAML:      "let the application listen on a port from 1024 up (the Service may still offer 80) and remove NET_BIND_SERVICE from `capabilities.add`",
		Rationale:   "The capability is allowed by the Pod Security Standards, but rarely needed: a Service maps any port to a high one.",
		Source:      "Pod Security Standards, restricted, \"Capabilities (v1.22+)\", allowed value of capabilities.add",
		check:       eachContainer(checkNetBindService),
	},
	{
		ID:          "read-only-root",
		Severity:    Error,
		Title:       "Every container's root file system is read-only.",
		Attribute:   "containers",
		Remediation: "remove `read_only_root_filesystem` from the container's `security_context` and list the folders that it writes in `writable_paths`",
		InYAML:      "set `securityContext.readOnlyRootFilesystem: true` and mount an `emptyDir` with a `sizeLimit` on each folder",
		Rationale:   "An attacker cannot leave a program behind or change one, and nothing that matters is kept where a restart loses it.",
		Source:      "kube-score@v1.20.0 container-security-context-readonlyrootfilesystem; NSA and CISA, Kubernetes Hardening Guide 1.2, \"Immutable container file systems\"",
		check:       eachContainer(checkReadOnlyRoot),
	},
	{
		ID:          "seccomp-profile",
		Severity:    Error,
		Title:       "Every container's system calls are filtered.",
		Attribute:   "security_context",
		Remediation: "remove `seccomp_profile` from the pod's `security_context` (RuntimeDefault is set instead) or name a profile of your own",
		InYAML:      "set `securityContext.seccompProfile.type: RuntimeDefault`",
		Rationale:   "The runtime's profile closes dozens of system calls that applications do not make and kernel exploits start from. Kubernetes leaves it off unless told otherwise.",
		Source:      "Pod Security Standards, restricted, \"Seccomp (v1.19+)\"",
		check:       eachPod(checkSeccomp),
	},
}

// security returns the container's own security context; what is not set is zero.
func (c *container) security() corev1.SecurityContext {
	return orDefault(c.SecurityContext, corev1.SecurityContext{})
}

func (c *container) capabilities() corev1.Capabilities {
	return orDefault(c.security().Capabilities, corev1.Capabilities{})
}

func checkPrivileged(c *container, report report) {
	if orDefault(c.security().Privileged, false) {
		report(c.at("securityContext.privileged"), "container %q is privileged", c.Name)
	}
}

func checkPrivilegeEscalation(c *container, report report) {
	switch allowed := c.security().AllowPrivilegeEscalation; {
	case allowed == nil:
		report(c.at("securityContext.allowPrivilegeEscalation"), "allowPrivilegeEscalation is not set, which allows it")
	case *allowed:
		report(c.at("securityContext.allowPrivilegeEscalation"), "allowPrivilegeEscalation is true")
	}
}

func checkDroppedCapabilities(c *container, report report) {
	switch dropped := c.capabilities().Drop; {
	case slices.Contains(dropped, "ALL"):
	case len(dropped) == 0:
		report(c.at("securityContext.capabilities.drop"), "no capability is dropped, so the runtime's default set stays")
	default:
		report(c.at("securityContext.capabilities.drop"), "drops %s, but not ALL", list(dropped))
	}
}

// Source of the one capability that is set apart: k8s.io/pod-security-admission@v0.37.0 policy/check_capabilities_restricted.go.
const netBindService corev1.Capability = "NET_BIND_SERVICE"

func checkAddedCapabilities(c *container, report report) {
	for i, added := range c.capabilities().Add {
		if added != netBindService {
			report(c.at("securityContext.capabilities.add").index(i), "capability %s is added", added)
		}
	}
}

func checkNetBindService(c *container, report report) {
	if i := slices.Index(c.capabilities().Add, netBindService); i >= 0 {
		report(c.at("securityContext.capabilities.add").index(i), "capability %s is added", netBindService)
	}
}

func checkReadOnlyRoot(c *container, report report) {
	switch readOnly := c.security().ReadOnlyRootFilesystem; {
	case readOnly == nil:
		report(c.at("securityContext.readOnlyRootFilesystem"), "readOnlyRootFilesystem is not set, so the container's files can be changed")
	case !*readOnly:
		report(c.at("securityContext.readOnlyRootFilesystem"), "readOnlyRootFilesystem is false, so the container's files can be changed")
	}
}

func checkSeccomp(p *pod, report report) {
	inherited(p, report, "seccompProfile", func(s settings) *corev1.SeccompProfile { return s.seccomp }, func(profile *corev1.SeccompProfile) string {
		switch {
		case profile == nil:
			return "is not set, so no system call is filtered"
		case profile.Type != corev1.SeccompProfileTypeRuntimeDefault && profile.Type != corev1.SeccompProfileTypeLocalhost:
			return fmt.Sprintf("is %q, so no system call is filtered", profile.Type)
		default:
			return ""
		}
	})
}
