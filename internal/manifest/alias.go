package manifest

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// checkAliases refuses a document that would be larger than MaxDocument with its
// aliases expanded. The decoder behind sigs.k8s.io/yaml bounds how often aliases
// are followed, not how long the text is that each of them repeats.
func checkAliases(document string) error {
	if len(document) > MaxDocument {
		return fmt.Errorf("%d bytes are more than an API server takes (%d): split the object", len(document), MaxDocument)
	}
	if !strings.Contains(document, "&") || !strings.Contains(document, "*") {
		return nil
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(document), &root); err != nil {
		return err
	}
	if size := expandedSize(&root, map[*yaml.Node]int{}); size > MaxDocument {
		return fmt.Errorf("its YAML aliases expand to more than an API server takes (%d bytes): write fewer of them out", MaxDocument)
	}
	return nil
}

// expandedSize returns the number of bytes of scalar text below a node when every alias is
// replaced by its anchor; it stops counting a little above MaxDocument.
func expandedSize(node *yaml.Node, known map[*yaml.Node]int) int {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if size, ok := known[node]; ok {
		return size
	}
	known[node] = 2*MaxDocument + 1 // an anchor that holds itself has no end
	size := len(node.Value) + 1
	for _, child := range node.Content {
		if size += expandedSize(child, known); size > MaxDocument {
			break
		}
	}
	known[node] = size
	return size
}
