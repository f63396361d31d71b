package patch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// rewrite returns the text of a manifest with what differs between was, its content
// now, and want written anew. All other lines stay as they are: a document in block
// style is a tree of ranges of lines, and only the smallest ranges that differ are
// written by the encoder.
//
// Where the text is in a form that has no such ranges (flow style, aliases), the
// whole document is encoded anew; the content is the same either way.
func rewrite(text string, was, want map[string]any) (string, error) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return "", err
	}
	s := source{lines: strings.Split(strings.TrimSuffix(text, "\n"), "\n")}
	if root := document.Content[0]; isBlock(root, yaml.MappingNode) {
		head := s.lines[:root.Line-1]
		lines := slices.Concat(head, s.mapping(root, was, want, len(s.lines)))
		if rewritten := strings.Join(lines, "\n") + "\n"; s.err == nil && holds(rewritten, want) {
			return rewritten, nil
		}
	}
	lines, err := encode(want, 0)
	if err != nil {
		return "", err
	}
	rewritten := strings.Join(lines, "\n") + "\n"
	if !holds(rewritten, want) {
		return "", errors.New("the patched object cannot be written as YAML: this is a defect of the provider, please report it")
	}
	return rewritten, nil
}

// holds reports whether a text has the content that it should have.
func holds(text string, want map[string]any) bool {
	data, err := manifest.ToJSON(text)
	if err != nil {
		return false
	}
	got, err := plain(data)
	return err == nil && reflect.DeepEqual(got, want)
}

// source is the text that is rewritten. Line numbers of nodes begin at 1; the ends of
// ranges are exclusive.
type source struct {
	lines []string
	err   error
}

// isBlock reports whether a node is a collection of a kind, written over lines.
func isBlock(node *yaml.Node, kind yaml.Kind) bool {
	return node.Kind == kind && node.Style&yaml.FlowStyle == 0 && len(node.Content) > 0
}

// mapping returns the lines of a mapping, from its first key to the line before end.
func (s *source) mapping(node *yaml.Node, was, want map[string]any, end int) []string {
	indent := node.Column - 1
	var lines []string
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		stop := end
		if i+2 < len(node.Content) {
			stop = node.Content[i+2].Line - 1
		}
		if wanted, kept := want[key.Value]; kept {
			lines = append(lines, s.pair(key, value, was[key.Value], wanted, indent, stop)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if _, there := was[name]; !there {
			lines = append(lines, s.encode(map[string]any{name: want[name]}, indent)...)
		}
	}
	return lines
}

// pair returns the lines of a key and its value.
func (s *source) pair(key, value *yaml.Node, was, want any, indent, end int) []string {
	lines := s.copied(key.Line-1, end, indent)
	if reflect.DeepEqual(was, want) {
		return lines
	}
	if value.Line > key.Line {
		head := lines[:value.Line-key.Line]
		switch want := want.(type) {
		case map[string]any:
			if was, same := was.(map[string]any); same && len(want) > 0 && isBlock(value, yaml.MappingNode) {
				return append(head, s.mapping(value, was, want, end)...)
			}
		case []any:
			if was, same := was.([]any); same && len(want) > 0 && isBlock(value, yaml.SequenceNode) {
				return append(head, s.sequence(value, was, want, end)...)
			}
		}
	}
	return s.encode(map[string]any{key.Value: want}, indent)
}

// sequence returns the lines of a list, from its first dash to the line before end.
func (s *source) sequence(node *yaml.Node, was, want []any, end int) []string {
	indent := node.Column - 1
	var lines []string
	for i, j := range align(was, want) {
		if j < 0 {
			lines = append(lines, s.encode([]any{want[i]}, indent)...)
			continue
		}
		item, stop := node.Content[j], end
		if j+1 < len(node.Content) {
			stop = node.Content[j+1].Line - 1
		}
		wasMap, ok := was[j].(map[string]any)
		wantMap, same := want[i].(map[string]any)
		switch {
		case reflect.DeepEqual(was[j], want[i]):
			lines = append(lines, s.copied(item.Line-1, stop, indent)...)
		case ok && same && isBlock(item, yaml.MappingNode) && len(wantMap) > 0:
			inner := s.mapping(item, wasMap, wantMap, stop)
			inner[0] = dashed(inner[0], indent)
			lines = append(lines, inner...)
		default:
			lines = append(lines, s.encode([]any{want[i]}, indent)...)
		}
	}
	return lines
}

// copied returns lines as they are, but for the first one, whose beginning up to the
// column is blanked: the dash of a list may stand there, which [dashed] puts back.
func (s *source) copied(from, to, column int) []string {
	lines := slices.Clone(s.lines[from:to])
	if len(lines[0]) < column {
		s.err = errors.New("a line is shorter than its indentation")
		return lines
	}
	lines[0] = strings.Repeat(" ", column) + lines[0][column:]
	return lines
}

// dashed writes the dash of a list before the first line of an element.
func dashed(line string, column int) string {
	if len(line) < column+1 {
		return line
	}
	return line[:column] + "-" + line[column+1:]
}

// encode writes a new part with the encoder.
func (s *source) encode(value any, indent int) []string {
	lines, err := encode(value, indent)
	s.err = errors.Join(s.err, err)
	return lines
}

// encode writes a value in the style of the chart: keys sorted, lists indented.
func encode(value any, indent int) ([]string, error) {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(numbers(value)); err != nil {
		return nil, fmt.Errorf("the patched object cannot be written as YAML: %w", err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat(" ", indent) + line
		}
	}
	return lines, nil
}

// numbers turns the numbers of JSON, which are texts, into nodes that are numbers, so
// that they are written with the digits that they have.
func numbers(value any) any {
	switch value := value.(type) {
	case map[string]any:
		all := make(map[string]any, len(value))
		for key, v := range value {
			all[key] = numbers(v)
		}
		return all
	case []any:
		all := make([]any, len(value))
		for i, v := range value {
			all[i] = numbers(v)
		}
		return all
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: value.String()}
	default:
		return value
	}
}
