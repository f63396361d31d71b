package scanreport

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/packages"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/vulnerability"
)

// sarifLog is SARIF 2.1.0 as far as it is read, with the properties that Trivy sets for images.
// Source: OASIS SARIF 2.1.0; aquasecurity/trivy, pkg/report/sarif.go.
type sarifLog struct {
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver struct {
			Name    string      `json:"name"`
			Version string      `json:"version"`
			Rules   []sarifRule `json:"rules"`
		} `json:"driver"`
	} `json:"tool"`
	Invocations []struct {
		EndTimeUTC time.Time `json:"endTimeUtc"`
	} `json:"invocations"`
	Properties struct {
		ImageID     string   `json:"imageID"`
		RepoDigests []string `json:"repoDigests"`
	} `json:"properties"`
	Results []struct {
		RuleID  string `json:"ruleId"`
		Message struct {
			Text string `json:"text"`
		} `json:"message"`
	} `json:"results"`
}

type sarifRule struct {
	ID               string `json:"id"`
	HelpURI          string `json:"helpUri"`
	ShortDescription struct {
		Text string `json:"text"`
	} `json:"shortDescription"`
	Properties struct {
		Tags             []string `json:"tags"`
		SecuritySeverity string   `json:"security-severity"`
	} `json:"properties"`
}

func parseSARIF(raw []byte) (Report, error) {
	var log sarifLog
	if err := json.Unmarshal(raw, &log); err != nil {
		return Report{}, unusable("it is not of the form of SARIF: %v", err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 {
		return Report{}, unusable("it is SARIF %q with %d runs; SARIF 2.1.0 with one run is read", log.Version, len(log.Runs))
	}
	run := log.Runs[0]
	r := Report{
		Format: SARIF, Tool: strings.TrimSpace(run.Tool.Driver.Name + " " + run.Tool.Driver.Version), Result: &vulnerability.Result{},
	}
	for _, text := range append(run.Properties.RepoDigests, run.Properties.ImageID) {
		r.addDigest(text)
	}
	for _, invocation := range run.Invocations {
		r.Created = invocation.EndTimeUTC.UTC()
	}
	rules := map[string]sarifRule{}
	for _, rule := range run.Tool.Driver.Rules {
		rules[rule.ID] = rule
	}
	for _, result := range run.Results {
		if result.RuleID == "" {
			return Report{}, unusable("a result does not say by which rule")
		}
		if rule := rules[result.RuleID]; rule.isVulnerability() {
			r.Result.Findings = append(r.Result.Findings, rule.finding(result.RuleID, result.Message.Text))
		}
	}
	return r, nil
}

// otherTags are the tags of results that Trivy reports beside vulnerabilities.
var otherTags = []string{"misconfiguration", "secret", "license"}

// isVulnerability leaves out what is known to be something else.
func (rule sarifRule) isVulnerability() bool {
	return slices.Contains(rule.Properties.Tags, "vulnerability") ||
		!slices.ContainsFunc(rule.Properties.Tags, func(tag string) bool { return slices.Contains(otherTags, tag) })
}

// messageLine matches a line of a result's message, such as "Fixed Version: 1.2.3".
var messageLine = regexp.MustCompile(`(?m)^(Package|Installed Version|Severity|Fixed Version): *(.*)$`)

// finding converts one result. The package stands in the message, and the severity there or in the rule.
func (rule sarifRule) finding(id, message string) vulnerability.Finding {
	said := map[string]string{}
	for _, m := range messageLine.FindAllStringSubmatch(message, -1) {
		said[m[1]] = strings.TrimSpace(m[2])
	}
	f := vulnerability.Finding{
		ID: id, Package: packages.Package{Name: said["Package"], Version: said["Installed Version"]}, Fixed: said["Fixed Version"],
		Status: vulnerability.StatusAffected, Severities: map[string]vulnerability.Severity{},
		Title: vulnerability.OneLine(rule.ShortDescription.Text), URL: rule.HelpURI,
	}
	if f.Fixed != "" {
		f.Status = vulnerability.StatusFixed
	}
	severity, err := vulnerability.ParseSeverity(said["Severity"])
	if err != nil {
		severity = severityOfScore(rule.Properties.SecuritySeverity)
	}
	f.Severity = severity
	return f
}

// severityOfScore turns a CVSS score into a severity. Source: CVSS v3.1 specification, section 5, Qualitative Severity Rating Scale.
func severityOfScore(score string) vulnerability.Severity {
	number, err := strconv.ParseFloat(score, 64)
	switch {
	case err != nil || number <= 0:
		return vulnerability.Unknown
	case number >= 9:
		return vulnerability.Critical
	case number >= 7:
		return vulnerability.High
	case number >= 4:
		return vulnerability.Medium
	default:
		return vulnerability.Low
	}
}
