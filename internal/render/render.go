package render

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/hardening"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/patch"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// Options says for which cluster manifests are made.
type Options struct {
	// KubernetesVersion is the cluster's minor version, such as "1.34"; see package
	// kubeversion for the supported span. It has no default.
	KubernetesVersion string
	// Incomplete says that the description holds placeholders for values that are
	// not known yet. It is rendered although it may not be valid, and what is wrong
	// with it is returned together with the result.
	Incomplete bool
}

// Result is what a workload renders to.
type Result struct {
	// Manifests holds the objects in the order of installation.
	Manifests []manifest.Manifest
	// Images holds the image of each container, init containers among them, by the container's name,
	// as patches left it.
	Images map[string]string
	// Findings is what the hardening rules say of the objects, each at the attribute
	// to blame, with the reason of the exception that excuses it.
	Findings []hardening.Finding
	// Digest is "sha256:" and the hash of all manifests. It changes when one of
	// them does, and with nothing else.
	Digest string
}

// Render returns the objects of a workload and what the hardening rules say of
// them. A description that is not valid is refused with the joined [*field.Error]
// of [workload.Workload.Validate], patches that cannot be applied with those of
// [patch.Apply], exceptions that mean nothing with those of [hardening.Apply]. Findings are no error: the caller decides about them.
func Render(w workload.Workload, o Options) (Result, error) {
	version, err := kubeversion.Parse(o.KubernetesVersion)
	if err != nil {
		return Result{}, fmt.Errorf("kubernetes version: %w", err)
	}
	invalid := w.Validate(version)
	if invalid != nil && !o.Incomplete {
		return Result{}, invalid
	}
	result, err := renderDecided(w.WithDefaults(), version, o.Incomplete)
	if err != nil && result.Manifests == nil {
		return Result{}, errors.Join(invalid, err)
	}
	findings := hardening.Blame(hardening.Check(result.Manifests, hardening.Given{Version: version, Images: knownImages(w)}))
	for i := range findings {
		findings[i].Path = described(findings[i].Path, w)
	}
	findings = hardening.Sort(append(ofTracks(findings, w), notices(w)...))
	var excepted error
	result.Findings, excepted = hardening.Apply(findings, w.Exceptions)
	return result, errors.Join(invalid, err, excepted)
}

// renderDecided renders a description in which every decision is made.
func renderDecided(w workload.Workload, version kubeversion.Version, incomplete bool) (Result, error) {
	v, err := newValues(w)
	if err != nil {
		return Result{}, err
	}
	toManifests := func(v values) ([]manifest.Manifest, error) { return patched(w, v, version, incomplete) }
	if v, err = named(v, toManifests); err != nil {
		return Result{}, err
	}
	manifests, err := toManifests(v)
	if manifests == nil || err != nil && !incomplete {
		return Result{}, err
	}
	return Result{Manifests: manifests, Images: imagesOf(manifests, w.Name), Digest: digest(manifests)}, err
}

// patched returns the objects that the chart makes of values, with the user's patches.
// Where a patch cannot be applied, the objects are returned with the error.
func patched(w workload.Workload, v values, version kubeversion.Version, incomplete bool) ([]manifest.Manifest, error) {
	manifests, err := manifestsOf(v, version, incomplete)
	if err != nil {
		return nil, err
	}
	return patch.Apply(manifests, patchesOf(w))
}

// manifestsOf returns the objects that the chart makes of values, in the order of installation.
func manifestsOf(v values, version kubeversion.Version, incomplete bool) ([]manifest.Manifest, error) {
	stream, err := execute(v, version, incomplete)
	if err != nil {
		return nil, err
	}
	manifests, err := manifest.Parse(stream)
	if err != nil {
		return nil, fmt.Errorf("rendered manifests: %w", err)
	}
	slices.SortFunc(manifests, compareInstallOrder)
	return manifests, nil
}

// digest hashes keys and texts, each with its length before it, so that no two
// lists of manifests hash the same bytes. The order of the list does not matter.
func digest(manifests []manifest.Manifest) string {
	sorted := slices.SortedFunc(slices.Values(manifests), func(a, b manifest.Manifest) int { return strings.Compare(a.Key, b.Key) })
	hash := sha256.New()
	for _, m := range sorted {
		fmt.Fprintf(hash, "%d:%s%d:%s", len(m.Key), m.Key, len(m.Text), m.Text)
	}
	return "sha256:" + hex.EncodeToString(hash.Sum(nil))
}
