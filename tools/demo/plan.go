package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// workloadAddress is the resource of the quickstart.
const workloadAddress = "seaworthy_workload.api"

// savedPlan is the part of `show -json` of a saved plan that the demo checks.
// Source: "JSON Output Format" in Terraform's documentation of internals.
type savedPlan struct {
	ResourceChanges []resourceChange `json:"resource_changes"`
}

// resourceChange is what a plan does to one resource.
type resourceChange struct {
	Address string `json:"address"`
	Change  struct {
		Actions []string `json:"actions"`
		Before  workload `json:"before"`
		After   workload `json:"after"`
	} `json:"change"`
}

// workload is the part of a seaworthy_workload that the demo checks.
type workload struct {
	Manifests map[string]string `json:"manifests"`
	Images    map[string]string `json:"images"`
}

// readPlan decodes the output of `show -json`.
func readPlan(text string) (savedPlan, error) {
	var plan savedPlan
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		return savedPlan{}, fmt.Errorf("read the saved plan: %w", err)
	}
	return plan, nil
}

// only returns the change of the quickstart's resource, and an error if the
// plan does anything but action to it, or touches another resource.
func (p savedPlan) only(action string) (resourceChange, error) {
	var found []resourceChange
	for _, change := range p.ResourceChanges {
		if !slices.Equal(change.Change.Actions, []string{"no-op"}) {
			found = append(found, change)
		}
	}
	if len(found) != 1 || found[0].Address != workloadAddress || !slices.Equal(found[0].Change.Actions, []string{action}) {
		return resourceChange{}, fmt.Errorf("want the plan to %s %s and nothing else, got %d changes: %+v", action, workloadAddress, len(found), found)
	}
	return found[0], nil
}

// manifestDiff says how one manifest changes.
type manifestDiff struct {
	// Key is the manifest's key in the map.
	Key string
	// Removed and Added are its lines that only the old or only the new text
	// has, without indentation.
	Removed, Added []string
}

// lines is how many lines the change takes in a plan.
func (d manifestDiff) lines() int { return len(d.Removed) + len(d.Added) }

// manifestDiffs compares the manifests before and after, by key.
func (c resourceChange) manifestDiffs() []manifestDiff {
	before, after := c.Change.Before.Manifests, c.Change.After.Manifests
	keys := make(map[string]bool)
	for key := range before {
		keys[key] = true
	}
	for key := range after {
		keys[key] = true
	}
	var diffs []manifestDiff
	for key := range keys {
		if before[key] == after[key] {
			continue
		}
		diffs = append(diffs, manifestDiff{
			Key:     key,
			Removed: linesOnlyIn(before[key], after[key]),
			Added:   linesOnlyIn(after[key], before[key]),
		})
	}
	slices.SortFunc(diffs, func(a, b manifestDiff) int { return strings.Compare(a.Key, b.Key) })
	return diffs
}

// linesOnlyIn returns the lines of text that other does not have as often.
func linesOnlyIn(text, other string) []string {
	count := make(map[string]int)
	for line := range strings.Lines(other) {
		count[strings.TrimSpace(line)]++
	}
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if count[line] > 0 {
			count[line]--
			continue
		}
		lines = append(lines, line)
	}
	return lines
}
