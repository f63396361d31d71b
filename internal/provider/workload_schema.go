package provider

import (
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// workloadSchema is the schema of seaworthy_workload. Its arguments are the JSON
// names of workload.Workload; a test compares the two.
func workloadSchema() schema.Schema {
	s := schema.Schema{
		Version: 0,
		MarkdownDescription: "Describes one production workload and renders its Kubernetes manifests during plan, hardened by default. " +
			"The resource never talks to a cluster: apply the `manifests` with the tool of your choice.\n\n" +
			"A hardening rule that is not met is a plan error at the attribute to blame; an entry in `exceptions` with a written reason turns that one rule off. " +
			"See [Hardening rules](../guides/hardening-rules.md).",
		Attributes: attributes{},
	}
	for _, part := range []attributes{
		workloadIdentityAttributes(), workloadScalingAttributes(), workloadNetworkAttributes(), workloadMonitoringAttributes(),
		workloadPodAttributes(), workloadVolumeAttributes(), workloadNamingAttributes(), workloadJobAttributes(), workloadStatefulAttributes(), workloadDeliveryAttributes(), workloadPatchAttributes(), workloadComputedAttributes(),
	} {
		maps.Copy(s.Attributes, part)
	}
	return s
}

func workloadIdentityAttributes() attributes {
	replaced := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	return attributes{
		"name": schema.StringAttribute{
			Required: true, PlanModifiers: replaced,
			MarkdownDescription: "Name of the workload and of every object made for it: a DNS label of at most 63 characters. Changing it replaces the workload.",
		},
		"namespace": schema.StringAttribute{
			Required: true, PlanModifiers: replaced,
			MarkdownDescription: "Namespace of every object; it must exist in the cluster. Changing it replaces the workload.",
		},
		"kind": schema.StringAttribute{
			Required: true, PlanModifiers: replaced,
			MarkdownDescription: "Kind of the object that runs the pods: " + kindNames() + ". An argument that the kind does not have is an error. Changing it replaces the workload.",
		},
		"containers": schema.MapNestedAttribute{
			Required:            true,
			MarkdownDescription: "Containers of the pod by name. They are rendered in the order of their names.",
			NestedObject:        schema.NestedAttributeObject{Attributes: containerAttributes()},
		},
		"init_containers": objectList("Containers that run before the others, in this order, each to its end unless it is a sidecar. Default is none.", initContainerAttributes()),
		"labels":          textMap("Labels of every object, pods included. `app.kubernetes.io/name`, `app.kubernetes.io/instance` and `app.kubernetes.io/managed-by` are set by seaworthy."),
		"annotations":     textMap("Annotations of every object, pods included."),
		"pod_labels":      textMap("Labels of the pods alone. They win over `labels`."),
		"pod_annotations": textMap("Annotations of the pods alone. They win over `annotations`."),
		"exceptions": textMap("Hardening rules that do not apply to this workload: rule ID to the reason, which shows in `findings` and as an annotation on the object. " +
			"An unknown rule ID, an empty reason, or an exception that excuses nothing is an error."),
	}
}

// kindNames lists the kinds of workloads as Markdown.
func kindNames() string {
	var names []string
	for _, kind := range workload.Kinds() {
		names = append(names, "`"+string(kind)+"`")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func workloadComputedAttributes() attributes {
	return attributes{
		"manifests": schema.MapAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Rendered objects: key as kubectl writes it (`Deployment.apps/shop/api`, `Service/shop/api`), value one YAML document. " +
				"The name of a Job ends in a hash of what Kubernetes lets nobody change of it, so that a changed Job is another one, which runs; its key (`Job.batch/shop/migrate`) leaves the hash out. " +
				"The keys are known during plan whenever names and kinds are; an object that depends on a value that is known only after apply is unknown by itself.",
		},
		"images": schema.MapAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Image reference of each container as rendered, by container name.",
		},
		"findings": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "What the hardening rules found: warnings, notices, and violations that an exception excuses.",
			NestedObject: schema.NestedAttributeObject{Attributes: attributes{
				"rule_id":     computedText("ID of the rule, as `exceptions` takes it, or of a notice on strategy and traffic, which has no exception."),
				"severity":    computedText("Severity of the finding: `error` (excused by an exception), `warning` or `info`."),
				"object":      computedText("Key of the object in `manifests`."),
				"path":        computedText("Attribute of this resource that the finding is about."),
				"message":     computedText("What was found."),
				"remediation": computedText("What to do about it."),
				"reason":      computedText("Reason of the exception that excuses the finding; null if there is none."),
			}},
		},
		"content_digest": computedText("Digest over all manifests (`sha256:…`): it changes exactly when a manifest does."),
	}
}

func computedText(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}
