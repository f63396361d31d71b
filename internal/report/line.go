package report

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// lines finds the lines of fields. Documents are read once, when a finding asks.
type lines struct {
	manifests map[string]manifest.Manifest
	roots     map[string]*yaml.Node
}

func newLines(manifests []manifest.Manifest) *lines {
	l := &lines{map[string]manifest.Manifest{}, map[string]*yaml.Node{}}
	for _, m := range manifests {
		l.manifests[m.Key] = m
	}
	return l
}

// of returns the line of the field that a finding is about, or of the deepest part on
// the way there that is written: what a rule misses has no line of its own.
func (l *lines) of(f hardening.Finding) int {
	m := l.manifests[f.Object]
	root, read := l.roots[f.Object]
	if !read {
		var document yaml.Node
		if err := yaml.Unmarshal([]byte(m.Text), &document); err == nil && len(document.Content) > 0 {
			root = document.Content[0]
		}
		l.roots[f.Object] = root
	}
	if root == nil || root.Kind != yaml.MappingNode {
		return m.Line
	}
	line, node := root.Line, root
	for _, step := range f.Steps() {
		next, at := descend(node, step)
		if next == nil {
			break
		}
		node, line = next, at
	}
	return m.Line + line - 1
}

// descend returns the value behind one step, and the line on which it is written.
func descend(node *yaml.Node, step string) (*yaml.Node, int) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	key, isKey := strings.CutPrefix(step, "[")
	key = strings.TrimSuffix(key, "]")
	switch {
	case node.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == key {
				return node.Content[i+1], node.Content[i].Line
			}
		}
	case node.Kind == yaml.SequenceNode && isKey:
		for i, element := range node.Content {
			if named(element, key) || strconv.Itoa(i) == key {
				return element, element.Line
			}
		}
	}
	return nil, 0
}

// named reports whether an element of a list has a name.
func named(element *yaml.Node, name string) bool {
	for i := 0; element.Kind == yaml.MappingNode && i+1 < len(element.Content); i += 2 {
		if element.Content[i].Value == "name" {
			return element.Content[i+1].Value == name
		}
	}
	return false
}
