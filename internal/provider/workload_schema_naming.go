package provider

import "github.com/hashicorp/terraform-plugin-framework/resource/schema"

// workloadNamingAttributes are the arguments about names and about what containers share.
func workloadNamingAttributes() attributes {
	return attributes{
		"dns_policy": text("Where the pods look names up: `ClusterFirst`, `Default` (as the node does) or `None` (as `dns_config` says). Default is `ClusterFirst`."),
		"dns_config": object("Additions to what `dns_policy` says. Default is none.", attributes{
			"nameservers": texts("IP addresses of name servers, at most three. Default is none."),
			"searches":    texts("Domains in which short names are looked up. Default is none."),
			"options":     textMap("Resolver options by name, such as `ndots = \"2\"`; `\"\"` is an option without a value. Default is none."),
		}),
		"host_aliases": objectMap("Lines of the pod's hosts file by IP address. The rule `no-host-aliases` asks for a reason in `exceptions`. Default is none.", attributes{
			"hostnames": schema.ListAttribute{Required: true, ElementType: textElement, MarkdownDescription: "Names of the host."},
		}),
		"hostname":             text("Host name of the pods. Default is each pod's own name."),
		"subdomain":            text("Subdomain of the pods in DNS, which is the name of a headless Service. Default is none."),
		"set_hostname_as_fqdn": flag("Whether the kernel's host name is the full name in DNS. Default is `false`."),
		"hostname_override":    text("Host name of the kernel, whatever DNS says. It needs Kubernetes 1.35. Default is none."),

		"host_users":              flag("Whether the pods use the node's user namespace; `false` gives each its own, if the node's runtime can. It needs Kubernetes 1.33. Default is `true`."),
		"share_process_namespace": flag("Whether the containers see each other's processes. Default is `false`."),
		"enable_service_links":    flag("Whether every Service of the namespace adds variables to the environment. Default is `false`."),
		"resources": object("Compute resources that the containers of a pod share. It needs Kubernetes 1.34. Default is what the containers ask for themselves.", attributes{
			"requests": textMap("Requested quantities of `cpu`, `memory` and huge pages; at least what the containers request together. Default is that."),
			"limits":   textMap("Largest quantities of `cpu`, `memory` and huge pages for all containers together. Default is none."),
		}),
		"scheduler_name": text("Scheduler that places the pods. Default is the cluster's."),
		"affinity":       affinityAttribute(),
	}
}

func lifecycleAttribute() schema.SingleNestedAttribute {
	hook := attributes{
		"exec": object("Runs a command in the container.", attributes{
			"command": schema.ListAttribute{Required: true, ElementType: textElement, MarkdownDescription: "Program and arguments, run without a shell."},
		}),
		"http_get": object("Sends an HTTP request to the container.", httpGetAttributes()),
		"sleep": object("Waits.", attributes{
			"seconds": schema.Int64Attribute{Required: true, MarkdownDescription: "Seconds to wait, at most `termination_grace_period_seconds`."},
		}),
	}
	return object("What is done right after the container's start and before its stop. Default is the sleep of `pre_stop_sleep_seconds`.", attributes{
		"post_start": object("Done right after the start, beside the container's own program. Exactly one of `exec`, `http_get` and `sleep` is set. Default is none.", hook),
		"pre_stop":   object("Done before the container is told to stop, in place of the sleep of `pre_stop_sleep_seconds`. Exactly one of `exec`, `http_get` and `sleep` is set. Default is that sleep.", hook),
	})
}

func seLinuxAttribute() schema.SingleNestedAttribute {
	return object("Parts of the SELinux label of the processes. Default is the runtime's choice.", attributes{
		"user":  text("User of the label. Default is the runtime's choice."),
		"role":  text("Role of the label. Default is the runtime's choice."),
		"type":  text("Type of the label. Default is the runtime's choice."),
		"level": text("Level of the label, such as `s0:c123,c456`. Default is the runtime's choice."),
	})
}

func appArmorAttribute(other string) schema.StringAttribute {
	return text("AppArmor profile: `RuntimeDefault`, `Unconfined`, or `localhost/<name of a profile on the node>`. Nodes without AppArmor refuse pods that name one. Default is " + other + ".")
}
