package render

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/chart"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
)

// execute renders the embedded chart and returns its documents as one stream.
//
// The engine is the zero one but for Strict: it has no cluster to look things up in
// and resolves no host names. A value that a template names and nobody set is an error.
// Placeholders of an incomplete description need not satisfy the chart's schema.
func execute(v values, version kubeversion.Version, incomplete bool) (string, error) {
	chrt, err := chart.Load()
	if err != nil {
		return "", err
	}
	plain, err := v.plain()
	if err != nil {
		return "", err
	}
	if !incomplete {
		if err := chart.Validate(plain); err != nil {
			return "", err
		}
	}
	complete := *chrt
	complete.Values = nil // the example: our values leave nothing for Helm to take from it
	const validated = true
	// The chart ignores the release.
	all, err := chartutil.ToRenderValuesWithSchemaValidation(&complete, plain, chartutil.ReleaseOptions{}, capabilitiesOf(version), validated)
	if err != nil {
		return "", fmt.Errorf("values of the chart: %w", err)
	}
	files, err := engine.Engine{Strict: true}.Render(&complete, all)
	if err != nil {
		return "", fmt.Errorf("embedded chart: %w", err)
	}
	var stream strings.Builder
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasPrefix(path.Base(file), "_") { // shared parts
			stream.WriteString("---\n" + files[file] + "\n")
		}
	}
	return stream.String(), nil
}

// capabilitiesOf describes a cluster by its version alone. Helm's own default would be
// the version of the Helm library.
func capabilitiesOf(version kubeversion.Version) *chartutil.Capabilities {
	capabilities := chartutil.DefaultCapabilities.Copy()
	major, minor, _ := strings.Cut(version.String(), ".")
	capabilities.KubeVersion = chartutil.KubeVersion{Version: "v" + version.String() + ".0", Major: major, Minor: minor}
	return capabilities
}
