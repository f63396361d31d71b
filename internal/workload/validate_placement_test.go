package workload_test

import (
	"strings"
	"testing"
)

func TestValidate_HooksAndResources(t *testing.T) {
	t.Parallel()
	const image = "image: a" + digest
	for name, tt := range map[string]struct{ container, rest, want string }{
		"sleep":              {"lifecycle: {pre_stop: {sleep: {seconds: 35}}}", "", ""},
		"sleep over grace":   {"lifecycle: {pre_stop: {sleep: {seconds: 35}}}", "termination_grace_period_seconds: 30", `containers["api"].lifecycle.pre_stop.sleep.seconds: which is 30`},
		"negative sleep":     {"lifecycle: {pre_stop: {sleep: {seconds: -1}}}", "", `containers["api"].lifecycle.pre_stop.sleep.seconds: use 0 to`},
		"no hook":            {"lifecycle: {}", "", `containers["api"].lifecycle: set post_start or pre_stop`},
		"hook of nothing":    {"lifecycle: {post_start: {}}", "", `containers["api"].lifecycle.post_start: set one of exec`},
		"two actions":        {"lifecycle: {post_start: {exec: {command: [a]}, http_get: {port: http}}}", "", `containers["api"].lifecycle.post_start: exec and http_get`},
		"no program":         {"lifecycle: {post_start: {exec: {command: []}}}", "", `containers["api"].lifecycle.post_start.exec.command: is empty`},
		"unknown port":       {"lifecycle: {pre_stop: {http_get: {port: web}}}", "", `containers["api"].lifecycle.pre_stop.http_get.port: not a declared port`},
		"sleep twice":        {"lifecycle: {pre_stop: {exec: {command: [a]}}}", "pre_stop_sleep_seconds: 5", "pre_stop_sleep_seconds: has no effect"},
		"sleep beyond grace": {"command: [a]", "pre_stop_sleep_seconds: 6\ntermination_grace_period_seconds: 5", "pre_stop_sleep_seconds: longer than"},
		"no sleep":           {"lifecycle: {pre_stop: {exec: {command: [a]}}}", "pre_stop_sleep_seconds: 0", ""},
		"endless sleep":      {"lifecycle: {pre_stop: {sleep: {seconds: 9223372007}}}", "", `containers["api"].lifecycle.pre_stop.sleep.seconds: use 9223372006 or less`},
		"long sleep":         {"lifecycle: {pre_stop: {sleep: {seconds: 9223372006}}}", "", ""},
		"endless grace":      {"command: [a]", "termination_grace_period_seconds: 9223372037", "termination_grace_period_seconds: use 0 to 9223372036"},
		"endless sleeps":     {"command: [a]", "pre_stop_sleep_seconds: 9223372007", "pre_stop_sleep_seconds: use 0 to 9223372006"},
		"hook of init":       {"command: [a]", "init_containers: [{name: a, " + image + ", lifecycle: {pre_stop: {sleep: {seconds: 1}}}}]", "init_containers[0].lifecycle: set sidecar = true"},
		"resize":             {"resize_policy: {cpu: Maybe, ephemeral-storage: NotRequired}", "", "containers[\"api\"].resize_policy[\"cpu\"]: none of NotRequired\ncontainers[\"api\"].resize_policy[\"ephemeral-storage\"]: use cpu or memory"},
		"resize of init":     {"command: [a]", "init_containers: [{name: a, " + image + ", resize_policy: {cpu: NotRequired}}]", "init_containers[0].resize_policy: set sidecar = true"},
		"message":            {"termination_message_path: log, termination_message_policy: Logs", "", "containers[\"api\"].termination_message_path: not an absolute path\ncontainers[\"api\"].termination_message_policy: none of File"},
		"shared":             {"command: [a]", "resources: {requests: {cpu: 200m}, limits: {memory: 256Mi}}", ""},
		"shared too little":  {"command: [a]", "resources: {requests: {cpu: 199m}, limits: {memory: 255Mi}}", "resources.requests[\"cpu\"]: less than the containers' requests together, 200m\nresources.limits[\"memory\"]: less than the limit of container \"api\""},
		"shared disk":        {"command: [a]", "resources: {limits: {ephemeral-storage: 1Gi}}", `resources.limits["ephemeral-storage"]: cannot be shared`},
		"shared nothing":     {"command: [a]", "resources: {}", "resources: says nothing"},
		"greedy init":        {"command: [a]", "init_containers: [{name: a, " + image + ", resources: {requests: {cpu: 500m}}}]\nresources: {requests: {cpu: 400m}}", `resources.requests["cpu"]: together, 500m`},
		"init after sidecar": {"command: [a]", "init_containers: [{name: s, sidecar: true, " + image + ", resources: {requests: {cpu: 100m}}}, {name: a, " + image + ", resources: {requests: {cpu: 250m}}}]\nresources: {requests: {cpu: 300m}}", `resources.requests["cpu"]: together, 350m`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fields := strings.ReplaceAll(tt.container, ", termination", "\n    termination")
			blames(t, describe(t, strings.Replace(api, "    env:", "    "+fields+"\n    env:", 1)+tt.rest), tt.want)
		})
	}
}

func TestValidate_ConfinementAndNames(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ addition, want string }{
		"change policy alone": {"security_context: {fs_group_change_policy: Always}", "security_context.fs_group_change_policy: no effect without fs_group"},
		"change policy":       {"security_context: {fs_group: 1, fs_group_change_policy: Never}", "security_context.fs_group_change_policy: none of OnRootMismatch"},
		"groups":              {"security_context: {supplemental_groups_policy: None}", "security_context.supplemental_groups_policy: none of Merge"},
		"apparmor":            {"security_context: {app_armor_profile: default}", "security_context.app_armor_profile: none of RuntimeDefault"},
		"apparmor of nothing": {"security_context: {app_armor_profile: 'localhost/ a'}", "security_context.app_armor_profile: does not name a profile"},
		"selinux of nothing":  {"security_context: {selinux_options: {}}", "security_context.selinux_options: says nothing"},
		"selinux":             {"security_context: {selinux_options: {type: ''}, selinux_change_policy: Never}", "security_context.selinux_change_policy: none of Recursive\nsecurity_context.selinux_options.type: is empty"},
		"sysctl":              {"security_context: {sysctls: {'Net.ipv4': '1'}}", `security_context.sysctls["Net.ipv4"]: no kernel setting`},
		"slashes":             {"security_context: {sysctls: {net/ipv4/tcp_syncookies: '1'}}", ""},
		"no servers":          {"dns_policy: None", "dns_policy: set dns_config.nameservers"},
		"policy":              {"dns_policy: Cluster", "dns_policy: none of ClusterFirst"},
		"config of nothing":   {"dns_config: {}", "dns_config: says nothing"},
		"servers":             {"dns_config: {nameservers: [a, 1.1.1.1, 1.1.1.2, '::ffff:1.1.1.1']}", "dns_config.nameservers: at most 3\ndns_config.nameservers[0]: no IP address\ndns_config.nameservers[3]: no IP address"},
		"searches":            {"dns_config: {searches: [., a_b., 'a b']}", "dns_config.searches[2]: is not valid"},
		"option":              {"dns_config: {options: {'ndots:2 edns0': ''}}", `dns_config.options["ndots:2 edns0"]: white space`},
		"alias":               {"host_aliases: {localhost: {hostnames: []}}", "host_aliases[\"localhost\"]: no IP address\nhost_aliases[\"localhost\"].hostnames: is empty"},
		"alias name":          {"host_aliases: {127.0.0.1: {hostnames: [a_b]}}", `host_aliases["127.0.0.1"].hostnames[0]: is not valid`},
		"hostname":            {"hostname: a.b", "hostname: is not valid"},
		"facts":               {"image_facts: {api: {user: '1000'}}", ""},
		"facts of nothing":    {"image_facts: {web: {user: '1000'}}", `image_facts["web"]: no container has that name: use one of api`},
		"override":            {"set_hostname_as_fqdn: true\nhostname_override: a.b", "hostname_override: keep one"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, describe(t, api+tt.addition), tt.want)
		})
	}
}

func TestValidate_Affinity(t *testing.T) {
	t.Parallel()
	const node, anti = "affinity: {node_affinity: ", "affinity: {pod_anti_affinity: "
	for name, tt := range map[string]struct{ addition, want string }{
		"nothing":         {"affinity: {}", "affinity: says nothing"},
		"no nodes":        {node + "{}}", "affinity.node_affinity: says nothing"},
		"no term":         {node + "{required: [{}]}}", "affinity.node_affinity.required[0]: matches no node"},
		"operator":        {node + "{required: [{match_expressions: [{key: a, operator: Is}]}]}}", "affinity.node_affinity.required[0].match_expressions[0].operator: none of In"},
		"no values":       {node + "{required: [{match_expressions: [{key: a, operator: In}]}]}}", "affinity.node_affinity.required[0].match_expressions[0].values: is empty"},
		"values":          {node + "{required: [{match_expressions: [{key: a, operator: Exists, values: [b]}]}]}}", "affinity.node_affinity.required[0].match_expressions[0].values: means nothing"},
		"two numbers":     {node + "{required: [{match_expressions: [{key: a, operator: Gt, values: ['1', '2']}]}]}}", "affinity.node_affinity.required[0].match_expressions[0].values: compares with one"},
		"no number":       {node + "{required: [{match_expressions: [{key: a, operator: Lt, values: [b]}]}]}}", "affinity.node_affinity.required[0].match_expressions[0].values[0]: no whole number"},
		"field":           {node + "{required: [{match_fields: [{key: a, operator: Exists}]}]}}", "affinity.node_affinity.required[0].match_fields[0].key: use metadata.name\naffinity.node_affinity.required[0].match_fields[0].operator: none of In\naffinity.node_affinity.required[0].match_fields[0].values: compared with one"},
		"weight":          {node + "{preferred: [{weight: 0, match_expressions: [{key: a, operator: Exists}]}]}}", "affinity.node_affinity.preferred[0].weight: use 1 to 100"},
		"no pods":         {anti + "{}}", "affinity.pod_anti_affinity: says nothing"},
		"own pods":        {anti + "{required: [{topology_key: a, match_label_keys: [pod-template-hash]}]}}", ""},
		"topology":        {anti + "{required: [{topology_key: 'a b'}]}}", "affinity.pod_anti_affinity.required[0].topology_key: is not valid"},
		"key of selector": {anti + "{required: [{topology_key: a, match_label_keys: [app.kubernetes.io/name]}]}}", "affinity.pod_anti_affinity.required[0].match_label_keys[0]: compared by the selector"},
		"key both ways":   {anti + "{required: [{topology_key: a, match_label_keys: [b], mismatch_label_keys: [b]}]}}", "affinity.pod_anti_affinity.required[0].mismatch_label_keys[0]: in match_label_keys too"},
		"key twice":       {anti + "{required: [{topology_key: a, match_label_keys: [b], pod_expressions: [{key: b, operator: Exists}]}]}}", "affinity.pod_anti_affinity.required[0].match_label_keys[0]: in pod_expressions too"},
		"namespace":       {anti + "{required: [{topology_key: a, namespaces: [A]}]}}", "affinity.pod_anti_affinity.required[0].namespaces[0]: is not valid"},
		"spread":          {"topology_spread: [{topology_key: a, node_taints_policy: Respect, match_label_keys: [app.kubernetes.io/name]}]", "topology_spread[0].node_taints_policy: none of Honor\ntopology_spread[0].match_label_keys[0]: compared by the selector"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blames(t, describe(t, api+tt.addition), tt.want)
		})
	}
}

// The pods of a job are not restarted unless it says so, and neither are their containers.
func TestValidate_ResizeOfAJob(t *testing.T) {
	t.Parallel()
	const job = `
name: report
namespace: shop
kind: Job
containers:
  report:
    image: registry.example.com/shop/report:1.4.2` + digest + `
    resize_policy: {cpu: RestartContainer}
`
	blames(t, describe(t, job), `containers["report"].resize_policy["cpu"]: never restart one`)
	blames(t, describe(t, job+"job: {restart_policy: OnFailure}"), "")
}
