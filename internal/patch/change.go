package patch

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/strategicpatch"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// maxOperations is how many operations a JSON patch may have, as in an API server.
// Source: k8s.io/apiserver@v0.37.0 pkg/endpoints/handlers/patch.go maxJSONPatchOperations.
const maxOperations = 10000

// change returns the JSON of the object with the patch applied.
func (p Patch) change(object []byte, m manifest.Manifest) ([]byte, error) {
	if p.JSONPatch != "" {
		return operate(object, p.JSONPatch)
	}
	part, err := manifest.ToJSON(p.StrategicMerge)
	if err != nil {
		return nil, malformed{fmt.Errorf("is not valid YAML: %w", err)}
	}
	if !strings.HasPrefix(string(part), "{") {
		return nil, malformed{errors.New("is not a part of an object: write the fields that change, in the places that they have in the manifest")}
	}
	if rollout, is := manifest.AsRollout(m.Object); is {
		return mergeRollout(object, part, rollout)
	}
	if _, custom := m.Object.(*unstructured.Unstructured); custom {
		return jsonpatch.MergePatch(object, part)
	}
	merged, err := strategicpatch.StrategicMergePatch(object, part, m.Object)
	if err != nil {
		return nil, fmt.Errorf("does not fit the object: %w", err)
	}
	return merged, nil
}

// mergeRollout merges into a Rollout: its pod template as that of a Deployment, where containers are known
// by their names, and the rest as custom resources are.
func mergeRollout(object, part []byte, rollout *manifest.Rollout) ([]byte, error) {
	merged, err := jsonpatch.MergePatch(object, part)
	if err != nil {
		return nil, err
	}
	var before, change, after struct {
		Spec map[string]json.RawMessage `json:"spec"`
	}
	for _, read := range []struct {
		data []byte
		into any
	}{{object, &before}, {part, &change}, {merged, &after}} {
		if err := json.Unmarshal(read.data, read.into); err != nil {
			return nil, fmt.Errorf("does not fit the object: %w", err)
		}
	}
	if change.Spec["template"] == nil {
		return merged, nil
	}
	template, err := strategicpatch.StrategicMergePatch(before.Spec["template"], change.Spec["template"], *rollout.Spec.Template)
	if err != nil {
		return nil, fmt.Errorf("does not fit the object: %w", err)
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(merged, &whole); err != nil {
		return nil, err
	}
	after.Spec["template"] = template
	if whole["spec"], err = json.Marshal(after.Spec); err != nil {
		return nil, err
	}
	return json.Marshal(whole)
}

// operate applies the operations of a JSON patch one by one, so that an error names
// the operation, and copies cannot grow the object beyond what an API server takes.
func operate(object []byte, patch string) ([]byte, error) {
	list, err := manifest.ToJSON(patch)
	if err != nil {
		return nil, malformed{fmt.Errorf("is not valid YAML: %w", err)}
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(list, &raw); err != nil {
		return nil, malformed{errors.New("is not a list of operations, such as [{op: replace, path: /spec/replicas, value: 2}]")}
	}
	if len(raw) > maxOperations {
		return nil, malformed{fmt.Errorf("has %d operations, and %d are as many as Kubernetes takes", len(raw), maxOperations)}
	}
	for i, r := range raw {
		var one jsonpatch.Patch
		if err := json.Unmarshal([]byte("["+string(r)+"]"), &one); err != nil {
			return nil, malformed{fmt.Errorf("operation %d is no object: write op, path and what the op needs", i)}
		}
		if err := checkOperation(one[0]); err != nil {
			return nil, malformed{fmt.Errorf("operation %d %w", i, err)}
		}
		if object, err = one.Apply(object); err != nil {
			return nil, fmt.Errorf("operation %d (%s): %s", i, one[0].Kind(), withoutValues(err))
		}
		if len(object) > manifest.MaxDocument {
			return nil, fmt.Errorf("operation %d makes the object larger than an API server takes (%d bytes)", i, manifest.MaxDocument)
		}
	}
	return object, nil
}

// operations are those of RFC 6902, section 4, each with the members that it needs.
var operations = map[string][]string{
	"add": {"path", "value"}, "remove": {"path"}, "replace": {"path", "value"},
	"move": {"path", "from"}, "copy": {"path", "from"}, "test": {"path", "value"},
}

// checkOperation refuses operations that the library would misread: those without a
// needed member, and those with one that has no meaning.
func checkOperation(operation jsonpatch.Operation) error {
	needed, known := operations[operation.Kind()]
	if !known {
		return errors.New("has no op: use add, remove, replace, move, copy or test")
	}
	for _, member := range needed {
		if _, given := operation[member]; !given {
			return fmt.Errorf("(%s) has no %s", operation.Kind(), member)
		}
	}
	for member := range operation {
		switch member {
		case "op", "path", "value", "from":
		default:
			return fmt.Errorf("(%s) has the member %q, which no operation has", operation.Kind(), member)
		}
	}
	return nil
}

// withoutValues shortens an error of the library to what it says of the path. The
// library names paths and indexes; a value that was tested is not among them.
func withoutValues(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}
