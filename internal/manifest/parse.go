package manifest

import (
	"encoding/json"
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// The largest input that is read, in bytes.
const (
	// MaxStream is the largest stream: more than the largest public charts render.
	MaxStream = 16 << 20
	// MaxDocument is the largest document, and the largest that one may become when its
	// aliases are expanded: an API server takes no larger request.
	// Source: k8s.io/apiserver@v0.37.0 pkg/server/config.go NewConfig, MaxRequestBodyBytes.
	MaxDocument = 3 << 20
)

// Parse reads a YAML stream and returns its objects in the stream's order. A
// v1 List stands for its items; documents that hold only comments are left out.
//
// Every problem of every document is reported, joined, and names the document
// by its place in the stream and its key. Two documents with the same key are
// an error.
func Parse(stream string) ([]Manifest, error) {
	if len(stream) > MaxStream {
		return nil, fmt.Errorf("%d bytes of YAML are more than can be read at once (%d): split the stream", len(stream), MaxStream)
	}
	documents, err := split(stream)
	if err != nil {
		return nil, err
	}
	var manifests []Manifest
	var errs []error
	first, keys := map[string]int{}, map[string]bool{}
	for i, document := range documents {
		text, dropped := tidy(document.text)
		parsed, err := parseDocument(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("document %d%w", i+1, err))
		}
		for _, m := range parsed {
			whole := wholeKey(m)
			if keys[m.Key] {
				m.Key = whole // of two Jobs with one key, the later one
			}
			if before, duplicate := first[whole]; duplicate || keys[m.Key] {
				errs = append(errs, fmt.Errorf("document %d: %s is in document %d already: keep one of them", i+1, m.Key, before))
				continue
			}
			first[whole], keys[m.Key], m.Line = i+1, true, document.line+dropped
			manifests = append(manifests, m)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return manifests, nil
}

// ToJSON returns one YAML document as JSON. Duplicate keys, a second document, and
// what is larger than MaxDocument with its aliases expanded are errors.
func ToJSON(text string) ([]byte, error) {
	documents, err := split(text)
	switch {
	case err != nil:
		return nil, err
	case len(documents) > 1:
		return nil, fmt.Errorf("%d documents are more than one: keep one of them", len(documents))
	}
	return toJSON(text)
}

func toJSON(document string) ([]byte, error) {
	if err := checkAliases(document); err != nil {
		return nil, err
	}
	return yaml.YAMLToJSONStrict([]byte(document))
}

// parseDocument reads one document. Its errors begin with the object's key in
// brackets, where that is known, and a colon.
func parseDocument(text string) ([]Manifest, error) {
	data, err := toJSON(text)
	if err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	if string(data) == "null" {
		return nil, nil
	}
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Name      string         `json:"name"`
			Namespace string         `json:"namespace"`
			Labels    map[string]any `json:"labels"`
		} `json:"metadata"`
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf(": no Kubernetes object: %w", err)
	}
	if head.APIVersion == "" || head.Kind == "" {
		return nil, errors.New(": apiVersion or kind is missing: a manifest names both")
	}
	kind := schema.FromAPIVersionAndKind(head.APIVersion, head.Kind)
	if kind == listKind {
		return parseItems(head.Items)
	}
	steady := steadyName(kind.GroupKind().String(), head.Metadata.Name, head.Metadata.Labels)
	name, err := key(kind.GroupKind(), head.Metadata.Namespace, steady)
	if err != nil {
		return nil, fmt.Errorf(" (%s): %w", kind.GroupKind(), err)
	}
	object, err := decode(data, kind)
	if err != nil {
		return nil, fmt.Errorf(" (%s): %w", name, err)
	}
	return []Manifest{{Key: name, Text: text, Object: object}}, nil
}

// listKind is what `kubectl get --output=yaml` prints.
var listKind = schema.GroupVersionKind{Version: "v1", Kind: "List"}

// parseItems reads the items of a v1 List. They have no text of their own in the
// stream, so they are encoded anew.
func parseItems(items []json.RawMessage) ([]Manifest, error) {
	var manifests []Manifest
	var errs []error
	for i, item := range items {
		text, err := yaml.JSONToYAML(item)
		if err != nil {
			errs = append(errs, fmt.Errorf(", item %d: %w", i+1, err))
			continue
		}
		parsed, err := parseDocument(string(text))
		if err != nil {
			errs = append(errs, fmt.Errorf(", item %d%w", i+1, err))
		}
		manifests = append(manifests, parsed...)
	}
	return manifests, errors.Join(errs...)
}

// decode decodes JSON into the type of its kind, or into an unstructured object
// if the kind's API version is not one of k8s.io/api. A kind that such a version
// lacks is an error.
func decode(data []byte, kind schema.GroupVersionKind) (runtime.Object, error) {
	var into runtime.Object
	if !scheme().IsVersionRegistered(kind.GroupVersion()) {
		into = &unstructured.Unstructured{}
	}
	object, _, err := strictJSON().Decode(data, nil, into)
	if strict, ok := runtime.AsStrictDecodingError(err); ok {
		return nil, errors.Join(strict.Errors()...)
	}
	if runtime.IsNotRegisteredError(err) {
		return nil, fmt.Errorf("%s has no kind %q: check its spelling", kind.GroupVersion(), kind.Kind)
	}
	if err != nil {
		return nil, err
	}
	if custom, ok := object.(*unstructured.Unstructured); ok && kind.GroupKind() == rolloutKind {
		return custom, checkTemplate(custom)
	}
	return object, nil
}
