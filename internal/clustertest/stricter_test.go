//go:build cluster

package clustertest_test

import "regexp"

// stricterRule is something that we refuse and the API server takes.
type stricterRule struct {
	// refusal matches what we say.
	refusal *regexp.Regexp
	// why is the reason.
	why string
}

func stricterWhere(refusal, why string) stricterRule {
	return stricterRule{regexp.MustCompile(refusal), why}
}

// stricter are the rules beyond the API server's. Many have a case in the table of
// rejections too.
var stricter = []stricterRule{
	stricterWhere(`^kind: `, "the manifests are of a kind that we can describe, whatever was asked for"),
	stricterWhere(`^name: .* must not contain dots`, "host names of pods and names of Services are made of it, which hold no dots"),
	stricterWhere(`\.image: invalid image reference`, "no container runtime could pull it"),
	stricterWhere(`^image_pull_secrets\[\d+\]: .* is not valid`, "no Secret can have that name"),
	stricterWhere(`topology_key: .* is not valid`, "no node can have that label"),
	stricterWhere(`_probe\.(period_seconds|timeout_seconds|failure_threshold|success_threshold): is 0`,
		"the API server puts its default in the place of zero, which is not what was written"),
	stricterWhere(`_probe\.termination_grace_period_seconds: is 0`, "only more than zero can be rendered; the API server refuses it"),
	stricterWhere(`(_probe\..*\.port|ingress\[\d+\]\.ports\[\d+\]): .* is not a declared port`, "nothing finds a port of that name, or no container listens there as far as it says"),
	stricterWhere(`_probe\..*\.port: .* and a probe connects over TCP`, "the kubelet would connect in vain for ever"),
	stricterWhere(`http_get\.path: .* is not an absolute path`, "the kubelet sends it as it is, and servers refuse a path without a slash"),
	stricterWhere(`container_port: .* containers of a pod share their ports`, "the second one to listen fails"),
	stricterWhere(`capabilities\.(add|drop)\[\d+\]: .* is not a capability`, "no container runtime knows it"),
	stricterWhere(`capabilities\.add: holds SYS_ADMIN, but privilege escalation is not allowed`, "the API server looks for the name with a prefix, which means nothing to a container runtime"),
	stricterWhere(`(writable_paths\["[^"]*"\]|working_dir): .* is not an absolute path`, "it means another directory with each container runtime"),
	stricterWhere(`image_pull_policy: .* is none of`, "an empty text is nothing that can be meant, and blanks at the end of a word are lost when the API server reads it"),
	stricterWhere(`^(priority_class_name|runtime_class_name|image_pull_secrets\[\d+\]): is empty|^tolerations\[\d+\]\.key: "" is not valid`, "an empty text is nothing that can be meant: the attribute can be left out"),
	stricterWhere(`^network_policy\.enabled: is false`, "an attribute without an effect is an error"),
	stricterWhere(`^disruption_budget(\.|: needs min_available)`, "a budget that is switched off is checked all the same, and one that the disruption controller cannot count lets no pod go"),
	stricterWhere(`^revision_history_limit: is -`, "no number of revisions is negative; of a StatefulSet the API server takes it"),
	stricterWhere(`\.(service_port|app_protocol|node_port): |\.ports\[""\]: `, "they are checked although the Service is switched off"),
	stricterWhere(`writable_paths\["[^"]*"\]: .* holds a colon`, "the API's documentation forbids it, and container runtimes read the colon as a separator"),
	stricterWhere(`is not something that a `, "the kind has nothing like it, so it could have no effect"),
	stricterWhere(`^name: has \d+ characters: a StatefulSet takes at most`, "its pods could not be created: a label of theirs would be too long"),
	stricterWhere(`^patches\[\d+\]`, "a patch that finds nothing, or that cannot be read, leaves the objects as they are"),
	stricterWhere(`^vertical_autoscaling\.containers\["[^"]*"\]: is no container`, "bounds for a container that is not there have no effect"),
	stricterWhere(`idle_replica_count: is below min_replicas`, "it has no effect where the pods go down to none anyway"),
	stricterWhere(`^autoscaling\.metrics\[.*\.match_(labels|expressions)`, "the API server does not read the selector, and the API of the metrics could not"),
	stricterWhere(`^service\.`, "a Service that is switched off is checked all the same, and an empty type is nothing that can be meant"),
}
