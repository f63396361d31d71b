package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

// violation is a hardening finding that forbids a workload.
type violation struct{ hardening.Finding }

// Error identifies the violation; its diagnostic says more.
func (v *violation) Error() string {
	return fmt.Sprintf("%s: %s [%s, %s %s]", v.Path, v.Message, v.RuleID, v.Object, v.Field)
}

// addWorkloadErrors turns the errors of planWorkload into diagnostics, each on
// the attribute to blame.
func addWorkloadErrors(diags *diag.Diagnostics, err error) {
	for _, e := range flatten(err) {
		var invalid *field.Error
		var broken *violation
		switch {
		case errors.As(e, &invalid):
			diags.AddAttributeError(terraformPath(invalid.Path), "Invalid workload: "+lastName(invalid.Path), sentence(invalid.Path.String(), invalid.Message))
		case errors.As(e, &broken):
			diags.AddAttributeError(terraformPath(broken.Path), "Unsafe workload: rule "+broken.RuleID, violationDetail(broken.Finding))
		default:
			diags.AddError("Unable to render the workload",
				"The manifests could not be rendered from this description. This is a defect of the provider: please report it with the configuration.\n\nOriginal error: "+e.Error())
		}
	}
}

// addWarnings shows the findings that a reviewer should see beside the manifests.
func addWarnings(diags *diag.Diagnostics, findings []hardening.Finding) {
	for _, f := range findings {
		if f.Severity == hardening.Warning && f.Reason == "" {
			diags.AddAttributeWarning(terraformPath(f.Path), "Workload advice: rule "+f.RuleID, findingDetail(f))
		}
	}
}

func violationDetail(f hardening.Finding) string {
	if !f.Exceptable() {
		return findingDetail(f)
	}
	return findingDetail(f) + fmt.Sprintf("\n\nIf this workload must be so, write down why: exceptions = { %q = \"<the reason>\" }", f.RuleID)
}

func findingDetail(f hardening.Finding) string {
	return sentence(f.Path.String(), f.Message) + "\n\n" + capitalised(stopped(f.Remediation))
}

// sentence joins a path and a domain message, which is lower case and has no full stop.
func sentence(path, message string) string {
	if path != "" {
		return path + ": " + stopped(message)
	}
	return capitalised(stopped(message))
}

func stopped(message string) string {
	if strings.HasSuffix(message, ".") || strings.HasSuffix(message, "?") {
		return message
	}
	return message + "."
}

func capitalised(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// terraformPath writes the beginning of a domain path as the framework's: the
// root attribute and a key or index that follows it. Terraform (1.11) and OpenTofu
// (1.12) show the source of no more than that, and point at the head of the
// resource for a path that goes on. Every message begins with the whole path.
func terraformPath(p field.Path) path.Path {
	out := path.Empty()
	for i, step := range p.Steps() {
		if i > 0 && (i > 1 || step.Kind == field.Attribute) {
			break
		}
		switch {
		case step.Kind == field.MapKey:
			out = out.AtMapKey(step.Name)
		case step.Kind == field.ListIndex:
			out = out.AtListIndex(step.Index)
		default:
			out = path.Root(step.Name)
		}
	}
	return out
}

// lastName returns the last attribute's name in p, for a summary that is short.
func lastName(p field.Path) string {
	name := "configuration"
	for _, step := range p.Steps() {
		if step.Kind == field.Attribute {
			name = step.Name
		}
	}
	return name
}
