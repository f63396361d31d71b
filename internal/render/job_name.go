package render

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// named gives a Job its name: the workload's, a dash, and a hash of what the API lets
// nobody change of a Job that exists. A Job with another pod template is so another
// object, which runs, and the tool that applies the manifests deletes the one before.
// What may be changed of a Job, such as suspend, does not change the name.
//
// The hash is taken of the manifest and not of the values, so that everything that comes
// into it counts, however it came. render makes the manifests of values.
func named(v values, render func(values) ([]manifest.Manifest, error)) (values, error) {
	if len(v.Jobs) == 0 {
		return v, nil
	}
	manifests, err := render(v)
	if manifests == nil {
		return v, err // what else is wrong is said of the manifests with the name
	}
	for _, m := range manifests {
		if _, isJob := m.Object.(*batchv1.Job); !isJob {
			continue
		}
		data, err := json.Marshal(manifest.FixedFields(m))
		if err != nil {
			return v, fmt.Errorf("%s: %w", m.Key, err)
		}
		sum := sha256.Sum256(data)
		v.Jobs[0].Metadata.Name += "-" + hex.EncodeToString(sum[:])[:manifest.JobHashLength]
	}
	return v, nil
}
