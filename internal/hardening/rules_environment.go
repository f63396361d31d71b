package hardening

var environmentRules = []Rule{
	{
		ID:          "secret-in-env",
		Severity:    Error,
		Title:       "No secret is written into the environment.",
		Attribute:   "containers",
		Remediation: "keep the value in a Secret and refer to it in `env_from_secret`, for example `DB_PASSWORD = { secret = \"api-db\", key = \"password\" }`; a value that is no secret needs an exception, or a variable with another name",
		InYAML:      "keep the value in a Secret and refer to it by `valueFrom.secretKeyRef`; a value that is no secret needs a variable with another name",
		Rationale:   "What is written in a manifest is in the plan, the state, the repository and every backup of them, readable for all who may list Deployments.",
		Source:      "Kubernetes documentation, concepts/security/secrets-good-practices",
		Details:     secretDetails(),
		check:       eachContainer(checkSecrets),
	},
	{
		ID:          "duplicate-env",
		Severity:    Error,
		Title:       "No variable is set twice.",
		Attribute:   "containers",
		Remediation: "remove what `patches` add to the environment; `env` has each name once",
		InYAML:      "keep one of the entries in `env`",
		Rationale:   "The last one wins in the container, but a merge may keep the other, and server-side apply refuses the object.",
		Source:      "kube-score@v1.20.0 environment-variable-key-duplication",
		check:       eachContainer(checkDuplicateEnv),
	},
}

func checkSecrets(c *container, report report) {
	for _, variable := range c.Env {
		if variable.ValueFrom != nil {
			continue
		}
		at := c.at("env").key(variable.Name)
		if kind := secretValue(variable.Value); kind != "" {
			report(at, "variable %q holds %s, written in plain text", variable.Name, kind)
		} else if word := secretName(variable.Name); word != "" && isLiteral(variable.Value) {
			report(at, "variable %q is written in plain text, and the word %q in its name says that it is a secret", variable.Name, word)
		}
	}
}

func checkDuplicateEnv(c *container, report report) {
	times := map[string]int{}
	for _, variable := range c.Env {
		if times[variable.Name]++; times[variable.Name] == 2 {
			report(c.at("env").key(variable.Name), "variable %q is set more than once", variable.Name)
		}
	}
}
