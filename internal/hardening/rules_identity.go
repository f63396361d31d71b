package hardening

var identityRules = []Rule{
	{
		ID:          "service-account",
		Severity:    Error,
		Title:       "Every workload has a service account of its own.",
		Attribute:   "service_account",
		Remediation: "leave `service_account` out, which makes one; for an account that is made elsewhere write an exception that says where",
		InYAML:      "add a ServiceAccount and name it in `serviceAccountName`",
		Rationale: "Permissions that another workload needs are then not this one's as well, and the audit log tells them apart. A pod whose account does not exist is not created; " +
			"that shows in the ReplicaSet's events only.",
		Source: "Kubernetes documentation, concepts/security/service-accounts and rbac-good-practices",
		check:  checkServiceAccount,
	},
	{
		ID:          "service-account-token",
		Severity:    Error,
		Title:       "No credentials for the API server are mounted.",
		Attribute:   "service_account",
		Remediation: "remove `service_account.automount_token`; a workload that calls the API server needs an exception that says why",
		InYAML:      "set `automountServiceAccountToken: false` on the pod and on the ServiceAccount",
		Rationale:   "Whoever breaks into a container with a token can talk to the API server. Few applications ever do.",
		Source:      "Kubernetes documentation, concepts/security/rbac-good-practices, \"Minimize distribution of privileged tokens\"",
		check:       checkServiceAccountToken,
	},
	{
		ID:          "service-links",
		Severity:    Error,
		Title:       "Other Services are not written into the environment.",
		Attribute:   "enable_service_links",
		Remediation: "remove `enable_service_links`; it is false otherwise",
		InYAML:      "set `enableServiceLinks: false` on the pod's spec",
		Rationale: "Kubernetes otherwise adds seven variables or more for each Service of the namespace, such as API_PORT=tcp://10.0.0.1:80, which applications take for their own settings, " +
			"and which tell an intruder what else runs there.",
		Source: "kubernetes@v1.36.1 pkg/kubelet/envvars/envvars.go FromServices",
		check:  eachPod(checkServiceLinks),
	},
}

func checkServiceAccount(in *inventory, report report) {
	for _, p := range in.pods {
		name, at := p.spec.ServiceAccountName, p.at("serviceAccountName")
		switch {
		case name == "":
			report(at, "no service account is named, so the pods share the account \"default\" with others")
		case name == "default":
			report(at, "the service account is \"default\", which other pods of the namespace share")
		case !in.keys[keyOf("ServiceAccount", p.namespace(), name)]:
			report(at, "there is no service account %q among these objects", name)
		}
	}
}

// checkServiceAccountToken looks at pods first: what a pod says overrides its account.
func checkServiceAccountToken(in *inventory, report report) {
	reported := map[string]bool{}
	for _, p := range in.pods {
		switch mount := p.spec.AutomountServiceAccountToken; {
		case mount == nil:
			report(p.at("automountServiceAccountToken"), "automountServiceAccountToken is not set, which mounts a token unless the account says otherwise")
		case *mount:
			report(p.at("automountServiceAccountToken"), "automountServiceAccountToken is true, so every container gets a token for the API server")
		default:
			continue
		}
		reported[p.namespace()+"/"+p.spec.ServiceAccountName] = true
	}
	for _, account := range in.accounts {
		if orDefault(account.it.AutomountServiceAccountToken, true) && !reported[account.it.Namespace+"/"+account.it.Name] {
			report(account.at("automountServiceAccountToken"), "automountServiceAccountToken is not false, so pods that say nothing get a token for the API server")
		}
	}
}

func checkServiceLinks(p *pod, report report) {
	if orDefault(p.spec.EnableServiceLinks, true) {
		report(p.at("enableServiceLinks"), "enableServiceLinks is not false, so every Service of the namespace adds variables to the environment")
	}
}
