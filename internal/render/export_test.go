package render

import (
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/kubeversion"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/workload"
)

// PlainValues returns the chart's values for a workload, as Render hands them to Helm.
func PlainValues(w workload.Workload) (map[string]any, error) {
	v, err := newValues(w.WithDefaults())
	if err != nil {
		return nil, err
	}
	v, err = named(v, func(v values) ([]manifest.Manifest, error) { return manifestsOf(v, kubeversion.Oldest, false) })
	if err != nil {
		return nil, err
	}
	return v.plain()
}

// Values is the type of the chart's values.
type Values = values
