package workload

import (
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/field"
)

// Affinity says on which nodes, and near or far from which pods, the pods run.
type Affinity struct {
	NodeAffinity *NodeAffinity `json:"node_affinity,omitempty"`
	PodAffinity  *PodAffinity  `json:"pod_affinity,omitempty"`
	// PodAntiAffinity replaces the preference for nodes without a pod of the workload.
	PodAntiAffinity *PodAffinity `json:"pod_anti_affinity,omitempty"`
}

// NodeAffinity chooses nodes.
type NodeAffinity struct {
	// Required are alternatives, of which a node must fulfil one.
	Required []NodeTerm `json:"required,omitempty"`
	// Preferred add their weights to the score of a node.
	Preferred []WeightedNodeTerm `json:"preferred,omitempty"`
}

// NodeTerm is what a node must be; all of it must hold.
type NodeTerm struct {
	// MatchExpressions are requirements on the node's labels, MatchFields on metadata.name.
	MatchExpressions []NodeRequirement `json:"match_expressions,omitempty"`
	MatchFields      []NodeRequirement `json:"match_fields,omitempty"`
}

// WeightedNodeTerm is a NodeTerm with the weight, 1 to 100, of its preference.
type WeightedNodeTerm struct {
	Weight int32 `json:"weight"`
	NodeTerm
}

// NodeRequirement compares a label or field of a node.
type NodeRequirement struct {
	Key string `json:"key"`
	// Operator is In, NotIn, Exists, DoesNotExist, Gt or Lt.
	Operator string   `json:"operator"`
	Values   []string `json:"values,omitempty"`
}

// PodAffinity chooses places by the pods that run there.
type PodAffinity struct {
	Required  []PodTerm         `json:"required,omitempty"`
	Preferred []WeightedPodTerm `json:"preferred,omitempty"`
}

// PodTerm selects pods, and says what counts as the same place.
type PodTerm struct {
	// TopologyKey is the node label whose values are the places.
	TopologyKey string `json:"topology_key"`
	// PodLabels and PodExpressions select the pods; nil for both is the workload's own pods.
	PodLabels      map[string]string `json:"pod_labels,omitempty"`
	PodExpressions []LabelExpression `json:"pod_expressions,omitempty"`
	// Namespaces names the pods' namespaces, NamespaceLabels selects some; an empty map is
	// every namespace, and nil for both is the workload's own.
	Namespaces      []string          `json:"namespaces,omitempty"`
	NamespaceLabels map[string]string `json:"namespace_labels,omitempty"`
	// MatchLabelKeys are labels of which the pods must have the same value as the pod that is
	// placed, MismatchLabelKeys those of which they must have another.
	MatchLabelKeys    []string `json:"match_label_keys,omitempty"`
	MismatchLabelKeys []string `json:"mismatch_label_keys,omitempty"`
}

// WeightedPodTerm is a PodTerm with the weight, 1 to 100, of its preference.
type WeightedPodTerm struct {
	Weight int32 `json:"weight"`
	PodTerm
}

// SelectsOwn reports whether the term is about the workload's own pods.
func (t PodTerm) SelectsOwn() bool { return t.PodLabels == nil && t.PodExpressions == nil }

// validateAffinity holds the rules of kubernetes@v1.36.1 pkg/apis/core/validation validateAffinity.
func (w Workload) validateAffinity(c *checks) {
	a, p := w.Affinity, field.Root("affinity")
	if a == nil {
		return
	}
	if a.NodeAffinity == nil && a.PodAffinity == nil && a.PodAntiAffinity == nil {
		c.fail(p, "says nothing: set node_affinity, pod_affinity or pod_anti_affinity, or remove it")
	}
	if n, at := a.NodeAffinity, p.Attr("node_affinity"); n != nil {
		if len(n.Required)+len(n.Preferred) == 0 {
			c.fail(at, "says nothing: set required or preferred, or remove it")
		}
		for i, term := range n.Required {
			c.nodeTerm(at.Attr("required").Index(i), term)
		}
		for i, term := range n.Preferred {
			c.weight(at.Attr("preferred").Index(i), term.Weight)
			c.nodeTerm(at.Attr("preferred").Index(i), term.NodeTerm)
		}
	}
	w.podAffinity(c, p.Attr("pod_affinity"), a.PodAffinity, "set required or preferred, or remove it")
	w.podAffinity(c, p.Attr("pod_anti_affinity"), a.PodAntiAffinity, "set required or preferred, or remove it for the default")
}

func (c *checks) weight(p field.Path, weight int32) { between(c, p.Attr("weight"), &weight, 1, 100) }

func (c *checks) nodeTerm(p field.Path, term NodeTerm) {
	if len(term.MatchExpressions)+len(term.MatchFields) == 0 {
		c.fail(p, "matches no node: set match_expressions or match_fields")
	}
	for i, r := range term.MatchExpressions {
		c.nodeRequirement(p.Attr("match_expressions").Index(i), r)
	}
	for i, r := range term.MatchFields {
		c.nodeField(p.Attr("match_fields").Index(i), r)
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateNodeSelectorRequirement; that Gt
// and Lt compare integers: apimachinery pkg/labels NewRequirement.
func (c *checks) nodeRequirement(p field.Path, r NodeRequirement) {
	c.kubernetes(p.Attr("key"), r.Key, validation.IsQualifiedName(r.Key))
	c.oneOf(p.Attr("operator"), &r.Operator, "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
	for i, value := range r.Values {
		c.kubernetes(p.Attr("values").Index(i), value, validation.IsValidLabelValue(value))
	}
	switch r.Operator {
	case "In", "NotIn":
		if len(r.Values) == 0 {
			c.fail(p.Attr("values"), "is empty: name the values to compare with")
		}
	case "Exists", "DoesNotExist":
		if len(r.Values) > 0 {
			c.fail(p.Attr("values"), "means nothing with operator = %q: remove it", r.Operator)
		}
	case "Gt", "Lt":
		if len(r.Values) != 1 {
			c.fail(p.Attr("values"), "holds %d values: operator = %q compares with one", len(r.Values), r.Operator)
		} else if _, err := strconv.ParseInt(r.Values[0], 10, 64); err != nil {
			c.fail(p.Attr("values").Index(0), "%q is no whole number, so no node would match", r.Values[0])
		}
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateNodeFieldSelectorRequirement.
func (c *checks) nodeField(p field.Path, r NodeRequirement) {
	if r.Key != "metadata.name" {
		c.fail(p.Attr("key"), "%q is no field that nodes are chosen by: use metadata.name", r.Key)
	}
	c.oneOf(p.Attr("operator"), &r.Operator, "In", "NotIn")
	if len(r.Values) != 1 {
		c.fail(p.Attr("values"), "holds %d values: a field is compared with one", len(r.Values))
	}
	for i, value := range r.Values {
		c.kubernetes(p.Attr("values").Index(i), value, validation.IsDNS1123Subdomain(value))
	}
}

func (w Workload) podAffinity(c *checks, p field.Path, a *PodAffinity, remedy string) {
	if a == nil {
		return
	}
	if len(a.Required)+len(a.Preferred) == 0 {
		c.fail(p, "says nothing: %s", remedy)
	}
	for i, term := range a.Required {
		w.podTerm(c, p.Attr("required").Index(i), term)
	}
	for i, term := range a.Preferred {
		c.weight(p.Attr("preferred").Index(i), term.Weight)
		w.podTerm(c, p.Attr("preferred").Index(i), term.PodTerm)
	}
}

// Source: kubernetes@v1.36.1 pkg/apis/core/validation validatePodAffinityTerm.
func (w Workload) podTerm(c *checks, p field.Path, term PodTerm) {
	c.kubernetes(p.Attr("topology_key"), term.TopologyKey, validation.IsQualifiedName(term.TopologyKey))
	c.labels(p.Attr("pod_labels"), term.PodLabels, nil)
	c.expressions(p.Attr("pod_expressions"), term.PodExpressions)
	c.labels(p.Attr("namespace_labels"), term.NamespaceLabels, nil)
	for i, name := range term.Namespaces {
		c.kubernetes(p.Attr("namespaces").Index(i), name, validation.IsDNS1123Label(name))
	}
	selected := term.PodLabels
	if term.SelectsOwn() {
		selected = w.Selector()
	}
	c.labelKeys(p.Attr("match_label_keys"), term.MatchLabelKeys, selected)
	c.labelKeys(p.Attr("mismatch_label_keys"), term.MismatchLabelKeys, nil)
	for i, key := range term.MismatchLabelKeys {
		if slices.Contains(term.MatchLabelKeys, key) {
			c.fail(p.Attr("mismatch_label_keys").Index(i), "%q is in match_label_keys too: remove one", key)
		}
	}
	for i, key := range term.MatchLabelKeys {
		if slices.ContainsFunc(term.PodExpressions, func(e LabelExpression) bool { return e.Key == key }) {
			c.fail(p.Attr("match_label_keys").Index(i), "%q is in pod_expressions too: remove one", key)
		}
	}
}

// labelKeys fails for keys that are no labels, and for those that the selector compares already.
// Source: kubernetes@v1.36.1 pkg/apis/core/validation ValidateMatchLabelKeysAndMismatchLabelKeys.
func (c *checks) labelKeys(p field.Path, keys []string, selected map[string]string) {
	for i, key := range keys {
		c.kubernetes(p.Index(i), key, validation.IsQualifiedName(key))
		if _, twice := selected[key]; twice {
			c.fail(p.Index(i), "%q is compared by the selector (%s) already: remove it", key, strings.Join(sorted(selected), ", "))
		}
	}
}
