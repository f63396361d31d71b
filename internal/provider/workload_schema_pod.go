package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func workloadPodAttributes() attributes {
	return attributes{
		"topology_spread": objectList("Spreads the pods over the values of a node label. Default is over zones, as far as possible; an empty list asks for none. A DaemonSet, with one pod on each node, has none.", attributes{
			"topology_key":         requiredText("Node label, such as `topology.kubernetes.io/zone`."),
			"max_skew":             integer("Largest difference in pods between two values of the label. Default is `1`."),
			"when_unsatisfiable":   text("What happens when pods cannot be spread so: `ScheduleAnyway`, or `DoNotSchedule`, which blocks. Default is `ScheduleAnyway`."),
			"match_label_keys":     texts("Labels of which only pods with the same value are counted, such as `pod-template-hash`. Default is none."),
			"node_affinity_policy": text("Whether nodes count that `affinity` and `node_selector` exclude: `Honor` leaves them out, `Ignore` counts them. Default is `Honor`."),
			"node_taints_policy":   text("Whether nodes count whose taints are not tolerated: `Honor` leaves them out, `Ignore` counts them. Default is `Ignore`."),
			"min_domains":          integer("Number of values that must exist, only with `DoNotSchedule`. Default is none."),
		}),
		"node_selector": textMap("Labels that a node must have. Default is none."),
		"tolerations": objectList("Taints that do not keep the pods off a node. Default is none.", attributes{
			"key":                text("Key of the taint. Default, with operator `Exists`, is every taint."),
			"operator":           text("How `value` is compared: `Equal`, or `Exists` for any value. Default is `Equal`."),
			"value":              text("Value of the taint. Default is the empty value."),
			"effect":             text("Effect of the taint: `NoSchedule`, `PreferNoSchedule` or `NoExecute`. Default is all of them."),
			"toleration_seconds": longInteger("Seconds that a `NoExecute` taint is tolerated. Default is for ever."),
		}),
		"priority_class_name": text("PriorityClass of the pods; it must exist in the cluster, or no pod is created. Default is the cluster's."),
		"runtime_class_name":  text("RuntimeClass of the pods; it must exist in the cluster. Default is the cluster's."),
		"image_pull_secrets":  texts("Names of the Secrets that hold registry credentials. Default is none."),
		"security_context":    podSecurityAttribute(),
		"image_facts":         imageFactsAttribute(),
		"termination_grace_period_seconds": longInteger("Seconds from the decision to stop a pod to the kill, the pre-stop sleep included. " +
			"Default is `pre_stop_sleep_seconds` plus 30."),
		"pre_stop_sleep_seconds": longInteger("Seconds that a terminating container keeps serving while load balancers forget it. Default is `5` with a Service and `0` without."),
	}
}

func imageFactsAttribute() schema.MapNestedAttribute {
	return objectMap("What is known of the image of a container, by the container's name, for the hardening rules to judge by: `{ api = data.seaworthy_image.api.images[\"linux/amd64\"] }`, "+
		"or with `merge` the `shells` of a `seaworthy_image_comparison` beside it. No manifest shows it. Default is that nothing is known.", attributes{
		"user":          text("User of the image's config, such as `1000:1000` or `nginx`. Default is not known."),
		"runs_as_root":  flag("Whether that user is root. Default is what `user` says."),
		"entrypoint":    texts("Entry point of the image; an empty list is none. Default is not known."),
		"command":       texts("Command of the image; an empty list is none. Default is not known."),
		"exposed_ports": texts("Ports that the image exposes, such as `8080/tcp`. Default is not known."),
		"shells":        texts("Paths of the image's shells; an empty list is none. Default is not known."),
	})
}

func podSecurityAttribute() schema.SingleNestedAttribute {
	return object("Security context of the pod. What is left out is hardened.", attributes{
		"run_as_user":                longInteger("User ID of the processes. Default is `65532`, the non-root user of distroless images."),
		"run_as_group":               longInteger("Group ID of the processes. Default is `65532`."),
		"run_as_non_root":            flag("Whether the kubelet refuses to run an image as root. Default is `true`."),
		"fs_group":                   longInteger("Group ID that owns the pod's volumes. Default is `run_as_group` where the pod has claims, and none elsewhere."),
		"fs_group_change_policy":     text("When the group of a volume's files is changed: `OnRootMismatch`, or `Always` at each start. Default is `OnRootMismatch`."),
		"supplemental_groups_policy": text("Which further groups the processes have: `Merge` adds those of the image's `/etc/group`, `Strict` does not, on nodes whose runtime can. It needs Kubernetes 1.33. Default is `Merge`."),
		"app_armor_profile":          appArmorAttribute("the runtime's choice"),
		"selinux_options":            seLinuxAttribute(),
		"selinux_change_policy":      text("How volumes get their SELinux label: `Recursive`, file by file, which needs Kubernetes 1.33, or `MountOption`, which needs 1.37. Default is the cluster's choice."),
		"sysctls":                    textMap("Kernel settings of the pods by name, such as `net.ipv4.tcp_keepalive_time`. Settings that are not safe need an exception. Default is none."),
		"supplemental_groups": schema.ListAttribute{
			Optional: true, ElementType: types.Int64Type,
			MarkdownDescription: "Further group IDs of the processes. Default is none.",
		},
		"seccomp_profile": text("System calls that are permitted: `RuntimeDefault`, `Unconfined`, or `localhost/<path of a profile on the node>`. Default is `RuntimeDefault`."),
	})
}
