package hardening

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

var dataRules = []Rule{
	{
		ID:          "secret-in-config-map",
		Severity:    Error,
		Title:       "No ConfigMap holds a secret.",
		Attribute:   "containers",
		Remediation: "keep the value in a Secret that is made elsewhere, and mount that or refer to it in `env_from_secret`; a value that is no secret needs an exception, or a key with another name",
		InYAML:      "keep the value in a Secret; a value that is no secret needs a key with another name",
		Rationale:   "ConfigMaps are not encrypted at rest, and nearly everybody who may see a namespace may read them.",
		Source:      "Kubernetes documentation, concepts/configuration/configmap, \"Caution\"",
		check:       checkConfigSecrets,
	},
	{
		ID:          "no-secret-object",
		Severity:    Error,
		Title:       "Secrets are not kept among the manifests.",
		Attribute:   "containers",
		Remediation: "make the Secret outside of the configuration, for example by an operator that reads a vault, and refer to it by its name in `env_from_secret`",
		InYAML:      "make the Secret outside of the manifests, for example by an operator that reads a vault, and refer to it by its name",
		Rationale:   "What stands in a manifest is in the repository, the plan and the state, encoded but not encrypted, and in every copy of them.",
		Source:      "Kubernetes documentation, concepts/security/secrets-good-practices",
		check:       checkSecretObjects,
	},
	{
		ID:          "secret-as-variable",
		Severity:    Info,
		Title:       "Secrets reach a container as files.",
		Attribute:   "containers",
		Remediation: "mount the Secret as a file where the application can read one",
		InYAML:      "mount the Secret as a volume where the application can read a file",
		Rationale:   "The environment is inherited by every child process and is written to crash reports and debug pages, and a variable keeps its value until the pod is started again. Many applications read nothing else, so this is a notice.",
		Source:      "Kubernetes documentation, concepts/security/secrets-good-practices, \"Restrict Secret access to specific containers\"",
		check:       eachContainer(checkSecretVariables),
	},
}

func checkConfigSecrets(in *inventory, report report) {
	for _, config := range in.configs {
		for _, key := range slices.Sorted(maps.Keys(config.it.Data)) {
			value := config.it.Data[key]
			if kind := secretValue(value); kind != "" {
				report(config.at("data").key(key), "key %q holds %s, written in plain text", key, kind)
			} else if word := secretName(key); word != "" && isLiteral(value) {
				report(config.at("data").key(key), "key %q is written in plain text, and the word %q in its name says that it is a secret", key, word)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(config.it.BinaryData)) {
			if kind := secretValue(string(config.it.BinaryData[key])); kind != "" {
				report(config.at("binaryData").key(key), "key %q holds %s, which encoding does not hide", key, kind)
			}
		}
	}
}

func checkSecretObjects(in *inventory, report report) {
	for _, secret := range in.secrets {
		switch {
		case secret.it.Type == corev1.SecretTypeServiceAccountToken:
			report(secret.place, "the Secret asks for a token of a service account that never expires")
		case len(secret.it.Data)+len(secret.it.StringData) > 0:
			report(secret.place, "the Secret is written down here, with its values")
		}
	}
}

func checkSecretVariables(c *container, report report) {
	var names []string
	for _, variable := range c.Env {
		if variable.ValueFrom != nil && variable.ValueFrom.SecretKeyRef != nil {
			names = append(names, variable.Name)
		}
	}
	if len(names) > 0 {
		report(c.at("env"), "container %q gets %s from Secrets as variables, which child processes and crash reports see", c.Name, list(names))
	}
	for i, source := range c.EnvFrom {
		if source.SecretRef != nil {
			report(c.at("envFrom").index(i), "container %q gets all of the Secret %q as variables, which child processes and crash reports see", c.Name, source.SecretRef.Name)
		}
	}
}
