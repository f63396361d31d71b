package render

import (
	"cmp"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/releaseutil"

	"github.com/seaworthy-dev/terraform-provider-seaworthy/internal/manifest"
)

// compareInstallOrder orders manifests as Helm installs them: by kind, so that an
// object comes after those it needs, kinds that Helm does not know last and by name;
// then by key, which is by namespace and name.
func compareInstallOrder(a, b manifest.Manifest) int {
	kindA, kindB := a.Object.GetObjectKind().GroupVersionKind().Kind, b.Object.GetObjectKind().GroupVersionKind().Kind
	return cmp.Or(
		cmp.Compare(installRank(kindA), installRank(kindB)),
		strings.Compare(kindA, kindB),
		strings.Compare(a.Key, b.Key),
	)
}

func installRank(kind string) int {
	if i := slices.Index(releaseutil.InstallOrder, kind); i >= 0 {
		return i
	}
	return len(releaseutil.InstallOrder)
}
