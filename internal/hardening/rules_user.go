package hardening

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// lowestID is the first user or group ID that no system account of an image or a
// node has. Judges of the field disagree on 10000 itself, so it counts as low.
const lowestID = 10001

var userRules = []Rule{
	{
		ID:          "run-as-non-root",
		Severity:    Error,
		Title:       "No container runs as root.",
		Attribute:   "security_context",
		Remediation: "remove `run_as_non_root` and `run_as_user` (65532 is set instead) or set a user above 10000",
		InYAML:      "set `securityContext.runAsNonRoot: true` and a `runAsUser` that is not 0",
		Rationale:   "Root in a container is root for the kernel: whoever breaks out of it owns the node.",
		Source:      "Pod Security Standards, restricted, \"Running as Non-root\" and \"Running as Non-root user\"",
		check:       eachPod(checkNonRoot),
	},
	{
		ID:          "high-user-id",
		Severity:    Error,
		Title:       "Containers run as a user above 10000.",
		Attribute:   "security_context",
		Remediation: "remove `run_as_user` (65532 is set instead) or set one above 10000, if the image's files allow it",
		InYAML:      "set `securityContext.runAsUser` to a number above 10000, if the image's files allow it",
		Rationale: "A low ID is likely to be an account of the node as well, whose files and processes an escaped container could then use. Left open, " +
			"the image decides, and may decide otherwise in its next version.",
		Source: "kube-score@v1.20.0 container-security-context-user-group-id; other judges refuse 10000 itself",
		check: eachPod(func(p *pod, report report) {
			inherited(p, report, "runAsUser", userOf, highID("user"))
		}),
	},
	{
		ID:          "high-group-id",
		Severity:    Error,
		Title:       "Containers run as a group above 10000.",
		Attribute:   "security_context",
		Remediation: "remove `run_as_group` (65532 is set instead) or set one above 10000, if the image's files allow it",
		InYAML:      "set `securityContext.runAsGroup` to a number above 10000, if the image's files allow it",
		Rationale:   "Without a group of its own a container runs as group 0, which owns much on a node and in many images.",
		Source:      "kube-score@v1.20.0 container-security-context-user-group-id; other judges refuse 10000 itself",
		check: eachPod(func(p *pod, report report) {
			inherited(p, report, "runAsGroup", groupOf, highID("group"))
		}),
	},
	{
		ID:          "no-root-group",
		Severity:    Error,
		Title:       "No container is in the group root.",
		Attribute:   "security_context",
		Remediation: "use a group above 10000 in `run_as_group`, `fs_group` and `supplemental_groups`",
		InYAML:      "use a group above 10000 in `runAsGroup`, `fsGroup` and `supplementalGroups` of `securityContext`",
		Rationale:   "Group 0 may read, and often write, what root owns in the image, on mounted volumes and on the node.",
		Source:      "Kubernetes documentation, tasks/configure-pod-container/security-context",
		check:       eachPod(checkRootGroup),
	},
}

func userOf(s settings) *int64  { return s.user }
func groupOf(s settings) *int64 { return s.group }

// highID finds fault with a user or group ID that is low. Zero is left to the
// rules against root, which say more.
func highID(kind string) func(*int64) string {
	return func(id *int64) string {
		switch {
		case id == nil:
			return "is not set, so the image decides which " + kind + " runs"
		case *id != 0 && *id < lowestID:
			return fmt.Sprintf("is %d: IDs up to %d may be accounts of the node", *id, lowestID-1)
		default:
			return ""
		}
	}
}

func checkNonRoot(p *pod, report report) {
	inherited(p, report, "runAsNonRoot", func(s settings) *bool { return s.nonRoot }, func(nonRoot *bool) string {
		switch {
		case nonRoot == nil:
			return "is not set, so the image decides whether root runs"
		case !*nonRoot:
			return "is false, so root may run"
		default:
			return ""
		}
	})
	inherited(p, report, "runAsUser", userOf, func(id *int64) string {
		if id != nil && *id == 0 {
			return "is 0, which is root"
		}
		return ""
	})
}

func checkRootGroup(p *pod, report report) {
	inherited(p, report, "runAsGroup", groupOf, func(id *int64) string {
		if id != nil && *id == 0 {
			return "is 0, which is the group root"
		}
		return ""
	})
	context := p.spec.SecurityContext
	if context == nil {
		return
	}
	if context.FSGroup != nil && *context.FSGroup == 0 {
		report(p.at("securityContext.fsGroup"), "fsGroup is 0: volumes belong to the group root, and so does every process")
	}
	if slices.Contains(context.SupplementalGroups, 0) {
		report(p.at("securityContext.supplementalGroups"), "supplementalGroups holds 0, which is the group root")
	}
}

// settings are the security settings that a container inherits from its pod
// where it has none of its own.
type settings struct {
	nonRoot     *bool
	user, group *int64
	seccomp     *corev1.SeccompProfile
}

func podSettings(p *pod) settings {
	context := orDefault(p.spec.SecurityContext, corev1.PodSecurityContext{})
	return settings{context.RunAsNonRoot, context.RunAsUser, context.RunAsGroup, context.SeccompProfile}
}

func containerSettings(c *container) settings {
	context := orDefault(c.SecurityContext, corev1.SecurityContext{})
	return settings{context.RunAsNonRoot, context.RunAsUser, context.RunAsGroup, context.SeccompProfile}
}

// inherited judges a setting as containers get it: their own, else the pod's. As
// in the Pod Security Standards a pod's bad value is a fault even if every
// container has its own. What is set nowhere is reported once, at the pod.
func inherited[T any](p *pod, report report, name string, setting func(settings) *T, fault func(*T) string) {
	ofPod, unset := setting(podSettings(p)), false
	for _, c := range p.containers {
		own := setting(containerSettings(c))
		if own == nil {
			unset = true
		} else if found := fault(own); found != "" {
			report(c.at("securityContext."+name), "%s %s", name, found)
		}
	}
	if ofPod == nil && !unset {
		return
	}
	if found := fault(ofPod); found != "" {
		report(p.at("securityContext."+name), "%s %s", name, found)
	}
}
