//go:build cluster

package clustertest_test

import (
	"regexp"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// stricterRule is something that we refuse and the API server takes.
type stricterRule struct {
	// refusal matches what we say.
	refusal *regexp.Regexp
	// why is the reason.
	why string
	// only limits the rule to some workloads.
	only func(workload.Workload) bool
}

// explains tells whether the rule is why a workload is refused.
func (r stricterRule) explains(w workload.Workload, refusal string) bool {
	return r.refusal.MatchString(refusal) && (r.only == nil || r.only(w))
}

func stricterWhere(refusal, why string) stricterRule {
	return stricterRule{regexp.MustCompile(refusal), why, nil}
}

// stricter are the rules beyond the API server's. Many have a case in the table of
// rejections too.
var stricter = []stricterRule{
	stricterWhere(`^kind: `, "the manifests are of a kind that we can describe, whatever was asked for"),
	stricterWhere(`^name: .* must not contain dots`, "host names of pods and names of Services are made of it, which hold no dots"),
	stricterWhere(`\.(image|reference): invalid image reference`, "no container runtime could pull it"),
	stricterWhere(`^image_pull_secrets\[\d+\]: .* is not valid`, "no Secret can have that name"),
	stricterWhere(`topology_key: .* is not valid`, "no node can have that label"),
	stricterWhere(`_probe\.(period_seconds|timeout_seconds|failure_threshold|success_threshold): is 0`,
		"the API server puts its default in the place of zero, which is not what was written"),
	stricterWhere(`_probe\.termination_grace_period_seconds: is 0`, "only more than zero can be rendered; the API server refuses it"),
	stricterWhere(`((_probe|lifecycle)\..*\.port|ingress\[\d+\]\.ports\[\d+\]): .* is not a declared port`, "nothing finds a port of that name, or no container listens there as far as it says"),
	stricterWhere(`(_probe|lifecycle)\..*\.port: .* and a probe connects over TCP`, "the kubelet would connect in vain for ever"),
	stricterWhere(`http_get\.path: .* is not an absolute path`, "the kubelet sends it as it is, and servers refuse a path without a slash"),
	stricterWhere(`container_port: .* containers of a pod share their ports`, "the second one to listen fails"),
	stricterWhere(`capabilities\.(add|drop)\[\d+\]: .* is not a capability`, "no container runtime knows it"),
	stricterWhere(`capabilities\.add: holds SYS_ADMIN, but privilege escalation is not allowed`, "the API server looks for the name with a prefix, which means nothing to a container runtime"),
	stricterWhere(`((writable_paths|volume_mounts|config_files)\["[^"]*"\]|working_dir|host_path\.path): .* is not an absolute path`, "it means another directory with each container runtime"),
	stricterWhere(`image_pull_policy: .* is none of`, "an empty text is nothing that can be meant, and blanks at the end of a word are lost when the API server reads it"),
	stricterWhere(`^(priority_class_name|runtime_class_name|image_pull_secrets\[\d+\]): is empty|^tolerations\[\d+\]\.key: "" is not valid`, "an empty text is nothing that can be meant: the attribute can be left out"),
	stricterWhere(`: "" is none of`, "an empty text is nothing that can be meant, even where the API server takes it for its default"),
	stricterWhere(`^autoscaling\.metrics\[.*(resource\.name: .* is no resource|average_utilization: is a share of the .* request, but)`, "the API server takes any name, and the autoscaler finds no request to take a share of"),
	stricterWhere(`^traffic\.`, "definitions of routes leave to their controllers what no request could match"),
	stricterWhere(`^image_facts\[`, "no object shows what is known of an image: a name that no container has is a slip"),
	stricterWhere(`^network_policy\.enabled: is false`, "an attribute without an effect is an error"),
	stricterWhere(`^disruption_budget(\.|: needs min_available)`, "a budget that is switched off is checked all the same, and one that the disruption controller cannot count lets no pod go"),
	stricterWhere(`^revision_history_limit: is -`, "no number of revisions is negative; of a StatefulSet the API server takes it"),
	stricterWhere(`\.(service_port|app_protocol|node_port): |\.ports\[""\]: `, "they are checked although the Service is switched off"),
	stricterWhere(`(writable_paths|volume_mounts|config_files)\["[^"]*"\]: .* holds a colon`, "the API's documentation forbids it, and container runtimes read the colon as a separator"),
	stricterWhere(`is not something that a `, "the kind has nothing like it, so it could have no effect"),
	stricterWhere(`^name: has \d+ characters: a StatefulSet takes at most`, "its pods could not be created: a label of theirs would be too long"),
	stricterWhere(`^name: has \d+ characters: a (Cron)?Job takes at most`, "a Job is called by it and eleven characters more"),
	stricterWhere(`readiness_probe: has no meaning for a`, "nothing sends traffic to a job"),
	stricterWhere(`^cron\.schedule: .* never comes`, "it would never run"),
	stricterWhere(`(sleep\.seconds|pre_stop_sleep_seconds|^termination_grace_period_seconds): is \d{10,}`, "the kubelet's nanoseconds overflow, and it does not wait at all"),
	stricterWhere(`^termination_grace_period_seconds: is -`, "the API server takes a negative time for one second, which is not what was written"),
	stricterWhere(`^volume_claims\[[^]]*\]\.(labels|annotations)`, "the API server looks at them only when a claim is made, and then no pod starts"),
	stricterWhere(`^job\.active_deadline_seconds: is \d{10,}`, "the Job controller's nanoseconds overflow, and the job fails before it starts"),
	stricterWhere(`^affinity\.node_affinity\..*\.values\[\d+\]: .* is not valid`, "no node's label has such a value, so nothing could match"),
	stricterWhere(`^job\.pod_failure_policy\.rules: is empty`, "a policy without rules has no effect"),
	stricterWhere(`^persistent_volume_claim_retention_policy: is about claims`, "there are no claims that it could be about"),
	stricterWhere(`is mounted by no container`, "a volume that nobody sees has no effect"),
	stricterWhere(`^patches\[\d+\]`, "a patch that finds nothing, or that cannot be read, leaves the objects as they are"),
	stricterWhere(`^vertical_autoscaling\.`, "the definition of the resource bounds next to nothing; the recommender ignores what it does not know"),
	stricterWhere(`^autoscaling\.keda\.`, "the definition of the resource leaves this to KEDA's own admission webhook, which the cluster does not run"),
	{regexp.MustCompile(`^autoscaling\.`), "the same holds for what KEDA hands on to the autoscaler that it makes", func(w workload.Workload) bool {
		return w.Autoscaling != nil && w.Autoscaling.KEDA != nil
	}},
	stricterWhere(`http_get\.headers\["[^"]*"\]: holds a line break`, "the rest would be another header, or a request that no server reads"),
	stricterWhere(`^(monitoring|alerts)\.`, "definitions of resources and annotations are read by others than the API server, who would ignore it"),
	stricterWhere(`^autoscaling\.metrics\[.*\.match_(labels|expressions)`, "the API server does not read the selector, and the API of the metrics could not"),
	stricterWhere(`(\.name|_name|\.(config_map|secret|key|node_publish_secret)): .* is not valid`, "no object can have that name, and none that key"),
	stricterWhere(`sub_path(_expr)?: is empty`, "an empty text is nothing that can be meant: the attribute can be left out"),
	stricterWhere(`config_files\["[^"]*"\]\.containers\[\d+\]: .* is no container`, "no container would see the file"),
	stricterWhere(`annotations\["[^"]*"\]: is set by monitoring`, "one of the two would be lost"),
	stricterWhere(`read_only: is false, but the volume cannot be written`, "the kubelet mounts it read-only all the same"),
	stricterWhere(`empty_dir\.medium: .* is none of`, "no kubelet knows it"),
	stricterWhere(`(holds the file|is a path of|is set in) .*(too|already)`, "one of the two would be hidden by the other"),
	stricterWhere(`(sub_path(_expr)?|items\["[^"]*"\]): holds a line break`, "no file has such a name, and YAML readers cut it off"),
	stricterWhere(`resource\.container: .* is no container|resource\.divisor`, "the kubelet finds no such container, and the file stays empty"),
	stricterWhere(`(hostname|subdomain|scheduler_name|dns_config|host_aliases.*|affinity.*|selinux_options|security_context.*|resources|lifecycle.*): (is empty|says nothing)`, "an empty value is nothing that can be meant: the attribute can be left out"),
	stricterWhere(`^(hostname|subdomain): .* is not valid`, "the API server looks at it in pods only, and would refuse to create them"),
	stricterWhere(`^network_policy\..*\.namespace: .* is not valid`, "no namespace can have that name"),
	{regexp.MustCompile(`^(pod_)?annotations`), "a patch may replace them", func(w workload.Workload) bool { return len(w.Patches) > 0 }},
	stricterWhere(`: .* is no IP address in its usual form`, "the API server takes forms that tools read differently"),
	stricterWhere(`dns_config\.options\[.*white space`, "the resolver would read another option"),
	stricterWhere(`^pre_stop_sleep_seconds: has no effect|fs_group_change_policy: has no effect`, "an attribute without an effect is an error"),
	stricterWhere(`means nothing for a container that ends before`, "a policy without an effect is an error"),
	stricterWhere(`affinity\..*(values\[0\]: .* is no whole number|: says nothing|: matches no node)`, "no node would ever match"),
	stricterWhere(`^scheduler_name: .* is not valid|^security_context\.sysctls`, "no scheduler can have that name, and no kernel has such a setting"),
	stricterWhere(`termination_message_(path: .* absolute path|policy: .* none of)`, "the kubelet would not find the file"),
	stricterWhere(`^service\.`, "a Service that is switched off is checked all the same, and an empty type is nothing that can be meant"),
}
