package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/advisorydb"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/contents"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/registry"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/scanreport"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// shownFindings is how many findings an error lists.
const shownFindings = 10

// addScanError says why the vulnerabilities of an image are not known.
func addScanError(diags *diag.Diagnostics, query scanQuery, err error) {
	summary := fmt.Sprintf("Unable to scan image %q", query.ref)
	var limit *contents.LimitError
	switch {
	case errors.Is(err, vulnerability.ErrInventory), errors.Is(err, vulnerability.ErrDistribution):
		diags.AddAttributeError(path.Root("ref"), summary, capitalised(stopped(err.Error()))+
			"\n\nSo its vulnerabilities are not known, which is not the same as none.")
	case errors.As(err, &limit):
		diags.AddAttributeError(path.Root("ref"), summary, capitalised(stopped(limit.Error())))
	default:
		addImageError(diags, query.ref, err)
	}
}

// addResultError says why another tool's result can not be used.
func addResultError(diags *diag.Diagnostics, query scanQuery, err error) {
	var failed *registry.Error
	if errors.As(err, &failed) && !errors.Is(err, scanreport.ErrReport) {
		addImageError(diags, query.ref, err)
		return
	}
	diags.AddAttributeError(path.Root("result"), fmt.Sprintf("Unable to use the result for image %q", query.ref), capitalised(stopped(err.Error()))+
		"\n\nScan the image again, by its digest, or leave result out: then its packages are read from the layers.")
}

// addDatabaseError says why the advisory database can not be used. The attribute to blame is the provider's, which a data source
// can not point at.
func addDatabaseError(diags *diag.Diagnostics, err error) {
	const summary = "Unable to open the vulnerability database"
	var age *advisorydb.AgeError
	var failed *registry.Error
	switch {
	case errors.As(err, &age):
		diags.AddError(summary, capitalised(stopped(age.Error())))
	case errors.As(err, &failed):
		diags.AddError(summary+": "+string(failed.Kind), registryDetail(failed)+
			"\n\nThe provider's vulnerability_database says where it is: set ref to a copy that can be reached, or path to one on the local disk.")
	default:
		diags.AddError(summary, capitalised(stopped(err.Error()))+"\n\nCheck ref or path in the provider's vulnerability_database.")
	}
}

// judge adds what the verdict forbids and what a reviewer should see.
func judge(diags *diag.Diagnostics, query scanQuery, verdict vulnerability.Verdict, undecided []vulnerability.Undecided) {
	for _, decisions := range []struct {
		attribute       string
		expired, unused []string
	}{{"ignore", verdict.Expired, verdict.Unused}, {"ignore_packages", verdict.ExpiredPackages, verdict.UnusedPackages}} {
		for _, key := range decisions.expired {
			diags.AddAttributeError(path.Root(decisions.attribute).AtMapKey(key), "Ignore has expired", fmt.Sprintf(
				"%s[%q]: its last day has passed, so it covers nothing.\n\nUpdate the image, or decide again and set a new date in expires.", decisions.attribute, key))
		}
		for _, key := range decisions.unused {
			diags.AddAttributeWarning(path.Root(decisions.attribute).AtMapKey(key), "Ignore covers nothing", fmt.Sprintf(
				"%s[%q]: nothing of the image is covered by it, so it can be removed.", decisions.attribute, key))
		}
	}
	if len(verdict.Failing) > 0 {
		diags.AddAttributeError(path.Root("fail_on"), fmt.Sprintf("Image %q has vulnerabilities of severity %s or worse", query.ref, query.policy.FailOn), failingDetail(verdict.Failing))
	}
	if len(undecided) == 0 {
		return
	}
	detail := undecidedDetail(undecided)
	if query.policy.FailOn > vulnerability.Unknown && !query.acceptUndecided {
		diags.AddAttributeError(path.Root("fail_on"), fmt.Sprintf("Image %q has packages that can not be judged", query.ref), detail+
			"\n\nTheir vulnerabilities are not known. Write why that is acceptable in accept_undecided, or remove the packages.")
		return
	}
	diags.AddAttributeWarning(path.Root("ref"), fmt.Sprintf("Image %q has packages that can not be judged", query.ref), detail)
}

func failingDetail(failing []vulnerability.Finding) string {
	var lines []string
	for i, f := range failing {
		if i == shownFindings {
			lines = append(lines, fmt.Sprintf("… and %d more.", len(failing)-i))
			break
		}
		fixed := "no version fixes it yet"
		if f.Fixed != "" {
			fixed = "fixed in " + f.Fixed
		}
		lines = append(lines, fmt.Sprintf("%s (%s): %s %s, %s.", f.ID, f.Severity, f.Package.Name, f.Package.Version, fixed))
	}
	return strings.Join(lines, "\n") + "\n\nUpdate the packages or the base image. A vulnerability that can be lived with for a time goes into ignore, with a reason and a last day."
}

func undecidedDetail(undecided []vulnerability.Undecided) string {
	var lines []string
	for i, u := range undecided {
		if i == shownFindings {
			lines = append(lines, fmt.Sprintf("… and %d more.", len(undecided)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("%s %s: %s", u.Package.Name, u.Package.Version, stopped(u.Reason)))
	}
	return strings.Join(lines, "\n")
}
