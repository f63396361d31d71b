package manifest

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Manifest is one Kubernetes object.
type Manifest struct {
	// Key names the object as kubectl does: Deployment.apps/shop/api. The key of a Job
	// that seaworthy rendered lacks the hash at the end of the Job's name.
	Key string
	// Text is the YAML document as it was written, with LF line ends and one newline at its
	// end, without a document separator and without Helm's "# Source:" line.
	Text string
	// Line is the line of the stream on which Text begins, from 1 on. For an item of a
	// List, which has no text of its own there, it is that of the List.
	Line int
	// Object is the decoded document: a type of k8s.io/api, or
	// *unstructured.Unstructured for a kind of another API group.
	Object runtime.Object
}

// key returns the name of an object as kubectl writes it: kind, group and name,
// with the namespace where there is one. An object without a name is an error,
// and so is a name that could not be one part of a URL path.
func key(kind schema.GroupKind, namespace, name string) (string, error) {
	if name == "" {
		return "", fmt.Errorf("metadata.name is missing: give the %s a name", kind.Kind)
	}
	parts := []string{kind.String()}
	for _, part := range []string{namespace, name} {
		// Source: kubernetes@v1.36.1 staging/src/k8s.io/apimachinery/pkg/api/validation/path.
		if part == "." || part == ".." || strings.ContainsAny(part, "/%") {
			return "", fmt.Errorf("%q cannot name a %s: a name holds no / or %%, and . and .. are taken", part, kind.Kind)
		}
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "/"), nil
}

// wholeKey returns the key with the object's own name, which differs from Key for Jobs of ours.
func wholeKey(m Manifest) string {
	o, err := meta.Accessor(m.Object)
	if err != nil {
		return m.Key
	}
	whole, err := key(m.Object.GetObjectKind().GroupVersionKind().GroupKind(), o.GetNamespace(), o.GetName())
	if err != nil {
		return m.Key
	}
	return whole
}

// nameOf returns the object's own name.
func nameOf(m Manifest) string {
	o, err := meta.Accessor(m.Object)
	if err != nil {
		return ""
	}
	return o.GetName()
}
