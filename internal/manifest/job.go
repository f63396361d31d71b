package manifest

import "strings"

// JobHashLength is how many digits of a hash end the name of a Job that seaworthy
// renders, after the workload's name and a dash.
const JobHashLength = 10

// Labels by which a Job of ours is told from others; see package workload.
const (
	instanceLabel  = "app.kubernetes.io/instance"
	managedByLabel = "app.kubernetes.io/managed-by"
)

// steadyName returns the name that a key has for an object. It is the object's own,
// but for a Job of ours: nothing can change the pods of a Job that exists, so its name
// ends in a hash of them. The key leaves the hash out. It is known before the hash is,
// and a tool that applies the manifests by key sees one entry that changes its name,
// which replaces the object.
func steadyName(kind, name string, labels map[string]any) string {
	workload, labelled := labels[instanceLabel].(string)
	hash, ours := strings.CutPrefix(name, workload+"-")
	if kind != "Job.batch" || !labelled || labels[managedByLabel] != "seaworthy" || !ours || len(hash) != JobHashLength || strings.Trim(hash, "0123456789abcdef") != "" {
		return name
	}
	return workload
}
