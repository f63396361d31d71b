package hardening

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// notOurs is the remedy of rules over objects that a workload does not make.
const notOurs = "a workload makes no roles: change the object where it is made"

var accessRules = []Rule{
	{
		ID:          "access-wildcard",
		Severity:    Error,
		Title:       "Permissions are written down one by one.",
		Attribute:   "service_account",
		Remediation: notOurs,
		InYAML:      "write the verbs, API groups and resources that are needed in place of `*`",
		Rationale:   "A wildcard grants what exists today and whatever is added tomorrow, subresources such as pods/exec included.",
		Source:      "Kubernetes documentation, concepts/security/rbac-good-practices, \"Least privilege\"",
		check:       eachGrant(checkWildcard),
	},
	{
		ID:          "access-secrets",
		Severity:    Error,
		Title:       "No role reads every secret of its namespace.",
		Attribute:   "service_account",
		Remediation: notOurs,
		InYAML:      "name the secrets in `resourceNames` and allow `get` alone, or mount the secret into the pod, which needs no permission",
		Rationale:   "Secrets hold the credentials of every other workload of the namespace. The verbs list and watch show their contents as well, and names do not limit them.",
		Source:      "Kubernetes documentation, concepts/security/rbac-good-practices, \"Listing secrets\"",
		check:       eachGrant(checkSecretAccess),
	},
	{
		ID:          "access-exec",
		Severity:    Error,
		Title:       "No role runs commands in containers or reaches past the API to nodes.",
		Attribute:   "service_account",
		Remediation: notOurs,
		InYAML:      "remove " + list(commandResources) + " from `resources`",
		Rationale:   "Who may run a command in a pod has all that the pod has: its secrets, its service account, its network.",
		Source:      "Kubernetes documentation, concepts/security/rbac-good-practices, \"Access to proxy subresource of Nodes\"; access to pods/exec, pods/attach and pods/portforward is the same by another way",
		check:       eachGrant(checkCommandAccess),
	},
	{
		ID:          "access-escalation",
		Severity:    Error,
		Title:       "No role leads to more permissions than it grants.",
		Attribute:   "service_account",
		Remediation: notOurs,
		InYAML:      "remove the verbs `escalate`, `bind` and `impersonate`, and the creation of `serviceaccounts/token`",
		Rationale:   "Each of them lets its holder act with permissions that nobody gave to it.",
		Source:      "Kubernetes documentation, concepts/security/rbac-good-practices, \"Escalate verb\", \"Bind verb\", \"Impersonate verb\" and \"Token request\"",
		check:       eachGrant(checkEscalation),
	},
	{
		ID:          "access-cluster-admin",
		Severity:    Error,
		Title:       "Nobody is bound to the cluster's administrator role.",
		Attribute:   "service_account",
		Remediation: notOurs,
		InYAML:      "bind a role that has the permissions that are needed",
		Rationale:   "cluster-admin may do everything to everything, past every later restriction.",
		Source:      "Kubernetes documentation, reference/access-authn-authz/rbac, \"User-facing roles\"",
		check:       checkAdministrators,
	},
	{
		ID:          "access-subjects",
		Severity:    Error,
		Title:       "Permissions are given to named accounts, not to everybody.",
		Attribute:   "service_account",
		Remediation: notOurs,
		InYAML:      "name the service account that needs the permission in `subjects`",
		Rationale:   "The groups " + list(everybody) + " hold everyone who reaches the API server or all accounts of a namespace, and the account \"default\" is that of every pod without one of its own.",
		Source:      "Kubernetes documentation, reference/access-authn-authz/rbac, \"Default roles and role bindings\" and \"Referring to subjects\"",
		check:       checkSubjects,
	},
}

// commandResources let their holder act inside of pods, or on nodes past the API.
var commandResources = []string{"pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "pods/ephemeralcontainers", "nodes/proxy"}

// everybody are groups and users that stand for more than somebody in particular.
var everybody = []string{"system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts"}

// eachGrant makes a check of one that judges the rules of roles one at a time.
func eachGrant(judge func(at place, rule rbacv1.PolicyRule, report report)) check {
	return func(in *inventory, report report) {
		for _, role := range in.roles {
			for i, rule := range role.rules {
				judge(role.at("rules").index(i), rule, report)
			}
		}
	}
}

func checkWildcard(at place, rule rbacv1.PolicyRule, report report) {
	for name, values := range map[string][]string{
		"verbs": rule.Verbs, "apiGroups": rule.APIGroups, "resources": rule.Resources, "nonResourceURLs": rule.NonResourceURLs,
	} {
		if slices.Contains(values, rbacv1.VerbAll) || name == "resources" && slices.ContainsFunc(values, func(r string) bool { return strings.HasPrefix(r, "*/") }) {
			report(at.at(name), "%s holds a wildcard, which grants everything there is and will be", name)
		}
	}
}

// onCore reports whether a rule is about a resource of the core group.
// A wildcard is the business of the rule access-wildcard.
func onCore(rule rbacv1.PolicyRule, resource string) bool {
	return (slices.Contains(rule.APIGroups, "") || slices.Contains(rule.APIGroups, rbacv1.APIGroupAll)) && slices.Contains(rule.Resources, resource)
}

// readingVerbs show the contents of what they are allowed for.
var readingVerbs = []string{"get", "list", "watch", rbacv1.VerbAll}

func checkSecretAccess(at place, rule rbacv1.PolicyRule, report report) {
	if !onCore(rule, "secrets") {
		return
	}
	var reading []string
	for _, verb := range rule.Verbs {
		// Names do not limit list and watch in practice: a client may ask for all by another selector.
		if slices.Contains(readingVerbs, verb) && (len(rule.ResourceNames) == 0 || verb != "get") {
			reading = append(reading, verb)
		}
	}
	if len(reading) > 0 {
		report(at.at("resources"), "secrets may be read by %s", list(reading))
	}
}

func checkCommandAccess(at place, rule rbacv1.PolicyRule, report report) {
	var found []string
	for _, resource := range commandResources {
		if onCore(rule, resource) {
			found = append(found, resource)
		}
	}
	if len(found) > 0 {
		report(at.at("resources"), "%s may be used, which is control over the pods or nodes", list(found))
	}
}

func checkEscalation(at place, rule rbacv1.PolicyRule, report report) {
	for _, verb := range []string{"escalate", "bind", "impersonate"} {
		if slices.Contains(rule.Verbs, verb) {
			report(at.at("verbs"), "the verb %s gives permissions that this role does not have", verb)
		}
	}
	if onCore(rule, "serviceaccounts/token") && (slices.Contains(rule.Verbs, "create") || slices.Contains(rule.Verbs, rbacv1.VerbAll)) {
		report(at.at("resources"), "tokens of service accounts may be made, which are the permissions of those accounts")
	}
}

func checkAdministrators(in *inventory, report report) {
	for _, binding := range in.bindings {
		if binding.ref.Kind == "ClusterRole" && binding.ref.Name == "cluster-admin" {
			report(binding.at("roleRef"), "the role cluster-admin is bound to %s", describeSubjects(binding.subjects))
		}
	}
}

func describeSubjects(subjects []rbacv1.Subject) string {
	if len(subjects) == 0 {
		return "nobody yet"
	}
	names := make([]string, len(subjects))
	for i, s := range subjects {
		names[i] = s.Kind + " " + s.Name
	}
	return list(names)
}

func checkSubjects(in *inventory, report report) {
	for _, binding := range in.bindings {
		for i, s := range binding.subjects {
			group, _, _ := strings.Cut(strings.TrimPrefix(s.Name, "system:"), ":")
			switch {
			case s.Kind != rbacv1.ServiceAccountKind && (slices.Contains(everybody, s.Name) || s.Kind == rbacv1.GroupKind && group == "serviceaccounts"):
				report(binding.at("subjects").index(i), "%s %s stands for many, known and unknown", s.Kind, s.Name)
			case s.Kind == rbacv1.ServiceAccountKind && s.Name == "default":
				report(binding.at("subjects").index(i), "the account \"default\" of namespace %q is that of every pod without one of its own", s.Namespace)
			}
		}
	}
}
