package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// initContainerAttributes are those of a container, with what only init containers have.
func initContainerAttributes() attributes {
	all := containerAttributes()
	maps.Copy(all, attributes{
		"name":    requiredText("Name of the container: a DNS label that no other container of the pod has."),
		"sidecar": flag("Whether the container keeps running beside the others (a native sidecar), with probes and ports of its own. Default is `false`: it must finish before the next one starts."),
	})
	return all
}

func containerAttributes() attributes {
	all := attributes{
		"image": requiredText("Image reference, pinned by a digest: use `pinned` of the data source `seaworthy_image`."),
		"image_pull_policy": text("When the node pulls the image: `IfNotPresent`, `Always` or `Never`. Default is `IfNotPresent` for an image with a digest, " +
			"whose content cannot change, and `Always` for one without."),
		"command":     texts("Program and first arguments, in place of the image's entrypoint. Default is the image's."),
		"args":        texts("Arguments, in place of the image's command. Default is the image's."),
		"working_dir": text("Absolute path of the working directory. Default is the image's."),
		"ports": objectMap("Ports that the container listens on, by name (at most 15 characters). The Service, the network policy and the probes refer to them.", attributes{
			"container_port": requiredInteger("Number of the port, 1 to 65535; below 1024 there is a warning, because a process without privileges may not be allowed to listen there."),
			"service_port":   integer("Number of the port on the Service. Default is `container_port`."),
			"node_port":      integer("Number of the port on every node, for a Service of the type `NodePort` or `LoadBalancer`. Default is one of the cluster's choice."),
			"protocol":       text("Protocol of the port: `TCP`, `UDP` or `SCTP`. Default is `TCP`."),
			"app_protocol":   text("Application protocol, as a hint to proxies, such as `http` or `kubernetes.io/h2c`. Default is none."),
		}),
		"resources": object("Compute resources. CPU and memory requests and a memory limit must be written; a CPU limit is your choice.", attributes{
			"requests": textMap("Requested quantities by resource name, such as `cpu = \"200m\"`. The default for `ephemeral-storage` is `64Mi`."),
			"limits":   textMap("Largest quantities by resource name, such as `memory = \"256Mi\"`. The default for `ephemeral-storage` is `256Mi` plus the sizes of `writable_paths` and mounted `empty_dir` volumes on disk."),
		}),
		"startup_probe":   probeAttribute("Asks whether the container has started; until then the other probes wait. Default is none."),
		"readiness_probe": probeAttribute("Asks whether the container can serve; a pod that is not ready gets no traffic."),
		"liveness_probe":  probeAttribute("Asks whether the container is alive; it is restarted when not. It should look at the process only, never at dependencies."),
		"writable_paths": textMap("Directories that must be writable although the root file system is read-only, each an emptyDir: absolute path to size limit, " +
			"such as `\"/tmp\" = \"64Mi\"`. Default is none."),
		"resize_policy":              textMap("What a change of `cpu` or `memory` in a running pod does to the container: `NotRequired` or `RestartContainer`, by resource. It needs Kubernetes 1.33. Default is `NotRequired`."),
		"lifecycle":                  lifecycleAttribute(),
		"termination_message_path":   text("File in the container whose text becomes its last message. Default is `/dev/termination-log`."),
		"termination_message_policy": text("Where the last message comes from: `File`, or `FallbackToLogsOnError` for the end of the log when the file is empty. Default is `File`."),
		"volume_mounts":              volumeMountsAttribute(),
		"security_context":           containerSecurityAttribute(),
	}
	maps.Copy(all, envAttributes())
	return all
}

func containerSecurityAttribute() schema.SingleNestedAttribute {
	return object("Security context of this container. What is left out is hardened.", attributes{
		"run_as_user":                longInteger("User ID of the process. Default is the pod's."),
		"seccomp_profile":            text("System calls that are permitted: `RuntimeDefault`, `Unconfined`, or `localhost/<path of a profile on the node>`. Default is the pod's."),
		"app_armor_profile":          appArmorAttribute("the pod's"),
		"selinux_options":            seLinuxAttribute(),
		"proc_mount":                 text("What of `/proc` is hidden: `Default`, or `Unmasked` for nothing, which needs `host_users = false`. It needs Kubernetes 1.33. Default is `Default`."),
		"run_as_group":               longInteger("Group ID of the process. Default is the pod's."),
		"run_as_non_root":            flag("Whether the kubelet refuses to run the image as root. Default is the pod's."),
		"read_only_root_filesystem":  flag("Whether the root file system is read-only. Default is `true`."),
		"allow_privilege_escalation": flag("Whether the process may gain more privileges than its parent. Default is `false`."),
		"privileged":                 flag("Whether the container runs privileged. Default is `false`."),
		"capabilities": object("Linux capabilities, written without `CAP_`.", attributes{
			"add":  texts("Capabilities to add. Default is none."),
			"drop": texts("Capabilities to drop. Default is `[\"ALL\"]`."),
		}),
	})
}

func probeAttribute(description string) schema.SingleNestedAttribute {
	return object(description+" Exactly one of `http_get`, `tcp_socket`, `grpc` and `exec` is set.", attributes{
		"http_get": object("Succeeds on an HTTP status from 200 to 399.", httpGetAttributes()),
		"tcp_socket": object("Succeeds when the port accepts a connection.", attributes{
			"port": requiredText("Name or number of a declared port."),
		}),
		"grpc": object("Asks the standard gRPC health service.", attributes{
			"port":    requiredText("Name or number of a declared port."),
			"service": text("Service name in the health request. Default is none: the server as a whole."),
		}),
		"exec": object("Succeeds when a command in the container exits with 0.", attributes{
			"command": schema.ListAttribute{
				Required: true, ElementType: textElement,
				MarkdownDescription: "Program and arguments, run without a shell.",
			},
		}),
		"initial_delay_seconds": integer("Seconds from the container's start to the first probe. Default is `0`."),
		"period_seconds":        integer("Seconds between probes. Default is `10`."),
		"timeout_seconds":       integer("Seconds after which a probe has failed. Default is `1`."),
		"success_threshold":     integer("Consecutive successes that count; must be 1 for startup and liveness. Default is `1`."),
		"failure_threshold":     integer("Consecutive failures that count. Default is `3`."),
		"termination_grace_period_seconds": longInteger("Seconds that the container gets to stop when this probe fails; not for readiness. " +
			"Default is the pod's `termination_grace_period_seconds`."),
	})
}

func httpGetAttributes() attributes {
	return attributes{
		"path":    text("Path of the request. Default is `/`."),
		"port":    requiredText("Name or number of a declared port."),
		"scheme":  text("Scheme of the request: `HTTP`, or `HTTPS` without verification of the certificate. Default is `HTTP`."),
		"headers": textMap("Request headers by name. Default is none."),
	}
}
