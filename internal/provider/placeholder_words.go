package provider

import (
	"fmt"
	"strconv"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// words holds two candidates for attributes that other attributes are checked against.
var words = map[string][2]string{
	"protocol":           {"TCP", "UDP"},
	"operator":           {"Equal", "Exists"},
	"effect":             {"NoExecute", "NoSchedule"},
	"when_unsatisfiable": {"DoNotSchedule", "ScheduleAnyway"},
	"topology_key":       {"kubernetes.io/hostname", "topology.kubernetes.io/zone"},
	"drop":               {"ALL", "CHOWN"},
	"cidr":               {"0.0.0.0/0", "::/0"},
	"seccomp_profile":    {"RuntimeDefault", "localhost/unknown"},
	"completion_mode":    {"Indexed", "NonIndexed"},
	"restart_policy":     {"Never", "OnFailure"},
	"image_pull_policy":  {"IfNotPresent", "Always"},

	"cluster_ip":                  {"None", "10.0.0.1"},
	"internal_traffic_policy":     {"Cluster", "Local"},
	"external_traffic_policy":     {"Local", "Cluster"},
	"traffic_distribution":        {"PreferClose", "PreferSameZone"},
	"session_affinity":            {"ClientIP", "None"},
	"ip_family_policy":            {"PreferDualStack", "SingleStack"},
	"ip_families":                 {"IPv4", "IPv6"},
	"scheme":                      {"http", "https"},
	"metric_type":                 {"AverageValue", "Value"},
	"behavior":                    {"static", "currentReplicas"},
	"controlled_resources":        {"cpu", "memory"},
	"load_balancer_source_ranges": {"10.0.0.0/8", "2001:db8::/32"},
	"node_affinity_policy":        {"Honor", "Ignore"},
	"node_taints_policy":          {"Honor", "Ignore"},
	"pull_policy":                 {"IfNotPresent", "Always"},
	"field_path":                  {"metadata.name", "metadata.uid"},
	"divisor":                     {"1", "1k"},
	"mode":                        {"0400", "0644"},
	"default_mode":                {"0400", "0644"},
}

// kind takes every kind of workload in turn: what one of them refuses, another may have.
func (f *filler) kind() string {
	kinds := workload.Kinds()
	return string(kinds[f.variant%len(kinds)])
}

func placeholderText(name string, number, pick int) string {
	if candidates, ok := words[name]; ok {
		return candidates[pick]
	}
	switch name {
	case "image", "images", "reference":
		// .invalid is reserved: RFC 2606 section 2.
		return fmt.Sprintf("unknown.invalid/image:v%d.0@sha256:%064x", number, number)
	case "value", "average_value", "tolerance", "target", "activation_target", "min_allowed", "max_allowed",
		"requests", "limits", "writable_paths", "size_limit", "storage", "port", "ports", "max_surge", "max_unavailable", "min_available", "min", "max":
		return strconv.Itoa(number)
	case "strategic_merge":
		return fmt.Sprintf(`{"metadata": {"annotations": {"seaworthy.dev/unknown": "%d"}}}`, number)
	case "json_patch":
		return fmt.Sprintf(`[{"op": "add", "path": "/metadata/annotations", "value": {"seaworthy.dev/unknown": "%d"}}]`, number)
	case "path", "working_dir":
		return fmt.Sprintf("/unknown-%d", number)
	}
	return fmt.Sprintf("unknown-%d", number)
}
