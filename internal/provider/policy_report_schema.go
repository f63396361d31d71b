package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// policyReportSchema is the schema of the data source seaworthy_policy_report.
func policyReportSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Checks any Kubernetes YAML by the rules that workloads are held to, and reports what they find as a list, as SARIF and as Markdown. " +
			"It reads no file and asks no cluster. See [Hardening rules](../guides/hardening-rules.md).",
		Attributes: map[string]schema.Attribute{
			"yaml": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "YAML text of the manifests, one or more documents, for example `file(\"manifests.yaml\")` or the output of another chart. Exactly one of `yaml` and `manifests` is set. Default is none.",
			},
			"manifests": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Manifests by key, as `seaworthy_workload` and `manifests_decode` give them; they are judged together. Default is none.",
			},
			"kubernetes_version": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Minor version of Kubernetes that the manifests are for, such as `1.34`: API versions that it does not serve are findings. Default is the provider's `kubernetes_version`.",
			},
			"exceptions": schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Rules that do not apply to these manifests: rule ID to the reason, which shows in the report. An exception for a rule that nothing breaks is an error. Default is none.",
			},
			"minimum_severity": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Slightest severity that is reported: " + severityList() + ". Default is `info`, which is everything.",
			},
			"fail_on": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Severity from which findings without an exception are an error of the plan: " + severityList() + ". Default is none: the report is written and nothing fails.",
			},
			"file": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Path of the file that holds the manifests, relative to the repository, as SARIF names it for a code host to show findings beside its lines. Default is `manifests.yaml`.",
			},
			"findings": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Findings, sorted by severity, rule, object and field.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"rule_id":     imageText("ID of the rule, as `exceptions` takes it."),
					"severity":    imageText("Severity of the finding: " + severityList() + "."),
					"object":      imageText("Key of the object, such as `Deployment.apps/shop/api`."),
					"field":       imageText("Field of the object; null if the finding is about the object as a whole."),
					"line":        schema.Int64Attribute{Computed: true, MarkdownDescription: "Line that the finding is about, in `yaml` or in what `manifests_encode` makes of `manifests`; that of the nearest part where the field is missing."},
					"message":     imageText("What was found. It never holds the value of a variable."),
					"remediation": imageText("What to change in the YAML."),
					"reason":      imageText("Reason of the exception that excuses the finding; null if there is none."),
				}},
			},
			"counts": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Number of findings.",
				Attributes: map[string]schema.Attribute{
					"error":    reportCount("Errors without an exception."),
					"warning":  reportCount("Warnings without an exception."),
					"info":     reportCount("Notices without an exception."),
					"excepted": reportCount("Findings that an exception excuses."),
				},
			},
			"passed":   schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether no error is without an exception."},
			"sarif":    imageText("Report as a SARIF 2.1.0 log, for code hosts and editors."),
			"markdown": imageText("Report as Markdown, for a pull request."),
		},
	}
}

func reportCount(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}
