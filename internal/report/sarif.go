package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
)

// The types below are the parts of SARIF 2.1.0 that a report uses, under the
// standard's names. Source: OASIS, sarif-v2.1.0-errata01-os.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID                   string             `json:"id"`
	ShortDescription     sarifText          `json:"shortDescription"`
	FullDescription      sarifText          `json:"fullDescription"`
	Help                 sarifText          `json:"help"`
	HelpURI              string             `json:"helpUri"`
	DefaultConfiguration sarifConfiguration `json:"defaultConfiguration"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification"`
}

// Where the report's rules are described, and the schema that it follows.
const (
	home        = "https://registry.terraform.io/providers/seaworthy-dev/seaworthy/latest/docs"
	rulesPage   = home + "/guides/hardening-rules#"
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// sarifLevels are the standard's words for our severities.
var sarifLevels = map[hardening.Severity]string{hardening.Error: "error", hardening.Warning: "warning", hardening.Info: "note"}

// SARIF returns the report as a SARIF 2.1.0 log: one run with the rules that found something.
func (r Report) SARIF() (string, error) {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "seaworthy", InformationURI: home, Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	rules := r.rules()
	for _, rule := range rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: rule.ID, ShortDescription: sarifText{rule.Title}, FullDescription: sarifText{rule.Rationale},
			Help: sarifText{"What to do: " + rule.InYAML + "."}, HelpURI: rulesPage + rule.ID,
			DefaultConfiguration: sarifConfiguration{sarifLevels[rule.Severity]},
		})
	}
	for _, f := range r.Findings {
		index := slices.IndexFunc(rules, func(rule hardening.Rule) bool { return rule.ID == f.RuleID })
		run.Results = append(run.Results, r.result(f, index))
	}
	log, err := json.MarshalIndent(sarifLog{sarifSchema, "2.1.0", []sarifRun{run}}, "", "  ")
	return string(log) + "\n", err
}

func (r Report) result(f Finding, rule int) sarifResult {
	place := f.Object
	if f.Field != "" {
		place += ":" + f.Field
	}
	result := sarifResult{
		RuleID: f.RuleID, RuleIndex: rule, Level: sarifLevels[f.Severity],
		Message: sarifText{f.Object + ": " + f.Message + "."},
		Locations: []sarifLocation{{
			Physical: sarifPhysical{sarifArtifact{(&url.URL{Path: r.file}).String()}, sarifRegion{max(f.Line, 1)}},
			Logical:  []sarifLogical{{place, "object"}},
		}},
		Fingerprints: map[string]string{"ruleAndField/v1": fingerprint(f)},
	}
	if f.Reason != "" {
		result.Suppressions = []sarifSuppression{{"external", f.Reason}}
	}
	return result
}

// fingerprint tells a finding apart from others wherever its line moves to.
func fingerprint(f Finding) string {
	sum := sha256.Sum256([]byte(f.RuleID + "\x00" + f.Object + "\x00" + f.Field))
	return hex.EncodeToString(sum[:16])
}
